/* SPDX-License-Identifier: Apache-2.0 */
/* What the library asks of views: that they are well formed, inside their buffer, and apart from each other. */
#ifndef CLF_PLAN_VIEW_H
#define CLF_PLAN_VIEW_H

#include "base/alloc.h"
#include "base/status.h"
#include "base/text.h"

#include <clfilter/tensor.h>

/*
 * The elements a view touches, counted from the start of its buffer, both ends included. One that touches none ends
 * before it begins.
 */
typedef struct clf_reach {
    int64_t first, last;
} clf_reach;

/*
 * Copies `view` with its strides written out and checks rank, extents and dtype. No other field of a view is looked at
 * before this. Its bytes, and those that its strides and its offset span, with one step beyond the end of each axis,
 * are 2^56 at most (an extent of 0 counts as 1 here), so that what is made of them overflows nowhere. `name` is the
 * operand's name in sentences.
 */
clf_status clf_view_resolve(const clf_view *view, const char *name, clf_view *resolved, clf_error *error);

/* The same for a host array, whose data must not be NULL unless it is empty. */
clf_status clf_array_resolve(const clf_array *array, const char *name, clf_array *resolved, clf_error *error);

/* True if a resolved array has no elements: no memory of it is looked at. */
bool clf_array_empty(const clf_array *resolved);

/* The same of a resolved view, and true of one of rank 0. */
static inline bool clf_view_empty(const clf_view *resolved) {
    return clf_view_count(resolved) == 0;
}

/* The elements that a resolved view touches. */
clf_reach clf_view_reach(const clf_view *resolved);

/* Checks that a resolved view, where it has a buffer, lies inside it. */
clf_status clf_view_check_bounds(const clf_context *context, const clf_view *resolved, const char *name,
                                 clf_error *error);

/* Checks that no two elements of a resolved view coincide. */
clf_status clf_view_check_distinct(const clf_view *resolved, const char *name, clf_error *error);

/* True if two resolved views surely share no element; their memories begin at these addresses, in bytes. */
bool clf_views_apart(const clf_view *a, int64_t a_origin, const clf_view *b, int64_t b_origin);

/* Checks that an output shares no element with an input; both resolved. Nothing to check where a buffer is missing. */
clf_status clf_view_check_apart(const clf_context *context, const clf_view *output, const char *output_name,
                                const clf_view *input, const char *input_name, clf_error *error);

/* Checks that shapes are equal. */
clf_status clf_view_check_shape(const clf_view *view, const char *name, int rank, const int64_t *shape,
                                clf_error *error);

/* Checks that a device can work with a dtype. */
clf_status clf_view_check_device(const clf_context *context, const clf_view *view, const char *name, clf_error *error);

/* Bytes of the elements of a dense view. */
static inline int64_t clf_view_bytes(const clf_view *view) {
    return clf_bytes(clf_view_count(view), clf_dtype_bytes(view->dtype));
}

/* OpenCL C's name of the unsigned integer of 1, 2, 4 or 8 bytes: what is copied bit for bit. */
const char *clf_element_type(size_t bytes);

/* True if the first `rank` strides say dense C order (axes of extent 1 may say anything). */
bool clf_strides_dense(int rank, const int64_t *shape, const int64_t *strides);

#endif
