/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gradients against central differences of their functions in double, several outputs in one pass, gradients handed in,
 * the same bits every time, and bad descriptors of the smoothness loss.
 */
#include "unit.h"

#include "check/smoothness.h"

#include <math.h>

enum { MAPS = 2, CHANNELS = 3, ROWS = 5, COLUMNS = 19, PIXELS = MAPS * ROWS * COLUMNS, IMAGE = PIXELS * CHANNELS };

static const int64_t map_shape[4] = {MAPS, 1, ROWS, COLUMNS}, image_shape[4] = {MAPS, CHANNELS, ROWS, COLUMNS};

static void draw(double *values, int count, unsigned seed) {
    for (int i = 0; i < count; i++) {
        seed = seed * 1664525U + 1013904223U;
        values[i] = (double)(seed >> 8) / 16777216.0;
    }
}

static clf_view tensor(clf_context *context, int rank, const int64_t *shape, double *values) {
    clf_error error = {0};
    clf_view view;
    check_ok(clf_tensor_create(context, CLF_F64, rank, shape, &view, &error));
    if (values != NULL) {
        clf_array array = {.data = values, .dtype = CLF_F64, .rank = rank};
        memcpy(array.shape, shape, (size_t)rank * sizeof *shape);
        check_ok(clf_upload(context, &array, &view, &error));
    }
    return view;
}

static void fetch(clf_context *context, const clf_view *view, double *values) {
    clf_error error = {0};
    clf_array array = {.data = values, .dtype = CLF_F64, .rank = view->rank};
    memcpy(array.shape, view->shape, sizeof array.shape);
    check_ok(clf_download(context, view, &array, &error));
}

/* ---- the smoothness loss ---- */

typedef struct loss_case {
    double disparity[PIXELS], image[IMAGE], handed[PIXELS];
    double grad_disparity[PIXELS], grad_image[IMAGE], loss[PIXELS];
    bool turned; /* what is handed in for every pixel lies column after column */
} loss_case;

/* The sum of the loss (or of its map) times what is handed in: what the gradients are of. */
static double handed_loss(const smoothness_formula *formula, const loss_case *c) {
    double map[PIXELS], sum = 0;
    double loss = smoothness_loss(formula, c->disparity, c->image, map);
    if (formula->reduction != CLF_SMOOTHNESS_NONE) {
        return loss * c->handed[0];
    }
    for (int i = 0; i < PIXELS; i++) {
        sum += map[i] * c->handed[i];
    }
    return sum;
}

static void expect_slopes(const smoothness_formula *formula, loss_case *c, double *values, const double *gradient,
                          int count) {
    const double step = 1e-6;
    for (int i = 0; i < count; i += 3) {
        double kept = values[i];
        values[i] = kept + step;
        double after = handed_loss(formula, c);
        values[i] = kept - step;
        double before = handed_loss(formula, c);
        values[i] = kept;
        double slope = (after - before) / (2 * step);
        if (fabs(slope - gradient[i]) > 1e-7) {
            fail_msg("element %d: the gradient is %.12g, the slope %.12g", i, gradient[i], slope);
        }
    }
}

/* A map for every pixel, or one number. */
static clf_view handed_in(clf_context *context, bool map, loss_case *c) {
    const int64_t one[1] = {1};
    clf_error error = {0};
    clf_view view = tensor(context, map ? 4 : 1, map ? map_shape : one, c->handed);
    if (map && c->turned) {
        const clf_array array = {.data = c->handed, .dtype = CLF_F64, .rank = 4, .shape = {MAPS, 1, ROWS, COLUMNS}};
        view.strides[2] = 1;
        view.strides[3] = ROWS;
        check_ok(clf_upload(context, &array, &view, &error));
    }
    return view;
}

