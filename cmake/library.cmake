# The library, static and shared, from one set of objects.
set(CLF_SOURCES
  src/version.c
  src/base/status.c src/base/alloc.c src/base/text.c src/base/line.c src/base/hash.c src/base/file.c
  src/base/half.c src/base/locale.c src/base/number.c
  src/rt/device.c src/rt/context.c src/rt/buffer.c src/rt/program.c src/rt/program_file.c src/rt/program_folder.c
  src/rt/launch.c src/rt/peaks.c src/rt/clock.c
  src/plan/view.c src/plan/view_checks.c src/plan/copy.c src/plan/transfer.c src/plan/host.c
  src/plan/stream.c src/plan/stream_axis.c src/plan/stream_gather.c src/plan/stream_lend.c src/plan/stream_run.c
  src/plan/layout.c
  src/plan/plan.c
  src/plan/planner.c src/plan/measure.c src/plan/compare.c src/plan/wisdom.c src/plan/wisdom_text.c
  src/plan/wisdom_file.c src/plan/wisdom_shipped.c
  src/fft/fft.c src/fft/fft_check.c
  src/ops/border.c src/ops/kernels.c src/ops/line.c src/ops/line_words.c src/ops/line_warmup.c
  src/ops/conv_line.c src/ops/gradient_line.c src/ops/gradient_features_line.c src/ops/matrix_line.c
  src/ops/shift_line.c
  src/ops/smoothness_line.c src/ops/take_line.c
  src/ops/conv.c src/ops/conv_problem.c src/ops/conv_kernel.c src/ops/conv_tables.c src/ops/conv_low_rank.c
  src/ops/conv_direct.c src/ops/conv_separable.c src/ops/conv_bank.c src/ops/conv_bank_cut.c src/ops/conv_general.c
  src/ops/conv_fourier.c src/ops/conv_fft.c src/ops/conv_tile.c src/ops/conv_tile_size.c
  src/ops/conv_adjoint.c src/ops/conv_weights.c src/ops/conv_slice.c src/ops/conv_match.c
  src/ops/conv_match_normalised.c
  src/ops/gradient.c src/ops/gradient_stencil.c src/ops/gradient_slice.c src/ops/gradient_fused.c
  src/ops/gradient_axis.c
  src/ops/gradient_backward.c src/ops/gradient_laplace.c src/ops/gradient_structure.c src/ops/gradient_canny.c
  src/ops/smoothness.c src/ops/smoothness_fused.c
  src/ops/take.c src/ops/take_problem.c src/ops/take_tables.c src/ops/take_rows.c src/ops/take_each.c
  src/ops/take_slice.c
  src/ops/take_sort.c src/ops/take_adjoint.c
  src/ops/matrix.c src/ops/matrix_problem.c src/ops/matrix_tables.c src/ops/matrix_slice.c
  src/ops/matrix_pair.c src/ops/matrix_svd.c
  src/ops/matrix_gauss.c src/ops/matrix_backward.c
  src/ops/shift.c src/ops/shift_whole.c src/ops/shift_lines.c src/ops/shift_fourier.c src/ops/shift_slice.c)

file(GLOB CLF_WISDOM_FILES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/wisdom/*.txt)
set(CLF_EMBEDDED_WISDOM ${PROJECT_BINARY_DIR}/generated/clf_wisdom_tables.c)
add_custom_command(
  OUTPUT ${CLF_EMBEDDED_WISDOM}
  COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${CLF_EMBEDDED_WISDOM}" "-DSOURCES=${CLF_WISDOM_FILES}"
          -P ${PROJECT_SOURCE_DIR}/cmake/embed_wisdom.cmake
  DEPENDS ${CLF_WISDOM_FILES} ${PROJECT_SOURCE_DIR}/cmake/embed_wisdom.cmake ${PROJECT_SOURCE_DIR}/cmake/bytes.cmake
  COMMENT "Embedding wisdom" VERBATIM)

add_library(clf_objects OBJECT ${CLF_SOURCES} ${CLF_EMBEDDED_SOURCE} ${CLF_EMBEDDED_WISDOM})
add_dependencies(clf_objects clf_kernels)
target_include_directories(clf_objects PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
target_link_libraries(clf_objects PUBLIC OpenCL::OpenCL Threads::Threads m PRIVATE clf_warnings)

include(cmake/fft.cmake)

foreach(kind IN ITEMS static shared)
  string(TOUPPER ${kind} KIND)
  add_library(clfilter_${kind} ${KIND} $<TARGET_OBJECTS:clf_objects>)
  add_library(clfilter::clfilter_${kind} ALIAS clfilter_${kind})
  target_include_directories(clfilter_${kind} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
  set_target_properties(clfilter_${kind} PROPERTIES OUTPUT_NAME clfilter)
endforeach()
add_library(clfilter::clfilter ALIAS clfilter_shared)
# The headers need OpenCL's. What else the library calls, a program names only where it takes the library in statically.
target_link_libraries(clfilter_static PUBLIC OpenCL::OpenCL Threads::Threads m ${CLF_FFT_LIBRARIES})
target_link_libraries(clfilter_shared PUBLIC OpenCL::OpenCL PRIVATE Threads::Threads m ${CLF_FFT_LIBRARIES})

# What a compiled program may be run with; include/clfilter/version.h says why.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(CLF_ABI 0.${PROJECT_VERSION_MINOR})
else()
  set(CLF_ABI ${PROJECT_VERSION_MAJOR})
endif()
set_target_properties(clfilter_shared PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${CLF_ABI})
set(map ${PROJECT_BINARY_DIR}/generated/clfilter.map)
configure_file(${PROJECT_SOURCE_DIR}/cmake/clfilter.map.in ${map} @ONLY)
include(CheckLinkerFlag)
check_linker_flag(C LINKER:--version-script=${map} CLF_LINKER_VERSIONS_SYMBOLS)
if(CLF_LINKER_VERSIONS_SYMBOLS)
  target_link_options(clfilter_shared PRIVATE LINKER:--version-script=${map})
  set_property(TARGET clfilter_shared APPEND PROPERTY LINK_DEPENDS ${map})
endif()
