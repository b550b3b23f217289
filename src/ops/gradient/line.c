/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of derivatives and of their backward, read (clfilter/line.h has the words). */
#include "ops/line.h"
#include "base/number.h"
#include "ops/gradient/gradient.h"

#include <string.h>

enum { FIELDS = CLF_GRADIENT_OUTPUTS };

/* op=NAME or op=gaussian:SIGMA; sigma= too. */
static void read_operator(clf_line *line, clf_gradient_operator *op, double *sigma) {
    const char *text = clf_line_value(line, "op");
    *sigma = clf_line_real(line, "sigma", 0);
    if (text == NULL)
        return;
    size_t length = strcspn(text, ":");
    for (int i = CLF_GRADIENT_CENTRAL; i <= CLF_GRADIENT_GAUSSIAN; i++) {
        const char *name = clf_gradient_operator_name((clf_gradient_operator)i);
        if (strlen(name) != length || strncmp(name, text, length) != 0)
            continue;
        *op = (clf_gradient_operator)i;
        if (text[length] != '\0' && (i != CLF_GRADIENT_GAUSSIAN || !clf_number_parse(text + length + 1, sigma)))
            break;
        return;
    }
    clf_line_fail(line, "op=%s is not an operator; expected a name, or gaussian:SIGMA", text);
}

static int axes_of(clf_line *line, int *axes) {
    clf_line_ints(line, "axes", 1, axes);
    return *axes == 3 ? 3 : 2;
}

/* What an output, or an input that is not given, is: src's shape, dense unless KEY= says else. */
static clf_view like(clf_line *line, const clf_view *src, clf_dtype dtype, const char *key) {
    clf_view view = {.dtype = dtype, .rank = src->rank};
    memcpy(view.shape, src->shape, sizeof view.shape);
    clf_line_strides(line, key, &view);
    return view;
}

static clf_dtype real_of(clf_dtype dtype) {
    return dtype == CLF_F64 ? CLF_F64 : CLF_F32;
}

clf_status clf_gradient_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                             clf_error *error) {
    static const char *const names[] = {"magnitude", "dx", "dy", "dz", "squared", "l1", "orientation", NULL};
    static const char *const keys[] = {"dst_strides",     "dx_strides", "dy_strides",         "dz_strides",
                                       "squared_strides", "l1_strides", "orientation_strides"};
    clf_gradient_desc desc = {.src = clf_line_tensor(line), .options = *options};
    clf_view *outputs[FIELDS] = {&desc.dst, &desc.dx, &desc.dy, &desc.dz, &desc.squared, &desc.l1, &desc.orientation};
    read_operator(line, &desc.op, &desc.sigma);
    clf_line_borders(line, axes_of(line, &desc.axes), desc.border);
    desc.cval = clf_line_real(line, "cval", 0);
    desc.scale = clf_line_real(line, "scale", 0);
    desc.eps = clf_line_real(line, "eps", 0);
    unsigned wanted = clf_line_names(line, "out", names, 1);
    clf_dtype dtype = clf_line_dtype(line, "dst", real_of(desc.src.dtype));
    bool first = true;
    for (int i = 0; i < FIELDS; i++) {
        if (!(wanted & 1U << i))
            continue;
        *outputs[i] = like(line, &desc.src, dtype, first ? "dst_strides" : keys[i]);
        first = false;
    }
    clf_line_strides(line, "src_strides", &desc.src);
    CLF_TRY(clf_line_check(line, error));
    return clf_plan_gradient(context, &desc, plan, error);
}

/* src=DTYPE or src=none, and its strides. */
static void read_source(clf_line *line, const clf_view *grad, clf_view *src) {
    const char *said = clf_line_value(line, "src");
    if (said != NULL && strcmp(said, "none") == 0)
        return;
    static const char *const dtypes[] = {"f32", "f64", "f16", "u8", "u16", "i16", NULL};
    int found = said != NULL ? clf_line_find(line, "element type of src", said, dtypes) : (int)grad->dtype;
    *src = like(line, grad, found < 0 ? CLF_F32 : (clf_dtype)found, "src_strides");
}

clf_status clf_gradient_backward_read(clf_context *context, clf_line *line, const clf_plan_options *options,
                                      clf_plan **plan, clf_error *error) {
    static const char *const names[] = {"grad_dst",     "grad_dx", "grad_dy",          "grad_dz",
                                        "grad_squared", "grad_l1", "grad_orientation", NULL};
    clf_gradient_backward_desc desc = {.grad_src = clf_line_tensor(line), .options = *options};
    clf_view *handed[FIELDS] = {&desc.grad_dst,     &desc.grad_dx, &desc.grad_dy,         &desc.grad_dz,
                                &desc.grad_squared, &desc.grad_l1, &desc.grad_orientation};
    read_operator(line, &desc.op, &desc.sigma);
    clf_line_borders(line, axes_of(line, &desc.axes), desc.border);
    desc.cval = clf_line_real(line, "cval", 0);
    desc.scale = clf_line_real(line, "scale", 0);
    desc.eps = clf_line_real(line, "eps", 0);
    unsigned given = clf_line_names(line, "of", names, 1);
    for (int i = 0; i < FIELDS; i++) {
        char data[64];
        clf_text key = clf_text_begin(data, sizeof data);
        clf_text_add(&key, "%s_strides", names[i]);
        if (given & 1U << i)
            *handed[i] = like(line, &desc.grad_src, desc.grad_src.dtype, data);
    }
    read_source(line, &desc.grad_src, &desc.src);
    clf_line_strides(line, "grad_src_strides", &desc.grad_src);
    CLF_TRY(clf_line_check(line, error));
    return clf_plan_gradient_backward(context, &desc, plan, error);
}

clf_status clf_laplace_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                            clf_error *error) {
    clf_laplace_desc desc = {.src = clf_line_tensor(line), .options = *options};
    clf_gradient_operator op = CLF_GRADIENT_CENTRAL;
    read_operator(line, &op, &desc.sigma);
    if (op != CLF_GRADIENT_CENTRAL && op != CLF_GRADIENT_GAUSSIAN)
        clf_line_fail(line, "op= is neither central nor gaussian:SIGMA");
    clf_line_borders(line, axes_of(line, &desc.axes), desc.border);
    desc.cval = clf_line_real(line, "cval", 0);
    desc.scale = clf_line_real(line, "scale", 0);
    desc.dst = like(line, &desc.src, clf_line_dtype(line, "dst", real_of(desc.src.dtype)), "dst_strides");
    clf_line_strides(line, "src_strides", &desc.src);
    CLF_TRY(clf_line_check(line, error));
    return clf_plan_laplace(context, &desc, plan, error);
}