/* Loss and both gradients in one pass, with a gradient handed in, order and reduction as given. */
static void run_loss(clf_context *context, const smoothness_formula *formula, loss_case *c) {
    clf_error error = {0};
    bool map = formula->reduction == CLF_SMOOTHNESS_NONE;
    const int64_t one[1] = {1};
    clf_smoothness_desc desc = {.disparity = tensor(context, 4, map_shape, c->disparity),
                                .image = tensor(context, 4, image_shape, c->image),
                                .grad_loss = handed_in(context, map, c),
                                .loss = tensor(context, map ? 4 : 1, map ? map_shape : one, NULL),
                                .grad_disparity = tensor(context, 4, map_shape, NULL),
                                .grad_image = tensor(context, 4, image_shape, NULL),
                                .norm = formula->norm,
                                .reduction = formula->reduction,
                                .order = formula->order,
                                .edge_weight = formula->weight};
    clf_plan *plan = NULL;
    check_ok(clf_plan_smoothness(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    fetch(context, &desc.loss, c->loss);
    fetch(context, &desc.grad_disparity, c->grad_disparity);
    fetch(context, &desc.grad_image, c->grad_image);
    clf_plan_destroy(plan);
    clf_view *views[] = {&desc.disparity, &desc.image,          &desc.grad_loss,
                         &desc.loss,      &desc.grad_disparity, &desc.grad_image};
    for (size_t i = 0; i < COUNT(views); i++) {
        clf_tensor_release(views[i]);
    }
}

static void loss_gradients(void **state) {
    static loss_case c;
    draw(c.disparity, PIXELS, 1);
    draw(c.image, IMAGE, 2);
    draw(c.handed, PIXELS, 3);
    for (int order = 1; order <= 2; order++) {
        for (int turn = 0; turn < 5; turn++) {
            c.turned = turn == 4;
            int reduction = c.turned ? CLF_SMOOTHNESS_NONE : turn;
            smoothness_formula formula = {.shape = {MAPS, CHANNELS, ROWS, COLUMNS},
                                          .norm = (clf_smoothness_norm)(turn % 2),
                                          .reduction = (clf_smoothness_reduction)reduction,
                                          .order = order,
                                          .weight = 1.5};
            double map[PIXELS];
            run_loss(*state, &formula, &c);
            double loss = smoothness_loss(&formula, c.disparity, c.image, map);
            for (int i = 0; i < (reduction == CLF_SMOOTHNESS_NONE ? PIXELS : 1); i++) {
                double expected = reduction == CLF_SMOOTHNESS_NONE ? map[i] : loss;
                assert_true(fabs(c.loss[i] - expected) <= 1e-12 * fabs(loss));
            }
            expect_slopes(&formula, &c, c.disparity, c.grad_disparity, PIXELS);
            expect_slopes(&formula, &c, c.image, c.grad_image, IMAGE);
        }
    }
}

/* f32, large enough for many work-items: the same bits however often, and close to the sum in double. */
static void loss_repeats(void **state) {
    enum { SIDE = 512, CELLS = SIDE * SIDE };
    static float disparity[CELLS], image[CELLS];
    static double wide_disparity[CELLS], wide_image[CELLS];
    clf_error error = {0};
    draw(wide_disparity, CELLS, 7);
    draw(wide_image, CELLS, 8);
    for (int i = 0; i < CELLS; i++) {
        wide_disparity[i] = disparity[i] = (float)wide_disparity[i];
        wide_image[i] = image[i] = (float)wide_image[i];
    }
    const int64_t shape[4] = {1, 1, SIDE, SIDE}, one[1] = {1};
    clf_smoothness_desc desc = {.disparity = unit_tensor(*state, 4, shape, disparity),
                                .image = unit_tensor(*state, 4, shape, image),
                                .loss = unit_tensor(*state, 1, one, NULL),
                                .reduction = CLF_SMOOTHNESS_SUM};
    clf_plan *plan = NULL;
    float first = 0;
    check_ok(clf_plan_smoothness(*state, &desc, &plan, &error));
    for (int run = 0; run < 10; run++) {
        float loss;
        check_ok(clf_execute(plan, NULL, NULL, &error));
        unit_read(*state, &desc.loss, &loss);
        first = run == 0 ? loss : first;
        assert_memory_equal(&loss, &first, sizeof loss);
    }
    smoothness_formula formula = {
        .shape = {1, 1, SIDE, SIDE}, .reduction = CLF_SMOOTHNESS_SUM, .order = 1, .weight = 1};
    double expected = smoothness_loss(&formula, wide_disparity, wide_image, NULL);
    assert_true(fabs(first - expected) <= 2e-7 * expected); /* a rounding of the sum, not one of its terms' number */
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.disparity);
    clf_tensor_release(&desc.image);
    clf_tensor_release(&desc.loss);
}

static void bad_losses(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    const int64_t one[1] = {1}, other_shape[4] = {MAPS, CHANNELS, ROWS, COLUMNS - 1};
    clf_view integers;
    check_ok(clf_tensor_create(*state, CLF_U8, 4, map_shape, &integers, &error));
    const clf_smoothness_desc good = {.disparity = tensor(*state, 4, map_shape, NULL),
                                      .image = tensor(*state, 4, image_shape, NULL),
                                      .loss = tensor(*state, 1, one, NULL)};
    clf_view gradient = tensor(*state, 4, map_shape, NULL), narrow = tensor(*state, 4, other_shape, NULL);
#define EXPECT(change, status, fragment)                                               \
    do {                                                                               \
        clf_smoothness_desc d = good;                                                  \
        change;                                                                        \
        check_fails(clf_plan_smoothness(*state, &d, &plan, &error), status, fragment); \
    } while (0)
    EXPECT(d.image = narrow, CLF_SHAPE_MISMATCH, "disparity: axis 3 has extent 19; expected 18");
    EXPECT(d.disparity = good.image, CLF_SHAPE_MISMATCH, "disparity: axis 1 has extent 3; expected 1");
    EXPECT(d.disparity = good.loss, CLF_INVALID_VIEW, "disparity has rank 1; expected 4");
    EXPECT(d.disparity = integers, CLF_DTYPE_MISMATCH, "disparity is u8; expected f32");
    EXPECT(d.image.dtype = CLF_F32, CLF_DTYPE_MISMATCH, "image is f32 and disparity f64");
    EXPECT(d.grad_disparity = narrow, CLF_SHAPE_MISMATCH, "grad_disparity: axis 1");
    EXPECT(d.grad_image = gradient, CLF_SHAPE_MISMATCH, "grad_image: axis 1 has extent 1; expected 3");
    EXPECT(d.loss = gradient, CLF_SHAPE_MISMATCH, "loss: rank 4");
    EXPECT(d.reduction = CLF_SMOOTHNESS_NONE, CLF_SHAPE_MISMATCH, "loss: rank 1");
    EXPECT(d.loss.dtype = CLF_F32, CLF_DTYPE_MISMATCH, "loss is f32; expected f64");
    EXPECT(d.grad_loss = gradient, CLF_SHAPE_MISMATCH, "grad_loss: rank 4");
    EXPECT(memset(&d.loss, 0, sizeof d.loss), CLF_INVALID_VALUE, "no output is requested");
    EXPECT(d.norm = (clf_smoothness_norm)2, CLF_INVALID_VALUE, "norm is 2");
    EXPECT(d.reduction = (clf_smoothness_reduction)4, CLF_INVALID_VALUE, "reduction is 4");
    EXPECT(d.order = 3, CLF_INVALID_VALUE, "order is 3; expected 1 or 2");
    EXPECT(d.edge_weight = -1, CLF_INVALID_VALUE, "edge_weight is -1");
    EXPECT(d.edge_weight = (double)INFINITY, CLF_INVALID_VALUE, "edge_weight is inf");
    EXPECT((d.edge_weight = 1, d.ignore_image = true), CLF_INVALID_VALUE, "although the image is ignored");
    EXPECT((d.grad_disparity = gradient, d.grad_disparity.buffer = good.disparity.buffer), CLF_OVERLAP,
           "grad_disparity overlaps disparity");
    EXPECT(d.options.solver = "smoothness.magic", CLF_NO_SOLVER, "called \"smoothness.magic\"");
#undef EXPECT
    check_fails(clf_plan_smoothness(*state, NULL, &plan, &error), CLF_NULL_ARGUMENT, "desc is NULL");
    assert_null(plan);
    clf_view views[] = {good.disparity, good.image, good.loss, gradient, narrow, integers};
    for (size_t i = 0; i < COUNT(views); i++) {
        clf_tensor_release(&views[i]);
    }
}

/* ---- derivatives ---- */

enum { HEIGHT = 7, WIDTH = 9, CELLS = HEIGHT * WIDTH, OUTPUTS = 6 };

/* Every output at once, weighted and summed: a function of the image. */
static double weighted(clf_context *context, const clf_gradient_desc *given, double *image, double weights[][CELLS]) {
    clf_error error = {0};
    const int64_t shape[2] = {HEIGHT, WIDTH};
    clf_gradient_desc desc = *given;
    clf_view *outputs[OUTPUTS] = {&desc.dst, &desc.dx, &desc.dy, &desc.squared, &desc.l1, &desc.orientation};
    desc.src = tensor(context, 2, shape, image);
    for (int i = 0; i < OUTPUTS; i++) {
        *outputs[i] = tensor(context, 2, shape, NULL);
    }
    clf_plan *plan = NULL;
    double sum = 0, values[CELLS];
    check_ok(clf_plan_gradient(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    for (int i = 0; i < OUTPUTS; i++) {
        fetch(context, outputs[i], values);
        for (int j = 0; j < CELLS; j++) {
            sum += weights[i][j] * values[j];
        }
        clf_tensor_release(outputs[i]);
    }
    clf_plan_destroy(plan);
    clf_tensor_release(&desc.src);
    return sum;
}

/* All gradients handed back at once. */
static void hand_back(clf_context *context, const clf_gradient_desc *given, double *image, double weights[][CELLS],
                      double *gradient) {
    clf_error error = {0};
    const int64_t shape[2] = {HEIGHT, WIDTH};
    clf_gradient_backward_desc desc = {.src = tensor(context, 2, shape, image),
                                       .grad_dst = tensor(context, 2, shape, weights[0]),
                                       .grad_dx = tensor(context, 2, shape, weights[1]),
                                       .grad_dy = tensor(context, 2, shape, weights[2]),
                                       .grad_squared = tensor(context, 2, shape, weights[3]),
                                       .grad_l1 = tensor(context, 2, shape, weights[4]),
                                       .grad_orientation = tensor(context, 2, shape, weights[5]),
                                       .grad_src = tensor(context, 2, shape, NULL),
                                       .op = given->op,
                                       .sigma = given->sigma,
                                       .border = {given->border[0], given->border[1]},
                                       .cval = given->cval,
                                       .scale = given->scale,
                                       .eps = given->eps};
    clf_plan *plan = NULL;
    check_ok(clf_plan_gradient_backward(context, &desc, &plan, &error));
    check_ok(clf_execute(plan, NULL, NULL, &error));
    fetch(context, &desc.grad_src, gradient);
    clf_plan_destroy(plan);
    clf_view *views[] = {&desc.src,          &desc.grad_dst, &desc.grad_dx,          &desc.grad_dy,
                         &desc.grad_squared, &desc.grad_l1,  &desc.grad_orientation, &desc.grad_src};
    for (size_t i = 0; i < COUNT(views); i++) {
        clf_tensor_release(views[i]);
    }
}

static void derivative_gradients(void **state) {
    static const clf_border borders[] = {CLF_BORDER_REFLECT, CLF_BORDER_PERIODIC, CLF_BORDER_SYMMETRIC,
                                         CLF_BORDER_REPLICATE, CLF_BORDER_CONSTANT};
    static const clf_gradient_operator ops[] = {CLF_GRADIENT_SOBEL, CLF_GRADIENT_GAUSSIAN, CLF_GRADIENT_SCHARR,
                                                CLF_GRADIENT_PREWITT, CLF_GRADIENT_GAUSSIAN};
    double image[CELLS], weights[OUTPUTS][CELLS], gradient[CELLS];
    const double step = 1e-6;
    draw(image, CELLS, 11);
    for (int i = 0; i < OUTPUTS; i++) {
        draw(weights[i], CELLS, (unsigned)(20 + i));
    }
    for (size_t border = 0; border < COUNT(borders); border++) {
        clf_gradient_desc desc = {.op = ops[border],
                                  .sigma = ops[border] == CLF_GRADIENT_GAUSSIAN ? 0.9 : 0,
                                  .border = {borders[border], borders[(border + 2) % COUNT(borders)]},
                                  .cval = 0.3,
                                  .scale = 0.7,
                                  .eps = 1e-4};
        hand_back(*state, &desc, image, weights, gradient);
        for (int i = 0; i < CELLS; i += 2) {
            double kept = image[i];
            image[i] = kept + step;
            double after = weighted(*state, &desc, image, weights);
            image[i] = kept - step;
            double slope = (after - weighted(*state, &desc, image, weights)) / (2 * step);
            image[i] = kept;
            if (fabs(slope - gradient[i]) > 1e-5 * (1 + fabs(slope))) {
                fail_msg("border %zu, element %d: the gradient is %.10g, the slope %.10g", border, i, gradient[i],
                         slope);
            }
        }
    }
}

static void bad_backward(void **state) {
    clf_error error = {0};
    clf_plan *plan = NULL;
    const int64_t shape[2] = {HEIGHT, WIDTH};
    clf_view a = tensor(*state, 2, shape, NULL), b = tensor(*state, 2, shape, NULL), c = tensor(*state, 2, shape, NULL);
    clf_gradient_backward_desc d = {.grad_src = a};
    check_fails(clf_plan_gradient_backward(*state, &d, &plan, &error), CLF_INVALID_VALUE, "no gradient is given");
    d.grad_dst = b;
    check_fails(clf_plan_gradient_backward(*state, &d, &plan, &error), CLF_INVALID_VALUE, "src is not given");
    d.src = c, d.grad_dz = b;
    check_fails(clf_plan_gradient_backward(*state, &d, &plan, &error), CLF_INVALID_VALUE, "does not exist with 2 axes");
    memset(&d.grad_dz, 0, sizeof d.grad_dz), d.grad_dst.dtype = CLF_F32;
    check_fails(clf_plan_gradient_backward(*state, &d, &plan, &error), CLF_DTYPE_MISMATCH, "grad_dst is f32");
    d.grad_dst = b, d.op = CLF_GRADIENT_GAUSSIAN;
    check_fails(clf_plan_gradient_backward(*state, &d, &plan, &error), CLF_INVALID_VALUE, "sigma is 0");
    d.op = CLF_GRADIENT_CENTRAL, d.grad_src = b;
    check_fails(clf_plan_gradient_backward(*state, &d, &plan, &error), CLF_OVERLAP, "grad_src overlaps");
    assert_null(plan);
    clf_tensor_release(&a);
    clf_tensor_release(&b);
    clf_tensor_release(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_gradients),       cmocka_unit_test(loss_repeats), cmocka_unit_test(bad_losses),
        cmocka_unit_test(derivative_gradients), cmocka_unit_test(bad_backward),
    };
    return cmocka_run_group_tests(tests, unit_open_context, unit_close_context);
}
