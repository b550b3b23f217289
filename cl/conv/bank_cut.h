/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How conv_bank_staged cuts its work: a table that src/ops/conv/bank_cut.c writes. A work-item makes
 * BANK_ROWS x BANK_COLUMNS pixels of some blocks of outputs. Of the input channels that it stages at a time, each is a
 * run of planes, one for each depth tap, phase along y and phase along x, in that order, and a plane is rows of one
 * pitch. So output pixel (r, c) stands at r*pitch + c, and each tap reads at a fixed distance from there.
 */
#ifndef CLF_CONV_BANK_CUT_H
#define CLF_CONV_BANK_CUT_H

enum {
    BANK_ROWS = 0, /* pixels of a work-item */
    BANK_COLUMNS = 1,
    BANK_PITCH = 2,     /* from one staged row to the next */
    BANK_HALO = 3,      /* staged rows of a plane beyond BANK_ROWS */
    BANK_PLANE = 4,     /* elements of a staged plane */
    BANK_CHANNEL = 5,   /* of a staged channel */
    BANK_CHUNK = 6,     /* channels staged at a time */
    BANK_STAGED = 7,    /* elements of all that is staged */
    BANK_FLAT = 8,      /* sums of an output: a multiple of the tile */
    BANK_BLOCKS = 9,    /* blocks of a group's outputs */
    BANK_PART = 10,     /* blocks of a work-item */
    BANK_PARTS = 11,    /* work-items that share a group's outputs */
    BANK_TAPS = 12,     /* of one channel */
    BANK_PHASES_Y = 13, /* how many phases are staged, and where in this table they stand */
    BANK_PHASES_X = 14,
    BANK_PHASE_Y = 15,
    BANK_PHASE_X = 16,
    BANK_DISTANCES = 17, /* where the distances of BANK_CHUNK * BANK_TAPS taps stand in this table */
    BANK_LISTS = 18      /* where those lists begin */
};

#endif
