/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file cache.h
 * The disk cache of built programs: $XDG_CACHE_HOME/clfilter/programs, or ~/.cache/clfilter/programs.
 *
 * A context uses it as clf_context_desc.program_cache says. An entry holds for one source text, its options, and one
 * device, driver and platform; one that is damaged, truncated or of another version is not used and is written anew.
 * Any number of processes may share the folder. Nothing in it is needed: it may be removed at any time. As what it
 * holds is run, it is used only where it is a folder of the user's own (no link) that nobody else may write to.
 */
#ifndef CLFILTER_CACHE_H
#define CLFILTER_CACHE_H

#include <clfilter/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The folder is kept below this many bytes: the entries used longest ago go first. */
#define CLF_PROGRAM_CACHE_BYTES ((size_t)256 << 20)

/** What lies in the folder. */
typedef struct clf_program_cache_info {
    char path[1024]; /**< the folder */
    size_t files;    /**< entries */
    size_t bytes;    /**< their size together */
} clf_program_cache_info;

/**
 * Looks into the folder. A folder that is not there holds nothing.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_INVALID_VALUE (neither XDG_CACHE_HOME nor HOME is set); CLF_OUT_OF_RANGE (the
 *         path is too long); CLF_FILE_ERROR (it cannot be read, is a link, or others may write to it). Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_program_cache_look(clf_program_cache_info *info, clf_error *error);

/**
 * Removes every entry. Contexts that exist keep what they have built.
 * @return as clf_program_cache_look; CLF_FILE_ERROR also where an entry could not be removed
 */
CLF_API CLF_CHECKED clf_status clf_program_cache_clear(clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
