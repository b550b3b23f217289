/* SPDX-License-Identifier: Apache-2.0 */
/* The mean over a box: its keys, and from a line or a descriptor to a plan. */
#include "ops/border.h"
#include "ops/box/box.h"
#include "ops/real.h"
#include "plan/view.h"

#include <limits.h>
#include <string.h>

#define FIELD(name) offsetof(clf_box_words, name)
static const clf_key keys[] = {
    {"axes", CLF_KEY_INTEGER, FIELD(axes), "1|2|3", "how many of the last axes are filtered", .standard = 2},
    {"size", CLF_KEY_INTEGER, FIELD(size), "K", "elements of the window along each axis", .standard = 3,
     .each_axis = true, .print = CLF_PRINT_ALWAYS},
    {"origin", CLF_KEY_INTEGER, FIELD(origin), "O", "the window's centre, counted from K/2", .each_axis = true},
    {"border", CLF_KEY_BORDER, FIELD(border), "B", "how src continues beyond its ends"},
    {"cval", CLF_KEY_REAL, FIELD(cval), "V", "the value beyond a constant border"},
    {"dst", CLF_KEY_DTYPE, FIELD(dst), "T", "the output's type, if it is not src's", .standard = -1},
    {NULL}};
static const char *const tensors[] = {"src", "dst", NULL};

static void count_axes(void *read) {
    clf_box_words *words = read;
    int rank = words->line.shape.rank;
    if (words->axes > rank && words->axes == 2)
        words->axes = rank;
    words->line.axes = words->axes >= 1 && words->axes <= CLF_WINDOW_AXES ? (int)words->axes : 1;
}

const clf_line_table clf_box_line = {.name = "box",
                                     .shape = "src",
                                     .summary = "the mean over a box-shaped window",
                                     .keys = keys,
                                     .tensors = tensors,
                                     .bytes = sizeof(clf_box_words),
                                     .count_axes = count_axes};

static void print(const void *described, clf_text *text) {
    const clf_box_problem *problem = described;
    const clf_window *window = &problem->window;
    clf_box_words words = {.axes = window->axes, .cval = problem->cval, .dst = window->dst.dtype};
    clf_words_set_shape(&words, &window->src);
    if (window->axes == 1 && window->src.rank == 1)
        words.axes = 2; /* what is understood */
    words.line.axes = window->axes;
    for (int i = 0; i < window->axes; i++) {
        int at = CLF_WINDOW_AXES - window->axes + i;
        words.size[i] = window->size[at];
        words.origin[i] = window->origin[at];
        words.border[i] = window->border[at];
    }
    clf_words_set_strides(&words, 0, &window->src);
    clf_words_set_strides(&words, 1, &window->dst);
    clf_words_print(&clf_box_line, &words, text);
}

static void cost(const void *described, clf_plan_cost *cost) {
    const clf_window *window = &((const clf_box_problem *)described)->window;
    double outputs = (double)clf_view_count(&window->dst);
    cost->bytes = outputs * (double)(clf_dtype_bytes(window->src.dtype) + clf_dtype_bytes(window->dst.dtype));
    cost->flops = outputs * (double)(window->size[0] + window->size[1] + window->size[2]);
}

static bool cut(const void *described, int axis, clf_cut *cut) {
    const clf_box_problem *problem = described;
    clf_window_cut(&problem->window, axis, problem->cval, cut);
    return true;
}

static void slice(const void *described, int axis, const clf_view *views, void *written) {
    const clf_box_problem *problem = described;
    clf_box_problem *slab = written;
    *slab = *problem;
    clf_window_slice(&problem->window, axis, views, &slab->window);
}

static const clf_slicing slicing = {sizeof(clf_box_problem), cut, slice};
static const clf_solver *const solvers[] = {&clf_box_convolution, &clf_box_sums, &clf_box_each, NULL};
static const clf_operation operation = {"box", solvers, print, cost, &slicing};

static clf_status check_dtypes(const char *function, clf_dtype src, clf_dtype dst, clf_error *error) {
    if (!clf_dtype_filterable(src))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: src is %s; expected f32, f64, f16, u8, u16 or i16", function,
                        clf_dtype_name(src));
    if (dst != src && (dst != CLF_F32 || src == CLF_F64))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: dst is %s; expected %s%s", function, clf_dtype_name(dst),
                        clf_dtype_name(src), src == CLF_F64 || src == CLF_F32 ? "" : " or f32");
    return CLF_OK;
}

clf_status clf_plan_box(clf_context *context, const clf_box_desc *desc, clf_plan **plan, clf_error *error) {
    const char *function = "clf_plan_box";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    clf_box_problem problem = {.cval = desc->cval};
    const clf_window_wishes wishes = {function,   &desc->src,   &desc->dst,  desc->axes,
                                      desc->size, desc->origin, desc->border};
    CLF_TRY(clf_window_describe(&wishes, &problem.window, error));
    CLF_TRY(check_dtypes(function, desc->src.dtype, desc->dst.dtype, error));
    CLF_TRY(clf_check_number(function, "cval", desc->cval, error));
    clf_operand operands[2] = {{"src", problem.window.src, false}, {"dst", problem.window.dst, true}};
    return clf_operation_plan(context, &operation, &problem, 2, operands, &desc->options, plan, error);
}

static clf_status plan_line(clf_context *context, clf_line *line, void *read, const clf_plan_options *options,
                            clf_plan **plan, clf_error *error) {
    const clf_box_words *words = read;
    clf_box_desc desc = {.src = clf_words_tensor(words),
                         .dst = clf_words_tensor(words),
                         .axes = (int)words->axes,
                         .cval = words->cval,
                         .options = *options};
    if (words->axes < 1 || words->axes > CLF_WINDOW_AXES)
        clf_line_fail(line, "axes=%lld is not 1, 2 or 3", (long long)words->axes);
    for (int i = 0; i < words->line.axes; i++) {
        if (words->size[i] < 1 || words->size[i] > INT_MAX || words->origin[i] < INT_MIN || words->origin[i] > INT_MAX)
            clf_line_fail(line, "size= or origin= is out of range");
        desc.size[i] = (int)words->size[i];
        desc.origin[i] = (int)words->origin[i];
        desc.border[i] = words->border[i];
    }
    desc.dst.dtype = words->dst;
    clf_words_give_strides(&clf_box_line, line, words, 0, &desc.src);
    clf_words_give_strides(&clf_box_line, line, words, 1, &desc.dst);
    CLF_TRY(clf_words_end(line, error));
    return clf_plan_box(context, &desc, plan, error);
}

const clf_operation_row clf_box_row = {&clf_box_line, plan_line};
