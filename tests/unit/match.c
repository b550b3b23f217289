/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons of two images against the formulas in plain double, shifts that are known, and what is refused. */
#include "check/reference.h"
#include "unit.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

enum { MOST = 4096 };

typedef struct match_case {
    int64_t planes, height, width, h, w;
    clf_border border;
    clf_mode mode;
    const char *solver;
} match_case;

static double random_unit(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 40) / (double)(1 << 24);
}

static void fill(float *values, int64_t count, uint64_t seed, double offset) {
    for (int64_t i = 0; i < count; i++) {
        values[i] = (float)(random_unit(&seed) - 0.5 + offset);
    }
}

static void windows(const match_case *c, reference_window *window, reference_axis axis[3]) {
    *window = (reference_window){.planes = 1, .extent = {1, c->height, c->width}, .cval = 0.25};
    const int64_t taps[3] = {1, c->h, c->w};
    for (int i = 0; i < 3; i++) {
        window->border[i] = c->border;
        axis[i] =
            (reference_axis){.taps = taps[i], .stride = 1, .dilation = 1, .mode = i == 0 ? CLF_MODE_SAME : c->mode};
    }
}

static double mean_of(const float *values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        sum += (double)values[i];
    }
    return sum / (double)count;
}

/* The score of output (y, x): `normalised` or the plain sum of products. */
static double score_at(const match_case *c, const double *plane, const float *pattern, int64_t y, int64_t x,
                       bool normalised) {
    reference_window window;
    reference_axis axis[3];
    windows(c, &window, axis);
    double product = 0, mean = 0, squares = 0, pattern_squares = 0, pattern_mean = mean_of(pattern, c->h * c->w);
    for (int pass = 0; pass < 2; pass++) {
        double sum = 0;
        for (int64_t b = 0; b < c->h; b++) {
            for (int64_t a = 0; a < c->w; a++) {
                const int64_t at[3] = {0, reference_tap_index(&axis[1], y, b), reference_tap_index(&axis[2], x, a)};
                double value = reference_sample(&window, plane, at), p = (double)pattern[b * c->w + a];
                sum += value;
                if (pass == 1) {
                    product += normalised ? (p - pattern_mean) * (value - mean) : p * value;
                    squares += (value - mean) * (value - mean);
                    pattern_squares += (p - pattern_mean) * (p - pattern_mean);
                }
            }
        }
        mean = sum / (double)(c->h * c->w);
    }
    double scale = sqrt(squares * pattern_squares);
    return !normalised ? product : scale > 1e-9 ? product / scale : 0;
}

static void run(clf_context *context, const clf_match_desc *given, const match_case *c, const float *image,
                const float *pattern, float *result, int64_t out[2]) {
    clf_error error = {0};
    clf_match_desc desc = *given;
    const int64_t shape[3] = {c->planes, c->height, c->width}, sides[2] = {c->h, c->w};
    clf_plan *plan = NULL, *clone = NULL;
    desc.image = unit_tensor(context, 3, shape, image);
    desc.pattern = unit_tensor(context, 2, sides, pattern);
    for (int i = 0; i < 2; i++) {
        out[i] = reference_extent(shape[1 + i], sides[i], 1, 1, desc.mode);
    }
    const int64_t wanted[3] = {c->planes, out[0], out[1]};
    desc.dst = unit_tensor(context, 3, wanted, NULL);
    check_ok(clf_plan_match(context, &desc, &plan, &error));
    check_ok(clf_plan_clone(plan, &clone, &error));
    clf_plan_destroy(plan);
    check_ok(clf_execute(clone, NULL, NULL, &error));
    unit_read(context, &desc.dst, result);
    clf_plan_destroy(clone);
    clf_tensor_release(&desc.image);
    clf_tensor_release(&desc.pattern);
    clf_tensor_release(&desc.dst);
}

static const match_case cases[] = {
    {1, 19, 23, 5, 4, CLF_BORDER_REFLECT, CLF_MODE_VALID, NULL},
    {2, 19, 23, 5, 4, CLF_BORDER_CONSTANT, CLF_MODE_SAME, "conv.direct"},
    {3, 9, 8, 6, 7, CLF_BORDER_PERIODIC, CLF_MODE_FULL, "conv.general"},
    {1, 33, 31, 9, 9, CLF_BORDER_SYMMETRIC, CLF_MODE_SAME, "conv.tile"},
    {2, 7, 40, 1, 6, CLF_BORDER_REPLICATE, CLF_MODE_VALID, NULL},
};

