/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canny's edges after smoothing and Sobel's derivatives: thinning, then hysteresis by connected components.
 *
 * canny_take: the image, dense, in the arithmetic's type and divided by CANNY_LESS, as are thresholds.
 * canny_thin: a pixel stays a candidate where its magnitude is at least `low` and no less than the magnitudes on both
 * sides along its gradient, interpolated between two neighbours each (as skimage.feature.canny). Pixels on the image's
 * rim are none.
 * canny_join: candidates that touch (8 neighbours) are joined in a forest in which every parent has the lower index; a
 * root takes a parent by atomic_min, so the roots in the end are the least indices whatever the order was.
 * canny_mark: marks the roots of candidates with a magnitude of `high` or more. canny_keep: keeps what has such a root.
 * So hysteresis takes two passes whatever the edges' lengths, and never returns to the host.
 *
 * Floor: three passes over 4 bytes a pixel and one over 12. Constants: those of real.h.
 */
// checks share: float -DVECTOR=1
// check cpu: -DLOCAL_X=1
// check cpu: -DLOCAL_X=1 double
// check gpu: -DLOCAL_X=64 -DSRC_T=half -DSRC_IS_HALF=1
#include "real.h"
#include "batch.h"
#include "pass.h"

/* src, which lies anywhere, into a dense field. The table: as canny_keep's. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
canny_take(global const SRC_T *restrict src, global DST_T *restrict field, constant const long *restrict g, long width,
           long columns) {
    long row = (long)get_global_id(1), first = (long)get_global_id(0) * columns, last = min(first + columns, width);
    long offset[1] = {g[0]};
    batch_offsets(g + 2, row, 1, offset);
    for (long j = first; j < last; j++)
        field[row * width + j] = load_one(src, offset[0] + j * g[1]) / CANNY_LESS;
}

/* Magnitudes beside the pixel, mixed between neighbour a (straight) and b (diagonal). */
static inline bool at_least(REAL magnitude, REAL straight, REAL diagonal, REAL w) {
    return diagonal * w + straight * (1 - w) <= magnitude;
}

/* True where pixel `at` is a maximum along its gradient (i, j). */
static inline bool is_ridge(global const REAL *m, long at, long width, REAL i, REAL j) {
    REAL down = fabs(i), across = fabs(j), magnitude = m[at];
    bool same = (i >= 0 && j >= 0) || (i <= 0 && j <= 0), opposite = (i <= 0 && j >= 0) || (i >= 0 && j <= 0);
    /* The last of the quarters that holds it decides, where it lies on the line between two. */
    bool ridge = false;
    if (same && down >= across)
        ridge = at_least(magnitude, m[at + width], m[at + width + 1], across / down) &&
                at_least(magnitude, m[at - width], m[at - width - 1], across / down);
    if (same && down <= across)
        ridge = at_least(magnitude, m[at + 1], m[at + width + 1], down / across) &&
                at_least(magnitude, m[at - 1], m[at - width - 1], down / across);
    if (opposite && down <= across)
        ridge = at_least(magnitude, m[at + 1], m[at - width + 1], down / across) &&
                at_least(magnitude, m[at - 1], m[at + width - 1], down / across);
    if (opposite && down >= across)
        ridge = at_least(magnitude, m[at - width], m[at - width + 1], across / down) &&
                at_least(magnitude, m[at + width], m[at + width - 1], across / down);
    return ridge;
}

/* derivatives: fields dx, dy, magnitude, dense. parent: -1 or the pixel itself. strong: 0. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
canny_thin(global const REAL *restrict derivatives, global int *restrict parent, global int *restrict strong,
           long width, long height, long count, REAL low, long columns) {
    long row = (long)get_global_id(1), i = row % height;
    long first = (long)get_global_id(0) * columns, last = min(first + columns, width);
    global const REAL *m = derivatives + 2 * count;
    for (long j = first; j < last; j++) {
        long at = row * width + j;
        bool inside = i > 0 && i < height - 1 && j > 0 && j < width - 1;
        bool candidate = inside && m[at] > 0 && m[at] >= low &&
                         is_ridge(m, at, width, derivatives[count + at], derivatives[at]);
        parent[at] = candidate ? (int)at : -1;
        strong[at] = 0;
    }
}

/* Other work-items change parents meanwhile: every read is atomic, and any parent read is one of the component. */
static inline int find_root(volatile global int *parent, int at) {
    int up = atomic_or(parent + at, 0);
    while (up != at) {
        at = up;
        up = atomic_or(parent + at, 0);
    }
    return at;
}

static inline void join(volatile global int *parent, int a, int b) {
    a = find_root(parent, a);
    b = find_root(parent, b);
    while (a != b) {
        int high = max(a, b), low = min(a, b);
        int before = atomic_min(parent + high, low);
        if (before == high)
            return; /* it was a root and now has a parent; no barrier follows */
        a = find_root(parent, before);
        b = find_root(parent, low);
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
canny_join(volatile global int *parent, long width, long height, long columns) {
    long row = (long)get_global_id(1), i = row % height;
    long first = (long)get_global_id(0) * columns, last = min(first + columns, width);
    for (long j = first; j < last; j++) {
        int at = (int)(row * width + j);
        if (atomic_or(parent + at, 0) < 0 || i == 0 || j == 0 || j == width - 1)
            continue; /* candidates do not lie on the rim */
        if (atomic_or(parent + at - 1, 0) >= 0)
            join(parent, at, at - 1);
        for (int k = -1; k <= 1; k++)
            if (atomic_or(parent + at - width + k, 0) >= 0)
                join(parent, at, (int)(at - width + k));
    }
}

/* Once the forest stands. */
static inline int root_of(global const int *parent, int at) {
    while (parent[at] != at)
        at = parent[at];
    return at;
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
canny_mark(global const REAL *restrict magnitude, global const int *restrict parent, volatile global int *strong,
           long width, long count, REAL high, long columns) {
    long row = (long)get_global_id(1), first = (long)get_global_id(0) * columns, last = min(first + columns, width);
    for (long j = first; j < last; j++) {
        long at = row * width + j;
        if (parent[at] >= 0 && magnitude[2 * count + at] >= high)
            atomic_or(strong + root_of(parent, (int)at), 1);
    }
}

/* The table: offset and stride along the last axis of dst, then the batch table of its rows. */
kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
canny_keep(global const int *restrict parent, global const int *restrict strong, global uchar *restrict dst,
           constant const long *restrict g, long width, long columns) {
    long row = (long)get_global_id(1), first = (long)get_global_id(0) * columns, last = min(first + columns, width);
    long offset[1] = {g[0]};
    batch_offsets(g + 2, row, 1, offset);
    for (long j = first; j < last; j++) {
        long at = row * width + j;
        bool edge = parent[at] >= 0 && strong[root_of(parent, (int)at)] != 0;
        dst[offset[0] + j * g[1]] = edge ? 255 : 0;
    }
}
