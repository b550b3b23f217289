/* SPDX-License-Identifier: Apache-2.0 */
/* How conv.bank cuts a problem into wide work-items: what cl/conv/bank_staged.cl is built and called with. */
#ifndef CLF_OPS_CONV_BANK_H
#define CLF_OPS_CONV_BANK_H

#include "ops/conv/conv.h"

/* The constants of the build, then the table's values; counts of elements. */
typedef struct clf_bank_cut {
    int vector, block, lanes;
    int64_t rows, columns;       /* pixels of a work-item */
    int64_t blocks, part, parts; /* blocks of a group's outputs, of a work-item, and work-items that share them */
    int64_t chunk;               /* channels staged at a time */
    int64_t phases[2];           /* staged along y and x */
    int64_t halo, pitch, plane, channel, staged, flat, kept;
    double flops; /* of the peak, estimated: what all units could do meanwhile */
} clf_bank_cut;

/* Finds the cut that takes least time; false if none fits the device's local memory. */
bool clf_bank_cut_find(const clf_context *context, const clf_conv_problem *problem, clf_bank_cut *cut);

/* Makes the table of cl/conv/bank_cut.h, owned by the plan. */
clf_status clf_bank_cut_table(clf_plan *plan, const clf_conv_problem *problem, const clf_bank_cut *cut, cl_mem *table,
                              clf_error *error);

#endif
