/* SPDX-License-Identifier: Apache-2.0 */
/* Axes that an operation only walks over (batch axes), merged where every operand allows it. */
#ifndef CLF_PLAN_BATCH_H
#define CLF_PLAN_BATCH_H

#include <clfilter/tensor.h>

enum { CLF_BATCH_OPERANDS = 8 };

/* The table as kernels read it (cl/inc/batch.h): rank, the extents, then each operand's strides. */
enum { CLF_BATCH_TABLE = 1 + CLF_MAX_RANK * (1 + CLF_BATCH_OPERANDS) };

typedef struct clf_batch {
    int rank; /* 0: a single item */
    int64_t count;
    int64_t shape[CLF_MAX_RANK];
    int64_t strides[CLF_BATCH_OPERANDS][CLF_MAX_RANK];
} clf_batch;

/* Appends an axis with one stride for each operand (missing ones are 0). */
void clf_batch_add(clf_batch *batch, int64_t extent, int operands, const int64_t *strides);

/* Drops axes of extent 1 and merges neighbours that are one line of memory in every operand. Counts the items. */
void clf_batch_collapse(clf_batch *batch);

/* Takes an axis out. */
void clf_batch_remove(clf_batch *batch, int axis);

/* Writes the table for kernels. */
void clf_batch_write(const clf_batch *batch, int64_t table[CLF_BATCH_TABLE]);

#endif
