/* SPDX-License-Identifier: Apache-2.0 */
/* A private cache folder for a test. */
#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static char folder[FOLDER_PATH];

int folder_setup(void **state) {
    (void)state;
    const char *temporary = getenv("TMPDIR");
    char here[FOLDER_PATH - 64], whole[FOLDER_PATH];
    /* Not here: the whole way to it must be open to whoever root becomes in folder_deny. */
    (void)snprintf(folder, sizeof folder, "%s/clfilter-test.XXXXXX", temporary != NULL ? temporary : "/tmp");
    if (getcwd(here, sizeof here) == NULL || mkdtemp(folder) == NULL) {
        return 1;
    }
    (void)snprintf(whole, sizeof whole, "%s/pocl-cache", here);
    (void)setenv("POCL_CACHE_DIR", whole, 0); /* PoCL's own must outlive the test: it remembers where it was */
    (void)mkdir(whole, 0700);
    return setenv("XDG_CACHE_HOME", folder, 1);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info, (void)kind, (void)place;
    return remove(path);
}

int folder_teardown(void **state) {
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

char *folder_variable(const char *name) {
    const char *value = getenv(name);
    return value != NULL ? strdup(value) : NULL;
}

const char *folder_path(void) {
    return getenv("XDG_CACHE_HOME");
}

const char *folder_file(const char *name) {
    static char path[FOLDER_PATH];
    (void)snprintf(path, sizeof path, "%s/%s", folder_path(), name);
    return path;
}

void folder_write(const char *name, const void *data, size_t bytes) {
    FILE *file = fopen(folder_file(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, bytes, file), bytes);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(folder_file(name), 0600), 0);
}

size_t folder_read(const char *name, void *data, size_t capacity) {
    FILE *file = fopen(folder_file(name), "rb");
    assert_non_null(file);
    size_t bytes = fread(data, 1, capacity, file);
    assert_true(feof(file));
    assert_int_equal(fclose(file), 0);
    return bytes;
}

size_t folder_count(const char *name) {
    size_t count = 0;
    DIR *open = opendir(folder_file(name));
    for (const struct dirent *item; open != NULL && (item = readdir(open)) != NULL;) {
        count += strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0;
    }
    if (open != NULL) {
        assert_int_equal(closedir(open), 0);
    }
    return count;
}

/* Root may do anything: it becomes somebody who may not, and to whom the folder belongs. */
void folder_deny(const char *name, mode_t mode) {
    assert_int_equal(chmod(folder_file(name), mode), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(folder_file(name), NOBODY, NOBODY), 0);
        assert_int_equal(chmod(folder_path(), 0755), 0);
        assert_int_equal(seteuid(NOBODY), 0);
    }
}

void folder_give(const char *name) {
    if (getuid() == 0) {
        assert_int_equal(seteuid(0), 0);
        assert_int_equal(chown(folder_file(name), 0, 0), 0);
    }
    assert_int_equal(chmod(folder_file(name), 0700), 0);
}

static void keep(void *user, clf_log_level level, const char *message) {
    folder_log *log = user;
    const char *options = strstr(message, "with \"");
    if (level >= CLF_LOG_WARNING) {
        log->warnings++;
        (void)snprintf(log->last, sizeof log->last, "%s", message);
    } else if (strncmp(message, "measured ", 9) == 0) {
        log->measured++;
    } else if (options != NULL && (strncmp(message, "built ", 6) == 0 || strncmp(message, "loaded ", 7) == 0)) {
        (void)snprintf(log->options, sizeof log->options, "%.*s", (int)strcspn(options + 6, "\""), options + 6);
    }
}

clf_context *folder_context(clf_program_cache cache, folder_log *log) {
    clf_error error = {0};
    clf_context *context = NULL;
    *log = (folder_log){.warnings = 0};
    check_ok(clf_context_create(&(clf_context_desc){.program_cache = cache, .log = keep, .log_user = log}, &context,
                                &error));
    return context;
}
