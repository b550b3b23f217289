/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of convolutions, of their adjoints and of matching, written. */
#include "ops/conv/conv.h"
#include "ops/conv/words.h"

#include <math.h>
#include <string.h>

/* What distinguishes kernels of one shape: where they lie, that they are a sum of few products, or not finite. */
static void say_weights(const clf_conv_problem *problem, clf_conv_words *words) {
    if (problem->values == NULL) {
        words->kernel = problem->role != CLF_CONV_WEIGHTS;
        return;
    }
    int64_t rows = problem->taps[0] * problem->taps[1], columns = problem->taps[2];
    if (problem->low_rank > 0 && problem->low_rank < rows && problem->low_rank < columns)
        words->taps = problem->low_rank;
    for (int64_t i = 0; i < clf_conv_weight_count(problem); i++)
        if (!isfinite(problem->values[i]))
            words->taps = CLF_TAPS_SPECIAL;
}

static void say_kernel(const clf_conv_problem *problem, clf_conv_words *words) {
    clf_extents *k = &words->k;
    if (problem->bank) {
        k->extent[k->rank++] = clf_conv_output_count(problem);
        k->extent[k->rank++] = problem->inputs;
    }
    for (int i = CLF_CONV_AXES - problem->axes; i < CLF_CONV_AXES; i++)
        k->extent[k->rank++] = problem->taps[i];
    words->groups = problem->groups;
    words->axes = problem->bank && problem->axes == 1;
    words->bias = problem->biased;
}

void clf_conv_print_as(const clf_line_table *row, const clf_conv_problem *problem, clf_text *text) {
    int unused = CLF_CONV_AXES - problem->axes;
    clf_conv_words words = {
        .cval = problem->cval, .mode = (int)problem->mode, .dst = problem->dst.dtype, .slab = problem->slab};
    clf_words_set_shape(&words, &problem->src);
    words.line.axes = problem->axes;
    say_kernel(problem, &words);
    say_weights(problem, &words);
    for (int i = 0; i < problem->axes; i++) {
        words.border[i] = problem->border[unused + i];
        words.origin[i] = problem->origin[i];
        words.stride[i] = problem->step[unused + i];
        words.dilation[i] = problem->dilation[unused + i];
    }
    clf_words_set_strides(&words, 0, &problem->src);
    clf_words_set_strides(&words, 1, &problem->dst);
    clf_words_print(row, &words, text);
}

void clf_conv_print(const void *described, clf_text *text) {
    static const clf_line_table *const rows[][2] = {
        [CLF_CONV_FORWARD] = {&clf_corr_line, &clf_conv_line},
        [CLF_CONV_ADJOINT] = {&clf_corr_adjoint_line, &clf_conv_adjoint_line},
        [CLF_CONV_WEIGHTS] = {&clf_corr_weights_line, &clf_conv_weights_line},
    };
    const clf_conv_problem *problem = described;
    clf_conv_print_as(rows[problem->role][problem->flipped], problem, text);
}
