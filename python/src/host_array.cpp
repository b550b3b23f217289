/* SPDX-License-Identifier: Apache-2.0 */
/* NumPy's arrays as the library takes them: by the buffer protocol, nothing copied. */
#include "array.h"
#include "error.h"

#include <algorithm>
#include <cstring>

namespace nb = nanobind;

namespace clf_python {

/* Of an address: what kernels may take elements together to. */
constexpr std::uintptr_t alignment = 16;

static bool find_format(const char *format, Py_ssize_t bytes, clf_dtype *dtype) {
    static const struct {
        const char *letters; /* of Python's struct */
        clf_dtype dtype;
    } formats[] = {{"f", CLF_F32}, {"d", CLF_F64}, {"e", CLF_F16},  {"B", CLF_U8},
                   {"H", CLF_U16}, {"h", CLF_I16}, {"il", CLF_I32}, {"lq", CLF_I64}};
    if (format == nullptr)
        format = "B";
    format += *format == '@' || *format == '=';
    if (std::strlen(format) != 1)
        return false;
    for (const auto &each : formats)
        if (std::strchr(each.letters, *format) != nullptr && bytes == (Py_ssize_t)clf_dtype_bytes(each.dtype)) {
            *dtype = each.dtype;
            return true;
        }
    return false;
}

host_array::~host_array() {
    if (buffer.obj != nullptr)
        PyBuffer_Release(&buffer);
}

void host_array::hold(nb::handle object, bool written, const char *name) {
    if (PyObject_GetBuffer(object.ptr(), &buffer, PyBUF_RECORDS_RO | (written ? PyBUF_WRITABLE : 0)) != 0)
        throw nb::python_error();
    if (!find_format(buffer.format, buffer.itemsize, &array.dtype))
        fail(CLF_DTYPE_MISMATCH, "%s: elements of format '%s' and %lld bytes have no type in clfilter", name,
             buffer.format, (long long)buffer.itemsize);
    if (buffer.ndim < 1 || buffer.ndim > CLF_MAX_RANK)
        fail(CLF_INVALID_VIEW, "%s: the array has %d axes; expected 1 to %d", name, buffer.ndim, CLF_MAX_RANK);
    array.data = buffer.buf;
    array.rank = buffer.ndim;
    for (int i = 0; i < buffer.ndim; i++) {
        if (buffer.strides[i] % buffer.itemsize != 0 || (std::uintptr_t)buffer.buf % (std::uintptr_t)buffer.itemsize)
            fail(CLF_INVALID_VIEW, "%s: elements lie %lld bytes apart; expected a multiple of the element's %lld", name,
                 (long long)buffer.strides[i], (long long)buffer.itemsize);
        array.shape[i] = buffer.shape[i];
        array.strides[i] = buffer.strides[i] / buffer.itemsize;
    }
    write_strides(array.rank, array.shape, array.strides);
}

clf_view host_array::view(bool in_place) const {
    clf_view made = {};
    made.dtype = array.dtype;
    made.rank = array.rank;
    std::copy_n(array.shape, array.rank, made.shape);
    std::copy_n(array.strides, array.rank, made.strides);
    for (int i = 0; i < array.rank; i++)
        if (array.strides[i] < 0)
            made.offset -= array.strides[i] * std::max<int64_t>(array.shape[i] - 1, 0);
    const auto bytes = (std::uintptr_t)clf_dtype_bytes(array.dtype);
    if (in_place)
        made.offset +=
            (int64_t)(((std::uintptr_t)array.data - (std::uintptr_t)made.offset * bytes) % alignment / bytes);
    return made;
}

void write_strides(int rank, const int64_t *shape, int64_t *strides) {
    int64_t dense = 1;
    for (int i = rank - 1; i >= 0; i--) {
        if (shape[i] <= 1)
            strides[i] = dense;
        dense *= std::max<int64_t>(shape[i], 1);
    }
}

} // namespace clf_python
