/* SPDX-License-Identifier: Apache-2.0 */
/* A failed call as a Python exception, of the class that clfilter/_errors.py has for its status. */
#ifndef CLF_PYTHON_ERROR_H
#define CLF_PYTHON_ERROR_H

#include <clfilter/status.h>
#include <nanobind/nanobind.h>

namespace clf_python {

/* Raises what a call reported. The interpreter's lock must be held. */
[[noreturn]] void raise(const clf_error &error);

/* Raises unless the call succeeded. */
inline void check(clf_status status, const clf_error &error) {
    if (status != CLF_OK)
        raise(error);
}

/* Calls the library, without the interpreter's lock, and raises what it reports. */
template <class Function> void call(const Function &function) {
    clf_error error = {};
    clf_status status;
    {
        const nanobind::gil_scoped_release released;
        status = function(&error);
    }
    check(status, error);
}

/* Raises a status with a sentence, as printf would print it. */
[[noreturn]] __attribute__((format(printf, 2, 3))) void fail(clf_status status, const char *format, ...);

} // namespace clf_python

#endif
