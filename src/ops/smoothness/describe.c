/* SPDX-License-Identifier: Apache-2.0 */
/* The edge-aware smoothness loss: the public call, from descriptor to plan. */
#include "ops/smoothness/smoothness.h"

#include "base/number.h"
#include "ops/real.h"
#include "ops/smoothness/words.h"
#include "plan/view.h"

#include <math.h>
#include <string.h>

static const char *const norm_names[] = {CLF_SMOOTHNESS_NORM_TABLE(CLF_NAME_OF)};
static const char *const reduction_names[] = {CLF_SMOOTHNESS_REDUCTION_TABLE(CLF_NAME_OF)};
enum {
    NORM_COUNT = sizeof norm_names / sizeof *norm_names,
    REDUCTION_COUNT = sizeof reduction_names / sizeof *reduction_names
};

const char *clf_smoothness_norm_name(clf_smoothness_norm norm) {
    return (unsigned)norm < NORM_COUNT ? norm_names[norm] : "?";
}

const char *clf_smoothness_reduction_name(clf_smoothness_reduction reduction) {
    return (unsigned)reduction < REDUCTION_COUNT ? reduction_names[reduction] : "?";
}

static void print(const void *described, clf_text *text) {
    const clf_smoothness_problem *problem = described;
    const clf_smoothness_tensor *with[] = {&problem->grad_loss, &problem->loss, &problem->grad_disparity,
                                           &problem->grad_image};
    clf_smoothness_words words = {.norm = (int)problem->norm,
                                  .reduction = (int)problem->reduction,
                                  .order = problem->order,
                                  .weight = problem->weight,
                                  .image = problem->image.view.dtype};
    clf_words_set_shape(&words, &problem->image.view);
    words.line.dtype = problem->disparity.view.dtype;
    clf_words_set_strides(&words, CLF_SMOOTHNESS_DISPARITY, &problem->disparity.view);
    clf_words_set_strides(&words, CLF_SMOOTHNESS_IMAGE, &problem->image.view);
    for (int i = 0; i < 4; i++) {
        if (!with[i]->given)
            continue;
        words.with |= 1U << i;
        clf_words_set_strides(&words, CLF_SMOOTHNESS_WITH + i, &with[i]->view);
    }
    clf_words_print(&clf_smoothness_line, &words, text);
}

static void cost(const void *described, clf_plan_cost *cost) {
    const clf_smoothness_problem *problem = described;
    const clf_smoothness_tensor *tensors[] = {&problem->disparity, &problem->image,          &problem->grad_loss,
                                              &problem->loss,      &problem->grad_disparity, &problem->grad_image};
    cost->bytes = 0;
    for (int i = 0; i < 6; i++)
        if (tensors[i]->given)
            cost->bytes += (double)clf_view_count(&tensors[i]->view) * (double)clf_dtype_bytes(tensors[i]->view.dtype);
    double pixels = (double)clf_view_count(&problem->disparity.view);
    double edges = problem->grad_disparity.given || problem->grad_image.given ? 4 : 2;
    cost->flops = pixels * edges * (25 + 3 * (double)problem->image.view.shape[1]);
}

static const clf_solver *const solvers[] = {&clf_smoothness_fused, NULL};

/* A map of losses, and its gradients, image by image. */
static bool cut(const void *described, int axis, clf_cut *cut) {
    const clf_smoothness_problem *problem = described;
    int64_t extent = problem->image.view.shape[axis];
    *cut = (clf_cut){.outputs = extent, .inputs = extent, .step = 1, .border = CLF_BORDER_REPLICATE};
    return axis == 0 && problem->reduction == CLF_SMOOTHNESS_NONE;
}

