/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file cache.h
 * The disk cache of built programs: $XDG_CACHE_HOME/clfilter/programs, or ~/.cache/clfilter/programs.
 *
 * Whether a context uses it is decided by clf_context_desc.program_cache. An entry is valid for one source text, its
 * options, and one device, driver and platform; an entry that is damaged, truncated or from another version is ignored
 * and written again. Any number of processes may share the folder. It can be deleted at any time. Because its contents
 * are executed, it is used only if it is a folder (not a link) that belongs to the user and that nobody else can write
 * to.
 */
#ifndef CLFILTER_CACHE_H
#define CLFILTER_CACHE_H

#include <clfilter/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The folder is kept below this many bytes: the least recently used entries are removed first. */
#define CLF_PROGRAM_CACHE_BYTES ((size_t)256 << 20)

/** Contents of the folder. */
typedef struct clf_program_cache_info {
    char path[1024]; /**< the folder */
    size_t files;    /**< entries */
    size_t bytes;    /**< their total size */
} clf_program_cache_info;

/**
 * Examines the folder. A folder that does not exist counts as empty.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VALUE (neither XDG_CACHE_HOME nor HOME is set); CLF_OUT_OF_RANGE (the
 *         path is too long); CLF_FILE_ERROR (it cannot be read, is a link, or can be written to by others). Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_program_cache_look(clf_program_cache_info *info, clf_error *error);

/**
 * Removes every entry. Existing contexts keep the programs they have built.
 * @return as clf_program_cache_look; CLF_FILE_ERROR also if an entry could not be removed
 */
CLF_API CLF_CHECKED clf_status clf_program_cache_clear(clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
