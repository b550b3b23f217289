/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DLPack (dmlc.github.io/dlpack): device arrays to and from other libraries on OpenCL, nothing copied. They are lent in
 * the form before its version 1.0, which every library reads, and borrowed in both.
 */
#include "array.h"
#include "error.h"

#include <algorithm>
#include <cstring>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace clf_python {

namespace {

/* The layout that every version of DLPack before 1.0 has. */
struct dl_device {
    int32_t type, id;
};

struct dl_type {
    uint8_t code, bits;
    uint16_t lanes;
};

struct dl_tensor {
    void *data; /* the cl_mem */
    dl_device device;
    int32_t rank;
    dl_type dtype;
    int64_t *shape, *strides; /* in elements; strides NULL: dense */
    uint64_t byte_offset;
};

struct dl_managed {
    dl_tensor tensor;
    void *manager;
    void (*deleter)(dl_managed *);
};

/* From version 1.0 on. */
struct dl_versioned {
    uint32_t major, minor;
    void *manager;
    void (*deleter)(dl_versioned *);
    uint64_t flags;
    dl_tensor tensor;
};

enum { DL_OPENCL = 4 };
constexpr const char *fresh = "dltensor", *used = "used_dltensor";
constexpr const char *fresh_versioned = "dltensor_versioned", *used_versioned = "used_dltensor_versioned";

struct dl_name {
    clf_dtype dtype;
    uint8_t code, bits; /* codes: 0 signed, 1 unsigned, 2 floating point */
};

constexpr dl_name names[] = {{CLF_F32, 2, 32}, {CLF_F64, 2, 64}, {CLF_F16, 2, 16}, {CLF_U8, 1, 8},
                             {CLF_U16, 1, 16}, {CLF_I16, 0, 16}, {CLF_I32, 0, 32}, {CLF_I64, 0, 64}};

/* What an exported tensor points into. */
struct exported {
    dl_managed managed = {};
    device_array array;
};

void release_exported(dl_managed *managed) {
    delete static_cast<exported *>(managed->manager);
}

void release_unused(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, fresh))
        return;
    auto *managed = static_cast<dl_managed *>(PyCapsule_GetPointer(capsule, fresh));
    managed->deleter(managed);
}

/* Whoever takes the capsule knows nothing of our queue, so it is waited for. */
nb::object export_array(const device_array &array) {
    array.owner()->check_process();
    call([&](clf_error *error) { return clf_context_finish(array.owner()->handle, error); });
    auto *made = new exported;
    made->array = array;
    clf_view &view = made->array.view;
    dl_tensor &tensor = made->managed.tensor;
    tensor.data = view.buffer;
    tensor.device = {DL_OPENCL, 0};
    tensor.rank = view.rank;
    tensor.shape = view.shape;
    tensor.strides = view.strides;
    tensor.byte_offset = (uint64_t)view.offset * clf_dtype_bytes(view.dtype);
    for (const dl_name &each : names)
        if (each.dtype == view.dtype)
            tensor.dtype = {each.code, each.bits, 1};
    made->managed.manager = made;
    made->managed.deleter = release_exported;
    PyObject *capsule = PyCapsule_New(&made->managed, fresh, release_unused);
    if (capsule == nullptr) {
        delete made;
        throw nb::python_error();
    }
    return nb::steal(capsule);
}

/* A tensor that is lent, and how to give it back. */
struct borrowed {
    const dl_tensor *tensor;
    void *lender;
    void (*release)(void *);
    const char *used_name; /* what the capsule is called from then on */
};

template <class Managed> void give_back(void *lender) {
    auto *managed = static_cast<Managed *>(lender);
    if (managed->deleter != nullptr)
        managed->deleter(managed);
}

