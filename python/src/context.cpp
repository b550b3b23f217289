/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts and the list of devices. */
#include "context.h"

#include "error.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <optional>
#include <unistd.h>
#include <vector>

namespace nb = nanobind;

namespace clf_python {

context::~context() {
    if (foreign()) /* no lock of the parent's is ever released here, and no OpenCL may be called */
        return;
    {
        /* The context waits for its warm-up, whose messages need the lock. */
        const nb::gil_scoped_release released;
        plans.clear();
        clf_context_destroy(handle);
    }
    Py_XDECREF(log);
}

bool context::foreign() const {
    return process != getpid();
}

void context::check_process() const {
    if (foreign())
        fail(CLF_INVALID_HANDLE,
             "the context was made by process %lld, of which this is a fork, and OpenCL does not survive a fork; start "
             "processes by spawn or forkserver (multiprocessing.set_start_method(\"spawn\"), "
             "DataLoader(multiprocessing_context=\"spawn\")), or filter in the parent only after the fork",
             static_cast<long long>(process));
}

namespace {

constexpr const char *log_levels[] = {"debug", "info", "warning", "error"};

void pass_message(void *user, clf_log_level level, const char *message) {
    const auto *owner = static_cast<context *>(user);
    const nb::gil_scoped_acquire held;
    try {
        nb::handle(owner->log)(log_levels[level], message);
    } catch (nb::python_error &error) {
        error.discard_as_unraisable("the log of a clfilter.Context");
    }
}

clf_program_cache cache_named(const std::string &name) {
    if (name == "auto")
        return CLF_PROGRAM_CACHE_AUTO;
    if (name == "on")
        return CLF_PROGRAM_CACHE_ON;
    if (name == "off")
        return CLF_PROGRAM_CACHE_OFF;
    fail(CLF_INVALID_VALUE, "program_cache is '%s'; expected 'auto', 'on' or 'off'", name.c_str());
}

context_pointer make_context(const std::optional<std::string> &device, std::uintptr_t cl_context_handle,
                             std::uintptr_t cl_device, std::uintptr_t cl_queue, bool require_f64,
                             const std::string &program_cache, nb::object log) {
    auto made = std::make_shared<context>();
    made->process = getpid();
    clf_context_desc desc = {};
    desc.device = device ? device->c_str() : nullptr;
    desc.context = reinterpret_cast<cl_context>(cl_context_handle);
    desc.device_id = reinterpret_cast<cl_device_id>(cl_device);
    desc.queue = reinterpret_cast<cl_command_queue>(cl_queue);
    desc.require_f64 = require_f64;
    desc.program_cache = cache_named(program_cache);
    if (!log.is_none()) {
        made->log = log.release().ptr();
        desc.log = pass_message;
        desc.log_user = made.get();
    }
    call([&](clf_error *error) { return clf_context_create(&desc, &made->handle, error); });
    return made;
}

const char *type_name(cl_device_type type) {
    return type & CL_DEVICE_TYPE_GPU           ? "gpu"
           : type & CL_DEVICE_TYPE_CPU         ? "cpu"
           : type & CL_DEVICE_TYPE_ACCELERATOR ? "accelerator"
                                               : "custom";
}

nb::dict describe(const clf_device_info &info) {
    nb::dict result;
    result["platform"] = info.platform;
    result["name"] = info.name;
    result["vendor"] = info.vendor;
    result["driver"] = info.driver;
    result["version"] = info.version;
    result["type"] = type_name(info.type);
    result["compute_units"] = info.compute_units;
    result["clock_mhz"] = info.clock_mhz;
    result["global_bytes"] = info.global_bytes;
    result["max_alloc_bytes"] = info.max_alloc_bytes;
    result["local_bytes"] = info.local_bytes;
    result["max_work_group_size"] = info.max_work_group_size;
    result["base_align_bytes"] = info.base_align_bytes;
    result["has_f64"] = info.has_f64;
    result["compiler_available"] = info.compiler_available;
    return result;
}

nb::list list_devices() {
    std::vector<clf_device_info> infos;
    std::size_t count = 0;
    call([&](clf_error *error) { return clf_device_list(nullptr, 0, &count, error); });
    infos.resize(count);
    call([&](clf_error *error) { return clf_device_list(infos.data(), infos.size(), &count, error); });
    nb::list result;
    for (std::size_t i = 0; i < std::min(count, infos.size()); i++)
        result.append(describe(infos[i]));
    return result;
}

void finish(const context &owner) {
    owner.check_process();
    call([&](clf_error *error) { return clf_context_finish(owner.handle, error); });
}

nb::list devices_of(const context &owner) {
    nb::list result;
    for (int i = 0; i < clf_context_device_count(owner.handle); i++)
        result.append(describe(*clf_context_device_at(owner.handle, i)));
    return result;
}

nb::dict statistics(const context &owner) {
    owner.check_process();
    const clf_build_statistics counted = clf_context_build_statistics(owner.handle);
    nb::dict result;
    result["programs"] = counted.programs;
    result["hits"] = counted.hits;
    result["disk_hits"] = counted.disk_hits;
    result["build_seconds"] = counted.build_seconds;
    return result;
}

nb::dict measure_peaks(const context &owner) {
    owner.check_process();
    clf_device_peaks peaks = {};
    call([&](clf_error *error) { return clf_context_measure_peaks(owner.handle, &peaks, error); });
    nb::dict result;
    result["copy_bytes"] = peaks.copy_bytes;
    result["flops"] = peaks.flops;
    return result;
}

void warm_up(const context &owner, const nb::sequence &lines) {
    owner.check_process();
    std::vector<std::string> texts;
    std::vector<const char *> pointers;
    for (nb::handle line : lines)
        texts.push_back(nb::cast<std::string>(line));
    for (const std::string &text : texts)
        pointers.push_back(text.c_str());
    call([&](clf_error *error) { return clf_context_warmup(owner.handle, pointers.data(), pointers.size(), error); });
}

void wait_for_warmup(const context &owner) {
    owner.check_process();
    call([&](clf_error *error) { return clf_context_warmup_wait(owner.handle, error); });
}

std::string export_wisdom(const context &owner) {
    owner.check_process();
    std::size_t length = 0;
    call([&](clf_error *error) { return clf_wisdom_export(owner.handle, nullptr, 0, &length, error); });
    std::string text(length, '\0');
    call([&](clf_error *error) { return clf_wisdom_export(owner.handle, text.data(), length + 1, &length, error); });
    text.resize(std::min(text.size(), length));
    return text;
}

std::size_t import_wisdom(const context &owner, const std::string &text) {
    owner.check_process();
    std::size_t taken = 0;
    call([&](clf_error *error) { return clf_wisdom_import(owner.handle, text.c_str(), &taken, error); });
    return taken;
}

std::size_t load_wisdom(const context &owner) {
    owner.check_process();
    std::size_t taken = 0;
    call([&](clf_error *error) { return clf_wisdom_load(owner.handle, &taken, error); });
    return taken;
}

void save_wisdom(const context &owner) {
    owner.check_process();
    call([&](clf_error *error) { return clf_wisdom_save(owner.handle, error); });
}

template <class Handle> std::uintptr_t address(Handle handle) {
    return reinterpret_cast<std::uintptr_t>(handle);
}

} // namespace

void define_context(nb::module_ &module) {
    module.def("devices", list_devices);
    nb::class_<context>(
        module, "Context",
        "A device, its queue, the programs built for it, and the plans that are found again.\n\n"
        "device is a selector as in clfilter.context(). cl_context, cl_device and cl_queue are addresses "
        "of OpenCL objects of your own, such as pyopencl's int_ptr. program_cache ('auto', 'on' or "
        "'off') says whether built programs are kept on disk. log is called with a level ('debug', "
        "'info', 'warning' or 'error') and a message, and must not call clfilter. Any number of threads "
        "may share a context.")
        .def(nb::new_(&make_context), nb::arg("device") = nb::none(), nb::kw_only(), nb::arg("cl_context") = 0,
             nb::arg("cl_device") = 0, nb::arg("cl_queue") = 0, nb::arg("require_f64") = false,
             nb::arg("program_cache") = "auto", nb::arg("log") = nb::none())
        .def_prop_ro(
            "device", [](const context &it) { return describe(*clf_context_device(it.handle)); },
            "Its device, as clfilter.devices() describes it.")
        .def_prop_ro("devices", devices_of, "Its device and those that share the slabs of streams.")
        .def_prop_ro(
            "cl_context", [](const context &it) { return address(clf_context_cl_context(it.handle)); },
            "The address of the OpenCL context.")
        .def_prop_ro(
            "cl_device", [](const context &it) { return address(clf_context_cl_device(it.handle)); },
            "The address of the OpenCL device.")
        .def_prop_ro(
            "cl_queue", [](const context &it) { return address(clf_context_cl_queue(it.handle)); },
            "The address of the OpenCL queue that operations are enqueued on.")
        .def_prop_ro(
            "plans_kept", [](context &it) { return it.plans.size(); }, "How many idle plans are kept.")
        .def(
            "forget_plans", [](context &it) { it.plans.clear(); }, "Destroy the idle plans.")
        .def("finish", finish, "Wait until everything enqueued has run.")
        .def("statistics", statistics, "How programs were obtained: built, built before, or taken from the disk.")
        .def("measure_peaks", measure_peaks, "Measure the device's limits: copy_bytes and flops, each per second.")
        .def("warm_up", warm_up, nb::arg("lines"), "Build the programs of problem lines in advance, on a thread.")
        .def("wait_for_warmup", wait_for_warmup, "Wait for warm_up; raises what the first failing line reported.")
        .def("export_wisdom", export_wisdom, "What measuring found to be fastest, as text.")
        .def("import_wisdom", import_wisdom, nb::arg("text"), "Add such text; returns the number of entries taken.")
        .def("load_wisdom", load_wisdom, "Add the user's wisdom file, if there is one.")
        .def("save_wisdom", save_wisdom, "Write the user's wisdom file.")
        .def(
            "forget_wisdom", [](const context &it) { clf_wisdom_forget(it.handle); }, "Forget what measuring found.");
}

} // namespace clf_python
