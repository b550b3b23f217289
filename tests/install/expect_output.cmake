# Runs PROGRAM, which must exit 0 and print the line EXPECTED and nothing else.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
if(NOT output STREQUAL "${EXPECTED}\n")
  message(FATAL_ERROR "printed '${output}', expected '${EXPECTED}'")
endif()
