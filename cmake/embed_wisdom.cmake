# Writes OUTPUT, a C file with one string per file of SOURCES: wisdom that comes with the library.
include(${CMAKE_CURRENT_LIST_DIR}/bytes.cmake)

set(arrays "")
set(rows "")
foreach(source IN LISTS SOURCES)
  get_filename_component(name ${source} NAME_WE)
  string(MAKE_C_IDENTIFIER "${name}" name)
  clf_file_bytes(${source} bytes)
  string(APPEND arrays "static const char table_${name}[] = {\n${bytes}0};\n")
  string(APPEND rows "    table_${name},\n")
endforeach()
file(WRITE ${OUTPUT}
  "/* Written by cmake/embed_wisdom.cmake from wisdom/; not for editing. */\n"
  "#include \"choose/wisdom.h\"\n\n${arrays}\n"
  "const char *const clf_wisdom_tables[] = {\n${rows}    NULL};\n")
