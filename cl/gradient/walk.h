/* SPDX-License-Identifier: Apache-2.0 */
/* The walk of a work-item over the rows of all planes, and the columns beyond their ends. */
#ifndef CLF_GRADIENT_WALK_H
#define CLF_GRADIENT_WALK_H

#include "batch.h"
#include "border.h"
#include "outputs.h"

/* A row on its way through the planes: its place, and where its plane begins in every operand. */
typedef struct gradient_row {
    long i, z, item;
    long offset[1 + OUTPUTS];
} gradient_row;

static inline void find_plane(constant const long *g, gradient_row *row) {
    for (int o = 0; o <= OUTPUTS; o++)
        row->offset[o] = g[GRADIENT_SRC_OFFSET + o];
    batch_offsets(g + GRADIENT_BATCH, row->item, 1 + OUTPUTS, row->offset);
}

/* Row number `index` of all planes. */
static inline gradient_row find_row(constant const long *g, long index) {
    long depth = g[GRADIENT_EXTENT], height = g[GRADIENT_EXTENT + 1];
    gradient_row row = {.i = index % height, .z = index / height % depth, .item = index / height / depth};
    find_plane(g, &row);
    return row;
}

static inline void next_row(constant const long *g, gradient_row *row) {
    if (++row->i < g[GRADIENT_EXTENT + 1])
        return;
    row->i = 0;
    if (++row->z < g[GRADIENT_EXTENT])
        return;
    row->z = 0;
    row->item++;
    find_plane(g, row);
}

/* The columns that stand for those beyond a row's ends, `radius` before it, then as many behind; -1: the constant. */
static inline void find_ends(constant const long *g, int radius, int *ends) {
    long width = g[GRADIENT_EXTENT + 2];
    for (int e = 0; e < radius; e++) {
        ends[e] = (int)border_index(e - radius, width, (int)g[GRADIENT_BORDER + 2]);
        ends[radius + e] = (int)border_index(width + e, width, (int)g[GRADIENT_BORDER + 2]);
    }
}

#endif