static void slice(const void *described, int axis, const clf_view *slab, void *written) {
    clf_smoothness_problem *sub = written;
    (void)axis;
    *sub = *(const clf_smoothness_problem *)described;
    clf_smoothness_tensor *tensors[] = {&sub->disparity, &sub->image,          &sub->grad_loss,
                                        &sub->loss,      &sub->grad_disparity, &sub->grad_image};
    for (int i = 0; i < 6; i++)
        if (tensors[i]->given)
            tensors[i]->view = slab[tensors[i]->operand];
    /* Images without channels are not cut, but there are as many of them. */
    sub->image.view.shape[0] = sub->grad_image.view.shape[0] = sub->disparity.view.shape[0];
}

static const clf_slicing slicing = {sizeof(clf_smoothness_problem), cut, slice};
static const clf_operation operation = {"smoothness",
                                        solvers,
                                        print,
                                        cost,
                                        &slicing,
                                        "except for the images of a map, the loss needs the whole tensor",
                                        &clf_smoothness_fused};

static clf_status check_options(const char *function, const clf_smoothness_desc *desc, clf_smoothness_problem *problem,
                                clf_error *error) {
    if ((unsigned)desc->norm >= NORM_COUNT)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: norm is %d; expected a clf_smoothness_norm", function,
                        (int)desc->norm);
    if ((unsigned)desc->reduction >= REDUCTION_COUNT)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: reduction is %d; expected a clf_smoothness_reduction", function,
                        (int)desc->reduction);
    if (desc->order < 0 || desc->order > 2)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: order is %d; expected 1 or 2", function, desc->order);
    if (!isfinite(desc->edge_weight) || desc->edge_weight < 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: edge_weight is %s; expected a finite number greater than 0",
                        function, clf_number_general(desc->edge_weight, 6).text);
    if (desc->ignore_image && desc->edge_weight != 0)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: edge_weight is %s although the image is ignored; expected 0",
                        function, clf_number_general(desc->edge_weight, 6).text);
    problem->norm = desc->norm;
    problem->reduction = desc->reduction;
    problem->order = desc->order != 0 ? desc->order : 1;
    problem->weight = desc->ignore_image ? 0 : desc->edge_weight != 0 ? desc->edge_weight : 1;
    return CLF_OK;
}

static clf_status check_inputs(const char *function, clf_smoothness_problem *problem, clf_error *error) {
    const clf_view *disparity = &problem->disparity.view, *image = &problem->image.view;
    if (disparity->rank != 4 || image->rank != 4)
        return clf_fail(error, CLF_INVALID_VIEW, "%s: %s has rank %d; expected 4, (N, C, H, W)", function,
                        disparity->rank != 4 ? "disparity" : "image",
                        disparity->rank != 4 ? disparity->rank : image->rank);
    if (disparity->dtype != CLF_F32 && disparity->dtype != CLF_F64 && disparity->dtype != CLF_F16)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: disparity is %s; expected f32, f64 or f16", function,
                        clf_dtype_name(disparity->dtype));
    bool narrow = disparity->dtype == CLF_F32 && clf_dtype_filterable(image->dtype) && image->dtype != CLF_F64;
    if (image->dtype != disparity->dtype && !narrow)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: image is %s and disparity %s; expected %s%s", function,
                        clf_dtype_name(image->dtype), clf_dtype_name(disparity->dtype),
                        clf_dtype_name(disparity->dtype), disparity->dtype == CLF_F32 ? ", f16, u8, u16 or i16" : "");
    int64_t shape[4] = {image->shape[0], 1, image->shape[2], image->shape[3]};
    return clf_view_check_shape(disparity, "disparity", 4, shape, error);
}

/* Takes a view where it is given: one field that is not zero. */
static clf_status take_view(const clf_view *given, const char *name, const clf_smoothness_problem *problem, int rank,
                            const int64_t *shape, clf_smoothness_tensor *tensor, clf_error *error) {
    static const clf_view absent;
    tensor->given = given->buffer != NULL || given->rank != 0 || given->offset != 0 || given->dtype != 0 ||
                    memcmp(given->shape, absent.shape, sizeof absent.shape) != 0 ||
                    memcmp(given->strides, absent.strides, sizeof absent.strides) != 0;
    if (!tensor->given)
        return CLF_OK;
    CLF_TRY(clf_view_resolve(given, name, &tensor->view, error));
    clf_dtype wanted = problem->wide ? CLF_F64 : CLF_F32;
    if (tensor->view.dtype != wanted)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s is %s; expected %s", name, clf_dtype_name(tensor->view.dtype),
                        clf_dtype_name(wanted));
    return clf_view_check_shape(&tensor->view, name, rank, shape, error);
}