static void compare_scores(clf_context *context, clf_match_score score, double offset) {
    static float image[MOST], pattern[MOST], result[MOST];
    for (size_t i = 0; i < COUNT(cases); i++) {
        const match_case *c = &cases[i];
        fill(image, c->planes * c->height * c->width, 3 + i, offset);
        fill(pattern, c->h * c->w, 77 + i, offset);
        const clf_match_desc desc = {
            .score = score, .border = {c->border}, .cval = 0.25, .mode = c->mode, .options = {.solver = c->solver}};
        int64_t out[2];
        run(context, &desc, c, image, pattern, result, out);
        for (int64_t at = 0; at < c->planes * out[0] * out[1]; at++) {
            double plane[MOST];
            int64_t first = at / (out[0] * out[1]) * c->height * c->width;
            for (int64_t k = 0; k < c->height * c->width; k++) {
                plane[k] = (double)image[first + k];
            }
            double wanted =
                score_at(c, plane, pattern, at / out[1] % out[0], at % out[1], score == CLF_MATCH_NORMALISED);
            assert_true(fabs((double)result[at] - wanted) <= 1e-4);
        }
    }
}

static void correlation_is_the_sum(void **state) {
    compare_scores(*state, CLF_MATCH_CORRELATION, 0);
}

static void normalised_is_the_coefficient(void **state) {
    compare_scores(*state, CLF_MATCH_NORMALISED, 0);
    compare_scores(*state, CLF_MATCH_NORMALISED, 20);
}

/* A pattern cut out of the image scores 1 where it was cut; brighter and stronger, still 1; a flat one 0 everywhere. */
static void normalised_finds_the_pattern(void **state) {
    static float image[MOST], pattern[MOST], result[MOST];
    const match_case c = {1, 40, 50, 7, 9, CLF_BORDER_REFLECT, CLF_MODE_VALID, NULL};
    int64_t out[2];
    fill(image, c.height * c.width, 5, 0);
    for (int64_t i = 0; i < c.h * c.w; i++) {
        pattern[i] = 3 * image[(11 + i / c.w) * c.width + 23 + i % c.w] + 100;
    }
    const clf_match_desc desc = {.score = CLF_MATCH_NORMALISED, .mode = c.mode};
    run(*state, &desc, &c, image, pattern, result, out);
    for (int64_t i = 0; i < out[0] * out[1]; i++) {
        bool here = i == 11 * out[1] + 23;
        assert_true(here ? fabsf(result[i] - 1) <= 1e-4F : result[i] < 0.9F);
    }
    for (int64_t i = 0; i < c.h * c.w; i++) {
        pattern[i] = 0.1F;
    }
    run(*state, &desc, &c, image, pattern, result, out);
    for (int64_t i = 0; i < out[0] * out[1]; i++) {
        assert_true(result[i] == 0);
    }
}

/* A periodic shift is found exactly, on smooth and, where a library takes them, prime extents. */
static void phase_finds_the_shift(void **state) {
    static float image[MOST], pattern[MOST], result[MOST];
    static const int64_t shapes[][2] = {{24, 30},
#ifdef CLF_HAS_VKFFT
                                        {23, 29},
#endif
                                        {1, 36},
                                        {36, 1}}; /* clFFT's alone */
    for (size_t s = 0; s < COUNT(shapes); s++) {
        const int64_t height = shapes[s][0], width = shapes[s][1], y = 5 % height, x = 17 % width;
        const match_case c = {1, height, width, height, width, CLF_BORDER_PERIODIC, CLF_MODE_SAME, NULL};
        fill(pattern, height * width, 9, 0);
        for (int64_t i = 0; i < height * width; i++) {
            image[(i / width + y) % height * width + (i % width + x) % width] = pattern[i];
        }
        int64_t out[2];
        const clf_match_desc desc = {.score = CLF_MATCH_PHASE};
        run(*state, &desc, &c, image, pattern, result, out);
        for (int64_t i = 0; i < height * width; i++) {
            assert_true(fabsf(result[i] - (i == y * width + x ? 1.0F : 0.0F)) <= 1e-3F);
        }
    }
}

/* Whatever the score, a tensor is refused under the name of its field before another field of it is looked at. */
static void ranks_out_of_range_are_refused(void **state) {
    static const int ranks[] = {0, -1, 9, 100, 1000000, INT_MAX, INT_MIN};
    clf_error error = {0};
    clf_plan *plan = NULL;
    const clf_view good = {.rank = 2, .shape = {8, 9}};
    for (int score = CLF_MATCH_CORRELATION; score <= CLF_MATCH_PHASE; score++)
        for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
            clf_match_desc desc = {.image = good, .pattern = good, .dst = good, .score = (clf_match_score)score};
            desc.image.rank = ranks[i];
            check_fails(clf_plan_match(*state, &desc, &plan, &error), CLF_INVALID_VIEW, "image: rank");
            desc.image.rank = 2;
            desc.pattern.rank = ranks[i];
            check_fails(clf_plan_match(*state, &desc, &plan, &error), CLF_INVALID_VIEW, "pattern: rank");
            desc.pattern.rank = 2;
            desc.dst.rank = ranks[i];
            check_fails(clf_plan_match(*state, &desc, &plan, &error), CLF_INVALID_VIEW, "dst: rank");
        }
    assert_null(plan);
}

