/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and replacing the files of the user's cache folder. */
#include "base/file.h"

#include "base/alloc.h"
#include "base/locale.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

clf_status clf_cache_path(const char *name, char *path, size_t capacity, clf_error *error) {
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    bool absolute = cache != NULL && cache[0] == '/'; /* the XDG specification ignores relative paths */
    if (!absolute && (home == NULL || home[0] == '\0'))
        return clf_fail(error, CLF_INVALID_VALUE,
                        "neither XDG_CACHE_HOME nor HOME is set; expected one of them, to find the cache folder");
    int length = snprintf(path, capacity, "%s%s/clfilter/%s", absolute ? cache : home, absolute ? "" : "/.cache", name);
    if (length < 0 || (size_t)length >= capacity)
        return clf_fail(error, CLF_OUT_OF_RANGE, "the path of the cache folder has %d bytes; there is room for %zu",
                        length, capacity);
    return CLF_OK;
}

clf_status clf_cache_check_folder(const char *folder, bool *there, clf_error *error) {
    struct stat info;
    *there = lstat(folder, &info) == 0;
    if (!*there)
        return errno == ENOENT ? CLF_OK : clf_fail(error, CLF_FILE_ERROR, "%s: %s", folder, clf_locale_reason(errno));
    if (!S_ISDIR(info.st_mode))
        return clf_fail(error, CLF_FILE_ERROR, "%s is not a folder, or is a link to one; expected a folder", folder);
    if (info.st_uid != geteuid())
        return clf_fail(error, CLF_FILE_ERROR, "%s belongs to another user", folder);
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return clf_fail(error, CLF_FILE_ERROR, "others can write to %s; expected mode 0700", folder);
    return CLF_OK;
}

/* Some file systems do not say EEXIST of a folder that is there but may not be made. */
static bool make_folder(const char *folder) {
    struct stat info;
    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return true;
    int reason = errno;
    bool there = stat(folder, &info) == 0 && S_ISDIR(info.st_mode);
    errno = reason;
    return there;
}

clf_status clf_cache_make_folder(const char *path, clf_error *error) {
    char folder[4096];
    if (strlen(path) >= sizeof folder)
        return clf_fail(error, CLF_OUT_OF_RANGE, "a path of %zu bytes is too long", strlen(path));
    char *last = NULL;
    for (size_t i = 1; path[i] != '\0'; i++) {
        if (path[i] != '/')
            continue;
        memcpy(folder, path, i);
        folder[i] = '\0';
        last = folder;
        if (!make_folder(folder))
            return clf_fail(error, CLF_FILE_ERROR, "could not create the folder %s: %s", folder,
                            clf_locale_reason(errno));
    }
    bool there = true;
    if (last != NULL)
        CLF_TRY(clf_cache_check_folder(folder, &there, error));
    return there ? CLF_OK : clf_fail(error, CLF_FILE_ERROR, "%s was removed as soon as it was created", folder);
}

/* Reads up to `most` bytes; fewer where the file ends before. */
static clf_status read_all(int descriptor, char *data, size_t most, size_t *bytes) {
    *bytes = 0;
    while (*bytes < most) {
        ssize_t got = read(descriptor, data + *bytes, most - *bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return CLF_FILE_ERROR;
        if (got == 0)
            break;
        *bytes += (size_t)got;
    }
    return CLF_OK;
}

/* Reads an open file that must be a plain one, and the user's where `own`. */
static clf_status read_open(int descriptor, const char *path, size_t most, bool own, char **data, size_t *bytes,
                            clf_error *error) {
    struct stat info;
    char *text;
    if (fstat(descriptor, &info) != 0)
        return clf_fail(error, CLF_FILE_ERROR, "could not read %s: %s", path, clf_locale_reason(errno));
    if (!S_ISREG(info.st_mode) || (uintmax_t)info.st_size > most)
        return clf_fail(error, CLF_FILE_ERROR, "%s is not a regular file of at most %zu bytes", path, most);
    if (own && (info.st_uid != geteuid() || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0))
        return clf_fail(error, CLF_FILE_ERROR, "%s belongs to another user, or others can write to it", path);
    CLF_TRY(clf_allocate(&text, (size_t)info.st_size + 1, 1, error));
    if (read_all(descriptor, text, (size_t)info.st_size, bytes) != CLF_OK) {
        clf_error_set(error, CLF_FILE_ERROR, "could not read %s: %s", path, clf_locale_reason(errno));
        free(text);
        return CLF_FILE_ERROR;
    }
    *data = text;
    return CLF_OK;
}

clf_status clf_file_read(const char *path, size_t most, bool own, char **data, size_t *bytes, clf_error *error) {
    *data = NULL;
    *bytes = 0;
    /* without waiting: a pipe nobody writes to would hold us for ever */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (own ? O_NOFOLLOW : 0));
    if (descriptor < 0 && errno == ENOENT)
        return CLF_OK;
    if (descriptor < 0)
        return clf_fail(error, CLF_FILE_ERROR, "could not open %s: %s", path, clf_locale_reason(errno));
    clf_status status = read_open(descriptor, path, most, own, data, bytes, error);
    close(descriptor);
    return status;
}

static clf_status write_all(int descriptor, const char *data, size_t bytes) {
    while (bytes > 0) {
        ssize_t written = write(descriptor, data, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = ENOSPC;
        if (written <= 0)
            return CLF_FILE_ERROR;
        data += written;
        bytes -= (size_t)written;
    }
    return CLF_OK;
}

clf_status clf_file_replace(const char *path, const void *data, size_t bytes, clf_error *error) {
    char temporary[4096];
    int length = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (length < 0 || (size_t)length >= sizeof temporary)
        return clf_fail(error, CLF_OUT_OF_RANGE, "a path of %d bytes is too long", length);
    int descriptor = mkstemp(temporary);
    if (descriptor < 0)
        return clf_fail(error, CLF_FILE_ERROR, "could not create a temporary file next to %s: %s", path,
                        clf_locale_reason(errno));
    clf_status status = write_all(descriptor, data, bytes);
    int reason = errno;
    if (close(descriptor) != 0 && status == CLF_OK) {
        status = CLF_FILE_ERROR;
        reason = errno;
    }
    if (status == CLF_OK && rename(temporary, path) != 0) {
        status = CLF_FILE_ERROR;
        reason = errno;
    }
    if (status == CLF_OK)
        return CLF_OK;
    unlink(temporary);
    return clf_fail(error, status, "could not write %s: %s", path, clf_locale_reason(reason));
}
