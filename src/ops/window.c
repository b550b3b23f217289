/* SPDX-License-Identifier: Apache-2.0 */
/* Operations over windows: descriptors checked, tables for kernels, slabs. */
#include "ops/window.h"

#include "base/checked.h"
#include "ops/border.h"
#include "plan/view.h"

#include "cl/inc/window.h"

#include <string.h>

/* Filled from the last axis on; K must fit an int, as descriptors have it. */
static clf_status describe_axis(const clf_window_wishes *wishes, int i, clf_window *window, clf_error *error) {
    int at = CLF_WINDOW_AXES - window->axes + i, size = wishes->size[i], origin = wishes->origin[i];
    if (size < 0 || (size == 0 && i == 0))
        return clf_fail(error, CLF_INVALID_VALUE, "%s: size[%d] is %d; expected 1 or more%s", wishes->function, i, size,
                        i == 0 ? "" : ", or 0 for that of the axis before");
    window->size[at] = size > 0 ? size : window->size[at - 1];
    int64_t centre = window->size[at] / 2 + origin;
    if (centre < 0 || centre >= window->size[at])
        return clf_fail(error, CLF_INVALID_ORIGIN, "%s: origin[%d] is %d; a window of %lld takes %lld to %lld",
                        wishes->function, i, origin, (long long)window->size[at], -(long long)(window->size[at] / 2),
                        (long long)((window->size[at] - 1) / 2));
    window->origin[at] = origin;
    return CLF_OK;
}

clf_status clf_window_check_volume(const char *function, int64_t items, const int64_t extent[CLF_WINDOW_AXES],
                                   const int64_t reach[CLF_WINDOW_AXES], clf_error *error) {
    const int64_t most = INT64_C(1) << 48;
    int64_t volume = items;
    bool fits = true;
    for (int i = 0; i < CLF_WINDOW_AXES; i++)
        fits = fits && clf_multiply(volume, extent[i] + reach[i], &volume);
    if (fits && volume <= most)
        return CLF_OK;
    return clf_fail(error, CLF_UNSUPPORTED,
                    "%s: src, extended by what windows reach beyond it, has more than the 2^48 elements allowed",
                    function);
}

/* The same of a window that is described. */
static clf_status check_volume(const char *function, const clf_window *window, clf_error *error) {
    int64_t extent[CLF_WINDOW_AXES], items = 1;
    for (int axis = 0; axis < window->src.rank - window->axes; axis++)
        items *= window->src.shape[axis];
    for (int i = 0; i < CLF_WINDOW_AXES; i++) {
        int axis = window->src.rank - CLF_WINDOW_AXES + i;
        extent[i] = i < CLF_WINDOW_AXES - window->axes ? 1 : window->src.shape[axis];
    }
    return clf_window_check_volume(function, items, extent, window->size, error);
}

clf_status clf_window_describe(const clf_window_wishes *wishes, clf_window *window, clf_error *error) {
    *window = (clf_window){.axes = wishes->axes};
    CLF_TRY(clf_view_resolve(wishes->src, "src", &window->src, error));
    CLF_TRY(clf_view_resolve(wishes->dst, "dst", &window->dst, error));
    int rank = window->src.rank;
    if (wishes->axes == 0)
        window->axes = rank < 2 ? rank : 2;
    if (window->axes < 1 || window->axes > CLF_WINDOW_AXES || window->axes > rank)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: axes is %d; expected 1 to %d, and no more than src's rank of %d",
                        wishes->function, wishes->axes, CLF_WINDOW_AXES, rank);
    CLF_TRY(clf_view_check_shape(&window->dst, "dst", rank, window->src.shape, error));
    int unused = CLF_WINDOW_AXES - window->axes;
    for (int i = 0; i < unused; i++) {
        window->size[i] = 1;
        window->border[i] = CLF_BORDER_REPLICATE;
    }
    CLF_TRY(clf_border_resolve(wishes->function, window->axes, wishes->border, window->border + unused, error));
    for (int i = 0; i < window->axes; i++)
        CLF_TRY(describe_axis(wishes, i, window, error));
    return check_volume(wishes->function, window, error);
}

int64_t clf_window_count(const clf_window *window) {
    return window->size[0] * window->size[1] * window->size[2];
}

clf_status clf_window_table(clf_plan *plan, const clf_window *window, int64_t *items, cl_mem *table, clf_error *error) {
    int64_t values[WINDOW_BATCH + CLF_BATCH_TABLE] = {0};
    const clf_view *src = &window->src, *dst = &window->dst;
    clf_batch batch = {.rank = 0};
    int first = src->rank - window->axes;
    for (int axis = 0; axis < first; axis++)
        clf_batch_add(&batch, src->shape[axis], 2, (int64_t[]){src->strides[axis], dst->strides[axis]});
    clf_batch_collapse(&batch);
    for (int i = 0; i < CLF_WINDOW_AXES; i++) {
        int axis = first + i - (CLF_WINDOW_AXES - window->axes);
        bool used = axis >= first;
        values[WINDOW_EXTENT + i] = used ? src->shape[axis] : 1;
        values[WINDOW_SRC_STRIDE + i] = used ? src->strides[axis] : 0;
        values[WINDOW_DST_STRIDE + i] = used ? dst->strides[axis] : 0;
        values[WINDOW_SIZE + i] = window->size[i];
        values[WINDOW_START + i] = -(window->size[i] / 2 + window->origin[i]);
        values[WINDOW_BORDER + i] = window->border[i];
    }
    values[WINDOW_SRC_OFFSET] = src->offset;
    values[WINDOW_DST_OFFSET] = dst->offset;
    clf_batch_write(&batch, values + WINDOW_BATCH);
    *items = batch.count;
    return clf_plan_own(plan, sizeof values, values, table, error);
}

/* Which of the window's axes one of the views' is; -1 if it is a batch axis. */
static int window_axis(const clf_window *window, int axis) {
    int from_end = window->src.rank - axis;
    return from_end > window->axes ? -1 : CLF_WINDOW_AXES - from_end;
}

void clf_window_cut(const clf_window *window, int axis, double cval, clf_cut *cut) {
    int64_t extent = window->src.shape[axis];
    int at = window_axis(window, axis);
    *cut = (clf_cut){.outputs = extent, .inputs = extent, .step = 1, .border = CLF_BORDER_REPLICATE, .cval = cval};
    if (at < 0)
        return;
    int64_t before = window->size[at] / 2 + window->origin[at], after = window->size[at] - 1 - before;
    cut->margin = before > after ? before : after;
    cut->start = -cut->margin;
    cut->reach = 2 * cut->margin;
    cut->border = window->border[at];
    cut->inside = cut->border != CLF_BORDER_PERIODIC; /* which alone continues with what is far */
}

void clf_window_slice(const clf_window *window, int axis, const clf_view *views, clf_window *slab) {
    int at = window_axis(window, axis);
    *slab = *window;
    slab->src = views[0];
    slab->dst = views[1];
    if (at >= 0 && slab->border[at] == CLF_BORDER_PERIODIC)
        slab->border[at] = CLF_BORDER_REPLICATE; /* only discarded outputs read it */
}
