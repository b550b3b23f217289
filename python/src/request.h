/* SPDX-License-Identifier: Apache-2.0 */
/* A call from Python as a descriptor, its tensors, and the key that its plan is found again by. */
#ifndef CLF_PYTHON_REQUEST_H
#define CLF_PYTHON_REQUEST_H

#include "array.h"
#include "fields.h"

#include <array>

namespace clf_python {

constexpr int most_tensors = 16;

/* A tensor of a call: a NumPy array, or one in device memory. */
struct tensor {
    int field = 0; /* of the operation's table */
    host_array host;
    const device_array *device = nullptr; /* NULL: it is the host array */
};

class request {
  public:
    /*
     * Reads a call: `inputs` and `outputs` are tensors by their fields, `options` all other fields by theirs. What is
     * None is left zero. Everything is borrowed while the request lives. `any_address`: the plan is for arrays at any
     * address, so that those that are not aligned will be copied; else it is for these, which are not.
     */
    request(const context_pointer &owner, const operation &op, nanobind::dict inputs, nanobind::dict outputs,
            nanobind::dict options, bool any_address = false);
    request(const request &) = delete;
    request &operator=(const request &) = delete;

    /* Plans it, without the interpreter's lock. */
    planned_pointer plan() const;
    /* The tensor of a field; NULL if it is not given. */
    const tensor *find(int field) const;

    const operation &op;
    const context_pointer owner;
    descriptor desc;
    std::string problem; /* the key: the same for calls that one plan can serve */
    bool on_device = false;
    bool has_indices_view = false; /* that only the device can check */

  private:
    void read_tensors(nanobind::dict given, bool written);
    void read_view(int place, nanobind::handle value, bool written);
    void read_arrays(const field &which, nanobind::handle value);
    void read_option(const char *name, nanobind::handle value);
    void add_array(const field &which, int index, nanobind::handle value);
    void finish_problem();

    bool in_place;
    int tensor_count = 0;
    std::array<tensor, most_tensors> tensors;
    int array_count = 0;
    std::array<host_array, CLF_MAX_FILTER_AXES + 2> arrays;
    std::array<clf_array *, CLF_MAX_FILTER_AXES + 2> places; /* of these in the descriptor */
    std::string solver;
};

} // namespace clf_python

#endif
