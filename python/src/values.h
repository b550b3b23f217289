/* SPDX-License-Identifier: Apache-2.0 */
/* Python's values as those of a descriptor's fields. */
#ifndef CLF_PYTHON_VALUES_H
#define CLF_PYTHON_VALUES_H

#include "fields.h"

#include <nanobind/nanobind.h>
#include <string>

namespace clf_python {

/* Writes a value, or a sequence of values, into a field that is no tensor. Raises where it does not fit. */
void write_value(const field &which, nanobind::handle value, descriptor *desc);

/* A str; raises, with what it is for, where it is something else. */
std::string text_of(nanobind::handle value, const char *what);

/* A whole number from `least` to `most`. */
long long whole_of(nanobind::handle value, const char *what, long long least, long long most);

} // namespace clf_python

#endif
