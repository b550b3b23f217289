/* SPDX-License-Identifier: Apache-2.0 */
/* Convolution and correlation; the words of their lines are in conv_parse.c. */
#include "check/conv.h"

const char *const conv_solvers[] = {"conv.general", "conv.direct", "conv.separable", "conv.bank", "conv.dense",
                                    "conv.axes",    NULL};

static void parse_conv(case_line *line, test_case *test) {
    conv_parse(line, test, CONV_FORWARD, true);
}

static void parse_corr(case_line *line, test_case *test) {
    conv_parse(line, test, CONV_FORWARD, false);
}

static void conv_systematic(line_batch *batch) {
    conv_systematic_lines(batch, "conv");
}

static void conv_small(line_batch *batch) {
    conv_small_lines(batch, "conv");
}

static void conv_random(line_batch *batch, random_state *random) {
    conv_random_line(batch, "conv", random);
}

static void corr_systematic(line_batch *batch) {
    conv_systematic_lines(batch, "corr");
}

static void corr_small(line_batch *batch) {
    conv_small_lines(batch, "corr");
}

static void corr_random(line_batch *batch, random_state *random) {
    conv_random_line(batch, "corr", random);
}

static void banks_random(line_batch *batch, random_state *random) {
    bank_random_line(batch, random_integer(random, 0, 1) == 0 ? "conv" : "corr", random);
}

const test_operation conv_operation = {"conv",         conv_solvers,    parse_conv, conv_fill,
                                       conv_reference, conv_plan_case,  conv_run,   conv_bytes,
                                       conv_flops,     conv_systematic, conv_small, conv_random};

const test_operation corr_operation = {"corr",         conv_solvers,    parse_corr, conv_fill,
                                       conv_reference, conv_plan_case,  conv_run,   conv_bytes,
                                       conv_flops,     corr_systematic, corr_small, corr_random};

/* Lines of conv and corr apart: banks, kernels of low rank and chosen axes. */
const test_operation banks_operation = {"banks",        conv_solvers,          parse_conv,       conv_fill,
                                        conv_reference, conv_plan_case,        conv_run,         conv_bytes,
                                        conv_flops,     bank_systematic_lines, bank_small_lines, banks_random};
