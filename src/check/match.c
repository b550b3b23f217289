/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparisons of two images:
 *
 *   match f32 3x60x101 k=5x4 border=constant cval=1 mode=valid     cross-correlation; k= is the pattern's extent
 *   normalised f32 3x60x101 k=5x4 lift=20 flat=1              lift=: added to the image; flat=1: a flat pattern
 *   fftnormalised f32 3x60x101 k=5x4                               the same, correlated by transforms
 *   phase f32 3x24x30                                              the pattern is as large as a plane
 *
 * k_layout= is the pattern's layout; else the words are those of corr, or for phase those every line shares
 */
#include "check/match.h"

#include "check/fourier.h"
#include "check/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"conv.general", "conv.direct", NULL};
static const char *const transforming_solvers[] = {"conv.general", "conv.tile", FOURIER_VKFFT FOURIER_CLFFT NULL};
static const char *const phase_solvers[] = {
#ifdef CLF_HAS_VKFFT
    "phase.vkfft",
#endif
#ifdef CLF_HAS_CLFFT
    "phase.clfft",
#endif
    NULL};

static clf_dtype real_of(clf_dtype dtype) {
    return dtype == CLF_F64 ? CLF_F64 : CLF_F32;
}

/* What a comparison has no words for. */
static bool is_plain(const conv_spec *spec) {
    bool plain = !spec->bank && spec->axes == 2 && spec->chosen[0] == 0 && !spec->by_factors;
    for (int axis = 0; axis < spec->axes; axis++) {
        plain = plain && spec->origin[axis] == 0 && spec->stride[axis] <= 1 && spec->dilation[axis] <= 1;
    }
    return plain;
}

static void parse_match(case_line *line, test_case *test) {
    conv_parse(line, test, CONV_FORWARD, false);
    match_spec *spec = test->spec == NULL ? NULL : realloc(test->spec, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    test->spec = spec;
    spec->lift = 0;
    spec->flat = false;
    spec->conv.kernel_view = true;
    spec->conv.dst.dtype = test->output.dtype = real_of(spec->conv.src.dtype);
    if (!is_plain(&spec->conv)) {
        line_fail(line, "a pattern has two extents, and neither origin, stride nor dilation");
    }
}

static void parse_normalised(case_line *line, test_case *test) {
    parse_match(line, test);
    match_spec *spec = test->spec;
    if (spec != NULL && line->error[0] == '\0') {
        spec->lift = line_real(line, "lift", 0);
        spec->flat = line_integer(line, "flat", 0) != 0;
    }
}

/* The pattern gets the magnitude of the image. */
static void lift_pattern(test_case *test) {
    for (int64_t i = 0; i < spec_count(&test->input[1]); i++) {
        test->values[1][i] = number_round(test->input[1].dtype, ldexp(test->values[1][i], test->magnitude));
    }
}

static void fill_normalised(test_case *test) {
    const match_spec *spec = test->spec;
    conv_fill(test);
    for (int64_t i = 0; i < spec_count(&test->input[0]); i++) {
        test->values[0][i] = number_round(test->input[0].dtype, test->values[0][i] + spec->lift);
    }
    for (int64_t i = 0; spec->flat && i < spec_count(&test->input[1]); i++) {
        test->values[1][i] = number_round(test->input[1].dtype, 0.1);
    }
    lift_pattern(test);
}

static clf_status plan_score(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                             const test_tensor *output, clf_match_score score, const char *solver, clf_plan **plan,
                             clf_error *error) {
    clf_match_desc desc = {.image = inputs[0].view,
                           .pattern = inputs[1].view,
                           .dst = output->view,
                           .score = score,
                           .options = {.solver = solver}};
    if (score != CLF_MATCH_PHASE) {
        const conv_spec *spec = test->spec;
        memcpy(desc.border, spec->border, sizeof desc.border);
        desc.cval = spec->cval;
        desc.mode = spec->mode;
    }
    return clf_plan_match(fixture->context, &desc, plan, error);
}

static clf_status plan_match(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                             const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    return plan_score(fixture, test, inputs, output, CLF_MATCH_CORRELATION, solver, plan, error);
}

static clf_status plan_normalised(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                                  const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    return plan_score(fixture, test, inputs, output, CLF_MATCH_NORMALISED, solver, plan, error);
}

static clf_status plan_phase(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                             const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    return plan_score(fixture, test, inputs, output, CLF_MATCH_PHASE, solver, plan, error);
}

static void no_random(line_batch *batch, random_state *random) {
    (void)batch, (void)random;
}

static void parse_phase(case_line *line, test_case *test) {
    case_parse_common(line, test);
    tensor_spec *image = &test->input[0], *pattern = &test->input[1];
    if (image->rank < 2) {
        line_fail(line, "the shape has fewer than two axes");
        image->rank = 2;
    }
    *pattern = (tensor_spec){.dtype = real_of(image->dtype), .rank = 2};
    memcpy(pattern->shape, image->shape + image->rank - 2, 2 * sizeof *pattern->shape);
    pattern->layout = (test_layout)line_choice(line, "k_layout", layout_names, LAYOUT_DENSE);
    test->inputs = 2;
    test->output.dtype = pattern->dtype;
    if (test->data == DATA_SPECIAL) {
        line_fail(line, "data=special: one NaN reaches the whole transform");
    }
}

static void fill_phase(test_case *test) {
    case_fill_input(test, 0, test->data, 256);
    case_fill_input(test, 1, test->data, 256);
    lift_pattern(test);
}

/* Three transforms, and their product. */
static double phase_flops(const test_case *test) {
    double size = (double)spec_count(&test->input[1]), planes = (double)spec_count(&test->input[0]) / size;
    return planes * (3 * 2.5 * size * log2(size + 1) + 5 * size);
}

const test_operation match_operation = {
    "match",           solvers,          parse_match, conv_fill,  conv_reference,
    plan_match,        conv_run,         conv_bytes,  conv_flops, match_systematic_lines,
    match_small_lines, match_random_line};

const test_operation normalised_operation = {"normalised",
                                             solvers,
                                             parse_normalised,
                                             fill_normalised,
                                             normalised_reference,
                                             plan_normalised,
                                             case_judge,
                                             conv_bytes,
                                             conv_flops,
                                             normalised_systematic_lines,
                                             normalised_small_lines,
                                             normalised_random_line};

/* Apart, as programs that transform are built for every extent anew. */
const test_operation fourier_normalised_operation = {"fftnormalised",
                                                     transforming_solvers,
                                                     parse_normalised,
                                                     fill_normalised,
                                                     normalised_reference,
                                                     plan_normalised,
                                                     case_judge,
                                                     conv_bytes,
                                                     conv_flops,
                                                     fourier_normalised_lines,
                                                     fourier_normalised_small_lines,
                                                     no_random};

const test_operation phase_operation = {
    "phase",           phase_solvers, parse_phase, fill_phase,  phase_reference,
    plan_phase,        case_judge,    conv_bytes,  phase_flops, phase_systematic_lines,
    phase_small_lines, no_random};
