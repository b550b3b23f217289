/* SPDX-License-Identifier: Apache-2.0 */
/* Gradients, Laplacians, structure tensors and the backward of derivatives in slabs. */
#include "streams.h"

STREAMS_PLANNER(plan_laplace, clf_laplace_desc, clf_plan_laplace)
STREAMS_PLANNER(plan_structure, clf_structure_desc, clf_plan_structure)
STREAMS_PLANNER(plan_smoothness, clf_smoothness_desc, clf_plan_smoothness)
STREAMS_PLANNER(plan_backward, clf_gradient_backward_desc, clf_plan_gradient_backward)

/* Slabs along each axis: second differences, and Gaussians that reach over short inputs several times. */
static void laplacians(void **state) {
    static const int64_t shape[3] = {3, 29, 34}, shallow[3] = {2, 5, 40};
    streams_seen seen = {0};
    for (int border = CLF_BORDER_REFLECT; border <= CLF_BORDER_CONSTANT; border++)
        for (int axis = 0; axis < 3; axis++) {
            clf_laplace_desc desc = {.src = streams_outermost(CLF_F32, 3, shape, axis),
                                     .dst = streams_outermost(CLF_F32, 3, shape, axis),
                                     .border = {(clf_border)border},
                                     .cval = 0.1};
            streams_compare(*state, plan_laplace, &desc, &seen);
            desc.sigma = 1.3;
            streams_compare(*state, plan_laplace, &desc, &seen);
            desc.src = desc.dst = streams_outermost(CLF_F32, 3, shallow, axis);
            streams_compare(*state, plan_laplace, &desc, &seen);
        }
    assert_int_equal(seen.axes, 7);
    assert_true(seen.uneven > 10);
}

static void volumes(void **state) {
    static const int64_t shape[3] = {11, 13, 18};
    streams_seen seen = {0};
    for (int axis = 0; axis < 2; axis++) {
        const clf_view view = streams_outermost(CLF_F32, 3, shape, axis);
        const clf_laplace_desc desc = {.src = view,
                                       .dst = view,
                                       .axes = 3,
                                       .border = {CLF_BORDER_PERIODIC, CLF_BORDER_SYMMETRIC, CLF_BORDER_REPLICATE}};
        streams_compare(*state, plan_laplace, &desc, &seen);
    }
    assert_int_equal(seen.axes & 3, 3);
}

/* The products beyond an end are not those of the input beyond it: the kernel makes them. */
static void structure_tensors(void **state) {
    static const int64_t shape[3] = {4, 31, 37};
    streams_seen seen = {0};
    for (int border = CLF_BORDER_REFLECT; border <= CLF_BORDER_CONSTANT; border++)
        for (int axis = 0; axis < 3; axis++) {
            const clf_view view = streams_outermost(CLF_F32, 3, shape, axis);
            const clf_structure_desc desc = {.src = view,
                                             .response = view,
                                             .sigma = border == CLF_BORDER_REFLECT ? 5 : 1.5,
                                             .border = {(clf_border)border, CLF_BORDER_SYMMETRIC},
                                             .cval = 0.3};
            streams_compare(*state, plan_structure, &desc, &seen);
        }
    assert_int_equal(seen.axes, 7);
    seen.axes = 0;
    const clf_view view = streams_outermost(CLF_F32, 3, shape, 1);
    const clf_structure_desc desc = {.src = view, .xx = view, .xy = view, .yy = view};
    streams_compare(*state, plan_structure, &desc, &seen);
    assert_true((seen.axes & 2) != 0);
}

/* Bytes that have no such value beyond their ends: the kernel makes it. */
static void constants_of_bytes(void **state) {
    static const int64_t shape[2] = {40, 30};
    streams_seen seen = {0};
    const clf_view view = clf_view_dense(NULL, CLF_U8, 2, shape), dst = clf_view_dense(NULL, CLF_F32, 2, shape);
    const clf_laplace_desc desc = {.src = view, .dst = dst, .border = {CLF_BORDER_CONSTANT}, .cval = 0.3};
    streams_compare(*state, plan_laplace, &desc, &seen);
    assert_int_equal(seen.axes & 1, 1);
}

static void backwards(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    static const int64_t shape[3] = {5, 17, 20};
    streams_seen seen = {0};
    for (int border = CLF_BORDER_REFLECT; border <= CLF_BORDER_CONSTANT; border++)
        for (int axis = 0; axis < 3 && border != CLF_BORDER_PERIODIC; axis++) {
            const clf_view view = streams_outermost(CLF_F32, 3, shape, axis), none = {.rank = 0};
            clf_gradient_backward_desc desc = {.src = view,
                                               .grad_dst = streams_outermost(CLF_F32, 3, shape, 1),
                                               .grad_dx = view,
                                               .grad_src = view,
                                               .border = {(clf_border)border, CLF_BORDER_SYMMETRIC},
                                               .eps = 1e-3};
            streams_compare(*state, plan_backward, &desc, &seen);
            desc.src = desc.grad_dst = none;
            desc.grad_dy = view;
            streams_compare(*state, plan_backward, &desc, &seen);
        }
    assert_int_equal(seen.axes, 7);
    const clf_view plane = clf_view_dense(NULL, CLF_F32, 2, shape + 1);
    const clf_gradient_backward_desc desc = {.grad_dx = plane, .grad_src = plane, .border = {CLF_BORDER_PERIODIC}};
    check_fails(plan_backward(*state, &desc, 1000, &plan, &error), CLF_UNSUPPORTED, "periodic ends");
}

/* Maps of losses, image by image, and their gradients; sums are of the whole tensor. */
static void losses(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    static const int64_t maps[4] = {9, 1, 7, 21}, images[4] = {9, 3, 7, 21};
    streams_seen seen = {0};
    const clf_view map = clf_view_dense(NULL, CLF_F32, 4, maps), image = clf_view_dense(NULL, CLF_F32, 4, images);
    clf_smoothness_desc desc = {.disparity = map,
                                .image = image,
                                .loss = map,
                                .grad_loss = map,
                                .grad_image = image,
                                .reduction = CLF_SMOOTHNESS_NONE};
    streams_compare(*state, plan_smoothness, &desc, &seen);
    assert_int_equal(seen.axes, 1);
    static const int64_t none[4] = {9, 0, 7, 21}; /* images without channels are as many */
    desc.image = clf_view_dense(NULL, CLF_F32, 4, none);
    desc.grad_image = (clf_view){.buffer = NULL};
    desc.grad_disparity = map;
    streams_compare(*state, plan_smoothness, &desc, &seen);
    const int64_t one[1] = {1};
    desc = (clf_smoothness_desc){.disparity = map, .image = image, .loss = clf_view_dense(NULL, CLF_F32, 1, one)};
    check_fails(plan_smoothness(*state, &desc, 9000, &plan, &error), CLF_UNSUPPORTED,
                "the loss needs the whole tensor");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laplacians),         cmocka_unit_test(volumes),   cmocka_unit_test(structure_tensors),
        cmocka_unit_test(constants_of_bytes), cmocka_unit_test(backwards), cmocka_unit_test(losses),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
