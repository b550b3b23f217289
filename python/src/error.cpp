/* SPDX-License-Identifier: Apache-2.0 */
/* A failed call as a Python exception. */
#include "error.h"

#include <cstdarg>
#include <cstdio>
#include <nanobind/nanobind.h>

namespace nb = nanobind;

namespace clf_python {

void raise(const clf_error &error) {
    nb::object made = nb::module_::import_("clfilter._errors")
                          .attr("from_status")(clf_status_name(error.code), error.message, error.cl_code);
    PyErr_SetObject(made.type().ptr(), made.ptr());
    throw nb::python_error();
}

void fail(clf_status status, const char *format, ...) {
    clf_error error = {};
    error.code = status;
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(error.message, sizeof error.message, format, arguments);
    va_end(arguments);
    raise(error);
}

} // namespace clf_python
