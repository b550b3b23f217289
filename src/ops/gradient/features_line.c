/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of structure tensors and Canny's edges, read (clfilter/line.h has the words). */
#include "base/number.h"
#include "base/text.h"
#include "ops/line.h"

#include <string.h>

/* harris=k:K or harris=eps:E; false where it is absent. */
static bool read_harris(clf_line *line, clf_structure_desc *desc) {
    const char *text = clf_line_value(line, "harris");
    if (text == NULL)
        return false;
    bool eps = strncmp(text, "eps:", 4) == 0;
    const char *number = text + (eps ? 4 : 2);
    if (!eps && strncmp(text, "k:", 2) != 0) {
        clf_line_fail(line, "harris=%s is neither k:K nor eps:E", text);
        return true;
    }
    desc->method = eps ? CLF_HARRIS_EPS : CLF_HARRIS_K;
    if (!clf_number_parse(number, &desc->k))
        clf_line_fail(line, "harris=%s does not end in a number", text);
    return true;
}

static clf_view output(clf_line *line, const clf_view *src, clf_dtype dtype, const char *key) {
    clf_view view = {.dtype = dtype, .rank = src->rank};
    memcpy(view.shape, src->shape, sizeof view.shape);
    clf_line_strides(line, key, &view);
    return view;
}

clf_status clf_structure_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                              clf_error *error) {
    static const char *const operators[] = {"sobel", NULL};
    clf_structure_desc desc = {.src = clf_line_tensor(line), .options = *options};
    clf_dtype real = desc.src.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    (void)clf_line_choice(line, "op", operators, 0);
    desc.sigma = clf_line_real(line, "sigma", 0);
    clf_line_borders(line, 2, desc.border);
    desc.cval = clf_line_real(line, "cval", 0);
    if (read_harris(line, &desc)) {
        desc.response = output(line, &desc.src, real, "dst_strides");
    } else {
        desc.xx = output(line, &desc.src, real, "dst_strides");
        desc.xy = output(line, &desc.src, real, "xy_strides");
        desc.yy = output(line, &desc.src, real, "yy_strides");
    }
    clf_line_strides(line, "src_strides", &desc.src);
    CLF_TRY(clf_line_check(line, error));
    return clf_plan_structure(context, &desc, plan, error);
}

clf_status clf_canny_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                          clf_error *error) {
    clf_canny_desc desc = {.src = clf_line_tensor(line), .options = *options};
    desc.sigma = clf_line_real(line, "sigma", 0);
    desc.low = clf_line_real(line, "low", 0);
    desc.high = clf_line_real(line, "high", 0);
    clf_line_borders(line, 2, desc.border);
    desc.cval = clf_line_real(line, "cval", 0);
    desc.dst = output(line, &desc.src, CLF_U8, "dst_strides");
    clf_line_strides(line, "src_strides", &desc.src);
    CLF_TRY(clf_line_check(line, error));
    return clf_plan_canny(context, &desc, plan, error);
}
