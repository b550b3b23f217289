/* SPDX-License-Identifier: Apache-2.0 */
/* Making streamed plans: which axis is cut, how long a slab is, how many are under way at once. */
#include "stream/stream.h"

#include "base/alloc.h"
#include "choose/planner.h"
#include "plan/view.h"
#include "rt/buffer.h"
#include "stream/element.h"
#include "stream/regions.h"

#include <stdlib.h>
#include <string.h>

/* No larger than this part of a slab should be what it shares with its neighbours. */
enum { FEWEST_HALOS = 8, MOST_ATTEMPTS = 6 };

/* The slab's view of an operand: dense, its axes in memory in the order in which the operand's are. */
static void lay_out(const clf_view *like, int axis, int64_t extent, clf_view *slab) {
    int order[CLF_MAX_RANK] = {0};
    *slab = *like;
    slab->offset = 0;
    slab->shape[axis] = extent;
    int64_t step = 1;
    for (int i = clf_stream_order_axes(like, order) - 1; i >= 0; i--) {
        slab->strides[order[i]] = step;
        step *= slab->shape[order[i]];
    }
}

/* Plans the problem of a slab of `count` outputs, on every device. */
static clf_status plan_slab(const clf_stream_request *r, const clf_stream_candidate *c, int64_t count,
                            clf_stream *stream, clf_error *error) {
    clf_operand operands[CLF_MAX_OPERANDS];
    clf_view views[CLF_MAX_OPERANDS];
    for (int i = 0; i < r->count; i++) {
        operands[i] = r->operands[i];
        if (clf_stream_is_cut(&operands[i])) {
            int64_t extent =
                operands[i].output ? clf_stream_output_extent(&c->cut, count) : clf_stream_input_extent(&c->cut, count);
            lay_out(&r->operands[i].view, c->axis, extent, &operands[i].view);
            stream->slab[i] = operands[i].view;
        }
        views[i] = operands[i].view;
    }
    void *problem;
    CLF_TRY(clf_allocate(&problem, 1, r->operation->slicing->problem_bytes, error));
    clf_plan_options options = *r->options;
    options.stream_bytes = 0;
    r->operation->slicing->slice(r->problem, c->axis, views, problem);
    clf_status status = CLF_OK;
    for (int device = 0; device < r->devices && status == CLF_OK; device++)
        status = clf_planner_make(clf_context_of_device(r->context, device), r->operation, problem, r->count, operands,
                                  &options, &stream->slab_plan[device], error);
    free(problem);
    return status;
}

/* How many slabs at once, and how long, in `room` bytes. */
static int64_t choose_slab(const clf_stream_request *r, const clf_stream_candidate *c, int64_t room, int *slots) {
    int64_t count = 0, wanted = clf_context_profile(r->context)->slab_bytes;
    for (*slots = CLF_STREAM_SLOTS; *slots >= 1; --*slots) {
        count = clf_stream_most_outputs(r, c, room / *slots);
        if (*slots == 1 || count >= c->cut.outputs || clf_stream_times(count, c->cut.step) > 2 * c->cut.reach)
            break;
    }
    int64_t cached = clf_stream_most_outputs(r, c, wanted), least = FEWEST_HALOS * (c->cut.reach / c->cut.step + 1);
    cached = cached > least ? cached : least;
    if (count > cached)
        count = cached;
    if (count >= 32)
        count = count / 16 * 16; /* solvers work in blocks of rows */
    if (count > c->cut.outputs)
        count = c->cut.outputs;
    int64_t share = (c->cut.outputs + r->devices - 1) / r->devices; /* every device should have a slab at least */
    if (count > share)
        count = share;
    int64_t slabs = count > 0 ? (c->cut.outputs + count - 1) / count : 1;
    slabs = (slabs + r->devices - 1) / r->devices;
    *slots = slabs < *slots ? (int)slabs : *slots;
    return count;
}

static void destroy_plans(clf_stream *stream) {
    for (int device = 0; device < CLF_MOST_DEVICES; device++) {
        clf_plan_destroy(stream->slab_plan[device]);
        stream->slab_plan[device] = NULL;
    }
}

/* What the slab's plans hold of their own, on the device where that is most. */
static int64_t own_bytes(const clf_stream *stream) {
    int64_t most = 0;
    for (int device = 0; device < CLF_MOST_DEVICES; device++) {
        int64_t bytes = (int64_t)clf_plan_get_cost(stream->slab_plan[device]).scratch_bytes;
        most = bytes > most ? bytes : most;
    }
    return most;
}

/*
 * Plans a slab along one axis. Its plan may hold memory of its own, which is known when it is made: the slab shrinks
 * until both fit, at the least to one output. *least is what that takes if it does not fit.
 */
