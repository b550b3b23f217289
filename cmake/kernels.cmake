# Kernels are real OpenCL C files: checked with clang where it is found, then embedded as strings, headers inlined.
set(CLF_KERNEL_SOURCES
  cl/conv_direct.cl cl/conv_separable.cl cl/conv_bank.cl cl/conv_bank_staged.cl cl/conv_general.cl cl/conv_taps.cl
  cl/conv_fft.cl cl/conv_tile.cl cl/conv_adjoint.cl cl/conv_weights.cl
  cl/match.cl
  cl/gradient.cl cl/gradient_axis.cl cl/gradient_back.cl cl/gradient_canny.cl
  cl/smoothness.cl cl/peaks.cl
  cl/take.cl cl/take_index.cl cl/take_sort.cl cl/take_adjoint.cl
  cl/matrix_pair.cl cl/matrix_svd.cl cl/matrix_gauss.cl cl/matrix_backward.cl
  cl/shift.cl cl/shift_lines.cl cl/shift_fourier.cl)
file(GLOB CLF_KERNEL_HEADERS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cl/inc/*.h)

find_program(CLF_CLANG NAMES clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14)
if(CLF_CHECK_KERNELS AND NOT CLF_CLANG)
  message(STATUS "clang not found: kernels are not syntax-checked at build time")
endif()

set(CLF_EMBEDDED_SOURCE ${PROJECT_BINARY_DIR}/generated/clf_kernel_sources.c)
list(TRANSFORM CLF_KERNEL_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE CLF_KERNEL_FILES)
add_custom_command(
  OUTPUT ${CLF_EMBEDDED_SOURCE}
  COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${CLF_EMBEDDED_SOURCE}" "-DINCLUDE_DIR=${PROJECT_SOURCE_DIR}/cl/inc"
          "-DSOURCES=${CLF_KERNEL_FILES}" -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${CLF_KERNEL_FILES} ${CLF_KERNEL_HEADERS}
          ${PROJECT_SOURCE_DIR}/cmake/embed.cmake ${PROJECT_SOURCE_DIR}/cmake/bytes.cmake
  COMMENT "Embedding kernels" VERBATIM)

set(CLF_KERNEL_STAMPS)
if(CLF_CHECK_KERNELS AND CLF_CLANG)
  foreach(source IN LISTS CLF_KERNEL_SOURCES)
    get_filename_component(name ${source} NAME_WE)
    set(stamp ${PROJECT_BINARY_DIR}/generated/${name}.checked)
    add_custom_command(
      OUTPUT ${stamp}
      COMMAND ${CLF_CLANG} -x cl -cl-std=CL1.2 -Xclang -finclude-default-header -fsyntax-only -Wall -Wextra -Werror
              -Wno-unused-function -I ${PROJECT_SOURCE_DIR}/cl/inc ${PROJECT_SOURCE_DIR}/${source}
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      DEPENDS ${PROJECT_SOURCE_DIR}/${source} ${CLF_KERNEL_HEADERS}
      COMMENT "Checking ${source}" VERBATIM)
    list(APPEND CLF_KERNEL_STAMPS ${stamp})
  endforeach()
endif()
add_custom_target(clf_kernels DEPENDS ${CLF_EMBEDDED_SOURCE} ${CLF_KERNEL_STAMPS})
