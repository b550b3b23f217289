# SPDX-License-Identifier: Apache-2.0
# Holds the kernels of a folder (KERNELS) against the names of those that were launched, one a line in files (LAUNCHED).

cmake_policy(VERSION 3.25) # IN_LIST

# Not by lines: the device's own speed, which nothing but the bench asks for, and the backward passes of matrices, which
# tests/unit/limits.c launches.
set(elsewhere peak_copy peak_multiply_add inv_backward pinv_backward)

set(launched)
foreach(file IN LISTS LAUNCHED)
  file(STRINGS ${file} names)
  list(APPEND launched ${names})
endforeach()

file(GLOB_RECURSE sources ${KERNELS}/*.cl)
set(kernels)
foreach(source IN LISTS sources)
  file(READ ${source} text)
  string(REGEX MATCHALL "\nkernel [^\n]*void[ \n]+[a-z_0-9]+\\(" heads "${text}")
  list(TRANSFORM heads REPLACE ".*void[ \n]+([a-z_0-9]+)\\(" "\\1")
  list(APPEND kernels ${heads})
endforeach()
list(LENGTH kernels count)
if(count EQUAL 0)
  message(FATAL_ERROR "no kernel was found in ${KERNELS}")
endif()

foreach(kernel IN LISTS elsewhere)
  if(NOT kernel IN_LIST kernels)
    message(FATAL_ERROR "there is no kernel ${kernel} any more")
  endif()
endforeach()
list(REMOVE_ITEM kernels ${launched} ${elsewhere})
if(kernels)
  message(FATAL_ERROR "never launched on a device of few work-items or work-groups: ${kernels}")
endif()
message(STATUS "${count} kernels, each launched")
