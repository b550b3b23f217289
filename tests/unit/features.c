/* SPDX-License-Identifier: Apache-2.0 */
/* What is found by derivatives, against scipy.ndimage and scikit-image (features_golden.h), and bad descriptors. */
#include "unit.h"

#include "check/fixture.h"

#include "features_golden.h"

#include <math.h>
#include <stdlib.h>

enum { HEIGHT = 11, WIDTH = 14, PIXELS = HEIGHT * WIDTH, TALL = 40, WIDE = 56, LARGE = TALL * WIDE };
enum { BORDERS = 5 };

static const clf_border borders[BORDERS] = {CLF_BORDER_REFLECT, CLF_BORDER_PERIODIC, CLF_BORDER_SYMMETRIC,
                                            CLF_BORDER_REPLICATE, CLF_BORDER_CONSTANT};

#define FIVE(name) \
    { name##_reflect, name##_periodic, name##_symmetric, name##_replicate, name##_constant }
static const double *const laplace[] = FIVE(golden_laplace), *const log_of[] = FIVE(golden_log),
                           *const magnitude[] = FIVE(golden_magnitude), *const sobel[] = FIVE(golden_sobel),
                           *const tensor[] = FIVE(golden_tensor);
static const char *const *const canny[] = FIVE(golden_canny);

/* The image of make_features_golden.py. */
static void draw(int height, int width, double *pixels) {
    for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
            int down = 2 * i - height, across = 2 * j - width;
            double value = (double)((i * i * 3 + j * j * 5 + i * j * 7) % 32) / 128;
            value += down * down + across * across < height * height / 3 ? 0.75 : 0;
            value += j >= width / 8 && j < width / 8 + 2 ? 0.5 : 0;
            *pixels++ = value;
        }
    }
}

static clf_view make(clf_context *context, clf_dtype dtype, int height, int width, const void *values) {
    clf_error error = {0};
    clf_view view;
    const int64_t shape[2] = {height, width};
    check_ok(clf_tensor_create(context, dtype, 2, shape, &view, &error));
    if (values != NULL) {
        union {
            const void *constant;
            void *plain;
        } data = {.constant = values};
        clf_array array = {.data = data.plain, .dtype = dtype, .rank = 2, .shape = {height, width}};
        check_ok(clf_upload(context, &array, &view, &error));
    }
    return view;
}

/* Executes a plan and fetches a view. */
static void fetch(clf_context *context, clf_plan *plan, const clf_view *view, void *to) {
    clf_error error = {0};
    check_ok(clf_execute(plan, NULL, NULL, &error));
    clf_array array = {.data = to, .dtype = view->dtype, .rank = 2, .shape = {view->shape[0], view->shape[1]}};
    check_ok(clf_download(context, view, &array, &error));
}

static void expect_near(const double *got, const double *expected, int count, double tolerance) {
    for (int i = 0; i < count; i++) {
        if (fabs(got[i] - expected[i]) > tolerance) {
            fail_msg("element %d is %.17g, expected %.17g", i, got[i], expected[i]);
        }
    }
}

/* src, dst: dense f64 tensors of the small image. */
typedef struct small_image {
    clf_context *context;
    clf_view src, dst;
    double result[PIXELS];
} small_image;

static void small_begin(clf_context *context, small_image *small) {
    double pixels[PIXELS];
    draw(HEIGHT, WIDTH, pixels);
    *small = (small_image){.context = context,
                           .src = make(context, CLF_F64, HEIGHT, WIDTH, pixels),
                           .dst = make(context, CLF_F64, HEIGHT, WIDTH, NULL)};
}

static void small_end(small_image *small) {
    clf_tensor_release(&small->src);
    clf_tensor_release(&small->dst);
}

static void laplacians(void **state) {
    clf_error error = {0};
    small_image small;
    small_begin(*state, &small);
    for (int border = 0; border < BORDERS; border++) {
        for (int smooth = 0; smooth < 2; smooth++) {
            clf_laplace_desc desc = {.src = small.src,
                                     .dst = small.dst,
                                     .sigma = smooth ? 1.25 : 0,
                                     .border = {borders[border]},
                                     .cval = smooth ? 0 : 0.25};
            clf_plan *plan = NULL;
            check_ok(clf_plan_laplace(*state, &desc, &plan, &error));
            fetch(*state, plan, &small.dst, small.result);
            expect_near(small.result, (smooth ? log_of : laplace)[border], PIXELS, 1e-13);
            clf_plan_destroy(plan);
        }
    }
    small_end(&small);
}

