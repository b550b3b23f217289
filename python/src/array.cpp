/* SPDX-License-Identifier: Apache-2.0 */
/* clfilter.Array: a tensor in device memory. */
#include "array.h"

#include "error.h"

#include <algorithm>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace clf_python {

device_memory::~device_memory() {
    /* In a fork of the process that made it, nothing of OpenCL may be called. */
    if (owner->foreign())
        return;
    if (buffer != nullptr)
        clReleaseMemObject(buffer);
    if (release != nullptr)
        release(lender);
}

device_array make_array(const context_pointer &owner, clf_dtype dtype, int rank, const int64_t *shape) {
    owner->check_process();
    device_array made;
    made.memory = std::make_shared<device_memory>();
    made.memory->owner = owner;
    call([&](clf_error *error) { return clf_tensor_create(owner->handle, dtype, rank, shape, &made.view, error); });
    made.memory->buffer = made.view.buffer;
    return made;
}

clf_dtype find_dtype(const std::string &name) {
    std::string names;
    for (int i = 0; clf_dtype_bytes((clf_dtype)i) != 0; i++) {
        if (name == clf_dtype_name((clf_dtype)i))
            return (clf_dtype)i;
        names += std::string(" ") + clf_dtype_name((clf_dtype)i);
    }
    fail(CLF_DTYPE_MISMATCH, "there is no type '%s'; expected one of%s", name.c_str(), names.c_str());
}

namespace {

device_array new_array(const context_pointer &owner, const std::string &dtype, const std::vector<int64_t> &shape) {
    return make_array(owner, find_dtype(dtype), (int)shape.size(), shape.data());
}

/* A tensor in a cl_mem that somebody else made; the array holds it with a reference of its own. */
device_array wrap_buffer(const context_pointer &owner, std::uintptr_t buffer, const std::string &dtype,
                         const std::vector<int64_t> &shape, const std::vector<int64_t> &strides, int64_t offset) {
    owner->check_process();
    if (shape.empty() || shape.size() > CLF_MAX_RANK || strides.size() != shape.size())
        fail(CLF_INVALID_VIEW, "an array of %zu axes with %zu strides; expected 1 to %d axes, each with a stride",
             shape.size(), strides.size(), CLF_MAX_RANK);
    device_array made;
    made.view.buffer = reinterpret_cast<cl_mem>(buffer);
    made.view.dtype = find_dtype(dtype);
    made.view.rank = (int)shape.size();
    made.view.offset = offset;
    std::copy(shape.begin(), shape.end(), made.view.shape);
    std::copy(strides.begin(), strides.end(), made.view.strides);
    write_strides(made.view.rank, made.view.shape, made.view.strides);
    made.memory = std::make_shared<device_memory>();
    made.memory->owner = owner;
    if (made.view.buffer != nullptr && clRetainMemObject(made.view.buffer) != CL_SUCCESS)
        fail(CLF_INVALID_HANDLE, "the buffer is no OpenCL memory object");
    made.memory->buffer = made.view.buffer;
    return made;
}

template <class Function> device_array with_view(const device_array &from, const Function &function) {
    device_array made = from;
    clf_error error = {};
    check(function(&made.view, &error), error);
    return made;
}

device_array crop(const device_array &it, int axis, int64_t start, int64_t extent) {
    return with_view(
        it, [&](clf_view *out, clf_error *error) { return clf_view_crop(&it.view, axis, start, extent, out, error); });
}

device_array select(const device_array &it, int axis, int64_t index) {
    return with_view(
        it, [&](clf_view *out, clf_error *error) { return clf_view_select(&it.view, axis, index, out, error); });
}

device_array flip(const device_array &it, int axis) {
    return with_view(it, [&](clf_view *out, clf_error *error) { return clf_view_flip(&it.view, axis, out, error); });
}

device_array permute(const device_array &it, const std::vector<int> &order) {
    if ((int)order.size() != it.view.rank)
        fail(CLF_OUT_OF_RANGE, "the order has %zu axes; expected %d", order.size(), it.view.rank);
    return with_view(
        it, [&](clf_view *out, clf_error *error) { return clf_view_permute(&it.view, order.data(), out, error); });
}

/* Every step-th element along an axis. */
device_array thin(const device_array &it, int axis, int64_t step) {
    device_array made = it;
    if (axis < 0 || axis >= it.view.rank || step < 1)
        fail(CLF_OUT_OF_RANGE, "axis %d and step %lld; expected an axis of the array and a step of 1 or more", axis,
             (long long)step);
    made.view.shape[axis] = (it.view.shape[axis] + step - 1) / step;
    made.view.strides[axis] *= step;
    write_strides(made.view.rank, made.view.shape, made.view.strides);
    return made;
}

device_array insert_axis(const device_array &it, int axis) {
    device_array made = it;
    if (it.view.rank == CLF_MAX_RANK || axis < 0 || axis > it.view.rank)
        fail(CLF_INVALID_VIEW, "a new axis %d of an array of %d axes; expected at most %d", axis, it.view.rank,
             CLF_MAX_RANK);
    std::copy_backward(it.view.shape + axis, it.view.shape + it.view.rank, made.view.shape + it.view.rank + 1);
    std::copy_backward(it.view.strides + axis, it.view.strides + it.view.rank, made.view.strides + it.view.rank + 1);
    made.view.rank++;
    made.view.shape[axis] = 1;
    write_strides(made.view.rank, made.view.shape, made.view.strides);
    return made;
}

device_array reshape(const device_array &it, const std::vector<int64_t> &shape) {
    clf_view made = clf_view_dense(it.view.buffer, it.view.dtype, (int)shape.size(), shape.data());
    if (!clf_view_is_dense(&it.view))
        fail(CLF_INVALID_VIEW, "the array is not dense; expected one in C order, such as copy() makes");
    if (made.rank == 0 || clf_view_count(&made) != clf_view_count(&it.view))
        fail(CLF_SHAPE_MISMATCH, "the shape has %lld elements, the array %lld", (long long)clf_view_count(&made),
             (long long)clf_view_count(&it.view));
    made.offset = it.view.offset;
    device_array result = it;
    result.view = made;
    return result;
}

void upload(const device_array &to, nb::handle from) {
    to.owner()->check_process();
    host_array host;
    host.hold(from, false, "the array to upload");
    call([&](clf_error *error) { return clf_upload(to.owner()->handle, &host.array, &to.view, error); });
}

void download(const device_array &from, nb::handle to) {
    from.owner()->check_process();
    host_array host;
    host.hold(to, true, "the array to download to");
    call([&](clf_error *error) { return clf_download(from.owner()->handle, &from.view, &host.array, error); });
}

nb::tuple numbers(int count, const int64_t *values) {
    nb::list result;
    for (int i = 0; i < count; i++)
        result.append(values[i]);
    return nb::tuple(result);
}

} // namespace

