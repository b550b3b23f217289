/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smoothness loss near the ends of f32: gradients handed in that are large or small, and one bad element of the
 * disparity or the image, which reaches what depends on it and nothing else.
 */
#include "unit.h"

#include "check/smoothness.h"

#include <float.h>
#include <math.h>

enum {
    CHANNELS = 2,
    ROWS = 6,
    COLUMNS = 43,
    PIXELS = ROWS * COLUMNS,
    IMAGE = PIXELS * CHANNELS,
    BAD = 2 * COLUMNS + 20
};

static const int64_t map_shape[4] = {1, 1, ROWS, COLUMNS}, image_shape[4] = {1, CHANNELS, ROWS, COLUMNS};

typedef struct losses {
    float disparity[PIXELS], image[IMAGE], handed[PIXELS];
    float map[PIXELS], grad_disparity[PIXELS], grad_image[IMAGE];
} losses;

static void draw(float *values, int count, unsigned seed, int exponent) {
    for (int i = 0; i < count; i++) {
        seed = seed * 1664525U + 1013904223U;
        values[i] = ldexpf((float)(seed >> 8) / 8388608.0F - 1, exponent);
    }
}

/* The map and both gradients in one pass, for what is handed in. */
static void run(clf_context *context, clf_smoothness_norm norm, int order, losses *l) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    clf_smoothness_desc desc = {.disparity = unit_tensor(context, 4, map_shape, l->disparity),
                                .image = unit_tensor(context, 4, image_shape, l->image),
                                .grad_loss = unit_tensor(context, 4, map_shape, l->handed),
                                .loss = unit_tensor(context, 4, map_shape, NULL),
                                .grad_disparity = unit_tensor(context, 4, map_shape, NULL),
                                .grad_image = unit_tensor(context, 4, image_shape, NULL),
                                .norm = norm,
                                .reduction = CLF_SMOOTHNESS_NONE,
                                .order = order};
    check_ok(clf_plan_smoothness(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    unit_read(context, &desc.loss, l->map);
    unit_read(context, &desc.grad_disparity, l->grad_disparity);
    unit_read(context, &desc.grad_image, l->grad_image);
    clf_plan_destroy(plan);
    clf_view *views[] = {&desc.disparity, &desc.image,          &desc.grad_loss,
                         &desc.loss,      &desc.grad_disparity, &desc.grad_image};
    for (size_t i = 0; i < COUNT(views); i++)
        clf_tensor_release(views[i]);
}

static void expect_near(const char *name, const float *got, const long double *expected, int count) {
    long double greatest = 0;
    for (int i = 0; i < count; i++)
        greatest = fmaxl(greatest, fabsl(expected[i]));
    for (int i = 0; i < count; i++)
        if (fabsl(expected[i]) > FLT_MAX ? !isinf(got[i])
                                         : !(fabsl(got[i] - expected[i]) <= 1e-5L * greatest + 16 * 0x1p-149L))
            fail_msg("%s: element %d is %.9g, expected %.9Lg", name, i, (double)got[i], expected[i]);
}

/* What is handed in makes good what the disparity's magnitude takes away, or the reverse. */
static void handed_in(void **state) {
    static const int handed[] = {120, 100, -100, -140, 30, 126}, disparity[] = {-140, -100, 100, 126, -120, -10};
    static const int images[] = {0, -100, -60, -140, 1, -70};
    static losses l;
    static double wide[3][IMAGE];
    static long double grad_disparity[PIXELS], grad_image[IMAGE];
    for (int i = 0; i < 4 * (int)COUNT(handed); i++) {
        smoothness_formula formula = {.shape = {1, CHANNELS, ROWS, COLUMNS},
                                      .norm = (clf_smoothness_norm)(i % 2),
                                      .reduction = CLF_SMOOTHNESS_NONE,
                                      .order = 1 + i / 2 % 2,
                                      .weight = 1};
        draw(l.disparity, PIXELS, 1, disparity[i / 4]);
        draw(l.image, IMAGE, 2, images[i / 4]);
        draw(l.handed, PIXELS, 3, handed[i / 4]);
        for (int j = 0; j < IMAGE; j++) {
            wide[0][j] = j < PIXELS ? l.disparity[j] : 0;
            wide[1][j] = l.image[j];
            wide[2][j] = j < PIXELS ? l.handed[j] : 0;
        }
        smoothness_gradients(&formula, wide[0], wide[1], wide[2], grad_disparity, grad_image);
        run(*state, formula.norm, formula.order, &l);
        expect_near("grad_disparity", l.grad_disparity, grad_disparity, PIXELS);
        expect_near("grad_image", l.grad_image, grad_image, IMAGE);
    }
}

/* True if pixel i shares an edge of that order with the bad one; if `begins`, an edge that begins at pixel i. */
static bool shares(int i, int order, bool begins) {
    int rows = BAD / COLUMNS - i / COLUMNS, columns = BAD % COLUMNS - i % COLUMNS;
    int least = begins ? 0 : -order;
    return (rows == 0 && columns >= least && columns <= order) || (columns == 0 && rows >= least && rows <= order);
}

static void expect_same(const char *name, float got, float expected, int i) {
    if (!(fabsf(got - expected) <= 1e-5F * 3))
        fail_msg("%s: element %d is %.9g, although without the bad element it is %.9g", name, i, (double)got,
                 (double)expected);
}

/* Of a pair of runs, one with a bad element: what does not depend on it stays, and NaN reaches what does. */
static void expect_local(const losses *clean, const losses *bad, int order, bool in_image, float value) {
    for (int i = 0; i < PIXELS; i++) {
        if (!shares(i, order, true))
            expect_same("the map", bad->map[i], clean->map[i], i);
        else if (isnan(value) && (i == BAD || i == BAD - order))
            assert_true(isnan(bad->map[i]));
        if (!shares(i, order, false))
            expect_same("grad_disparity", bad->grad_disparity[i], clean->grad_disparity[i], i);
    }
    for (int i = 0; i < IMAGE; i++)
        if (!shares(i % PIXELS, order, false))
            expect_same("grad_image", bad->grad_image[i], clean->grad_image[i], i);
    assert_true(!isnan(value) || isnan(bad->grad_image[BAD]));
    assert_true(!isnan(value) || isnan(bad->grad_disparity[BAD]) || in_image);
}

static void bad_elements(void **state) {
    static const float values[] = {NAN, INFINITY, -INFINITY, 3e38F, -1e20F, 1e-30F};
    static losses clean, bad;
    draw(clean.disparity, PIXELS, 1, 0);
    draw(clean.image, IMAGE, 2, 0);
    draw(clean.handed, PIXELS, 3, 0);
    for (int i = 0; i < 4 * (int)COUNT(values); i++) {
        clf_smoothness_norm norm = (clf_smoothness_norm)(i % 2);
        int order = 1 + i / 2 % 2;
        run(*state, norm, order, &clean);
        for (int in_image = 0; in_image < 2; in_image++) {
            bad = clean;
            *(in_image ? &bad.image[BAD] : &bad.disparity[BAD]) = values[i / 4];
            run(*state, norm, order, &bad);
            expect_local(&clean, &bad, order, in_image, values[i / 4]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(handed_in), cmocka_unit_test(bad_elements)};
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
