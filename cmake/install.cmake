# What an installation holds: both libraries, the headers, and what find_package and pkg-config read.
include(CMakePackageConfigHelpers)
set(CLF_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/clfilter)

set_target_properties(clfilter_shared PROPERTIES EXPORT_NAME clfilter)
install(TARGETS clfilter_static clfilter_shared EXPORT clfilter
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/clfilter DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")

install(EXPORT clfilter NAMESPACE clfilter:: FILE clfilterTargets.cmake DESTINATION ${CLF_CMAKE_DIR})
configure_package_config_file(cmake/clfilterConfig.cmake.in ${PROJECT_BINARY_DIR}/generated/clfilterConfig.cmake
  INSTALL_DESTINATION ${CLF_CMAKE_DIR} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/generated/clfilterConfigVersion.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/generated/clfilterConfig.cmake
              ${PROJECT_BINARY_DIR}/generated/clfilterConfigVersion.cmake
  DESTINATION ${CLF_CMAKE_DIR})

# The prefix is told relative to the .pc file, so that an installation may be moved or staged.
cmake_path(SET pkgconfig_dir NORMALIZE "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig")
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${pkgconfig_dir} OUTPUT_VARIABLE CLF_PREFIX_FROM_PC)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
  OUTPUT_VARIABLE CLF_LIBDIR_FROM_PREFIX)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
  OUTPUT_VARIABLE CLF_INCLUDEDIR_FROM_PREFIX)
configure_file(cmake/clfilter.pc.in ${PROJECT_BINARY_DIR}/generated/clfilter.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/generated/clfilter.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The licences of what is compiled in travel with it.
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD-PARTY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
