/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors in device memory (clfilter.Array), and NumPy's arrays as the library takes them. */
#ifndef CLF_PYTHON_ARRAY_H
#define CLF_PYTHON_ARRAY_H

#include "context.h"

#include <string>

namespace clf_python {

/* A cl_mem, held as long as a tensor lies in it. */
struct device_memory {
    context_pointer owner;
    cl_mem buffer = nullptr;
    void (*release)(void *) = nullptr; /* gives back what lends the buffer, if that is another library's */
    void *lender = nullptr;

    device_memory() = default;
    device_memory(const device_memory &) = delete;
    device_memory &operator=(const device_memory &) = delete;
    ~device_memory();
};

/* A tensor in device memory: a view, and a share of its memory. */
struct device_array {
    std::shared_ptr<device_memory> memory;
    clf_view view = {}; /* with explicit strides */

    const context_pointer &owner() const {
        return memory->owner;
    }
};

/* A NumPy array (anything with the buffer protocol) while the library uses it. */
class host_array {
  public:
    clf_array array = {}; /* with explicit strides */

    host_array() = default;
    host_array(const host_array &) = delete;
    host_array &operator=(const host_array &) = delete;
    ~host_array();

    /* Takes hold of it. `name` is what sentences call it. */
    void hold(nanobind::handle object, bool written, const char *name);
    /*
     * The view that a plan is made for: its lowest address is the start of the buffer or, where the device works in
     * host memory, so many elements behind one that kernels may take elements together from.
     */
    clf_view view(bool in_place) const;

  private:
    Py_buffer buffer = {};
};

/* Sets strides that are all 0, or those of axes of one element, to those of a dense tensor where that says the same. */
void write_strides(int rank, const int64_t *shape, int64_t *strides);

/* A dense tensor on a device, its contents undefined. */
device_array make_array(const context_pointer &owner, clf_dtype dtype, int rank, const int64_t *shape);

/* "f32", ... as an enumerator; raises where there is no such type. */
clf_dtype find_dtype(const std::string &name);

void define_array(nanobind::module_ &module);
void define_dlpack(nanobind::module_ &module, nanobind::class_<device_array> &array);

} // namespace clf_python

#endif
