/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How conv.bank and conv_weights.bank cut a problem into wide work-items: what cl/conv/bank_staged.cl and
 * cl/conv/weights_bank.cl are built and called with.
 */
#ifndef CLF_OPS_CONV_BANK_H
#define CLF_OPS_CONV_BANK_H

#include "ops/conv/conv.h"

enum { CLF_BANK_DISTANCES = 8192 }; /* at most: taps of all channels staged at a time */

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

/* Elements of local memory that a work-item should use at most. */
int64_t clf_bank_local_elements(const clf_context *context, const clf_conv_problem *problem);

/* Finds the phases, then from the rectangle the sizes of what is staged of a channel; false if they cannot fit. */
void clf_bank_cut_phases(const clf_conv_problem *problem, clf_bank_cut *cut);
bool clf_bank_cut_stage(const clf_conv_problem *problem, int64_t local_elements, clf_bank_cut *cut);

/* Makes the table of cl/conv/bank_cut.h, owned by the plan. */
clf_status clf_bank_cut_table(clf_plan *plan, const clf_conv_problem *problem, const clf_bank_cut *cut, cl_mem *table,
                              clf_error *error);

#endif