void define_array(nb::module_ &module) {
    nb::class_<device_array> array(module, "DeviceArray", nb::is_weak_referenceable());
    array.def(nb::init<const device_array &>(), nb::arg("array"))
        .def_prop_ro("context", [](const device_array &it) { return it.owner(); })
        .def_prop_ro("shape", [](const device_array &it) { return numbers(it.view.rank, it.view.shape); })
        .def_prop_ro("strides", [](const device_array &it) { return numbers(it.view.rank, it.view.strides); })
        .def_prop_ro("offset", [](const device_array &it) { return it.view.offset; })
        .def_prop_ro("ndim", [](const device_array &it) { return it.view.rank; })
        .def_prop_ro("size", [](const device_array &it) { return clf_view_count(&it.view); })
        .def_prop_ro("dtype_name", [](const device_array &it) { return clf_dtype_name(it.view.dtype); })
        .def_prop_ro("cl_mem", [](const device_array &it) { return reinterpret_cast<std::uintptr_t>(it.view.buffer); })
        .def_prop_ro("is_dense", [](const device_array &it) { return clf_view_is_dense(&it.view); })
        .def("crop", crop, nb::arg("axis"), nb::arg("start"), nb::arg("extent"))
        .def("select", select, nb::arg("axis"), nb::arg("index"))
        .def("flip", flip, nb::arg("axis"))
        .def("permute", permute, nb::arg("order"))
        .def("thin", thin, nb::arg("axis"), nb::arg("step"))
        .def("insert_axis", insert_axis, nb::arg("axis"))
        .def("reshape", reshape, nb::arg("shape"))
        .def("upload", upload, nb::arg("host"))
        .def("download", download, nb::arg("host"));
    module.def("empty", new_array, nb::arg("context"), nb::arg("dtype"), nb::arg("shape"));
    module.def("wrap", wrap_buffer, nb::arg("context"), nb::arg("buffer"), nb::arg("dtype"), nb::arg("shape"),
               nb::arg("strides"), nb::arg("offset"));
    define_dlpack(module, array);
}

} // namespace clf_python