static void magnitudes(void **state) {
    clf_error error = {0};
    small_image small;
    small_begin(*state, &small);
    for (int border = 0; border < BORDERS; border++) {
        for (int smooth = 0; smooth < 2; smooth++) {
            clf_gradient_desc desc = {.src = small.src,
                                      .dst = small.dst,
                                      .op = smooth ? CLF_GRADIENT_GAUSSIAN : CLF_GRADIENT_SOBEL,
                                      .sigma = smooth ? 1.25 : 0,
                                      .border = {borders[border]}};
            clf_plan *plan = NULL;
            check_ok(clf_plan_gradient(*state, &desc, &plan, &error));
            fetch(*state, plan, &small.dst, small.result);
            expect_near(small.result, (smooth ? magnitude : sobel)[border], PIXELS, 1e-13);
            clf_plan_destroy(plan);
        }
    }
    small_end(&small);
}

static void structure_tensors(void **state) {
    clf_error error = {0};
    small_image small;
    small_begin(*state, &small);
    clf_view xy = make(*state, CLF_F64, HEIGHT, WIDTH, NULL), yy = make(*state, CLF_F64, HEIGHT, WIDTH, NULL);
    for (int border = 0; border < BORDERS; border++) {
        clf_structure_desc desc = {
            .src = small.src, .xx = small.dst, .xy = xy, .yy = yy, .sigma = 1.5, .border = {borders[border]}};
        const clf_view *views[] = {&small.dst, &xy, &yy};
        clf_plan *plan = NULL;
        check_ok(clf_plan_structure(*state, &desc, &plan, &error));
        for (int i = 0; i < 3; i++) {
            fetch(*state, plan, views[i], small.result);
            expect_near(small.result, tensor[border] + (size_t)i * PIXELS, PIXELS, 1e-12);
        }
        clf_plan_destroy(plan);
    }
    clf_tensor_release(&xy);
    clf_tensor_release(&yy);
    small_end(&small);
}

static void harris_responses(void **state) {
    clf_error error = {0};
    small_image small;
    small_begin(*state, &small);
    for (int method = 0; method < 2; method++) {
        clf_structure_desc desc = {.src = small.src,
                                   .response = small.dst,
                                   .sigma = 1.5,
                                   .method = (clf_harris_method)method,
                                   .k = method == CLF_HARRIS_K ? 0.07 : 1e-3,
                                   .border = {CLF_BORDER_CONSTANT}};
        clf_plan *plan = NULL;
        check_ok(clf_plan_structure(*state, &desc, &plan, &error));
        fetch(*state, plan, &small.dst, small.result);
        expect_near(small.result, method == CLF_HARRIS_K ? golden_harris_k : golden_harris_eps, PIXELS, 1e-11);
        clf_plan_destroy(plan);
    }
    small_end(&small);
}

