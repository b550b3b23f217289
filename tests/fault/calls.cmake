# Holds the list of wrapped functions (FAULTS, a header) against what the library (LIBRARY) calls, as NM tells it.
execute_process(COMMAND ${NM} -u ${LIBRARY} OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${NM} -u ${LIBRARY} failed")
endif()

string(REGEX MATCHALL "[ _]cl[A-Z][A-Za-z]+" called "${symbols}")
list(TRANSFORM called REPLACE "^[ _]" "")
list(REMOVE_DUPLICATES called)
list(SORT called)

file(READ ${FAULTS} header)
string(REGEX MATCHALL "X\\(cl[A-Za-z]+\\)" wrapped "${header}")
list(TRANSFORM wrapped REPLACE "X\\((.*)\\)" "\\1")
list(SORT wrapped)
# Called where the library is built for debugging.
list(FIND called clGetKernelArgInfo debug_call)
if(debug_call EQUAL -1)
  list(REMOVE_ITEM wrapped clGetKernelArgInfo)
endif()

if(NOT called STREQUAL wrapped)
  message(FATAL_ERROR "the library calls\n  ${called}\nand the faults wrap\n  ${wrapped}")
endif()

# Ways to allocate that are not wrapped.
set(ways "aligned_alloc|posix_memalign|memalign|valloc|reallocarray|strndup|asprintf|vasprintf|getline|getdelim")
string(REGEX MATCH " (${ways}|open_memstream)[@\n]" unwrapped "${symbols}")
if(unwrapped)
  message(FATAL_ERROR "the library allocates by ${unwrapped}, which the faults do not wrap")
endif()
list(LENGTH called count)
message(STATUS "${count} OpenCL functions are called, and wrapped")
