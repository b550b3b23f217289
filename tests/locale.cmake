# A locale with a decimal comma, compiled into the build folder: few systems have one, and glibc finds it by LOCPATH.
set(CLF_TEST_LOCALE de_DE.UTF-8)
set(locale_path ${CMAKE_CURRENT_BINARY_DIR}/locales)
find_program(CLF_LOCALEDEF localedef)
if(CLF_LOCALEDEF AND NOT EXISTS ${locale_path}/${CLF_TEST_LOCALE})
  file(MAKE_DIRECTORY ${locale_path})
  # Whatever it says: the tests look whether the locale works, and are skipped where it does not.
  execute_process(COMMAND ${CLF_LOCALEDEF} --no-archive -i de_DE -f UTF-8 ${locale_path}/${CLF_TEST_LOCALE}
                  OUTPUT_QUIET ERROR_QUIET)
endif()

add_library(clf_test_locale OBJECT ${CMAKE_CURRENT_SOURCE_DIR}/locale.c)
target_link_libraries(clf_test_locale PRIVATE clf_warnings)

# clf_add_locale_test(NAME COMMAND...): a test NAME.locale, which is COMMAND in that locale. The command's program must
# have clf_test_locale's object.
function(clf_add_locale_test name)
  add_test(NAME ${name}.locale COMMAND ${ARGN})
  set_tests_properties(${name}.locale PROPERTIES SKIP_RETURN_CODE 77
    ENVIRONMENT "CLF_TEST_LOCALE=${CLF_TEST_LOCALE};LOCPATH=${CMAKE_BINARY_DIR}/tests/locales")
endfunction()
