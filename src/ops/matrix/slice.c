/* SPDX-License-Identifier: Apache-2.0 */
/* Small matrices cut into slabs: along any axis that counts them, each of them whole. */
#include "ops/matrix/matrix.h"

#include <string.h>

static bool cut(const void *described, int axis, clf_cut *cut) {
    const clf_matrix_problem *problem = described;
    const clf_view *matrix = &problem->view[0];
    if (axis >= matrix->rank - 2)
        return false;
    int64_t extent = matrix->shape[axis];
    *cut = (clf_cut){.outputs = extent, .inputs = extent, .step = 1, .border = CLF_BORDER_REPLICATE};
    return true;
}

static void slice(const void *described, int axis, const clf_view *slab, void *written) {
    const clf_matrix_problem *problem = described;
    clf_matrix_problem *sub = written;
    (void)axis;
    *sub = *problem;
    memcpy(sub->view, slab, (size_t)problem->operands * sizeof *slab);
    clf_matrix_find_layout(sub);
}

const clf_slicing clf_matrix_slicing = {sizeof(clf_matrix_problem), cut, slice};
