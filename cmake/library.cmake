# The library, static and shared, from one set of objects.
file(GLOB CLF_SOURCES CONFIGURE_DEPENDS
  src/version.c src/base/*.c src/rt/*.c src/plan/*.c src/choose/*.c src/stream/*.c src/fft/*.c src/ops/*.c
  src/ops/*/*.c)
# What includes a library's header stands in cmake/fft.cmake, each where its library is found.
list(FILTER CLF_SOURCES EXCLUDE REGEX "/src/fft/fft_(clfft|vkfft)\\.c$")

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
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
  PRIVATE ${PROJECT_SOURCE_DIR})
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
