/* SPDX-License-Identifier: Apache-2.0 */
/* How functions inside the library report a failure: fill the caller's clf_error, return the status. */
#ifndef CLF_BASE_STATUS_H
#define CLF_BASE_STATUS_H

#include <clfilter/status.h>

/* Fills `error` if it is not NULL. People read the sentence: if it is too long, its end is left out. */
__attribute__((format(printf, 3, 4))) void clf_error_set(clf_error *error, clf_status status, const char *format, ...);

/*
 * The same, and is `status`, so that callers write `return clf_fail(...)`. A macro: who sees the caller alone, an
 * analyser say, sees that it fails.
 */
#define clf_fail(error, status, ...) (clf_error_set(error, status, __VA_ARGS__), (status))

/* Returns from the calling function with the status of `call` where that is a failure. */
#define CLF_TRY(call)                       \
    do {                                    \
        clf_status clf_try_status = (call); \
        if (clf_try_status != CLF_OK)       \
            return clf_try_status;          \
    } while (0)

#endif
