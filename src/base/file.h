/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the user's cache folder: read whole, written beside themselves and renamed. */
#ifndef CLF_BASE_FILE_H
#define CLF_BASE_FILE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* "$XDG_CACHE_HOME/clfilter/NAME" or "~/.cache/clfilter/NAME". */
clf_status clf_cache_path(const char *name, char *path, size_t capacity, clf_error *error);

/* Refuses a folder that is a link, another user's, or may be written by others; one that is not there is no failure. */
clf_status clf_cache_check_folder(const char *folder, bool *there, clf_error *error);

/* Makes the folders a cache file lies in, with mode 0700; refuses the last as clf_cache_check_folder does. */
clf_status clf_cache_make_folder(const char *path, clf_error *error);

/*
 * Reads a whole plain file of at most `most` bytes, zero-terminated; *data is NULL if there is none. With `own`, a
 * link, another user's file and one that others may write to are refused. Release with free().
 */
clf_status clf_file_read(const char *path, size_t most, bool own, char **data, size_t *bytes, clf_error *error);

/* Writes a file beside itself and renames it, so that a reader finds the old one or the new one, whole. */
clf_status clf_file_replace(const char *path, const void *data, size_t bytes, clf_error *error);

#endif
