/* SPDX-License-Identifier: Apache-2.0 */
/* Plans for dense memory as steps of others. */
#include "plan/dense.h"
#include "plan/rearrange.h"
#include "plan/view.h"

bool clf_view_scattered(const clf_view *view) {
    int last = view->rank - 1;
    return last >= 0 && view->shape[last] > 1 && view->strides[last] != 1;
}

bool clf_view_repeats(const clf_view *view) {
    for (int i = 0; i < view->rank; i++)
        if (view->strides[i] == 0 && view->shape[i] > 1)
            return true;
    return false;
}

clf_view clf_dense_view(const clf_view *view) {
    clf_view dense = *view;
    if (clf_view_scattered(view))
        dense = clf_view_dense(NULL, view->dtype, view->rank, view->shape);
    dense.buffer = NULL;
    return dense;
}

double clf_dense_seconds(const clf_profile *profile, const clf_view *src, const clf_view *dst) {
    return (clf_view_scattered(src) ? clf_rearrange_seconds(profile, src) : 0) +
           (clf_view_scattered(dst) ? clf_rearrange_seconds(profile, dst) : 0);
}

/* Scratch for an operand that is copied, the operand itself for one that is not. */
static clf_status find_place(clf_plan *plan, cl_uint operand, const clf_view *view, clf_place *inside,
                             clf_error *error) {
    *inside = (clf_place){.where = {.scratch = clf_view_scattered(view), .index = operand}};
    inside->view = clf_dense_view(view);
    if (!inside->where.scratch)
        return CLF_OK;
    return clf_plan_scratch(plan, clf_view_bytes(view), &inside->where.index, error);
}

static clf_status copy_in(clf_plan *plan, const clf_view *src, const clf_view *dst, clf_place inside[2],
                          clf_error *error) {
    const clf_place outside = {.where = {.index = 0}, .view = *src};
    CLF_TRY(find_place(plan, 0, src, &inside[0], error));
    CLF_TRY(find_place(plan, 1, dst, &inside[1], error));
    return inside[0].where.scratch ? clf_plan_rearrange(plan, &outside, &inside[0], error) : CLF_OK;
}

clf_status clf_dense_child(clf_plan *plan, const clf_view *src, const clf_view *dst, clf_child *child,
                           clf_error *error) {
    const clf_place outside = {.where = {.index = 1}, .view = *dst};
    clf_place inside[2];
    clf_status status = copy_in(plan, src, dst, inside, error);
    if (status != CLF_OK) {
        clf_plan_destroy(child->plan);
        return status;
    }
    child->from[0] = inside[0].where;
    child->from[1] = inside[1].where;
    clf_text_add(&plan->description, " %s", clf_plan_describe(child->plan));
    CLF_TRY(clf_plan_child(plan, child, error));
    return inside[1].where.scratch ? clf_plan_rearrange(plan, &inside[1], &outside, error) : CLF_OK;
}
