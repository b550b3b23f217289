# Writes OUTPUT, a C file with one string per .cl file of SOURCES, each #include "x.h" replaced by INCLUDE_DIR/x.h.
include(${CMAKE_CURRENT_LIST_DIR}/bytes.cmake)

function(clf_inline_includes text result)
  while(text MATCHES "#include \"([a-z_0-9]+\\.h)\"")
    file(READ ${INCLUDE_DIR}/${CMAKE_MATCH_1} header)
    string(REPLACE "#include \"${CMAKE_MATCH_1}\"" "${header}" text "${text}")
  endwhile()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
foreach(source IN LISTS SOURCES)
  get_filename_component(name ${source} NAME_WE)
  file(READ ${source} text)
  clf_inline_includes("${text}" text)
  set(whole ${OUTPUT}.${name}.cl)
  file(WRITE ${whole} "${text}")
  clf_file_bytes(${whole} bytes)
  file(REMOVE ${whole})
  string(APPEND arrays "static const char source_${name}[] = {\n${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", source_${name}, sizeof source_${name} - 1},\n")
endforeach()
file(WRITE ${OUTPUT}
  "/* Written by cmake/embed.cmake from cl/; not for editing. */\n#include \"rt/program.h\"\n\n${arrays}\n"
  "const clf_kernel_source clf_kernel_sources[] = {\n${rows}    {NULL, NULL, 0}};\n")
