/* SPDX-License-Identifier: Apache-2.0 */
/* gradient.planes: whole planes per work-item, each plane one line of vectors (cl/gradient/planes.cl). */
#include "ops/gradient/gradient.h"
#include "ops/real.h"

enum { PLANES_ELEMENTS = 36864 }; /* of the planes that a work-item makes */

static int64_t plane_elements(const clf_view *src) {
    return src->shape[src->rank - 2] * src->shape[src->rank - 1];
}

static int vector_of(const clf_context *context, const clf_gradient_problem *problem) {
    return clf_profile_lanes(clf_context_profile(context), clf_dtype_wide(problem->src.view.dtype));
}

/* Planes for each of eight work-items a core; 0: cores would wait for each other. */
static int64_t share_of(const clf_context *context, const clf_view *src) {
    return clf_view_count(src) / plane_elements(src) / (8 * (int64_t)clf_context_profile(context)->units);
}

/* A vector may hold one end of a row at most. */
static bool applies(const clf_context *context, const void *described) {
    const clf_gradient_problem *problem = described;
    const clf_gradient_stencil *stencil = &problem->stencil;
    const clf_view *src = &problem->src.view;
    return clf_gradient_is_flat(problem) && stencil->axes == 2 && stencil->op != CLF_GRADIENT_GAUSSIAN &&
           !clf_gradient_smooths(stencil) && src->shape[src->rank - 1] >= vector_of(context, problem) &&
           src->shape[src->rank - 2] >= 3;
}

/* True where planes are whole vectors, so that they can be stored past the cache. */
static bool whole_vectors(const clf_context *context, const clf_gradient_problem *problem) {
    return plane_elements(&problem->src.view) % vector_of(context, problem) == 0;
}

static double estimate(const clf_context *context, const void *described) {
    const clf_gradient_problem *problem = described;
    bool through_cache = clf_gradient_past_cache(context, problem) && !whole_vectors(context, problem);
    bool few = share_of(context, &problem->src.view) < 1;
    return clf_gradient_seconds_in_order(context, problem, few || through_cache ? 2 : 1);
}

/* Many streams of stores hinder each other. */
static clf_status prepare(clf_plan *plan, const void *described, clf_error *error) {
    const clf_gradient_problem *problem = described;
    const clf_view *src = &problem->src.view;
    int64_t share = share_of(plan->context, src), wanted = PLANES_ELEMENTS / plane_elements(src) + 1;
    clf_gradient_kernel kernel = {.source = "gradient/planes",
                                  .name = "gradient_planes",
                                  .vector = vector_of(plan->context, problem),
                                  .local = 1,
                                  .contiguous = true,
                                  .past = clf_gradient_past_cache(plan->context, problem) &&
                                          whole_vectors(plan->context, problem),
                                  .planes = problem->outputs == 1   ? 4
                                            : problem->outputs == 2 ? 2
                                                                    : 1};
    int64_t each = (wanted < share ? wanted : share) / kernel.planes * kernel.planes;
    if (each == 0)
        each = kernel.planes = 1;
    clf_launch *launch;
    CLF_TRY(clf_gradient_begin(plan, problem, &kernel, &launch, error));
    return clf_gradient_end_rows(plan, problem, &kernel, each * src->shape[src->rank - 2], launch, error);
}

#define NEEDS                                                                                                 \
    "two axes, three taps that do not smooth, and planes of at least three rows, each of a vector's elements" \
    " to 512, that lie one behind the other in every operand"
const clf_solver clf_gradient_planes = {"gradient.planes", applies, estimate, prepare, 0, NEEDS};
const clf_solver clf_laplace_planes = {"laplace.planes", applies, estimate, prepare, 0, NEEDS};
