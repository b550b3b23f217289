/* SPDX-License-Identifier: Apache-2.0 */
/* Operations over windows: what their descriptors have in common, checked, and as kernels read it (cl/inc/window.h). */
#ifndef CLF_OPS_WINDOW_H
#define CLF_OPS_WINDOW_H

#include "plan/batch.h"
#include "plan/plan.h"
#include "stream/slice.h"

#include <clfilter/ops.h>

enum { CLF_WINDOW_AXES = CLF_MAX_FILTER_AXES };

/* What a descriptor says of its window; `axes` last axes are filtered, 0: two, or the only one. */
typedef struct clf_window_wishes {
    const char *function;
    const clf_view *src, *dst;
    int axes;
    const int *size, *origin;
    const clf_border *border;
} clf_window_wishes;

/* Canonical: axis CLF_WINDOW_AXES - 1 is the last; unused axes come first, of extent and size 1. */
typedef struct clf_window {
    clf_view src, dst; /* resolved, of one shape */
    int axes;
    int64_t size[CLF_WINDOW_AXES], origin[CLF_WINDOW_AXES];
    clf_border border[CLF_WINDOW_AXES];
} clf_window;

/* Checks a descriptor and fills the window. dst has src's shape; dtypes are the operation's to check. */
clf_status clf_window_describe(const clf_window_wishes *wishes, clf_window *window, clf_error *error);

/*
 * Checks that `items` tensors, each extended along its axes by what windows reach beyond it, have 2^48 elements at
 * most: what solvers make of these numbers then overflows nowhere, and no memory holds more.
 */
clf_status clf_window_check_volume(const char *function, int64_t items, const int64_t extent[CLF_WINDOW_AXES],
                                   const int64_t reach[CLF_WINDOW_AXES], clf_error *error);

/* Elements of a window. */
int64_t clf_window_count(const clf_window *window);

/* Makes the kernels' table. *items receives how many batch items there are. */
clf_status clf_window_table(clf_plan *plan, const clf_window *window, int64_t *items, cl_mem *table, clf_error *error);

/* How it is cut into slabs along an axis of its views: a batch axis, or a filtered one. */
void clf_window_cut(const clf_window *window, int axis, double cval, clf_cut *cut);

/* The window of a slab on views[0] and views[1], which hold what its outputs read. */
void clf_window_slice(const clf_window *window, int axis, const clf_view *views, clf_window *slab);

#endif
