/* SPDX-License-Identifier: Apache-2.0 */
/* A call from Python as a descriptor, its tensors, and the key that its plan is found again by. */
#include "request.h"

#include "error.h"
#include "values.h"

#include <algorithm>
#include <climits>
#include <cstring>

namespace nb = nanobind;

namespace clf_python {

static const char *key_of(nb::handle key) {
    const char *text = PyUnicode_AsUTF8AndSize(key.ptr(), nullptr);
    if (text == nullptr)
        throw nb::python_error();
    return text;
}

request::request(const context_pointer &context, const operation &of, nb::dict inputs, nb::dict outputs,
                 nb::dict options, bool any_address)
    : op(of), owner(context) {
    owner->check_process();
    std::memset(&desc, 0, sizeof desc); /* all of it, as its bytes are the key */
    in_place = !any_address && (clf_context_device(owner->handle)->type & CL_DEVICE_TYPE_CPU) != 0;
    read_tensors(inputs, false);
    read_tensors(outputs, true);
    for (auto [key, value] : options)
        if (!value.is_none())
            read_option(key_of(key), value);
    finish_problem();
}

void request::read_tensors(nb::dict given, bool written) {
    for (auto [key, value] : given) {
        if (value.is_none())
            continue;
        const int place = find_field(op, key_of(key));
        if (op.fields[place].kind == field_kind::array)
            read_arrays(op.fields[place], value);
        else
            read_view(place, value, written);
    }
}

void request::read_view(int place, nb::handle value, bool written) {
    const field &which = op.fields[place];
    if (which.kind != field_kind::view || tensor_count == most_tensors)
        fail(CLF_INVALID_VALUE, "%s is no tensor of %s", which.name, op.name);
    tensor &made = tensors[(std::size_t)tensor_count++];
    made.field = place;
    clf_view view;
    const bool device = nb::try_cast<const device_array *>(value, made.device) && made.device != nullptr;
    if (device) {
        if (made.device->owner()->process != owner->process)
            made.device->owner()->check_process();
        view = made.device->view;
        view.buffer = nullptr;
        std::fill(view.shape + view.rank, view.shape + CLF_MAX_RANK, 0); /* what slices have left there */
        std::fill(view.strides + view.rank, view.strides + CLF_MAX_RANK, 0);
    } else {
        made.host.hold(value, written, which.name);
        view = made.host.view(in_place);
    }
    if (tensor_count > 1 && device != on_device)
        fail(CLF_INVALID_HANDLE, "%s is in %s memory and others of its call are not; expected all in one", which.name,
             device ? "device" : "host");
    on_device = device;
    has_indices_view = has_indices_view || std::strcmp(which.name, "indices_view") == 0;
    std::memcpy(reinterpret_cast<char *>(&desc) + which.offset, &view, sizeof view);
}

void request::read_arrays(const field &which, nb::handle value) {
    if (which.count == 1) {
        add_array(which, 0, value);
        return;
    }
    int index = 0;
    for (nb::handle each : value)
        add_array(which, index++, each);
}

void request::add_array(const field &which, int index, nb::handle value) {
    if (index >= which.count || array_count == (int)arrays.size())
        fail(CLF_INVALID_VALUE, "%s has more than %d arrays", which.name, which.count);
    host_array &made = arrays[(std::size_t)array_count];
    made.hold(value, false, which.name);
    auto *at = reinterpret_cast<clf_array *>(reinterpret_cast<char *>(&desc) + which.offset) + index;
    std::memcpy(at, &made.array, sizeof made.array);
    at->data = nullptr; /* until it is planned: a key knows contents, not addresses */
    places[(std::size_t)array_count++] = at;
}

void request::read_option(const char *name, nb::handle value) {
    auto *options = reinterpret_cast<clf_plan_options *>(reinterpret_cast<char *>(&desc) + op.options);
    if (std::strcmp(name, "solver") == 0)
        solver = text_of(value, name);
    else if (std::strcmp(name, "effort") == 0)
        options->effort = static_cast<clf_effort>(find_choice(efforts, text_of(value, name), name));
    else if (std::strcmp(name, "stream_bytes") == 0)
        options->stream_bytes = (std::size_t)whole_of(value, name, 0, LLONG_MAX);
    else
        write_value(op.fields[find_field(op, name)], value, &desc);
}

/* The contents of an array in C order. */
static void append_elements(const clf_array &array, int axis, const char *at, std::string *text) {
    const std::size_t bytes = clf_dtype_bytes(array.dtype);
    if (axis == array.rank) {
        text->append(at, bytes);
        return;
    }
    if (axis == array.rank - 1 && array.strides[axis] == 1) {
        text->append(at, bytes * (std::size_t)array.shape[axis]);
        return;
    }
    for (int64_t i = 0; i < array.shape[axis]; i++)
        append_elements(array, axis + 1, at + i * array.strides[axis] * (int64_t)bytes, text);
}

void request::finish_problem() {
    const auto number = (char)(&op - operations);
    problem.reserve(1 + op.size + solver.size());
    problem.push_back(number);
    problem.append(reinterpret_cast<const char *>(&desc), op.size);
    problem += solver;
    for (int i = 0; i < array_count; i++)
        append_elements(arrays[(std::size_t)i].array, 0, static_cast<const char *>(arrays[(std::size_t)i].array.data),
                        &problem);
}

const tensor *request::find(int field) const {
    for (int i = 0; i < tensor_count; i++)
        if (tensors[(std::size_t)i].field == field)
            return &tensors[(std::size_t)i];
    return nullptr;
}

planned_pointer request::plan() const {
    descriptor complete;
    std::memcpy(&complete, &desc, sizeof complete);
    for (int i = 0; i < array_count; i++) {
        const auto offset =
            reinterpret_cast<const char *>(places[(std::size_t)i]) - reinterpret_cast<const char *>(&desc);
        reinterpret_cast<clf_array *>(reinterpret_cast<char *>(&complete) + offset)->data =
            arrays[(std::size_t)i].array.data;
    }
    if (!solver.empty())
        reinterpret_cast<clf_plan_options *>(reinterpret_cast<char *>(&complete) + op.options)->solver = solver.c_str();
    auto made = std::make_unique<planned>();
    call([&](clf_error *error) { return op.plan(owner->handle, &complete, &made->plan, error); });
    for (std::size_t i = 0; i < clf_plan_operand_count(made->plan); i++) {
        clf_plan_operand_info info = {};
        clf_error error = {};
        check(clf_plan_operand(made->plan, i, &info, &error), error);
        made->fields.push_back(info.view.rank == 0 ? -1 : find_field(op, info.name));
    }
    return made;
}

} // namespace clf_python
