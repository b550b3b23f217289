/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of convolutions and their adjoints, written (clfilter/line.h has the words). */
#include "base/number.h"
#include "ops/border.h"
#include "ops/conv/conv.h"
#include "plan/view.h"

#include <math.h>

/* What distinguishes kernels of one shape: where they lie, that they are a sum of few products, or not finite. */
static void print_weights(const clf_conv_problem *problem, clf_text *text) {
    if (problem->values == NULL) {
        if (problem->role != CLF_CONV_WEIGHTS)
            clf_text_add(text, " kernel=view");
        return;
    }
    int64_t rows = problem->taps[0] * problem->taps[1], columns = problem->taps[2];
    if (problem->low_rank > 0 && problem->low_rank < rows && problem->low_rank < columns)
        clf_text_add(text, " taps=rank%d", problem->low_rank);
    for (int64_t i = 0; i < clf_conv_weight_count(problem); i++)
        if (!isfinite(problem->values[i])) {
            clf_text_add(text, " taps=special");
            return;
        }
}

void clf_conv_print(const void *described, clf_text *text) {
    const clf_conv_problem *problem = described;
    int unused = CLF_CONV_AXES - problem->axes;
    static const char *const roles[] = {"", "_adjoint", "_weights"};
    clf_text_add(text, "%s%s %s ", problem->flipped ? "conv" : "corr", roles[problem->role],
                 clf_dtype_name(problem->src.dtype));
    clf_text_add_extents(text, problem->src.rank, problem->src.shape);
    clf_text_add(text, " k=");
    if (problem->bank)
        clf_text_add(text, "%lldx%lldx", (long long)clf_conv_output_count(problem), (long long)problem->inputs);
    clf_text_add_extents(text, problem->axes, problem->taps + unused);
    if (problem->groups > 1)
        clf_text_add(text, " groups=%lld", (long long)problem->groups);
    if (problem->bank && problem->axes == 1)
        clf_text_add(text, " axes=1");
    if (problem->biased)
        clf_text_add(text, " bias=1");
    print_weights(problem, text);
    clf_border_print(text, problem->axes, problem->border + unused);
    if (problem->cval != 0)
        clf_text_add(text, " cval=%s", clf_number_exact(problem->cval).text);
    if (problem->mode != CLF_MODE_SAME)
        clf_text_add(text, " mode=%s", clf_mode_name(problem->mode));
    clf_text_add_values(text, "origin", problem->axes, problem->origin, 0);
    clf_text_add_values(text, "stride", problem->axes, problem->step + unused, 1);
    clf_text_add_values(text, "dilation", problem->axes, problem->dilation + unused, 1);
    if (problem->dst.dtype != problem->src.dtype)
        clf_text_add(text, " dst=%s", clf_dtype_name(problem->dst.dtype));
    if (problem->slab) /* in plans' descriptions and in wisdom only: no line that is read */
        clf_text_add(text, " slab=1");
    clf_view_print_layout(text, "src_strides", &problem->src);
    clf_view_print_layout(text, "dst_strides", &problem->dst);
}
