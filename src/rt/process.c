/* SPDX-License-Identifier: Apache-2.0 */
/* The sentence of a child process that uses what its parent made. */
#include "rt/process.h"

clf_status clf_process_check(pid_t maker, const char *what, clf_error *error) {
    if (!clf_process_left(maker))
        return CLF_OK;
    return clf_fail(error, CLF_INVALID_HANDLE,
                    "the %s was made by process %lld, of which this is a fork, and OpenCL does not survive a fork; "
                    "expected a %s that this process made",
                    what, (long long)maker, what);
}
