/* SPDX-License-Identifier: Apache-2.0 */
/* Batch axes as src/plan/batch.h writes them: rank, 8 extents, then 8 strides for each operand. */
#ifndef CLF_BATCH_H
#define CLF_BATCH_H

#define BATCH_RANK 8

/* Adds to offset[0..operands-1] where batch item `item` begins in each operand. */
static inline void batch_offsets(constant const long *table, long item, int operands, long *offset) {
    for (int axis = (int)table[0] - 1; axis >= 0; axis--) {
        long extent = table[1 + axis];
        long index = item % extent;
        item /= extent;
        for (int i = 0; i < operands; i++)
            offset[i] += index * table[1 + BATCH_RANK * (1 + i) + axis];
    }
}

#endif