static clf_status fit_slab(const clf_stream_request *r, const clf_stream_candidate *c, clf_stream *stream,
                           int64_t *least, clf_error *error) {
    const int64_t budget = (int64_t)r->options->stream_bytes;
    int64_t reserved = 0;
    for (int attempt = 0;; attempt++) {
        clf_stream_info *info = &stream->info;
        info->slab = choose_slab(r, c, budget - reserved, &info->slots);
        bool last = info->slab < 1 || attempt == MOST_ATTEMPTS;
        if (last)
            info->slab = info->slots = 1;
        CLF_TRY(plan_slab(r, c, info->slab, stream, error));
        int64_t own = own_bytes(stream);
        int64_t total = own + info->slots * clf_stream_slab_bytes(c, info->slab);
        info->bytes = (size_t)total;
        if (total <= budget)
            return CLF_OK;
        destroy_plans(stream);
        *least = last && total < *least ? total : *least;
        if (last)
            return CLF_OK;
        reserved = own > reserved ? own : budget; /* shrinking did not help: try the least */
    }
}

/* Plans a slab along the first axis that allows it. */
static clf_status choose_axis(const clf_stream_request *r, const clf_view *first, clf_stream *stream,
                              clf_error *error) {
    clf_stream_candidate found[CLF_MAX_RANK + 1];
    int count;
    int64_t least = INT64_MAX;
    clf_status status = CLF_OK;
    CLF_TRY(clf_stream_candidates(r, first, found, &count, error));
    for (int i = 0; i < count; i++) {
        status = fit_slab(r, &found[i], stream, &least, error);
        if (status != CLF_OK && status != CLF_NO_SOLVER) /* a solver asked for may want slabs along another axis */
            return status;
        if (status != CLF_OK)
            destroy_plans(stream);
        if (stream->slab_plan[0] == NULL)
            continue;
        stream->cut = found[i].cut;
        stream->info.axis = found[i].axis;
        stream->info.outputs = found[i].cut.outputs;
        stream->info.slabs = (found[i].cut.outputs + stream->info.slab - 1) / stream->info.slab;
        return CLF_OK;
    }
    if (least == INT64_MAX)
        return status;
    return clf_fail(error, CLF_BUDGET_TOO_SMALL,
                    "options.stream_bytes is %zu; expected at least %lld, for one output row, its inputs and the "
                    "solver's own memory",
                    r->options->stream_bytes, (long long)least);
}

static clf_status make_buffers(clf_context *context, int slots, const clf_view *slab,
                               cl_mem buffers[CLF_STREAM_SLOTS][CLF_MAX_OPERANDS], clf_error *error) {
    for (int slot = 0; slot < slots; slot++)
        for (int i = 0; i < CLF_MAX_OPERANDS; i++)
            if (slab[i].rank != 0)
                CLF_TRY(clf_buffer_create(context, clf_view_bytes(&slab[i]), NULL, &buffers[slot][i], error));
    return CLF_OK;
}

static clf_status make_all_buffers(clf_context *context, clf_stream *stream, clf_error *error) {
    for (int device = 0; device < stream->info.devices; device++)
        CLF_TRY(make_buffers(clf_context_of_device(context, device), stream->info.slots, stream->slab,
                             stream->buffers[device], error));
    return CLF_OK;
}

/* Checks where operands are: in the host's memory, but for those that are not cut. */
static clf_status check_places(int count, const clf_operand *operands, clf_error *error) {
    for (int i = 0; i < count; i++) {
        const clf_operand *operand = &operands[i];
        if (!clf_view_empty(&operand->view) && operand->whole != (operand->view.buffer != NULL))
            return clf_fail(error, CLF_INVALID_VALUE, "%s: a streamed plan %s", operand->name,
                            operand->whole ? "needs its buffer during planning"
                                           : "takes it from the host; expected no buffer");
    }
    return CLF_OK;
}

static clf_status make_stream(const clf_stream_request *r, clf_stream *stream, clf_error *error) {
    int first = 0;
    while (first < r->count && !clf_stream_is_cut(&r->operands[first]))
        first++;
    if (first == r->count)
        return clf_fail(error, CLF_UNSUPPORTED,
                        "%s cannot be streamed: all that it reads and writes is on the device; expected "
                        "options.stream_bytes 0",
                        r->operation->name);
    CLF_TRY(choose_axis(r, &r->operands[first].view, stream, error));
    for (int i = 0; i < r->count; i++)
        if (stream->cut.filled)
            memcpy(stream->constant[i], stream->cut.fill, sizeof stream->cut.fill);
        else if (!r->operands[i].output)
            (void)clf_element_encode(r->operands[i].view.dtype, stream->cut.cval, stream->constant[i]);
    stream->info.devices = r->devices;
    return make_all_buffers(r->context, stream, error);
}

