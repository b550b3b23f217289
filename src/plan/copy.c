/* SPDX-License-Identifier: Apache-2.0 */
/* Strided copies: axes in the order of the target's memory, merged where both sides allow, innermost lines at once. */
#include "plan/copy.h"

#include <clfilter/tensor.h>
#include <stdlib.h>
#include <string.h>

typedef struct copy_axis {
    int64_t extent, to, from;
} copy_axis;

/* Wide strides first. */
static int by_target(const void *a, const void *b) {
    const copy_axis *x = a, *y = b;
    int64_t p = llabs(x->to), q = llabs(y->to);
    return (p < q) - (p > q);
}

/* Sorts the axes by the target's strides and merges neighbours that are one line on both sides. */
static int arrange(int rank, const int64_t *shape, const int64_t *to, const int64_t *from, copy_axis *axes) {
    int count = 0, kept = 0;
    for (int i = 0; i < rank; i++)
        if (shape[i] > 1)
            axes[count++] = (copy_axis){shape[i], to[i], from[i]};
    qsort(axes, (size_t)count, sizeof *axes, by_target);
    for (int i = 0; i < count; i++) {
        copy_axis *outer = &axes[kept - 1];
        const copy_axis inner = axes[i];
        if (kept > 0 && outer->to == inner.extent * inner.to && outer->from == inner.extent * inner.from)
            *outer = (copy_axis){outer->extent * inner.extent, inner.to, inner.from};
        else
            axes[kept++] = inner;
    }
    return kept;
}

/* Of a size known to the compiler, so that each copy is one load and one store, aligned or not. */
#define COPY_LINE(size)                    \
    for (int64_t i = 0; i < extent; i++) { \
        memcpy(to, from, size);            \
        to += to_step;                     \
        from += from_step;                 \
    }

static void copy_line(const copy_axis *axis, size_t bytes, char *to, const char *from) {
    int64_t extent = axis->extent, to_step = axis->to * (int64_t)bytes, from_step = axis->from * (int64_t)bytes;
    if (axis->to == 1 && axis->from == 1) {
        memcpy(to, from, (size_t)extent * bytes);
        return;
    }
    switch (bytes) {
    case 1: COPY_LINE(1); break;
    case 2: COPY_LINE(2); break;
    case 4: COPY_LINE(4); break;
    default: COPY_LINE(8); break;
    }
}

static void copy_axes(int count, const copy_axis *axes, size_t bytes, char *to, const char *from) {
    if (count == 1) {
        copy_line(axes, bytes, to, from);
        return;
    }
    for (int64_t i = 0; i < axes->extent; i++)
        copy_axes(count - 1, axes + 1, bytes, to + i * axes->to * (int64_t)bytes,
                  from + i * axes->from * (int64_t)bytes);
}

void clf_copy_strided(int rank, const int64_t *shape, size_t bytes, void *to, const int64_t *to_strides,
                      const void *from, const int64_t *from_strides) {
    copy_axis axes[CLF_MAX_RANK];
    for (int i = 0; i < rank; i++)
        if (shape[i] == 0)
            return;
    int count = arrange(rank, shape, to_strides, from_strides, axes);
    if (count == 0)
        memcpy(to, from, bytes);
    else
        copy_axes(count, axes, bytes, to, from);
}