static void mistakes_are_refused(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    const int64_t shape[2] = {8, 9}, sides[2] = {3, 3};
    clf_match_desc desc = {.image = unit_tensor(*state, 2, shape, NULL),
                           .pattern = unit_tensor(*state, 2, sides, NULL),
                           .dst = unit_tensor(*state, 2, shape, NULL)};
    check_fails(clf_plan_match(NULL, &desc, &plan, &error), CLF_NULL_ARGUMENT, "context is NULL");
    check_fails(clf_plan_match(*state, NULL, &plan, &error), CLF_NULL_ARGUMENT, "desc is NULL");
    clf_match_desc wrong = desc;
    wrong.score = (clf_match_score)7;
    check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_INVALID_VALUE, "score is 7");
    wrong = desc;
    wrong.score = CLF_MATCH_PHASE;
    check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_SHAPE_MISMATCH, "pattern");
    wrong.options.solver = "phase.magic";
    wrong.pattern = desc.dst;
    wrong.dst = unit_tensor(*state, 2, shape, NULL);
    check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_NO_SOLVER, "called \"phase.magic\"");
    clf_tensor_release(&wrong.dst);
    wrong.mode = CLF_MODE_VALID;
    check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_INVALID_VALUE,
                "mode is valid; expected same for phase correlation");
    wrong = desc;
    wrong.dst.dtype = CLF_U8;
    check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_DTYPE_MISMATCH, "expected f32");
    wrong = desc;
    wrong.pattern.rank = 1;
    check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_SHAPE_MISMATCH, "pattern has rank 1");
    wrong = desc;
    wrong.cval = (double)NAN;
    check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_INVALID_VALUE, "cval is NaN");
    for (int score = CLF_MATCH_CORRELATION; score <= CLF_MATCH_NORMALISED; score++) {
        wrong = desc;
        wrong.score = (clf_match_score)score;
        wrong.border[1] = (clf_border)9;
        check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_INVALID_VALUE, "border[1] is 9");
        wrong.border[1] = CLF_BORDER_DEFAULT;
        wrong.mode = (clf_mode)5;
        check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_INVALID_VALUE, "mode is 5");
        wrong.mode = CLF_MODE_VALID;
        check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_SHAPE_MISMATCH, "dst: axis 0");
        wrong.mode = CLF_MODE_SAME;
        wrong.dst = desc.image;
        check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_OVERLAP, "dst overlaps image");
        wrong.dst = desc.dst;
        wrong.pattern = desc.dst;
        check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_OVERLAP, "dst overlaps pattern");
        wrong.pattern.dtype = CLF_U8;
        check_fails(clf_plan_match(*state, &wrong, &plan, &error), CLF_DTYPE_MISMATCH, "is u8; expected f32");
    }
    assert_null(plan);
    clf_tensor_release(&desc.image);
    clf_tensor_release(&desc.pattern);
    clf_tensor_release(&desc.dst);
}

/* Extents that a library asked for by name has no transform of. */
static void extents_are_refused(void **state) {
    static const struct {
        int64_t height, width;
        const char *solver;
    } rows[] = {{23, 30, "phase.clfft"},
#ifdef CLF_HAS_VKFFT
                {30, 1, "phase.vkfft"}
#endif
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        clf_error error = {0};
        clf_plan *plan = NULL;
        const int64_t shape[2] = {rows[i].height, rows[i].width};
        clf_view image = clf_view_dense(NULL, CLF_F32, 2, shape);
        const clf_match_desc desc = {.image = image,
                                     .pattern = image,
                                     .dst = image,
                                     .score = CLF_MATCH_PHASE,
                                     .options = {.solver = rows[i].solver}};
        check_fails(clf_plan_match(*state, &desc, &plan, &error), CLF_NO_SOLVER, rows[i].solver);
        assert_null(plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(correlation_is_the_sum),
        cmocka_unit_test(normalised_is_the_coefficient),
        cmocka_unit_test(normalised_finds_the_pattern),
        cmocka_unit_test(phase_finds_the_shift),
        cmocka_unit_test(ranks_out_of_range_are_refused),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(extents_are_refused),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
