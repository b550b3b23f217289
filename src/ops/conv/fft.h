/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of conv.fft share. */
#ifndef CLF_OPS_CONV_FFT_H
#define CLF_OPS_CONV_FFT_H

#include "fft/step.h"
#include "ops/conv/conv.h"

#include "cl/conv/fft_geometry.h"

/* How a problem is laid out for the transforms. */
typedef struct clf_conv_layout {
    clf_fft_desc fft, kernel; /* of the inputs, and of the one kernel */
    int64_t table[FFT_TABLE];
    int64_t rows; /* of all blocks */
} clf_conv_layout;

/* What the steps share. */
typedef struct clf_conv_fft {
    clf_plan *plan;
    const clf_conv_problem *problem;
    const clf_conv_layout *layout;
    bool phase;
    char option_data[512];
    clf_text options;
    clf_conv_taps taps;
    cl_mem geometry, table;
    cl_mem spectrum; /* NULL: scratch */
    cl_uint spectrum_scratch, blocks;
    cl_uint found, kernel_found; /* of the items, of the kernel (cl/conv/fft_found.h) */
} clf_conv_fft;

/* Bytes of the maps of what is left out of the transform. */
double clf_conv_fft_map_bytes(const clf_conv_layout *layout);

/* Adds the steps that do what was left out of the transform, after the others. */
clf_status clf_conv_fft_add_rare(const clf_conv_fft *p, clf_error *error);

#endif
