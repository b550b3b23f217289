# Kernels are real OpenCL C files: compiled with clang where it is found, in the configurations that they name, then
# embedded as strings, headers inlined.
# cl/NAME holds the kernels of one operation and the headers that they alone share, cl/inc what several operations do.
file(GLOB CLF_KERNEL_FILES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cl/*/*.cl)
file(GLOB CLF_KERNEL_HEADERS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cl/*/*.h)

find_program(CLF_CLANG NAMES clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14)
if(CLF_CHECK_KERNELS AND NOT CLF_CLANG)
  message(STATUS "clang not found: kernels are not checked while building")
endif()

set(CLF_EMBEDDED_SOURCE ${PROJECT_BINARY_DIR}/generated/clf_kernel_sources.c)
add_custom_command(
  OUTPUT ${CLF_EMBEDDED_SOURCE}
  COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${CLF_EMBEDDED_SOURCE}" "-DKERNEL_DIR=${PROJECT_SOURCE_DIR}/cl"
          "-DSOURCES=${CLF_KERNEL_FILES}" -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${CLF_KERNEL_FILES} ${CLF_KERNEL_HEADERS}
          ${PROJECT_SOURCE_DIR}/cmake/embed.cmake ${PROJECT_SOURCE_DIR}/cmake/bytes.cmake
  COMMENT "Embedding kernels" VERBATIM)

set(CLF_KERNEL_STAMPS)
if(CLF_CHECK_KERNELS AND CLF_CLANG)
  foreach(source IN LISTS CLF_KERNEL_FILES)
    file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR}/cl ${source})
    string(MAKE_C_IDENTIFIER ${name} name)
    set(stamp ${PROJECT_BINARY_DIR}/generated/${name}.checked)
    add_custom_command(
      OUTPUT ${stamp}
      COMMAND ${CMAKE_COMMAND} -DCLANG=${CLF_CLANG} -DSOURCE=${source} -DINCLUDE_DIR=${PROJECT_SOURCE_DIR}/cl/inc
              -P ${PROJECT_SOURCE_DIR}/cmake/check_kernel.cmake
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      DEPENDS ${source} ${CLF_KERNEL_HEADERS} ${PROJECT_SOURCE_DIR}/cmake/check_kernel.cmake
      COMMENT "Checking ${source}" VERBATIM)
    list(APPEND CLF_KERNEL_STAMPS ${stamp})
  endforeach()
endif()
add_custom_target(clf_kernels DEPENDS ${CLF_EMBEDDED_SOURCE} ${CLF_KERNEL_STAMPS})
