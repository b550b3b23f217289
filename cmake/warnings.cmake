# The warnings every target of ours is compiled with: link to clf_warnings. Zero is a default here, so fields may be
# left out.
add_library(clf_warnings INTERFACE)
target_compile_options(clf_warnings INTERFACE
  -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  -Wstrict-prototypes -Wmissing-prototypes
  -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2
  $<$<BOOL:${CLF_WARNINGS_AS_ERRORS}>:-Werror>)
# Files are larger than 2 GiB in 32-bit builds too.
target_compile_definitions(clf_warnings INTERFACE _POSIX_C_SOURCE=200809L _FILE_OFFSET_BITS=64)
