/* SPDX-License-Identifier: Apache-2.0 */
/* Python's values as those of a descriptor's fields. */
#include "values.h"

#include "error.h"

#include <climits>

namespace nb = nanobind;

namespace clf_python {

std::string text_of(nb::handle value, const char *what) {
    if (!PyUnicode_Check(value.ptr()))
        throw nb::type_error((std::string(what) + " is " + nb::repr(value).c_str() + "; expected a str").c_str());
    Py_ssize_t length = 0;
    const char *text = PyUnicode_AsUTF8AndSize(value.ptr(), &length);
    if (text == nullptr)
        throw nb::python_error();
    return std::string(text, (std::size_t)length);
}

long long whole_of(nb::handle value, const char *what, long long least, long long most) {
    const nb::object index = nb::steal(PyNumber_Index(value.ptr()));
    if (!index.is_valid()) {
        PyErr_Clear();
        throw nb::type_error(
            (std::string(what) + " is " + nb::repr(value).c_str() + "; expected a whole number").c_str());
    }
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
    if (overflow != 0 || number < least || number > most)
        fail(CLF_INVALID_VALUE, "%s is %s; expected %lld to %lld", what, nb::repr(value).c_str(), least, most);
    return number;
}

static double real_of(nb::handle value, const char *what) {
    const double number = PyFloat_AsDouble(value.ptr());
    if (number == -1 && PyErr_Occurred()) {
        PyErr_Clear();
        throw nb::type_error((std::string(what) + " is " + nb::repr(value).c_str() + "; expected a number").c_str());
    }
    return number;
}

static bool flag_of(nb::handle value) {
    const int truth = PyObject_IsTrue(value.ptr());
    if (truth < 0)
        throw nb::python_error();
    return truth != 0;
}

/* Writes number `index` of a field's values. */
static void write_one(const field &which, int index, nb::handle value, char *at) {
    switch (which.kind) {
    case field_kind::whole:
        reinterpret_cast<int *>(at)[index] = (int)whole_of(value, which.name, INT_MIN, INT_MAX);
        break;
    case field_kind::real: reinterpret_cast<double *>(at)[index] = real_of(value, which.name); break;
    case field_kind::flag: reinterpret_cast<bool *>(at)[index] = flag_of(value); break;
    case field_kind::choice: /* enumerations have the size of an int */
        reinterpret_cast<int *>(at)[index] = find_choice(which.choices, text_of(value, which.name), which.name);
        break;
    case field_kind::view:
    case field_kind::array: fail(CLF_INVALID_VALUE, "%s is a tensor, not an option", which.name);
    }
}

void write_value(const field &which, nb::handle value, descriptor *desc) {
    char *at = reinterpret_cast<char *>(desc) + which.offset;
    if (which.count == 1 || PyUnicode_Check(value.ptr()) || !PySequence_Check(value.ptr())) {
        write_one(which, 0, value, at);
        return;
    }
    const Py_ssize_t count = PySequence_Size(value.ptr());
    if (count < 1 || count > which.count)
        fail(CLF_INVALID_VALUE, "%s has %lld values; expected 1 to %d", which.name, (long long)count, which.count);
    for (int i = 0; i < (int)count; i++) {
        const nb::object item = nb::steal(PySequence_GetItem(value.ptr(), i));
        if (!item.is_valid())
            throw nb::python_error();
        write_one(which, i, item, at);
    }
}

static_assert(sizeof(clf_border) == sizeof(int) && sizeof(clf_gradient_operator) == sizeof(int),
              "write_one writes enumerators as ints");

} // namespace clf_python
