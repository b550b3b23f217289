/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the smoothness loss, read (clfilter/line.h has the words). */
#include "ops/line.h"

#include <string.h>

static void read_formula(clf_line *line, clf_smoothness_desc *desc) {
    static const char *const norms[] = {"l2", "mean-abs", NULL};
    static const char *const reductions[] = {"mean", "sum", "none", "per-axis-mean", NULL};
    desc->norm = (clf_smoothness_norm)clf_line_choice(line, "norm", norms, CLF_SMOOTHNESS_L2);
    desc->reduction = (clf_smoothness_reduction)clf_line_choice(line, "reduction", reductions, CLF_SMOOTHNESS_MEAN);
    clf_line_ints(line, "order", 1, &desc->order);
    desc->edge_weight = clf_line_real(line, "weight", 1);
    desc->ignore_image = desc->edge_weight == 0;
}

clf_status clf_smoothness_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                               clf_error *error) {
    static const char *const names[] = {"grad_loss", "loss", "grad_disparity", "grad_image", NULL};
    static const char *const keys[] = {"grad_loss_strides", "loss_strides", "grad_disparity_strides",
                                       "grad_image_strides"};
    clf_view whole = clf_line_tensor(line), plane = whole;
    if (whole.rank != 4)
        clf_line_fail(line, "the shape '%s' has %d axes; expected 4, the image's", clf_line_word(line, 2), whole.rank);
    clf_smoothness_desc desc = {.image = whole, .options = *options};
    plane.shape[1] = 1;
    desc.disparity = plane;
    desc.image.dtype = clf_line_dtype(line, "image", whole.dtype);
    read_formula(line, &desc);
    clf_dtype real = whole.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    clf_view scalar = {.dtype = real, .rank = 1, .shape = {1}};
    plane.dtype = whole.dtype = real;
    clf_view loss = desc.reduction == CLF_SMOOTHNESS_NONE ? plane : scalar;
    const clf_view *shapes[] = {&loss, &loss, &plane, &whole};
    clf_view *views[] = {&desc.grad_loss, &desc.loss, &desc.grad_disparity, &desc.grad_image};
    unsigned given = clf_line_names(line, "with", names, 2);
    for (int i = 0; i < 4; i++)
        if (given & 1U << i) {
            *views[i] = *shapes[i];
            clf_line_strides(line, keys[i], views[i]);
        }
    clf_line_strides(line, "disparity_strides", &desc.disparity);
    clf_line_strides(line, "image_strides", &desc.image);
    CLF_TRY(clf_line_check(line, error));
    return clf_plan_smoothness(context, &desc, plan, error);
}