borrowed open_capsule(nb::handle capsule) {
    borrowed found;
    if (PyCapsule_IsValid(capsule.ptr(), fresh_versioned)) {
        auto *managed = static_cast<dl_versioned *>(PyCapsule_GetPointer(capsule.ptr(), fresh_versioned));
        if (managed->major != 1)
            fail(CLF_UNSUPPORTED, "the tensor is lent by version %u of DLPack; expected 1", managed->major);
        found = {&managed->tensor, managed, give_back<dl_versioned>, used_versioned};
    } else {
        auto *managed = static_cast<dl_managed *>(PyCapsule_GetPointer(capsule.ptr(), fresh));
        if (managed == nullptr)
            throw nb::python_error();
        found = {&managed->tensor, managed, give_back<dl_managed>, used};
    }
    const dl_tensor &tensor = *found.tensor;
    if (tensor.device.type != DL_OPENCL)
        fail(CLF_INVALID_HANDLE, "the DLPack tensor is on a device of type %d; expected %d, OpenCL", tensor.device.type,
             DL_OPENCL);
    if (tensor.rank < 1 || tensor.rank > CLF_MAX_RANK || tensor.dtype.lanes != 1)
        fail(CLF_INVALID_VIEW,
             "the DLPack tensor has %d axes and elements of %d lanes; expected 1 to %d axes, one lane", tensor.rank,
             tensor.dtype.lanes, CLF_MAX_RANK);
    return found;
}

clf_view view_of(const dl_tensor &tensor) {
    clf_view view = {};
    bool known = false;
    for (const dl_name &each : names)
        if (each.code == tensor.dtype.code && each.bits == tensor.dtype.bits) {
            view.dtype = each.dtype;
            known = true;
        }
    const uint64_t bytes = clf_dtype_bytes(view.dtype);
    if (!known || tensor.byte_offset % bytes != 0)
        fail(CLF_DTYPE_MISMATCH, "the DLPack tensor has elements of code %d and %d bits, %llu bytes into its memory",
             tensor.dtype.code, tensor.dtype.bits, (unsigned long long)tensor.byte_offset);
    view.buffer = static_cast<cl_mem>(tensor.data);
    view.rank = tensor.rank;
    view.offset = (int64_t)(tensor.byte_offset / bytes);
    const clf_view dense = clf_view_dense(view.buffer, view.dtype, tensor.rank, tensor.shape);
    std::copy_n(tensor.shape, tensor.rank, view.shape);
    std::copy_n(tensor.strides != nullptr ? tensor.strides : dense.strides, tensor.rank, view.strides);
    write_strides(view.rank, view.shape, view.strides);
    return view;
}

/* The cl_context that a capsule's memory belongs to. */
std::uintptr_t context_of(nb::handle capsule) {
    const clf_view view = view_of(*open_capsule(capsule).tensor);
    cl_context found = nullptr;
    if (clGetMemObjectInfo(view.buffer, CL_MEM_CONTEXT, sizeof found, &found, nullptr) != CL_SUCCESS)
        fail(CLF_INVALID_HANDLE, "the DLPack tensor's memory is no OpenCL memory object");
    return reinterpret_cast<std::uintptr_t>(found);
}

device_array import_capsule(const context_pointer &owner, nb::handle capsule) {
    const borrowed found = open_capsule(capsule);
    device_array made;
    made.view = view_of(*found.tensor);
    made.memory = std::make_shared<device_memory>();
    made.memory->owner = owner;
    if (made.view.buffer != nullptr && clRetainMemObject(made.view.buffer) != CL_SUCCESS)
        fail(CLF_INVALID_HANDLE, "the DLPack tensor's memory is no OpenCL memory object");
    made.memory->buffer = made.view.buffer;
    if (PyCapsule_SetName(capsule.ptr(), found.used_name) != 0)
        throw nb::python_error();
    made.memory->lender = found.lender;
    made.memory->release = found.release;
    return made;
}

} // namespace

void define_dlpack(nb::module_ &module, nb::class_<device_array> &array) {
    array.def("export_dlpack", export_array);
    module.def("dlpack_context", context_of, nb::arg("capsule"));
    module.def("import_dlpack", import_capsule, nb::arg("context"), nb::arg("capsule"));
}

} // namespace clf_python
