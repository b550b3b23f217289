/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Convolution and correlation:
 *
 *   conv f32 8x3x48x64 k=5x5 border=reflect,periodic cval=1 mode=full origin=0,1 stride=2,1 dilation=1,2
 *        kernel=host|view k_dtype=f32 k_layout=flipped taps=special|sobel, and the words every line shares
 *
 * The kernel's extents say how many axes are filtered. One number of origin, stride or dilation stands for the first
 * axis alone, as in the descriptor.
 */
#include "conv.h"

#include "number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"conv.general", "conv.direct", NULL};
static const char *const mode_names[] = {"same", "valid", "full", NULL};
static const char *const kernel_names[] = {"host", "view", NULL};
static const char *const taps_names[] = {"data", "special", "sobel", NULL};

static void parse_integers(case_line *line, const char *key, int axes, int values[CLF_MAX_FILTER_AXES]) {
    int64_t read[CLF_MAX_FILTER_AXES] = {0};
    (void)line_list(line, key, ',', read, axes);
    for (int axis = 0; axis < CLF_MAX_FILTER_AXES; axis++) {
        values[axis] = (int)read[axis];
    }
}

/* The output's extents, once everything that shapes them is read. */
static void shape_output(case_line *line, test_case *test) {
    reference_window window;
    reference_axis axis[3];
    conv_spec *spec = test->spec;
    if (line->error[0] != '\0') {
        return;
    }
    conv_window(test, &window, axis);
    for (int i = 0; i < spec->axes; i++) {
        const reference_axis *a = &axis[3 - spec->axes + i];
        int at = test->output.rank - spec->axes + i;
        test->output.shape[at] = reference_extent(test->input[0].shape[at], a->taps, a->stride, a->dilation, a->mode);
        if (test->output.shape[at] < 1) {
            line_fail(line, "the kernel is larger than axis %d", at);
        }
    }
}

static void parse_taps(case_line *line, test_case *test) {
    conv_spec *spec = test->spec;
    tensor_spec *taps = &test->input[1];
    spec->axes = taps->rank = line_list(line, "k", 'x', taps->shape, CLF_MAX_FILTER_AXES);
    if (taps->rank == 0 || taps->rank > test->input[0].rank) {
        line_fail(line, "k= wants 1 to 3 extents, and no more than the shape has");
        spec->axes = taps->rank = 1;
    }
    for (int axis = 0; axis < taps->rank; axis++) {
        if (taps->shape[axis] < 1 || taps->shape[axis] > 4096) {
            line_fail(line, "an extent of k= is outside 1..4096");
            taps->shape[axis] = 1;
        }
    }
    clf_dtype dtype = test->input[0].dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    taps->dtype = (clf_dtype)line_choice(line, "k_dtype", dtype_names, (int)dtype);
    taps->layout = (test_layout)line_choice(line, "k_layout", layout_names, LAYOUT_DENSE);
    spec->kernel_view = line_choice(line, "kernel", kernel_names, 0) == 1;
    spec->taps = (taps_kind)line_choice(line, "taps", taps_names, TAPS_AS_DATA);
    if (spec->taps == TAPS_SOBEL && !(taps->rank == 2 && taps->shape[0] == 3 && taps->shape[1] == 3)) {
        line_fail(line, "taps=sobel wants k=3x3");
    }
    test->inputs = 2;
}

static void parse(case_line *line, test_case *test, bool flipped) {
    conv_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, "the test has no memory");
        return;
    }
    case_parse_common(line, test);
    parse_taps(line, test);
    spec->flipped = flipped;
    case_parse_borders(line, spec->border, spec->axes);
    spec->cval = line_real(line, "cval", 0);
    spec->mode = (clf_mode)line_choice(line, "mode", mode_names, CLF_MODE_SAME);
    parse_integers(line, "origin", spec->axes, spec->origin);
    parse_integers(line, "stride", spec->axes, spec->stride);
    parse_integers(line, "dilation", spec->axes, spec->dilation);
    test->axes = spec->axes;
    shape_output(line, test);
}

static void parse_conv(case_line *line, test_case *test) {
    parse(line, test, true);
}

static void parse_corr(case_line *line, test_case *test) {
    parse(line, test, false);
}

void conv_window(const test_case *test, reference_window *window, reference_axis axis[3]) {
    const conv_spec *spec = test->spec;
    int outer = test->input[0].rank - spec->axes, missing = 3 - spec->axes;
    clf_border border[CLF_MAX_FILTER_AXES];
    reference_borders(spec->border, spec->axes, border);
    *window = (reference_window){.planes = 1, .cval = test->input[0].dtype == CLF_F64 ? spec->cval : (float)spec->cval};
    for (int i = 0; i < outer; i++) {
        window->planes *= test->input[0].shape[i];
    }
    for (int i = 0; i < 3; i++) {
        int from = i - missing;
        window->extent[i] = from < 0 ? 1 : test->input[0].shape[outer + from];
        window->border[i] = from < 0 ? CLF_BORDER_REPLICATE : border[from];
        axis[i] = (reference_axis){.taps = 1, .stride = 1, .dilation = 1};
        if (from >= 0) {
            axis[i] = (reference_axis){.taps = test->input[1].shape[from],
                                       .origin = spec->origin[from],
                                       .stride = spec->stride[from] == 0 ? 1 : spec->stride[from],
                                       .dilation = spec->dilation[from] == 0 ? 1 : spec->dilation[from],
                                       .mode = spec->mode,
                                       .flipped = spec->flipped};
        }
    }
}