static void expect_edges(clf_context *context, const clf_canny_desc *given, const char *const *expected) {
    clf_error error = {0};
    double pixels[LARGE];
    uint8_t edges[LARGE];
    draw(TALL, WIDE, pixels);
    clf_canny_desc desc = *given;
    desc.src = make(context, CLF_F64, TALL, WIDE, pixels);
    desc.dst = make(context, CLF_U8, TALL, WIDE, NULL);
    clf_plan *plan = NULL;
    check_ok(clf_plan_canny(context, &desc, &plan, &error));
    fetch(context, plan, &desc.dst, edges);
    for (int i = 0; i < LARGE; i++) {
        if (edges[i] != (expected[i / WIDE][i % WIDE] == '#' ? 255 : 0)) {
            fail_msg("pixel (%d, %d) is %d", i / WIDE, i % WIDE, edges[i]);
        }
    }
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

static void canny_edges(void **state) {
    for (int border = 0; border < BORDERS; border++) {
        expect_edges(
            *state, &(clf_canny_desc){.sigma = 1.5, .low = 0.2, .high = 0.9, .border = {borders[border]}, .cval = 0.25},
            canny[border]);
    }
    expect_edges(*state, &(clf_canny_desc){.sigma = 0.6, .low = 0.3, .high = 1.5, .border = {CLF_BORDER_CONSTANT}},
                 golden_canny_fine);
}

/* A spiral one pixel wide, weak but for its end: hysteresis must follow it all the way. */
static void hysteresis_follows(void **state) {
    enum { SIDE = 64 };
    clf_error error = {0};
    static float pixels[SIDE * SIDE];
    static uint8_t edges[SIDE * SIDE];
    memset(pixels, 0, sizeof pixels);
    /* Rings of a ramp: one long edge that winds inwards, its outermost turn of greater height. */
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++) {
            double angle = atan2(i - 31.5, j - 31.5), radius = hypot(i - 31.5, j - 31.5);
            double turn = fmod(radius - angle * 10 / (2 * 3.14159265358979), 10);
            pixels[i * SIDE + j] = (turn < 0 ? turn + 10 : turn) < 5 ? (radius > 26 ? 4.0F : 1.0F) : 0.0F;
        }
    }
    clf_canny_desc desc = {.src = make(*state, CLF_F32, SIDE, SIDE, pixels),
                           .dst = make(*state, CLF_U8, SIDE, SIDE, NULL),
                           .sigma = 1,
                           .low = 0.5,
                           .border = {CLF_BORDER_REPLICATE}};
    int found[2] = {0, 0};
    for (int strong = 0; strong < 2; strong++) {
        desc.high = strong ? 6 : 0.5;
        clf_plan *plan = NULL;
        check_ok(clf_plan_canny(*state, &desc, &plan, &error));
        fetch(*state, plan, &desc.dst, edges);
        for (int i = 0; i < SIDE * SIDE; i++) {
            bool inner = hypot(i / SIDE - 31.5, i % SIDE - 31.5) < 20;
            found[strong] += inner && edges[i] != 0;
        }
        clf_plan_destroy(plan);
    }
    assert_true(found[0] > 100);
    assert_int_equal(found[1], found[0]); /* no pixel there reaches `high`: all are kept through the outer turn */
    clf_tensor_release(&desc.src);
    clf_tensor_release(&desc.dst);
}

