/* SPDX-License-Identifier: Apache-2.0 */
/* Plans executed on what a call brings. */
#include "execute.h"

#include "error.h"

namespace nb = nanobind;

namespace clf_python {

static void execute_host(const planned &plan, const request &request, nb::handle progress) {
    std::vector<clf_array> arrays(plan.fields.size());
    for (std::size_t i = 0; i < arrays.size(); i++)
        if (const tensor *it = request.find(plan.fields[i]))
            arrays[i] = it->host.array;
    if (clf_plan_get_stream(plan.plan).slabs > 0) {
        execute_streamed(plan.plan, arrays, progress);
        return;
    }
    clf_host_desc desc = {};
    desc.arrays = arrays.data();
    desc.array_count = arrays.size();
    call([&](clf_error *error) { return clf_execute_host(plan.plan, &desc, error); });
    if (!progress.is_none())
        progress(1, 1);
}

static std::uintptr_t execute_device(const planned &plan, const request &request,
                                     const std::vector<std::uintptr_t> &wait_list, bool with_event) {
    std::vector<cl_mem> buffers(plan.fields.size());
    std::vector<cl_event> events;
    for (std::size_t i = 0; i < buffers.size(); i++)
        if (const tensor *it = request.find(plan.fields[i]))
            buffers[i] = it->device->view.buffer;
    for (const std::uintptr_t event : wait_list)
        events.push_back(reinterpret_cast<cl_event>(event));
    clf_execute_desc desc = {};
    desc.buffers = buffers.data();
    desc.buffer_count = buffers.size();
    desc.wait_list = events.empty() ? nullptr : events.data();
    desc.wait_count = (cl_uint)events.size();
    cl_event event = nullptr;
    call([&](clf_error *error) { return clf_execute(plan.plan, &desc, with_event ? &event : nullptr, error); });
    /* Wrong indices are known once the device has looked at them. */
    if (request.has_indices_view)
        call([&](clf_error *error) { return clf_plan_check(plan.plan, error); });
    return reinterpret_cast<std::uintptr_t>(event);
}

std::uintptr_t execute(const planned &plan, const request &request, nb::handle progress,
                       const std::vector<std::uintptr_t> &wait_list, bool with_event) {
    if (request.on_device)
        return execute_device(plan, request, wait_list, with_event);
    execute_host(plan, request, progress);
    return 0;
}

} // namespace clf_python