static void destroy_stream(clf_stream *stream) {
    destroy_plans(stream);
    for (int device = 0; device < CLF_MOST_DEVICES; device++)
        for (int slot = 0; slot < CLF_STREAM_SLOTS; slot++)
            for (int i = 0; i < CLF_MAX_OPERANDS; i++)
                clf_buffer_release(stream->buffers[device][slot][i]);
    free(stream);
}

static clf_status clone_stream(clf_context *context, const clf_stream *stream, clf_stream **clone, clf_error *error) {
    clf_stream *copy;
    CLF_TRY(clf_allocate(&copy, 1, sizeof *copy, error));
    *copy = *stream;
    memset(copy->slab_plan, 0, sizeof copy->slab_plan);
    memset(copy->buffers, 0, sizeof copy->buffers);
    clf_status status = CLF_OK;
    for (int device = 0; device < stream->info.devices && status == CLF_OK; device++)
        status = clf_plan_clone(stream->slab_plan[device], &copy->slab_plan[device], error);
    if (status == CLF_OK)
        status = make_all_buffers(context, copy, error);
    if (status != CLF_OK)
        destroy_stream(copy);
    else
        *clone = copy;
    return status;
}

static const clf_stream_table table = {clone_stream, destroy_stream};

static clf_status make_plan(const clf_stream_request *r, clf_plan *plan, clf_error *error) {
    CLF_TRY(clf_allocate(&plan->stream, 1, sizeof *plan->stream, error));
    plan->stream_table = &table;
    CLF_TRY(make_stream(r, plan->stream, error));
    const clf_stream_info *info = &plan->stream->info;
    clf_text line = clf_text_begin(plan->problem, sizeof plan->problem);
    r->operation->print(r->problem, &line);
    CLF_TRY(clf_text_check(&line, r->operation->name, "problem's line", error));
    r->operation->cost(r->problem, &plan->cost);
    plan->cost.flops = clf_plan_get_cost(plan->stream->slab_plan[0]).flops * (double)info->slabs;
    plan->cost.scratch_bytes = info->bytes;
    clf_text_add(&plan->description, "(stream axis=%d slabs=%lld of=%lld slots=%d", info->axis, (long long)info->slabs,
                 (long long)info->slab, info->slots);
    if (info->devices > 1)
        clf_text_add(&plan->description, " devices=%d", info->devices);
    clf_text_add(&plan->description, " %s)", clf_plan_describe(plan->stream->slab_plan[0]));
    clf_text_close(&plan->description);
    return CLF_OK;
}

/* All of the context's devices, unless an operand lies on the first; and what they all allow. */
static void find_devices(clf_stream_request *r) {
    r->devices = clf_context_device_count(r->context);
    for (int i = 0; i < r->count; i++)
        if (r->operands[i].whole && !clf_view_empty(&r->operands[i].view))
            r->devices = 1;
    for (int device = 0; device < r->devices; device++) {
        cl_ulong bytes = clf_context_device_at(r->context, device)->max_alloc_bytes;
        if (bytes < (cl_ulong)r->largest)
            r->largest = (int64_t)bytes;
    }
}

clf_status clf_stream_make(clf_context *context, const clf_operation *operation, const void *problem, int operand_count,
                           const clf_operand *operands, const clf_plan_options *options, clf_plan **out,
                           clf_error *error) {
    CLF_TRY(clf_planner_check(context, operand_count, operands, options, error));
    if (operation->slicing == NULL)
        return clf_fail(error, CLF_UNSUPPORTED, "%s cannot be streamed: %s; expected options.stream_bytes 0",
                        operation->name, operation->undivided);
    CLF_TRY(check_places(operand_count, operands, error));
    if (clf_operands_idle(operand_count, operands))
        return clf_planner_idle(context, operation, problem, operand_count, operands, options, out, error);
    clf_plan_options bounded = *options;
    uint64_t asked = options->stream_bytes;
    if (asked > INT64_MAX / 16)
        bounded.stream_bytes = (size_t)(INT64_MAX / 16);
    clf_stream_request r = {context, operation, problem, operand_count, operands, &bounded, 0, INT64_MAX / 8};
    find_devices(&r);
    clf_plan *plan;
    CLF_TRY(clf_plan_begin(context, operand_count, operands, &plan, error));
    clf_status status = make_plan(&r, plan, error);
    if (status != CLF_OK)
        clf_plan_destroy(plan);
    else
        *out = plan;
    return status;
}

clf_stream_info clf_plan_get_stream(const clf_plan *plan) {
    return plan != NULL && plan->stream != NULL ? plan->stream->info : (clf_stream_info){0};
}
