/* SPDX-License-Identifier: Apache-2.0 */
/* Batch axes: collected, merged, written down for kernels. */
#include "plan/batch.h"

#include <string.h>

void clf_batch_add(clf_batch *batch, int64_t extent, int operands, const int64_t *strides) {
    batch->shape[batch->rank] = extent;
    for (int i = 0; i < operands; i++)
        batch->strides[i][batch->rank] = strides[i];
    batch->rank++;
}

static bool mergeable(const clf_batch *batch, int outer, int inner) {
    for (int i = 0; i < CLF_BATCH_OPERANDS; i++)
        if (batch->strides[i][outer] != batch->shape[inner] * batch->strides[i][inner])
            return false;
    return true;
}

static void copy_axis(clf_batch *batch, int to, int from) {
    batch->shape[to] = batch->shape[from];
    for (int i = 0; i < CLF_BATCH_OPERANDS; i++)
        batch->strides[i][to] = batch->strides[i][from];
}

void clf_batch_collapse(clf_batch *batch) {
    int kept = 0;
    batch->count = 1;
    for (int i = 0; i < batch->rank; i++) {
        batch->count *= batch->shape[i];
        if (batch->shape[i] == 1)
            continue;
        if (kept > 0 && mergeable(batch, kept - 1, i)) {
            int64_t merged = batch->shape[kept - 1] * batch->shape[i];
            copy_axis(batch, kept - 1, i);
            batch->shape[kept - 1] = merged;
        } else {
            copy_axis(batch, kept++, i);
        }
    }
    batch->rank = kept;
}

void clf_batch_write(const clf_batch *batch, int64_t table[CLF_BATCH_TABLE]) {
    memset(table, 0, CLF_BATCH_TABLE * sizeof *table);
    table[0] = batch->rank;
    memcpy(table + 1, batch->shape, sizeof batch->shape);
    memcpy(table + 1 + CLF_MAX_RANK, batch->strides, sizeof batch->strides);
}

void clf_batch_remove(clf_batch *batch, int axis) {
    batch->count /= batch->shape[axis];
    batch->rank--;
    for (int i = axis; i < batch->rank; i++) {
        batch->shape[i] = batch->shape[i + 1];
        for (int operand = 0; operand < CLF_BATCH_OPERANDS; operand++)
            batch->strides[operand][i] = batch->strides[operand][i + 1];
    }
}
