/* SPDX-License-Identifier: Apache-2.0 */
/* clfilter._clfilter: the library as the Python package uses it. What people use is in clfilter/. */
#include "error.h"
#include "execute.h"

#include <mutex>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace clf_python {

namespace {

/* A plan that its maker holds. Threads that execute it at once take turns. */
struct held_plan {
    context_pointer owner;
    const operation *op = nullptr;
    planned_pointer plan;
    std::string problem; /* the key of calls that it serves */
    std::mutex turn;
};

/* Plans a call, or finds its plan again, and executes it. */
std::uintptr_t run(const context_pointer &owner, const std::string &operation, nb::dict inputs, nb::dict outputs,
                   nb::dict options, nb::handle progress, const std::vector<std::uintptr_t> &wait_list,
                   bool with_event) {
    request call(owner, find_operation(operation), inputs, outputs, options);
    planned_pointer plan = owner->plans.take(call.problem);
    if (!plan)
        plan = call.plan();
    const std::uintptr_t event = execute(*plan, call, progress, wait_list, with_event);
    owner->plans.put(std::move(call.problem), std::move(plan));
    return event;
}

std::unique_ptr<held_plan> make_plan(const context_pointer &owner, const std::string &operation, nb::dict inputs,
                                     nb::dict outputs, nb::dict options) {
    const request call(owner, find_operation(operation), inputs, outputs, options, true);
    auto made = std::make_unique<held_plan>();
    made->owner = owner;
    made->op = &call.op;
    made->plan = call.plan();
    made->problem = call.problem;
    return made;
}

std::uintptr_t execute_plan(held_plan &it, nb::dict inputs, nb::dict outputs, nb::dict options, nb::handle progress,
                            const std::vector<std::uintptr_t> &wait_list, bool with_event) {
    const request call(it.owner, *it.op, inputs, outputs, options, true);
    if (call.problem != it.problem)
        fail(CLF_SHAPE_MISMATCH,
             "the plan was made for other shapes, strides, types or values than these; it is for %s",
             clf_plan_problem(it.plan->plan));
    std::unique_lock<std::mutex> held(it.turn, std::defer_lock);
    {
        const nb::gil_scoped_release released;
        held.lock();
    }
    return execute(*it.plan, call, progress, wait_list, with_event);
}

std::vector<int64_t> convolve_shape(const context_pointer &owner, const std::string &operation, nb::dict inputs,
                                    nb::dict options) {
    const request call(owner, find_operation(operation), inputs, nb::dict(), options);
    int64_t shape[CLF_MAX_RANK];
    clf_error error = {};
    check(clf_convolve_shape(&call.desc.convolve, shape, &error), error);
    return std::vector<int64_t>(shape, shape + call.desc.convolve.src.rank);
}

nb::list solvers_of(const held_plan &it) {
    nb::list result;
    for (std::size_t i = 0; const char *name = clf_plan_solver(it.plan->plan, i); i++)
        result.append(name);
    return result;
}

nb::dict cost_of(const held_plan &it) {
    const clf_plan_cost cost = clf_plan_get_cost(it.plan->plan);
    nb::dict result;
    result["bytes"] = cost.bytes;
    result["flops"] = cost.flops;
    result["scratch_bytes"] = cost.scratch_bytes;
    return result;
}

nb::object stream_of(const held_plan &it) {
    const clf_stream_info info = clf_plan_get_stream(it.plan->plan);
    if (info.slabs == 0)
        return nb::none();
    nb::dict result;
    result["axis"] = info.axis;
    result["outputs"] = info.outputs;
    result["slab"] = info.slab;
    result["slabs"] = info.slabs;
    result["slots"] = info.slots;
    result["devices"] = info.devices;
    result["bytes"] = info.bytes;
    return nb::object(result);
}

/* A named kernel's shape, or its taps. */
std::pair<int64_t, int64_t> kernel_shape(const std::string &name) {
    int64_t shape[2];
    clf_error error = {};
    check(clf_kernel_by_name(name.c_str(), nullptr, 0, shape, &error), error);
    return {shape[0], shape[1]};
}

void read_kernel(const std::string &name, nb::handle into) {
    host_array taps;
    taps.hold(into, true, "the kernel");
    int64_t shape[2];
    clf_error error = {};
    check(clf_kernel_by_name(name.c_str(), static_cast<float *>(taps.array.data),
                             (std::size_t)(taps.array.shape[0] * taps.array.shape[1]), shape, &error),
          error);
}

nb::dict list_operations() {
    nb::dict result;
    for (const operation *each = operations; each->name != nullptr; each++) {
        nb::list fields;
        for (const field *it = each->fields; it->name != nullptr; it++)
            fields.append(it->name);
        result[each->name] = fields;
    }
    return result;
}

nb::dict list_statuses() {
    nb::dict result;
#define STATUS(name, value, phrase) result[#name] = phrase;
    CLF_STATUS_TABLE(STATUS)
#undef STATUS
    return result;
}

nb::dict look_at_cache() {
    clf_program_cache_info info = {};
    call([&](clf_error *error) { return clf_program_cache_look(&info, error); });
    nb::dict result;
    result["path"] = info.path;
    result["files"] = info.files;
    result["bytes"] = info.bytes;
    return result;
}

void clear_cache() {
    call([&](clf_error *error) { return clf_program_cache_clear(error); });
}

void define_plans(nb::module_ &module) {
    module.def("run", run, nb::arg("context"), nb::arg("operation"), nb::arg("inputs"), nb::arg("outputs"),
               nb::arg("options"), nb::arg("progress") = nb::none(),
               nb::arg("wait_list") = std::vector<std::uintptr_t>(), nb::arg("with_event") = false);
    module.def("convolve_shape", convolve_shape, nb::arg("context"), nb::arg("operation"), nb::arg("inputs"),
               nb::arg("options"));
    nb::class_<held_plan>(module, "HeldPlan")
        .def(nb::new_(&make_plan), nb::arg("context"), nb::arg("operation"), nb::arg("inputs"), nb::arg("outputs"),
             nb::arg("options"))
        .def("execute", execute_plan, nb::arg("inputs"), nb::arg("outputs"), nb::arg("options"),
             nb::arg("progress") = nb::none(), nb::arg("wait_list") = std::vector<std::uintptr_t>(),
             nb::arg("with_event") = false)
        .def_prop_ro("describe", [](const held_plan &it) { return clf_plan_describe(it.plan->plan); })
        .def_prop_ro("problem", [](const held_plan &it) { return clf_plan_problem(it.plan->plan); })
        .def_prop_ro("solvers", solvers_of)
        .def_prop_ro("cost", cost_of)
        .def_prop_ro("stream", stream_of);
}

} // namespace

} // namespace clf_python

NB_MODULE(_clfilter, module) {
    using namespace clf_python;
    module.attr("version") = clf_version();
    define_context(module);
    define_array(module);
    define_plans(module);
    module.def("kernel_shape", kernel_shape, nb::arg("name"));
    module.def("read_kernel", read_kernel, nb::arg("name"), nb::arg("into"));
    module.def("operations", list_operations);
    module.def("statuses", list_statuses);
    module.def("program_cache", look_at_cache);
    module.def("clear_program_cache", clear_cache);
}
