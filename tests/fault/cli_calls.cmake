# Holds the list of wrapped functions of files (FILES, a header) against what the program and the library (LIBRARIES,
# separated by commas) call, as NM tells it.
cmake_policy(VERSION 3.25)
string(REPLACE "," ";" LIBRARIES "${LIBRARIES}")
execute_process(COMMAND ${NM} -u ${LIBRARIES} OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${NM} -u ${LIBRARIES} failed")
endif()

file(READ ${FILES} header)
string(REGEX MATCHALL "X\\([a-z0-9]+\\)" wrapped "${header}")
list(TRANSFORM wrapped REPLACE "X\\((.*)\\)" "\\1")

# Functions that open, change or move files. Streams are made by two of them, and wrapped whole.
set(functions open openat creat fopen freopen fdopen tmpfile mkstemp mkostemp mkdtemp fstat read readv write writev
    pread pwrite close dup dup2 pipe popen socket mmap fileno rename renameat link linkat symlink mkdir mkdirat opendir
    fdopendir closedir unlinkat remove rmdir truncate ftruncate fallocate posix_fallocate fsync fdatasync sendfile
    copy_file_range)
foreach(function IN LISTS functions)
  foreach(name IN ITEMS ${function} ${function}64)
    if(symbols MATCHES " ${name}[@\n]" AND NOT name IN_LIST wrapped)
      message(FATAL_ERROR "${name} is called, which the faults of the program's files do not wrap")
    endif()
  endforeach()
endforeach()
foreach(name IN LISTS wrapped)
  if(NOT symbols MATCHES " ${name}[@\n]")
    message(FATAL_ERROR "${name} is wrapped, and not called")
  endif()
endforeach()
list(LENGTH wrapped count)
message(STATUS "${count} functions of files are called, and wrapped")
