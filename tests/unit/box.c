/* SPDX-License-Identifier: Apache-2.0 */
/* Means over a box: known values, every mistake of a descriptor, slabs. */
#include "streams.h"

#include <float.h>
#include <limits.h>
#include <math.h>

STREAMS_PLANNER(plan_box, clf_box_desc, clf_plan_box)

/* Integers are summed exactly and rounded to even once; the border is the reflected one. */
static void known_values(void **state) {
    unsigned char image[4] = {1, 2, 2, 250};
    static const unsigned char expected[4] = {2, 2, 85, 85}; /* 5/3, 5/3, 254/3, 254/3 */
    static const unsigned char pairs[4] = {2, 2, 2, 126};    /* 3/2 to even, 3/2, 4/2, 252/2 */
    clf_error error = {0};
    unsigned char result[4];
    clf_view src = {.dtype = CLF_U8, .rank = 1, .shape = {4}}, dst;
    check_ok(clf_tensor_create(*state, CLF_U8, 1, src.shape, &src, &error));
    check_ok(clf_tensor_create(*state, CLF_U8, 1, src.shape, &dst, &error));
    clf_array from = {.data = image, .dtype = CLF_U8, .rank = 1, .shape = {4}}, to = from;
    to.data = result;
    check_ok(clf_upload(*state, &from, &src, &error));
    for (int size = 2; size <= 3; size++) {
        clf_plan *plan = NULL;
        const clf_box_desc desc = {.src = src, .dst = dst, .size = {size}};
        check_ok(clf_plan_box(*state, &desc, &plan, &error));
        check_ok(clf_execute(plan, NULL, NULL, &error));
        check_ok(clf_download(*state, &dst, &to, &error));
        assert_memory_equal(result, size == 2 ? pairs : expected, sizeof result);
        clf_plan_destroy(plan);
    }
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

/* The mean of the greatest number, which marks missing data in many files, is that number, by whichever solver. */
static void greatest(void **state) {
    enum { WIDTH = 21, HEIGHT = 9 };
    static const char *const solvers[] = {"box.each", "box.sums", "box.convolution", NULL};
    float image[HEIGHT * WIDTH], result[HEIGHT * WIDTH];
    clf_view src, dst;
    clf_error error = {0};
    check_ok(clf_tensor_create(*state, CLF_F32, 2, (int64_t[]){HEIGHT, WIDTH}, &src, &error));
    check_ok(clf_tensor_create(*state, CLF_F32, 2, (int64_t[]){HEIGHT, WIDTH}, &dst, &error));
    clf_array from = {.data = image, .dtype = CLF_F32, .rank = 2, .shape = {HEIGHT, WIDTH}}, to = from;
    to.data = result;
    for (int i = 0; i < HEIGHT * WIDTH; i++)
        image[i] = -FLT_MAX;
    check_ok(clf_upload(*state, &from, &src, &error));
    int planned = 0;
    for (int size = 2; size <= 5; size++)
        for (int i = 0; solvers[i] != NULL; i++) {
            const clf_box_desc desc = {.src = src, .dst = dst, .size = {size, 5}, .options = {.solver = solvers[i]}};
            clf_plan *plan = NULL;
            if (clf_plan_box(*state, &desc, &plan, &error) == CLF_NO_SOLVER)
                continue;
            planned++;
            check_ok(clf_execute(plan, NULL, NULL, &error));
            check_ok(clf_download(*state, &dst, &to, &error));
            for (int at = 0; at < HEIGHT * WIDTH; at++)
                assert_true(fabsf(result[at] / -FLT_MAX - 1) < 1e-5F);
            clf_plan_destroy(plan);
        }
    assert_true(planned >= 4);
    clf_tensor_release(&src);
    clf_tensor_release(&dst);
}

static void mistakes(void **state) {
    const clf_view view = {.dtype = CLF_F32, .rank = 2, .shape = {9, 13}};
    const clf_box_desc good = {.src = view, .dst = view, .size = {3}};
    clf_error error = {0};
    clf_plan *plan = NULL;
#define REFUSED(status, words, ...)                                         \
    do {                                                                    \
        clf_box_desc desc = good, *d = &desc;                               \
        __VA_ARGS__;                                                        \
        check_fails(clf_plan_box(*state, d, &plan, &error), status, words); \
        assert_null(plan);                                                  \
    } while (0)
    check_fails(clf_plan_box(NULL, &good, &plan, &error), CLF_NULL_ARGUMENT, "context");
    check_fails(clf_plan_box(*state, NULL, &plan, &error), CLF_NULL_ARGUMENT, "desc");
    check_fails(clf_plan_box(*state, &good, NULL, &error), CLF_NULL_ARGUMENT, "plan");
    REFUSED(CLF_INVALID_VIEW, "src: rank 0", d->src.rank = 0);
    REFUSED(CLF_INVALID_VIEW, "src: rank 9", d->src.rank = 9);
    REFUSED(CLF_SHAPE_MISMATCH, "dst: axis 1 has extent 12; expected 13", d->dst.shape[1] = 12);
    REFUSED(CLF_DTYPE_MISMATCH, "src is i64", d->src.dtype = CLF_I64);
    REFUSED(CLF_DTYPE_MISMATCH, "dst is u8; expected f32", d->dst.dtype = CLF_U8);
    REFUSED(CLF_DTYPE_MISMATCH, "dst is f32; expected f64", d->src.dtype = CLF_F64);
    REFUSED(CLF_INVALID_VALUE, "size[0] is 0; expected 1 or more", d->size[0] = 0);
    REFUSED(CLF_INVALID_VALUE, "size[1] is -2; expected 1 or more", d->size[1] = -2);
    REFUSED(CLF_INVALID_VALUE, "axes is 3; expected 1 to 3, and no more than src's rank of 2", d->axes = 3);
    REFUSED(CLF_INVALID_VALUE, "axes is -1", d->axes = -1);
    REFUSED(CLF_INVALID_ORIGIN, "origin[1] is 2; a window of 3 takes -1 to 1", d->origin[1] = 2);
    REFUSED(CLF_INVALID_ORIGIN, "origin[0] is -2147483648", d->origin[0] = INT_MIN);
    REFUSED(CLF_UNSUPPORTED, "more than the 2^48 elements allowed", d->size[0] = INT_MAX);
    REFUSED(CLF_INVALID_VALUE, "border[1] is 17", d->border[1] = (clf_border)17);
    REFUSED(CLF_INVALID_VALUE, "cval is NaN", d->cval = (double)NAN);
    REFUSED(CLF_NO_SOLVER, "called \"box.magic\"", d->options.solver = "box.magic");
#undef REFUSED
}

/* Slabs have the bits of the whole: of floats where outputs do not share sums, of integers whichever way they do. */
static void slabs(void **state) {
    static const int64_t shape[3] = {3, 29, 34};
    static const clf_dtype dtypes[] = {CLF_F32, CLF_U8, CLF_I16};
    static const char *const solvers[] = {"box.each", "box.sums", "box.each"};
    streams_seen seen = {0};
    clf_error error = {0};
    clf_plan *plan = NULL;
    const clf_view view = {.dtype = CLF_U8, .rank = 2, .shape = {29, 34}};
    const clf_box_desc sums = {.src = view, .dst = view, .size = {4}, .options = {.solver = "box.sums"}};
    const bool offered = clf_plan_box(*state, &sums, &plan, &error) == CLF_OK; /* not on every device */
    clf_plan_destroy(plan);
    for (int border = CLF_BORDER_REFLECT; border <= CLF_BORDER_CONSTANT; border++)
        for (int axis = 0; axis < 3; axis++)
            for (int i = 0; i < 3; i++) {
                if (i == 1 && !offered)
                    continue;
                const clf_box_desc desc = {.src = streams_outermost(dtypes[i], 3, shape, axis),
                                           .dst = streams_outermost(dtypes[i], 3, shape, axis),
                                           .size = {4, 7},
                                           .origin = {1, -2},
                                           .border = {(clf_border)border},
                                           .cval = dtypes[i] == CLF_F32 ? 0.1 : 7,
                                           .options = {.solver = solvers[i]}};
                streams_compare(*state, plan_box, &desc, &seen);
            }
    assert_int_equal(seen.axes, 7);
    assert_true(seen.uneven > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_values), cmocka_unit_test(greatest),
                                       cmocka_unit_test(mistakes), cmocka_unit_test(slabs)};
    return cmocka_run_group_tests_name("box", tests, unit_open_context, unit_close_context);
}
