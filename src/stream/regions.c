/* SPDX-License-Identifier: Apache-2.0 */
/* The axes that can be cut: their slabs' sizes, and the order they are tried in. */
#include "stream/regions.h"

#include "base/checked.h"
#include "plan/view.h"
#include "stream/element.h"

#include <stdlib.h>
#include <string.h>

int64_t clf_stream_times(int64_t a, int64_t b) {
    int64_t product;
    return clf_multiply(a, b, &product) && product < INT64_MAX / 8 ? product : INT64_MAX / 8;
}

bool clf_stream_is_cut(const clf_operand *operand) {
    return !operand->whole && !clf_view_empty(&operand->view);
}

int64_t clf_stream_input_extent(const clf_cut *cut, int64_t count) {
    int64_t extent = clf_stream_times(cut->step, count - 1) + cut->reach + 1;
    return cut->inside && extent > cut->inputs ? cut->inputs : extent;
}

int64_t clf_stream_output_extent(const clf_cut *cut, int64_t count) {
    int64_t extent = count + 2 * cut->margin;
    return cut->inside && extent > cut->outputs ? cut->outputs : extent;
}

int64_t clf_stream_first_input(const clf_cut *cut, int64_t count, int64_t output) {
    int64_t first = cut->step * output + cut->start, last = cut->inputs - clf_stream_input_extent(cut, count);
    if (!cut->inside)
        return first;
    return first < 0 ? 0 : first < last ? first : last;
}

int64_t clf_stream_slab_bytes(const clf_stream_candidate *c, int64_t count) {
    return clf_stream_times(c->in_bytes, clf_stream_input_extent(&c->cut, count)) +
           clf_stream_times(c->out_bytes, clf_stream_output_extent(&c->cut, count));
}

int64_t clf_stream_most_outputs(const clf_stream_request *r, const clf_stream_candidate *c, int64_t room) {
    int64_t low = 0, high = c->cut.outputs;
    while (low < high) {
        int64_t count = low + (high - low + 1) / 2;
        bool fits = clf_stream_slab_bytes(c, count) <= room &&
                    clf_stream_times(c->largest_input, clf_stream_input_extent(&c->cut, count)) <= r->largest &&
                    clf_stream_times(c->largest_output, clf_stream_output_extent(&c->cut, count)) <= r->largest;
        low = fits ? count : low;
        high = fits ? high : count - 1;
    }
    return low;
}

/* True if the slabs at the ends need the border's constant, and an input cannot hold it. */
static bool constant_missing(const clf_stream_request *r, const clf_cut *cut) {
    unsigned char element[8];
    int64_t last = cut->step * (cut->outputs - 1) + cut->start + cut->reach;
    if (cut->border != CLF_BORDER_CONSTANT || cut->filled || cut->inside || (cut->start >= 0 && last < cut->inputs))
        return false;
    for (int i = 0; i < r->count; i++)
        if (clf_stream_is_cut(&r->operands[i]) && !r->operands[i].output &&
            !clf_element_encode(r->operands[i].view.dtype, cut->cval, element))
            return true;
    return false;
}

static bool make_candidate(const clf_stream_request *r, int axis, clf_stream_candidate *c) {
    memset(c, 0, sizeof *c);
    c->axis = axis;
    if (!r->operation->slicing->cut(r->problem, axis, &c->cut))
        return false;
    for (int i = 0; i < r->count; i++) {
        const clf_view *view = &r->operands[i].view;
        if (!clf_stream_is_cut(&r->operands[i]))
            continue;
        int64_t bytes = (int64_t)clf_dtype_bytes(view->dtype) * (clf_view_count(view) / view->shape[axis]);
        bool output = r->operands[i].output;
        *(output ? &c->out_bytes : &c->in_bytes) += bytes;
        int64_t *largest = output ? &c->largest_output : &c->largest_input;
        *largest = bytes > *largest ? bytes : *largest;
    }
    return true;
}

int clf_stream_order_axes(const clf_view *view, int order[CLF_MAX_RANK]) {
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

/* True if a slab fits with more outputs than what it shares with its neighbours. */
static bool roomy(const clf_stream_request *r, const clf_stream_candidate *c) {
    int64_t most = clf_stream_most_outputs(r, c, (int64_t)r->options->stream_bytes);
    return most >= c->cut.outputs || clf_stream_times(most, c->cut.step) > c->cut.reach;
}

clf_status clf_stream_candidates(const clf_stream_request *r, const clf_view *first,
                                 clf_stream_candidate found[CLF_MAX_RANK + 1], int *count, clf_error *error) {
    int order[CLF_MAX_RANK], rank = clf_stream_order_axes(first, order), at_front = 0;
    bool missing = false;
    *count = 0;
    for (int i = 0; i < rank; i++) {
        clf_stream_candidate c;
        if (!make_candidate(r, order[i], &c))
            continue;
        if (constant_missing(r, &c.cut)) {
            missing = true;
            continue;
        }
        bool front = roomy(r, &c);
        int at = front ? at_front++ : *count;
        while (!front && at > at_front && clf_stream_slab_bytes(&c, 1) < clf_stream_slab_bytes(&found[at - 1], 1))
            at--;
        memmove(&found[at + 1], &found[at], (size_t)(*count - at) * sizeof *found);
        found[at] = c;
        ++*count;
    }
    if (*count > 0)
        return CLF_OK;
    return clf_fail(error, CLF_UNSUPPORTED,
                    missing ? "%s: no axis can be cut: with a constant border, cval must be a value of the input's type"
                            : "%s: no axis of this problem can be cut%s%s",
                    r->operation->name, r->operation->undivided ? ": " : "",
                    r->operation->undivided ? r->operation->undivided : "");
}