/* Taps whose absolute sum is 2, so that integer images are filled and somewhat overflow. */
static void normalise_taps(test_case *test) {
    int64_t count = spec_count(&test->input[1]);
    double sum = reference_sum(test->values[1], count);
    for (int64_t i = 0; i < count && sum > 0; i++) {
        test->values[1][i] = number_round(test->input[1].dtype, test->values[1][i] * 2 / sum);
    }
}

/* Whole numbers are kept so small that every sum is below 2^24, exact in single precision. */
static void fill(test_case *test) {
    static const double sobel[9] = {1, 0, -1, 2, 0, -2, 1, 0, -1};
    const conv_spec *spec = test->spec;
    const double tap_limit = 4;
    double room = 0x1p24 / (tap_limit * (double)spec_count(&test->input[1]));
    case_fill_input(test, 0, test->data, number_is_real(test->input[0].dtype) ? fmin(8, room) : room);
    data_kind kind = spec->taps == TAPS_SPECIAL ? DATA_SPECIAL : test->data == DATA_SPECIAL ? DATA_RANDOM : test->data;
    case_fill_input(test, 1, kind, tap_limit);
    if (spec->taps == TAPS_SOBEL) {
        memcpy(test->values[1], sobel, sizeof sobel);
    } else if (kind == DATA_RANDOM && !number_is_real(test->input[0].dtype)) {
        normalise_taps(test);
    }
}

static void reference(const test_case *test) {
    const conv_spec *spec = test->spec;
    reference_window window;
    reference_axis axis[3];
    conv_window(test, &window, axis);
    reference_convolve(&window, axis, test->values[0], test->values[1], test->expected);

    int64_t taps = spec_count(&test->input[1]);
    double greatest = reference_greatest(test->values[0], spec_count(&test->input[0]));
    greatest = isfinite(window.cval) ? fmax(greatest, fabs(window.cval)) : greatest;
    double tolerance =
        2 * (double)taps * number_epsilon(test->input[0].dtype) * reference_sum(test->values[1], taps) * greatest;
    bool whole = (test->data == DATA_INTEGER || test->data == DATA_STEP) && window.cval == floor(window.cval) &&
                 fabs(window.cval) <= 256 && spec->taps != TAPS_SPECIAL;
    for (int64_t i = 0; i < spec_count(&test->output); i++) {
        test->tolerance[i] = whole ? 0 : tolerance;
    }
}

/* Host taps are "borrowed until planning returns": they are given in memory that is overwritten right after. */
static clf_status plan_with_host_taps(clf_context *context, bool flipped, clf_convolve_desc *desc,
                                      const test_tensor *taps, clf_plan **plan, clf_error *error) {
    unsigned char *copy = malloc(taps->bytes);
    if (copy == NULL) {
        error->code = CLF_OUT_OF_MEMORY;
        return CLF_OUT_OF_MEMORY;
    }
    memcpy(copy, taps->sent, taps->bytes);
    desc->kernel = tensor_array(taps);
    desc->kernel.data = copy + ((unsigned char *)desc->kernel.data - taps->sent);
    clf_status status =
        flipped ? clf_plan_convolve(context, desc, plan, error) : clf_plan_correlate(context, desc, plan, error);
    memset(copy, 0xff, taps->bytes);
    free(copy);
    return status;
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const conv_spec *spec = test->spec;
    clf_convolve_desc desc = {.src = inputs[0].view,
                              .dst = output->view,
                              .cval = spec->cval,
                              .mode = spec->mode,
                              .options = {.solver = solver}};
    memcpy(desc.border, spec->border, sizeof desc.border);
    memcpy(desc.origin, spec->origin, sizeof desc.origin);
    memcpy(desc.stride, spec->stride, sizeof desc.stride);
    memcpy(desc.dilation, spec->dilation, sizeof desc.dilation);
    if (!spec->kernel_view) {
        return plan_with_host_taps(fixture->context, spec->flipped, &desc, &inputs[1], plan, error);
    }
    desc.kernel_view = inputs[1].view;
    return spec->flipped ? clf_plan_convolve(fixture->context, &desc, plan, error)
                         : clf_plan_correlate(fixture->context, &desc, plan, error);
}

static double bytes(const test_case *test) {
    double sum = (double)spec_count(&test->output) * (double)clf_dtype_bytes(test->output.dtype);
    for (int i = 0; i < test->inputs; i++) {
        sum += (double)spec_count(&test->input[i]) * (double)clf_dtype_bytes(test->input[i].dtype);
    }
    return sum;
}

static double flops(const test_case *test) {
    return 2 * (double)spec_count(&test->output) * (double)spec_count(&test->input[1]);
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

const test_operation conv_operation = {"conv", solvers, parse_conv,      fill,       reference,  plan_case, case_judge,
                                       bytes,  flops,   conv_systematic, conv_small, conv_random};

const test_operation corr_operation = {"corr", solvers, parse_corr,      fill,       reference,  plan_case, case_judge,
                                       bytes,  flops,   corr_systematic, corr_small, corr_random};