static clf_status describe(const char *function, const clf_smoothness_desc *desc, clf_smoothness_problem *problem,
                           clf_error *error) {
    memset(problem, 0, sizeof *problem);
    problem->disparity.given = problem->image.given = true;
    CLF_TRY(clf_view_resolve(&desc->disparity, "disparity", &problem->disparity.view, error));
    CLF_TRY(clf_view_resolve(&desc->image, "image", &problem->image.view, error));
    CLF_TRY(check_options(function, desc, problem, error));
    CLF_TRY(check_inputs(function, problem, error));
    problem->wide = clf_dtype_wide(problem->disparity.view.dtype);
    static const int64_t one[1] = {1};
    bool map = problem->reduction == CLF_SMOOTHNESS_NONE;
    const int64_t *shape = problem->disparity.view.shape, *loss_shape = map ? shape : one;
    int loss_rank = map ? 4 : 1;
    CLF_TRY(take_view(&desc->grad_loss, "grad_loss", problem, loss_rank, loss_shape, &problem->grad_loss, error));
    CLF_TRY(take_view(&desc->loss, "loss", problem, loss_rank, loss_shape, &problem->loss, error));
    CLF_TRY(take_view(&desc->grad_disparity, "grad_disparity", problem, 4, shape, &problem->grad_disparity, error));
    CLF_TRY(
        take_view(&desc->grad_image, "grad_image", problem, 4, problem->image.view.shape, &problem->grad_image, error));
    if (!problem->loss.given && !problem->grad_disparity.given && !problem->grad_image.given)
        return clf_fail(error, CLF_INVALID_VALUE,
                        "%s: no output is requested; expected loss, grad_disparity or grad_image", function);
    return CLF_OK;
}

/* Checks that planes without elements give neither loss nor gradient: no images do, and images without channels. */
static clf_status check_extents(const char *function, const clf_smoothness_problem *problem, int count,
                                const clf_operand *operands, clf_error *error) {
    for (int axis = 2; axis < 4 && !clf_operands_idle(count, operands); axis++)
        if (problem->image.view.shape[axis] == 0)
            return clf_fail(error, CLF_INVALID_VIEW,
                            "%s: axis %d of image has extent 0; expected at least 1, unless every output is empty",
                            function, axis);
    return CLF_OK;
}

/* Numbers those operands that are given. */
static int number_operands(clf_smoothness_problem *problem, clf_operand *operands) {
    clf_smoothness_tensor *tensors[] = {&problem->disparity, &problem->image,          &problem->grad_loss,
                                        &problem->loss,      &problem->grad_disparity, &problem->grad_image};
    static const char *const names[] = {"disparity", "image", "grad_loss", "loss", "grad_disparity", "grad_image"};
    int count = 0;
    for (int i = 0; i < 6; i++) {
        if (!tensors[i]->given)
            continue;
        tensors[i]->operand = (cl_uint)count;
        operands[count++] = (clf_operand){names[i], tensors[i]->view, i >= 3};
    }
    return count;
}

clf_status clf_plan_smoothness(clf_context *context, const clf_smoothness_desc *desc, clf_plan **plan,
                               clf_error *error) {
    const char *function = "clf_plan_smoothness";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    clf_smoothness_problem problem;
    CLF_TRY(describe(function, desc, &problem, error));
    clf_operand operands[6];
    int count = number_operands(&problem, operands);
    CLF_TRY(check_extents(function, &problem, count, operands, error));
    return clf_operation_plan(context, &operation, &problem, count, operands, &desc->options, plan, error);
}
