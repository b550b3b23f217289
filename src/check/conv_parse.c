/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Case lines of convolution, as the library prints its problems, and words of the tests' own:
 *
 *   conv f32 8x3x48x64 k=5x5 border=reflect,periodic cval=1 mode=full origin=0,1 stride=2,1 dilation=1,2
 *   corr f32 2x6x20x20 k=9x2x3x3 groups=3 bias=1          a bank: outputs, inputs of a group, extents
 *   corr f32 2x6x20 k=9x6x5 axes=1                        a bank over one axis
 *   conv_adjoint f32 2x3x9x19 k=...                       src's shape; from the gradient of dst, that of src
 *   conv_weights f32 2x3x9x19 k=... bias=1                from src and the gradient of dst, that of kernel and bias
 *
 *   kernel=host|view k_dtype=f32 k_layout=flipped taps=special|rank1..rank4 sobel=1 (Sobel's)
 *   chosen=-3,-2 (the axes filtered) factors=1 (the kernel given as 1-D factors)
 *   needs=conv.separable refuses=conv.separable (solvers)
 *
 * and the words every line shares. The kernel's extents say how many axes are filtered: as many up to three, two less
 * from four on.
 */
#include "check/conv.h"

#include "check/number.h"
#include "ops/conv/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OF_AN_AXIS = 4096 };

/* A number of the few that a case has, from `least` on; that one where it is none, so that the line can be read on. */
static int small_number(case_line *line, const char *key, int64_t value, int64_t least) {
    if (value >= least && value <= MOST_OF_AN_AXIS) {
        return (int)value;
    }
    line_fail(line, "%s= has %lld; expected %lld to %d", key, (long long)value, (long long)least, MOST_OF_AN_AXIS);
    return (int)least;
}

/* Numbers for the axes, from a key of the tests' own. */
static void parse_integers(case_line *line, const char *key, int axes, int values[CLF_MAX_FILTER_AXES]) {
    int64_t read[CLF_MAX_FILTER_AXES] = {0};
    (void)line_list(line, key, ',', read, axes);
    for (int axis = 0; axis < CLF_MAX_FILTER_AXES; axis++) {
        values[axis] = small_number(line, key, read[axis], -MOST_OF_AN_AXIS);
    }
}

static void parse_name(case_line *line, const char *key, char name[32]) {
    const char *text = line_value(line, key);
    (void)snprintf(name, 32, "%s", text == NULL ? "" : text);
}

/* The kernel's shape, and with it how many axes are filtered and whether channels are mixed. */
static void parse_kernel(case_line *line, const clf_conv_words *words, conv_spec *spec) {
    tensor_spec *kernel = &spec->kernel;
    kernel->rank = words->k.rank;
    memcpy(kernel->shape, words->k.extent, sizeof kernel->shape);
    spec->axis_count = (int)words->axes;
    spec->axes = spec->axis_count > 0 ? spec->axis_count : kernel->rank > 3 ? kernel->rank - 2 : kernel->rank;
    spec->bank = kernel->rank == spec->axes + 2;
    if (kernel->rank == 0 || spec->axes > CLF_MAX_FILTER_AXES || !(spec->bank || kernel->rank == spec->axes)) {
        line_fail(line, "k= wants an extent for each of 1 to 3 axes, and two more before them for a bank");
        *kernel = (tensor_spec){.rank = 1, .shape = {1}};
        spec->axes = 1;
        spec->bank = false;
    }
    if (spec->axes + spec->bank > spec->src.rank) {
        line_fail(line, "k= wants more axes than the shape has");
    }
    for (int axis = 0; axis < kernel->rank; axis++) {
        kernel->shape[axis] = small_number(line, "k", kernel->shape[axis], 1);
    }
    clf_dtype dtype = spec->src.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    kernel->dtype = (clf_dtype)line_choice(line, "k_dtype", dtype_names, (int)dtype);
    kernel->layout = (test_layout)line_choice(line, "k_layout", layout_names, LAYOUT_DENSE);
}

static void parse_taps(case_line *line, const clf_conv_words *words, conv_spec *spec) {
    const tensor_spec *kernel = &spec->kernel;
    spec->kernel_view = words->kernel == 1;
    spec->taps = words->taps == CLF_TAPS_FULL      ? TAPS_AS_DATA
                 : words->taps == CLF_TAPS_SPECIAL ? TAPS_SPECIAL
                                                   : (taps_kind)(TAPS_RANK + words->taps - 1);
    static const char *const signs[] = {"drawn", "above", "below", "sparse", "ring", "halves", "stripes", NULL};
    spec->signs = (signs_kind)line_choice(line, "signs", signs, SIGNS_DRAWN);
    if (line_integer(line, "sobel", 0) != 0) {
        spec->taps = TAPS_SOBEL;
    }
    spec->by_factors = line_integer(line, "factors", 0) != 0;
    if (spec->taps == TAPS_SOBEL && !(kernel->rank == 2 && kernel->shape[0] == 3 && kernel->shape[1] == 3)) {
        line_fail(line, "sobel=1 wants k=3x3");
    }
    if (spec->by_factors && (spec->bank || spec->kernel_view || spec->taps != TAPS_AS_DATA)) {
        line_fail(line, "factors=1 stands alone: no bank, no kernel=view, no taps=");
    }
    if (spec->taps >= TAPS_RANK && spec->bank) {
        line_fail(line, "taps=rank needs a kernel that is not a bank");
    }
    parse_name(line, "needs", spec->needs);
    parse_name(line, "refuses", spec->refuses);
}

static void parse_channels(case_line *line, const clf_conv_words *words, conv_spec *spec) {
    spec->groups = (int)words->groups;
    spec->biased = words->bias != 0;
    if (spec->groups < 1 || (!spec->bank && (spec->groups > 1 || spec->biased))) {
        line_fail(line, "groups= and bias= want a bank, and groups at least 1");
        spec->groups = 1;
    }
}

/* dst's extents, once everything that shapes them is read. */
static void shape_output(case_line *line, conv_spec *spec) {
    conv_form form;
    if (line->error[0] != '\0') {
        return;
    }
    for (int i = 0; i < spec->axes; i++) {
        int axis = spec->chosen[i] + spec->src.rank;
        if (spec->chosen[0] != 0 && (spec->chosen[i] >= 0 || axis < 0)) {
            line_fail(line, "chosen= wants an axis from the end, such as -1, for each axis filtered");
            return;
        }
    }
    conv_form_make(spec, &form);
    for (int i = 0; i < spec->axes; i++) {
        int at = form.order[spec->src.rank - spec->axes + i];
        spec->dst.shape[at] = form.out[3 - spec->axes + i];
        if (spec->dst.shape[at] < 1) {
            line_fail(line, "the kernel is larger than axis %d", at);
        }
    }
    if (spec->bank) {
        int at = form.order[spec->src.rank - spec->axes - 1];
        spec->dst.shape[at] = spec->kernel.shape[0];
        if (form.inputs != spec->kernel.shape[1] || form.inputs * form.groups != spec->src.shape[at] ||
            spec->kernel.shape[0] % form.groups != 0) {
            line_fail(line, "k= and groups= do not fit %lld channels", (long long)spec->src.shape[at]);
        }
    }
}

/* One line of numbers: the weights, then the biases. */
static void shape_weights(conv_spec *spec, tensor_spec *output) {
    *output = (tensor_spec){.dtype = spec->src.dtype == CLF_F64 ? CLF_F64 : CLF_F32, .rank = 1};
    output->layout = spec->kernel.layout;
    output->shape[0] = spec_count(&spec->kernel) + (spec->biased ? spec->kernel.shape[0] : 0);
}

/* What is read and what is written, by role. */
static void assign_tensors(case_line *line, test_case *test) {
    conv_spec *spec = test->spec;
    bool forward = spec->role == CONV_FORWARD, weights = spec->role == CONV_WEIGHTS;
    test->input[0] = spec->role == CONV_ADJOINT ? spec->dst : spec->src;
    test->input[1] = weights ? spec->dst : spec->kernel;
    test->output = forward ? spec->dst : spec->src;
    test->inputs = 2;
    if (weights) {
        shape_weights(spec, &test->output);
    } else if (spec->biased && forward) {
        test->input[test->inputs++] =
            (tensor_spec){.dtype = spec->kernel.dtype, .rank = 1, .shape = {spec->kernel.shape[0]}};
        test->input[2].layout = spec->kernel.layout;
    }
    if (spec->by_factors) {
        test->input[1].layout = LAYOUT_DENSE; /* not given to the library: the factors are */
    }
    for (int i = 0; spec->by_factors && i < spec->axes; i++) {
        test->input[test->inputs] =
            (tensor_spec){.dtype = spec->kernel.dtype, .rank = 1, .layout = spec->kernel.layout};
        test->input[test->inputs++].shape[0] = spec->kernel.shape[i];
    }
    if (!forward && (!number_is_real(spec->src.dtype) || (!weights && spec->src.layout == LAYOUT_BROADCAST))) {
        line_fail(line, "gradients are of f32, f64 and f16, and none is written to a broadcast layout");
    }
}

void conv_parse(case_line *line, test_case *test, conv_role role, bool flipped) {
    conv_spec *spec = test->spec = calloc(1, sizeof *spec);
    if (spec == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    case_parse_common(line, test);
    spec->role = role;
    spec->flipped = flipped;
    spec->src = test->input[0];
    spec->dst = test->output;
    clf_conv_words words = {.cval = 0};
    case_read_keys(line, test, &clf_conv_line, &words);
    parse_kernel(line, &words, spec);
    parse_channels(line, &words, spec);
    parse_taps(line, &words, spec);
    spec->cval = words.cval;
    spec->mode = (clf_mode)words.mode;
    parse_integers(line, "chosen", spec->axes, spec->chosen);
    for (int i = 0; i < spec->axes; i++) {
        spec->border[i] = words.border[i];
        spec->origin[i] = small_number(line, "origin", words.origin[i], -MOST_OF_AN_AXIS);
        spec->stride[i] = small_number(line, "stride", words.stride[i], 1);
        spec->dilation[i] = small_number(line, "dilation", words.dilation[i], 1);
    }
    test->axes = spec->axes;
    shape_output(line, spec);
    assign_tensors(line, test);
}
