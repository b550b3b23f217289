/* SPDX-License-Identifier: Apache-2.0 */
/* Making streamed plans: which axis is cut, how long a tile is, how many are under way at once. */
#include "plan/stream.h"

#include "base/alloc.h"
#include "plan/view.h"
#include "rt/buffer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a tile of a CPU should be: it is copied, filtered and copied again while it is in the cache. */
static const int64_t cpu_tile_bytes = INT64_C(8) << 20;
/* Elsewhere: long enough for a transfer at full speed. */
static const int64_t device_tile_bytes = INT64_C(64) << 20;
/* No larger than this part of a tile should be what it shares with its neighbours. */
enum { FEWEST_HALOS = 8, MOST_ATTEMPTS = 6 };

/* What is planned, for the functions below. */
typedef struct request {
    clf_context *context;
    const clf_operation *operation;
    const void *problem;
    int count;
    const clf_operand *operands;
    const clf_plan_options *options;
} request;

/* One axis that may be cut, and the bytes of one index along it. */
typedef struct candidate {
    int axis;
    clf_cut cut;
    int64_t in_bytes, out_bytes;           /* of all inputs and outputs together */
    int64_t largest_input, largest_output; /* of one */
} candidate;

static int64_t times(int64_t a, int64_t b) {
    int64_t product;
    return __builtin_mul_overflow(a, b, &product) ? INT64_MAX / 8 : product > INT64_MAX / 8 ? INT64_MAX / 8 : product;
}

static bool is_cut(const clf_operand *operand) {
    return operand->view.rank != 0 && !operand->whole;
}

/* Elements that a tile of `count` outputs has along the axis. */
static int64_t input_extent(const clf_cut *cut, int64_t count) {
    return times(cut->step, count - 1) + cut->reach + 1;
}

static int64_t output_extent(const clf_cut *cut, int64_t count) {
    return count + 2 * cut->margin;
}

static int64_t tile_bytes(const candidate *c, int64_t count) {
    return times(c->in_bytes, input_extent(&c->cut, count)) + times(c->out_bytes, output_extent(&c->cut, count));
}

/* The most outputs whose tile fits into `room` bytes and each of its buffers into the device's greatest. */
static int64_t most_outputs(const request *r, const candidate *c, int64_t room) {
    int64_t low = 0, high = c->cut.outputs, largest = (int64_t)(r->context->info.max_alloc_bytes / 2) * 2;
    while (low < high) {
        int64_t count = low + (high - low + 1) / 2;
        bool fits = tile_bytes(c, count) <= room && times(c->largest_input, input_extent(&c->cut, count)) <= largest &&
                    times(c->largest_output, output_extent(&c->cut, count)) <= largest;
        low = fits ? count : low;
        high = fits ? high : count - 1;
    }
    return low;
}

/* True where the tiles at the ends need the border's constant, and an input cannot hold it. */
static bool constant_missing(const request *r, const clf_cut *cut) {
    unsigned char element[8];
    int64_t last = cut->step * (cut->outputs - 1) + cut->start + cut->reach;
    if (cut->border != CLF_BORDER_CONSTANT || (cut->start >= 0 && last < cut->inputs))
        return false;
    for (int i = 0; i < r->count; i++)
        if (is_cut(&r->operands[i]) && !r->operands[i].output &&
            !clf_element_encode(r->operands[i].view.dtype, cut->cval, element))
            return true;
    return false;
}

static bool make_candidate(const request *r, int axis, candidate *c) {
    memset(c, 0, sizeof *c);
    c->axis = axis;
    if (!r->operation->slicing->cut(r->problem, axis, &c->cut))
        return false;
    for (int i = 0; i < r->count; i++) {
        const clf_view *view = &r->operands[i].view;
        if (!is_cut(&r->operands[i]))
            continue;
        int64_t bytes = (int64_t)clf_dtype_bytes(view->dtype) * (clf_view_count(view) / view->shape[axis]);
        bool output = r->operands[i].output;
        *(output ? &c->out_bytes : &c->in_bytes) += bytes;
        int64_t *largest = output ? &c->largest_output : &c->largest_input;
        *largest = bytes > *largest ? bytes : *largest;
    }
    return true;
}