static void bad_descriptors(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    small_image small;
    small_begin(*state, &small);
    clf_view edges = make(*state, CLF_U8, HEIGHT, WIDTH, NULL);
    const clf_laplace_desc laplacian = {.src = small.src, .dst = small.dst};
    clf_laplace_desc l = laplacian;
    check_fails(clf_plan_laplace(NULL, &l, &plan, &error), CLF_NULL_ARGUMENT, "context is NULL");
    l.sigma = -1;
    check_fails(clf_plan_laplace(*state, &l, &plan, &error), CLF_INVALID_VALUE, "sigma is -1");
    l.sigma = (double)INFINITY;
    check_fails(clf_plan_laplace(*state, &l, &plan, &error), CLF_INVALID_VALUE, "sigma is inf");
    l = laplacian, l.axes = 3;
    check_fails(clf_plan_laplace(*state, &l, &plan, &error), CLF_INVALID_VIEW, "expected at least 3");
    l = laplacian, l.axes = 4;
    check_fails(clf_plan_laplace(*state, &l, &plan, &error), CLF_INVALID_VALUE, "axes is 4");
    clf_structure_desc s = {.src = small.src, .xx = small.dst};
    check_fails(clf_plan_structure(*state, &s, &plan, &error), CLF_INVALID_VALUE, "xy is not given");
    s.response = small.dst;
    check_fails(clf_plan_structure(*state, &s, &plan, &error), CLF_INVALID_VALUE, "xx is given together with response");
    s = (clf_structure_desc){.src = small.src};
    check_fails(clf_plan_structure(*state, &s, &plan, &error), CLF_INVALID_VALUE, "xx is not given");
    s = (clf_structure_desc){.src = small.src, .response = small.dst, .method = (clf_harris_method)7};
    check_fails(clf_plan_structure(*state, &s, &plan, &error), CLF_INVALID_VALUE, "method is 7");
    s = (clf_structure_desc){.src = small.src, .response = small.dst, .sigma = 200};
    check_fails(clf_plan_structure(*state, &s, &plan, &error), CLF_INVALID_VALUE, "sigma is 200");
    clf_canny_desc c = {.src = small.src, .dst = small.dst};
    check_fails(clf_plan_canny(*state, &c, &plan, &error), CLF_DTYPE_MISMATCH, "dst is f64; expected u8");
    c = (clf_canny_desc){.src = small.src, .dst = edges, .low = 2, .high = 1};
    check_fails(clf_plan_canny(*state, &c, &plan, &error), CLF_INVALID_VALUE, "low is 2, high is 1");
    c = (clf_canny_desc){.src = small.src, .dst = edges, .border = {(clf_border)9}};
    check_fails(clf_plan_canny(*state, &c, &plan, &error), CLF_INVALID_VALUE, "border[0] is 9");
    c = (clf_canny_desc){.src = small.src, .dst = edges, .low = (double)NAN, .high = 1};
    check_fails(clf_plan_canny(*state, &c, &plan, &error), CLF_INVALID_VALUE, "expected 0 <= low <= high, finite");
    c = (clf_canny_desc){.src = small.src, .dst = edges, .high = (double)INFINITY};
    check_fails(clf_plan_canny(*state, &c, &plan, &error), CLF_INVALID_VALUE, "expected 0 <= low <= high, finite");
    c = (clf_canny_desc){.src = small.src, .dst = edges, .cval = (double)NAN};
    check_fails(clf_plan_canny(*state, &c, &plan, &error), CLF_INVALID_VALUE, "cval is NaN");
    c = (clf_canny_desc){.src = edges, .dst = edges};
    check_fails(clf_plan_canny(*state, &c, &plan, &error), CLF_OVERLAP, "dst overlaps src");
    l = laplacian, l.scale = (double)NAN;
    check_fails(clf_plan_laplace(*state, &l, &plan, &error), CLF_INVALID_VALUE, "scale is ");
    l = laplacian, l.dst = small.src;
    check_fails(clf_plan_laplace(*state, &l, &plan, &error), CLF_OVERLAP, "dst overlaps src");
    l = laplacian, l.dst = edges;
    check_fails(clf_plan_laplace(*state, &l, &plan, &error), CLF_DTYPE_MISMATCH, "dst is u8; expected f64");
    s = (clf_structure_desc){.src = small.src, .response = small.dst, .k = (double)NAN};
    check_fails(clf_plan_structure(*state, &s, &plan, &error), CLF_INVALID_VALUE, "expected a finite number");
    s = (clf_structure_desc){.src = small.src, .xx = small.dst, .xy = small.dst, .yy = small.dst};
    check_fails(clf_plan_structure(*state, &s, &plan, &error), CLF_OVERLAP, "overlaps");
    s = (clf_structure_desc){.src = small.src, .response = edges};
    check_fails(clf_plan_structure(*state, &s, &plan, &error), CLF_DTYPE_MISMATCH, "response is u8; expected f64");
    assert_null(plan);
    clf_tensor_release(&edges);
    small_end(&small);
}

/* A context on a device that reports itself as a GPU; unit_close_context closes it. */
static int open_as_gpu(void **state) {
    test_fixture fixture;
    if (!fixture_open(&fixture, 0, true)) {
        return 1;
    }
    *state = fixture.context;
    return 0;
}

/* --as-gpu: on such a device. */
int main(int count, char **arguments) {
    bool as_gpu = count == 2 && strcmp(arguments[1], "--as-gpu") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laplacians),       cmocka_unit_test(magnitudes),  cmocka_unit_test(structure_tensors),
        cmocka_unit_test(harris_responses), cmocka_unit_test(canny_edges), cmocka_unit_test(hysteresis_follows),
        cmocka_unit_test(bad_descriptors),
    };
    return cmocka_run_group_tests(tests, as_gpu ? open_as_gpu : unit_open_context, unit_close_context);
}
