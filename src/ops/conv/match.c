/* SPDX-License-Identifier: Apache-2.0 */
/* Two images compared at every shift: from descriptor to a correlation, a phase correlation, or a normalised one. */
#include "ops/conv/match.h"

#include "ops/conv/words.h"
#include "ops/real.h"
#include "plan/view.h"

#include <stdlib.h>
#include <string.h>

#define SOLVER(library) &clf_phase_##library,
static const clf_solver *const phase_solvers[] = {CLF_FFT_PROVIDERS(SOLVER) NULL};

static void print_phase(const void *described, clf_text *text) {
    const clf_match_problem *problem = described;
    clf_conv_words words = {.cval = 0};
    clf_words_set_shape(&words, &problem->conv.src);
    clf_words_set_strides(&words, 0, &problem->conv.src);
    clf_words_set_strides(&words, 1, &problem->conv.dst);
    clf_words_print(&clf_phase_line, &words, text);
}

static void cost_phase(const void *described, clf_plan_cost *cost) {
    clf_conv_cost(described, cost);
}

static const clf_operation phase_operation = {"phase",    phase_solvers, print_phase,
                                              cost_phase, NULL,          "it transforms whole images"};

static const char *const score_names[] = {"correlation", "normalised", "phase"};
enum { SCORES = sizeof score_names / sizeof *score_names };

const char *clf_match_score_name(clf_match_score score) {
    return (unsigned)score < SCORES ? score_names[score] : "?";
}

/* Every tensor under the name of its field, which a correlation does not know; its extents are the correlation's. */
static clf_status check(const char *function, const clf_match_desc *desc, clf_error *error) {
    clf_view image, pattern, dst;
    CLF_TRY(clf_view_resolve(&desc->image, "image", &image, error));
    CLF_TRY(clf_view_resolve(&desc->pattern, "pattern", &pattern, error));
    CLF_TRY(clf_view_resolve(&desc->dst, "dst", &dst, error));
    if ((unsigned)desc->score >= SCORES)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: score is %d; expected a clf_match_score", function,
                        (int)desc->score);
    clf_dtype wanted = image.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    if (!clf_dtype_filterable(image.dtype))
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: image is %s; expected f32, f64, f16, u8, u16 or i16", function,
                        clf_dtype_name(image.dtype));
    if (dst.dtype != wanted || pattern.dtype != wanted)
        return clf_fail(error, CLF_DTYPE_MISMATCH, "%s: %s is %s; expected %s", function,
                        dst.dtype != wanted ? "dst" : "pattern",
                        clf_dtype_name(dst.dtype != wanted ? dst.dtype : pattern.dtype), clf_dtype_name(wanted));
    if (pattern.rank != 2 || image.rank < 2)
        return clf_fail(error, CLF_SHAPE_MISMATCH,
                        "%s: pattern has rank %d and image rank %d; expected 2, and 2 or more", function, pattern.rank,
                        image.rank);
    if (clf_view_empty(&pattern))
        return clf_fail(error, CLF_INVALID_VIEW, "%s: pattern is %lld x %lld; expected an element at least", function,
                        (long long)pattern.shape[0], (long long)pattern.shape[1]);
    if (desc->score != CLF_MATCH_PHASE)
        return CLF_OK;
    if (desc->mode != CLF_MODE_SAME)
        return clf_fail(error, CLF_INVALID_VALUE, "%s: mode is %s; expected same for phase correlation", function,
                        clf_mode_name(desc->mode));
    return clf_view_check_shape(&pattern, "pattern", 2, image.shape + image.rank - 2, error);
}

/* The correlation that a comparison is, or begins with. */
static clf_convolve_desc correlation(const clf_match_desc *desc) {
    clf_convolve_desc made = {.src = desc->image,
                              .dst = desc->dst,
                              .kernel_view = desc->pattern,
                              .border = {desc->border[0], desc->border[1]},
                              .cval = desc->cval,
                              .mode = desc->mode,
                              .options = desc->options};
    if (desc->score != CLF_MATCH_PHASE)
        return made;
    made.border[0] = made.border[1] = CLF_BORDER_PERIODIC;
    for (int i = 0; i < 2; i++) /* the first element is the centre */
        made.origin[i] = (int)-(desc->pattern.shape[i] / 2);
    return made;
}

clf_status clf_plan_match(clf_context *context, const clf_match_desc *desc, clf_plan **plan, clf_error *error) {
    const char *function = "clf_plan_match";
    if (context == NULL || desc == NULL || plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "%s: %s is NULL", function,
                        context == NULL ? "context"
                        : desc == NULL  ? "desc"
                                        : "plan");
    CLF_TRY(check(function, desc, error));
    clf_match_problem problem = {.desc = correlation(desc)};
    CLF_TRY(clf_conv_describe(function, &problem.desc, false, &problem.conv, error));
    double *values = NULL;
    CLF_TRY(clf_conv_read_weights(function, &problem.desc, &problem.conv, &values, error));
    free(values); /* none: the pattern is a view */
    problem.conv.src_name = "image";
    problem.conv.kernel_name = "pattern";
    if (desc->score == CLF_MATCH_CORRELATION)
        return clf_conv_plan(context, &problem.desc, &problem.conv, plan, error);
    CLF_TRY(clf_view_resolve(&desc->pattern, "pattern", &problem.pattern, error));
    const clf_operand operands[3] = {
        {"image", problem.conv.src, false}, {"dst", problem.conv.dst, true}, {"pattern", problem.pattern, false}};
    clf_plan_options options = desc->options;
    const clf_operation *operation = desc->score == CLF_MATCH_PHASE ? &phase_operation : &clf_match_normalised;
    if (desc->score == CLF_MATCH_NORMALISED) {
        options.solver = NULL; /* the wish is the correlation's, which is none where there is nothing to correlate */
        CLF_TRY(clf_conv_check_wish(desc->options.solver, error));
    }
    return clf_operation_plan(context, operation, &problem, 3, operands, &options, plan, error);
}
