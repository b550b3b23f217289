/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wisdom.h
 * Wisdom: which solver was the fastest for a problem on a device, as plans made with CLF_MEASURE or CLF_EXHAUSTIVE
 * found. A context remembers it; text carries it from one process to the next.
 *
 * An entry holds for one problem line, one device (name, version and driver) and one list of solvers that apply: after
 * an update of the driver or of clfilter it no longer answers, and does no harm.
 *
 * Behind what a context remembers stands a table that comes with the library, of entries measured on classes of devices
 * (so far PoCL on CPUs with AVX-512): where a context remembers nothing of a problem, a plan with CLF_ESTIMATE takes
 * what the table says of exactly that problem line, else the estimate.
 *
 * As text an entry is a line "SOLVER VARIANT EFFORT NANOSECONDS KEY", single spaces between: the solver's name, which
 * set of its parameters, the clf_effort it was found with (1 or 2), the time it took, and the key: 16 hexadecimal
 * digits for library, device and solvers, and the problem's line.
 */
#ifndef CLFILTER_WISDOM_H
#define CLFILTER_WISDOM_H

#include <clfilter/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Writes everything a context remembers as text: a first line "clfilter-wisdom 1", then a line an entry.
 *
 * @param text      receives the text, zero-terminated and cut where it does not fit, or NULL with capacity 0
 * @param capacity  bytes of `text`
 * @param length    receives the length of the whole text without its terminating zero; never NULL
 * @return CLF_OK; CLF_NULL_ARGUMENT. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_export(clf_context *context, char *text, size_t capacity, size_t *length,
                                                 clf_error *error);

/**
 * Adds entries from text that clf_wisdom_export wrote. Of two entries for one problem the later one counts. Lines that
 * are damaged, and whole texts of another version, are left out; the log says so.
 *
 * @param text   zero-terminated; borrowed until the call returns
 * @param taken  receives the number of entries taken, or NULL
 * @return CLF_OK, also where nothing was taken; CLF_NULL_ARGUMENT; CLF_OUT_OF_MEMORY. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_import(clf_context *context, const char *text, size_t *taken,
                                                 clf_error *error);

/** Forgets everything a context remembers. NULL is allowed. Any thread. */
CLF_API void clf_wisdom_forget(clf_context *context);

/**
 * The user's wisdom file: $XDG_CACHE_HOME/clfilter/wisdom, or ~/.cache/clfilter/wisdom.
 * @param path      receives the path, zero-terminated
 * @param capacity  bytes of `path`
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_OUT_OF_RANGE (the path does not fit); CLF_INVALID_VALUE (neither variable is
 * set).
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_path(char *path, size_t capacity, clf_error *error);

/**
 * Imports the user's file. A missing file is no failure.
 * @return as clf_wisdom_import and clf_wisdom_path; CLF_FILE_ERROR (it cannot be read)
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_load(clf_context *context, size_t *taken, clf_error *error);

/**
 * Writes what the context remembers to the user's file: beside it and renamed, its folder made with mode 0700.
 * @return as clf_wisdom_export and clf_wisdom_path; CLF_FILE_ERROR (it cannot be written); CLF_OUT_OF_MEMORY.
 */
CLF_API CLF_CHECKED clf_status clf_wisdom_save(clf_context *context, clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
