/* SPDX-License-Identifier: Apache-2.0 */
/* A private cache folder for a test, and what the library says to its log. */
#ifndef CLF_TESTS_FOLDER_H
#define CLF_TESTS_FOLDER_H

#include "unit.h"

#include <sys/types.h>

enum { FOLDER_PATH = 1024 };

/* cmocka fixtures round a test: XDG_CACHE_HOME names a new, empty folder of its own, which goes afterwards. */
int folder_setup(void **state);
int folder_teardown(void **state);

/* A copy of an environment variable, for free(); NULL where it is not set. */
char *folder_variable(const char *name);

/* The folder, and a path in it; the text lives until the next call. */
const char *folder_path(void);
const char *folder_file(const char *name);

/* Writes and reads a whole file of the folder; folder_read gives its size and fails the test where it does not fit. */
void folder_write(const char *name, const void *data, size_t bytes);
size_t folder_read(const char *name, void *data, size_t capacity);

/* Things of any kind in a folder of the folder; 0 where it is not there. */
size_t folder_count(const char *name);

/* Takes what a folder of the folder allows from the user that runs the test, root included; _give undoes it. */
void folder_deny(const char *name, mode_t mode);
void folder_give(const char *name);

/* Counts what the library logs. */
typedef struct folder_log {
    size_t warnings, measured;
    char last[512];    /* the last warning */
    char options[512]; /* what the last program was built with */
} folder_log;

/* A context that keeps programs as `cache` says and logs into `log`. */
clf_context *folder_context(clf_program_cache cache, folder_log *log);

#endif
