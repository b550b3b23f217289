/* SPDX-License-Identifier: Apache-2.0 */
/* A step that is a plan for dense memory, between copies of what has no contiguous rows. */
#ifndef CLF_PLAN_DENSE_H
#define CLF_PLAN_DENSE_H

#include "plan/plan.h"

/* True if neighbours along the last axis lie apart; and if elements lie in one place, which copies would repeat. */
bool clf_view_scattered(const clf_view *view);
bool clf_view_repeats(const clf_view *view);

/* As it lies where it is copied to: dense if scattered, else as it is. Without a buffer, known when executed. */
clf_view clf_dense_view(const clf_view *view);

/* Seconds that the copies of src and dst take, as far as that can be told without trying. */
double clf_dense_seconds(const clf_profile *profile, const clf_view *src, const clf_view *dst);

/*
 * Adds the child with what is scattered of operands 0 (src) and 1 (dst), whose views these are, copied to scratch and
 * back. The child's plan is of the views as clf_dense_view gives them; its first two operands are set here. It is
 * destroyed if that fails.
 */
clf_status clf_dense_child(clf_plan *plan, const clf_view *src, const clf_view *dst, clf_child *child,
                           clf_error *error);

#endif