/* Axes by the input's strides, the outermost in memory first. */
static int order_axes(const clf_view *view, int order[CLF_MAX_RANK]) {
    for (int i = 0; i < view->rank; i++) {
        int at = i;
        while (at > 0 && llabs(view->strides[order[at - 1]]) < llabs(view->strides[i])) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    return view->rank;
}

/* True where a tile fits with more outputs than what it shares with its neighbours. */
static bool roomy(const request *r, const candidate *c) {
    int64_t most = most_outputs(r, c, (int64_t)r->options->stream_bytes);
    return most >= c->cut.outputs || times(most, c->cut.step) > c->cut.reach;
}

/* The axes that can be cut in the order they are tried: roomy ones, the outermost first, then the least tiles. */
static clf_status find_candidates(const request *r, const clf_view *first, candidate found[CLF_MAX_RANK], int *count,
                                  clf_error *error) {
    int order[CLF_MAX_RANK], rank = order_axes(first, order), at_front = 0;
    bool missing = false;
    *count = 0;
    for (int i = 0; i < rank; i++) {
        candidate c;
        if (!make_candidate(r, order[i], &c))
            continue;
        if (constant_missing(r, &c.cut)) {
            missing = true;
            continue;
        }
        bool front = roomy(r, &c);
        int at = front ? at_front++ : *count;
        while (!front && at > at_front && tile_bytes(&c, 1) < tile_bytes(&found[at - 1], 1))
            at--;
        memmove(&found[at + 1], &found[at], (size_t)(*count - at) * sizeof *found);
        found[at] = c;
        ++*count;
    }
    if (*count > 0)
        return CLF_OK;
    return clf_fail(error, CLF_UNSUPPORTED,
                    missing ? "%s: no axis can be cut: a constant border's cval must be a value that the input can hold"
                            : "%s: no axis of this problem can be cut",
                    r->operation->name);
}

/* The tile's view of an operand: dense, its axes in memory in the order in which the operand's are. */
static void lay_out(const clf_view *like, int axis, int64_t extent, clf_view *tile) {
    int order[CLF_MAX_RANK];
    *tile = *like;
    tile->offset = 0;
    tile->shape[axis] = extent;
    int64_t step = 1;
    for (int i = order_axes(like, order) - 1; i >= 0; i--) {
        tile->strides[order[i]] = step;
        step *= tile->shape[order[i]];
    }
}

/* Plans the problem of a tile of `count` outputs. */
static clf_status plan_tile(const request *r, const candidate *c, int64_t count, clf_stream *stream, clf_error *error) {
    clf_operand operands[CLF_MAX_OPERANDS];
    clf_view views[CLF_MAX_OPERANDS];
    for (int i = 0; i < r->count; i++) {
        operands[i] = r->operands[i];
        if (is_cut(&operands[i])) {
            int64_t extent = operands[i].output ? output_extent(&c->cut, count) : input_extent(&c->cut, count);
            lay_out(&r->operands[i].view, c->axis, extent, &operands[i].view);
            stream->tile[i] = operands[i].view;
        }
        views[i] = operands[i].view;
    }
    void *problem;
    CLF_TRY(clf_allocate(&problem, 1, r->operation->slicing->problem_bytes, error));
    clf_plan_options options = *r->options;
    options.stream_bytes = 0;
    r->operation->slicing->slice(r->problem, c->axis, views, problem);
    clf_status status =
        clf_planner_make(r->context, r->operation, problem, r->count, operands, &options, &stream->tile_plan, error);
    free(problem);
    return status;
}

/* How many tiles at once, and how long, in `room` bytes. */
static int64_t choose_tile(const request *r, const candidate *c, int64_t room, int *lanes) {
    int64_t count = 0, wanted = clf_context_is_cpu(r->context) ? cpu_tile_bytes : device_tile_bytes;
    for (*lanes = CLF_STREAM_LANES; *lanes >= 1; --*lanes) {
        count = most_outputs(r, c, room / *lanes);
        if (*lanes == 1 || count >= c->cut.outputs || times(count, c->cut.step) > 2 * c->cut.reach)
            break;
    }
    int64_t cached = most_outputs(r, c, wanted), least = FEWEST_HALOS * (c->cut.reach / c->cut.step + 1);
    cached = cached > least ? cached : least;
    if (count > cached)
        count = cached;
    if (count >= 32)
        count = count / 16 * 16; /* solvers work in blocks of rows */
    if (count > c->cut.outputs)
        count = c->cut.outputs;
    int64_t tiles = count > 0 ? (c->cut.outputs + count - 1) / count : 1;
    *lanes = tiles < *lanes ? (int)tiles : *lanes;
    return count;
}

/*
 * Plans a tile along one axis. Its plan may hold memory of its own, which is known when it is made: the tile shrinks until
 * both fit, at the least to one output. *least is what that takes where it does not fit.
 */
static clf_status fit_tile(const request *r, const candidate *c, clf_stream *stream, int64_t *least, clf_error *error) {
    const int64_t budget = (int64_t)r->options->stream_bytes;
    int64_t reserved = 0;
    for (int attempt = 0;; attempt++) {
        clf_stream_info *info = &stream->info;
        info->tile = choose_tile(r, c, budget - reserved, &info->lanes);
        bool last = info->tile < 1 || attempt == MOST_ATTEMPTS;
        if (last)
            info->tile = info->lanes = 1;
        CLF_TRY(plan_tile(r, c, info->tile, stream, error));
        int64_t own = (int64_t)clf_plan_get_cost(stream->tile_plan).scratch_bytes;
        int64_t total = own + info->lanes * tile_bytes(c, info->tile);
        info->bytes = (size_t)total;
        if (total <= budget)
            return CLF_OK;
        clf_plan_destroy(stream->tile_plan);
        stream->tile_plan = NULL;
        *least = last && total < *least ? total : *least;
        if (last)
            return CLF_OK;
        reserved = own > reserved ? own : budget; /* shrinking did not help: try the least */
    }
}

/* Plans a tile along the first axis that allows it. */
static clf_status choose_axis(const request *r, const clf_view *first, clf_stream *stream, clf_error *error) {
    candidate found[CLF_MAX_RANK + 1];
    int count;
    int64_t least = INT64_MAX;
    clf_status status = CLF_OK;
    CLF_TRY(find_candidates(r, first, found, &count, error));
    for (int i = 0; i < count; i++) {
        status = fit_tile(r, &found[i], stream, &least, error);
        if (status != CLF_OK && status != CLF_NO_SOLVER) /* a solver asked for may want tiles along another axis */
            return status;
        if (stream->tile_plan == NULL)
            continue;
        stream->cut = found[i].cut;
        stream->info.axis = found[i].axis;
        stream->info.outputs = found[i].cut.outputs;
        stream->info.tiles = (found[i].cut.outputs + stream->info.tile - 1) / stream->info.tile;
        return CLF_OK;
    }
    if (least == INT64_MAX)
        return status;
    return clf_fail(error, CLF_INVALID_VALUE,
                    "options.stream_bytes is %zu; one output row, what it reads and the solver's own memory take %lld",
                    r->options->stream_bytes, (long long)least);
}

static clf_status make_buffers(clf_context *context, clf_stream *stream, clf_error *error) {
    for (int lane = 0; lane < stream->info.lanes; lane++)
        for (int i = 0; i < CLF_MAX_OPERANDS; i++) {
            const clf_view *view = &stream->tile[i];
            size_t bytes = (size_t)clf_view_count(view) * clf_dtype_bytes(view->dtype);
            if (view->rank != 0)
                CLF_TRY(clf_buffer_create(context, bytes, NULL, &stream->buffers[lane][i], error));
        }
    return CLF_OK;
}

static clf_status make_stream(const request *r, clf_stream *stream, clf_error *error) {
    const clf_view *first = NULL;
    for (int i = 0; i < r->count; i++) {
        const clf_operand *operand = &r->operands[i];
        if (operand->view.rank != 0 && operand->whole != (operand->view.buffer != NULL))
            return clf_fail(error, CLF_INVALID_VALUE, "%s: a streamed plan %s", operand->name,
                            operand->whole ? "needs its buffer when it is made"
                                           : "takes it from the host, without a buffer");
        if (first == NULL && is_cut(operand))
            first = &operand->view;
    }
    CLF_TRY(choose_axis(r, first, stream, error));
    if (stream->tile_plan->judge != NULL)
        return clf_fail(error, CLF_UNSUPPORTED, "%s: what only the device can judge is not streamed",
                        r->operation->name);
    for (int i = 0; i < r->count; i++)
        if (!r->operands[i].output)
            (void)clf_element_encode(r->operands[i].view.dtype, stream->cut.cval, stream->constant[i]);
    return make_buffers(r->context, stream, error);
}

static clf_status make_plan(const request *r, clf_plan *plan, clf_error *error) {
    CLF_TRY(clf_allocate(&plan->stream, 1, sizeof *plan->stream, error));
    CLF_TRY(make_stream(r, plan->stream, error));
    const clf_stream_info *info = &plan->stream->info;
    clf_text line = clf_text_begin(plan->problem, sizeof plan->problem);
    r->operation->print(r->problem, &line);
    r->operation->cost(r->problem, &plan->cost);
    plan->cost.flops = clf_plan_get_cost(plan->stream->tile_plan).flops * (double)info->tiles;
    plan->cost.scratch_bytes = info->bytes;
    clf_text_add(&plan->description, "(stream axis=%d tiles=%lld of=%lld lanes=%d %s)", info->axis,
                 (long long)info->tiles, (long long)info->tile, info->lanes,
                 clf_plan_describe(plan->stream->tile_plan));
    return CLF_OK;
}

clf_status clf_stream_make(clf_context *context, const clf_operation *operation, const void *problem, int operand_count,
                           const clf_operand *operands, const clf_plan_options *options, clf_plan **out,
                           clf_error *error) {
    if (operation->slicing == NULL)
        return clf_fail(error, CLF_UNSUPPORTED, "%s is not streamed; expected options.stream_bytes 0", operation->name);
    clf_plan_options bounded = *options;
    if (bounded.stream_bytes > INT64_MAX / 16)
        bounded.stream_bytes = INT64_MAX / 16;
    const request r = {context, operation, problem, operand_count, operands, &bounded};
    clf_plan *plan;
    CLF_TRY(clf_plan_begin(context, operand_count, operands, &plan, error));
    clf_status status = make_plan(&r, plan, error);
    if (status != CLF_OK)
        clf_plan_destroy(plan);
    else
        *out = plan;
    return status;
}

clf_status clf_stream_clone(clf_context *context, const clf_stream *stream, clf_stream **clone, clf_error *error) {
    clf_stream *copy;
    CLF_TRY(clf_allocate(&copy, 1, sizeof *copy, error));
    *copy = *stream;
    copy->tile_plan = NULL;
    memset(copy->buffers, 0, sizeof copy->buffers);
    clf_status status = clf_plan_clone(stream->tile_plan, &copy->tile_plan, error);
    if (status == CLF_OK)
        status = make_buffers(context, copy, error);
    if (status != CLF_OK)
        clf_stream_destroy(copy);
    else
        *clone = copy;
    return status;
}

void clf_stream_destroy(clf_stream *stream) {
    if (stream == NULL)
        return;
    clf_plan_destroy(stream->tile_plan);
    for (int lane = 0; lane < CLF_STREAM_LANES; lane++)
        for (int i = 0; i < CLF_MAX_OPERANDS; i++)
            clf_buffer_release(stream->buffers[lane][i]);
    free(stream);
}

clf_stream_info clf_plan_get_stream(const clf_plan *plan) {
    return plan != NULL && plan->stream != NULL ? plan->stream->info : (clf_stream_info){0};
}
