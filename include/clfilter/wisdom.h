/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wisdom.h
 * Wisdom: which solver was fastest for a problem on a device, as measured by plans made with CLF_MEASURE or
 * CLF_EXHAUSTIVE. A context remembers it; as text it can be carried from one process to the next.
 *
 * An entry is valid for one problem line, one device (name, version and driver) and one list of applicable solvers.
 * After an update of the driver or of clfilter it no longer matches, and does no harm.
 *
 * The library also contains a table of entries measured on classes of devices (so far PoCL on CPUs with AVX-512). If a
 * context remembers nothing about a problem, a plan with CLF_ESTIMATE uses the table's entry for exactly that problem
 * line or, if there is none, the estimate.
 *
 * As text, an entry is a line "SOLVER VARIANT EFFORT NANOSECONDS KEY", separated by single spaces: the solver's name,
 * the number of its parameter set, the clf_effort it was found with (1 or 2), the time it took, and the key, which
 * consists of 16 hexadecimal digits for library, device and solvers, and the problem's line.
 */
#ifndef CLFILTER_WISDOM_H
#define CLFILTER_WISDOM_H

#include <clfilter/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Writes everything a context remembers as text: a first line "clfilter-wisdom 1", then one line per entry.
 *
 * @param text      receives the text, zero-terminated, truncated if it does not fit; or NULL with capacity 0
 * @param capacity  bytes of `text`
 * @param length    receives the length of the whole text, without its terminating zero; must not be NULL
 * @return CLF_OK; CLF_NULL_ARGUMENT. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_export(clf_context *context, char *text, size_t capacity, size_t *length,
                                                 clf_error *error);

/**
 * Adds entries from text written by clf_wisdom_export. If two entries are for the same problem, the later one counts.
 * Damaged lines, and whole texts of another version, are skipped; the log says so.
 *
 * @param text   zero-terminated; borrowed until the call returns
 * @param taken  receives the number of entries added, or NULL
 * @return CLF_OK, also if nothing was added; CLF_NULL_ARGUMENT; CLF_OUT_OF_MEMORY. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_import(clf_context *context, const char *text, size_t *taken,
                                                 clf_error *error);

/** Forgets everything a context remembers. NULL is allowed. Any thread. */
CLF_API void clf_wisdom_forget(clf_context *context);

/**
 * The user's wisdom file: $XDG_CACHE_HOME/clfilter/wisdom, or ~/.cache/clfilter/wisdom.
 * @param path      receives the path, zero-terminated
 * @param capacity  bytes of `path`
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_OUT_OF_RANGE (the path does not fit); CLF_INVALID_VALUE (neither
 *         XDG_CACHE_HOME nor HOME is set).
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_path(char *path, size_t capacity, clf_error *error);

/**
 * Imports the user's file. It is not an error if the file does not exist.
 * @return as clf_wisdom_import and clf_wisdom_path; CLF_FILE_ERROR (it cannot be read)
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_load(clf_context *context, size_t *taken, clf_error *error);

/**
 * Writes what the context remembers to the user's file, by writing a new file and renaming it. Creates its folder with
 * mode 0700.
 * @return as clf_wisdom_export and clf_wisdom_path; CLF_FILE_ERROR (it cannot be written); CLF_OUT_OF_MEMORY.
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_save(clf_context *context, clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
