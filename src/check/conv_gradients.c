/* SPDX-License-Identifier: Apache-2.0 */
/* The adjoint of convolution and correlation, and the gradient with respect to their weights. */
#include "check/conv.h"

/* If the adjoint is a correlation itself, the solvers of one take it. */
static const char *const adjoint_solvers[] = {
    "conv_adjoint.general", "conv_adjoint.phases", "conv.general", "conv.direct",
    "conv.separable",       "conv.bank",           "conv.dense",   NULL};
static const char *const weights_solvers[] = {"conv_weights.general", "conv_weights.bank", NULL};

static void parse_conv_adjoint(case_line *line, test_case *test) {
    conv_parse(line, test, CONV_ADJOINT, true);
}

static void parse_corr_adjoint(case_line *line, test_case *test) {
    conv_parse(line, test, CONV_ADJOINT, false);
}

static void parse_conv_weights(case_line *line, test_case *test) {
    conv_parse(line, test, CONV_WEIGHTS, true);
}

static void parse_corr_weights(case_line *line, test_case *test) {
    conv_parse(line, test, CONV_WEIGHTS, false);
}

static void conv_adjoint_systematic(line_batch *batch) {
    conv_adjoint_systematic_lines(batch, "conv_adjoint");
}

static void corr_adjoint_systematic(line_batch *batch) {
    conv_adjoint_systematic_lines(batch, "corr_adjoint");
}

static void conv_weights_systematic(line_batch *batch) {
    conv_weights_systematic_lines(batch, "conv_weights");
}

static void corr_weights_systematic(line_batch *batch) {
    conv_weights_systematic_lines(batch, "corr_weights");
}

static void conv_adjoint_small(line_batch *batch) {
    conv_adjoint_small_lines(batch, "conv_adjoint");
}

static void corr_adjoint_small(line_batch *batch) {
    conv_adjoint_small_lines(batch, "corr_adjoint");
}

static void conv_weights_small(line_batch *batch) {
    conv_weights_small_lines(batch, "conv_weights");
}

static void corr_weights_small(line_batch *batch) {
    conv_weights_small_lines(batch, "corr_weights");
}

static void conv_adjoint_random(line_batch *batch, random_state *random) {
    conv_gradient_random_line(batch, "conv_adjoint", random);
}

static void corr_adjoint_random(line_batch *batch, random_state *random) {
    conv_gradient_random_line(batch, "corr_adjoint", random);
}

static void conv_weights_random(line_batch *batch, random_state *random) {
    conv_gradient_random_line(batch, "conv_weights", random);
}

static void corr_weights_random(line_batch *batch, random_state *random) {
    conv_gradient_random_line(batch, "corr_weights", random);
}

const test_operation conv_adjoint_operation = {
    "conv_adjoint",     adjoint_solvers,    parse_conv_adjoint, conv_fill,  conv_adjoint_reference,
    conv_plan_case,     conv_run,           conv_bytes,         conv_flops, conv_adjoint_systematic,
    conv_adjoint_small, conv_adjoint_random};

const test_operation corr_adjoint_operation = {
    "corr_adjoint",     adjoint_solvers,    parse_corr_adjoint, conv_fill,  conv_adjoint_reference,
    conv_plan_case,     conv_run,           conv_bytes,         conv_flops, corr_adjoint_systematic,
    corr_adjoint_small, corr_adjoint_random};

const test_operation conv_weights_operation = {
    "conv_weights",     weights_solvers,    parse_conv_weights, conv_fill,  conv_weights_reference,
    conv_plan_case,     conv_run,           conv_bytes,         conv_flops, conv_weights_systematic,
    conv_weights_small, conv_weights_random};

const test_operation corr_weights_operation = {
    "corr_weights",     weights_solvers,    parse_corr_weights, conv_fill,  conv_weights_reference,
    conv_plan_case,     conv_run,           conv_bytes,         conv_flops, corr_weights_systematic,
    corr_weights_small, corr_weights_random};
