/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cutting a problem into slabs along one axis. An operation says how (clf_slicing); src/stream/stream.c decides where,
 * and gathers what lies beyond the ends of the input through the border, so that a slab's kernel never meets that
 * border; or, where the operation says so, keeps slabs inside the input.
 */
#ifndef CLF_STREAM_SLICE_H
#define CLF_STREAM_SLICE_H

#include "plan/plan.h"

#include <clfilter/border.h>

/*
 * One way to cut. Outputs a..b-1 along the axis read the elements step*a + start .. step*(b-1) + start + reach of every
 * input, which continues beyond its ends by `border`.
 */
typedef struct clf_cut {
    int64_t outputs; /* along the axis */
    int64_t inputs;  /* likewise */
    int64_t step, start, reach;
    clf_border border;
    double cval;
    bool filled; /* `fill` is the border's constant as an element of the inputs; else it is cval, if they can hold it */
    unsigned char fill[8];
    int64_t margin; /* outputs that a slab makes before and behind its own, and that are dropped */
    /*
     * Slabs lie within the input: those at its ends begin or end there, and the kernel meets the border there itself.
     * Then there are as many inputs as outputs, step is 1, start -margin and reach twice the margin.
     */
    bool inside;
} clf_cut;

typedef struct clf_slicing {
    size_t problem_bytes;
    /* Fills `cut` for an axis of the operands as described; false if the problem cannot be cut there. */
    bool (*cut)(const void *problem, int axis, clf_cut *cut);
    /*
     * Writes the problem of one slab: that on `slab`, views in the operands' order, where every input holds exactly
     * what the slab's outputs read. The same for every slab.
     */
    void (*slice)(const void *problem, int axis, const clf_view *slab, void *sub);
} clf_slicing;

#endif
