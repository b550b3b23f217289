/* SPDX-License-Identifier: Apache-2.0 */
/* Which axes of a problem can be cut into slabs, in which order they are tried, and what slabs along them weigh. */
#ifndef CLF_STREAM_REGIONS_H
#define CLF_STREAM_REGIONS_H

#include "choose/operation.h"
#include "stream/slice.h"

/* What is planned. */
typedef struct clf_stream_request {
    clf_context *context;
    const clf_operation *operation;
    const void *problem;
    int count;
    const clf_operand *operands;
    const clf_plan_options *options;
    int devices;
    int64_t largest; /* bytes of a buffer that every device allows */
} clf_stream_request;

/* One axis that may be cut, and the bytes of one index along it. */
typedef struct clf_stream_candidate {
    int axis;
    clf_cut cut;
    int64_t in_bytes, out_bytes;           /* of all inputs and outputs together */
    int64_t largest_input, largest_output; /* of one */
} clf_stream_candidate;

/* A product, cut off far above any memory's size. */
int64_t clf_stream_times(int64_t a, int64_t b);

/* True for operands that are cut: those that are there and not whole. */
bool clf_stream_is_cut(const clf_operand *operand);

/* Elements that a slab of `count` outputs has along the axis. */
int64_t clf_stream_input_extent(const clf_cut *cut, int64_t count);
int64_t clf_stream_output_extent(const clf_cut *cut, int64_t count);

/* The input that a slab of `count` outputs from this one begins with. */
int64_t clf_stream_first_input(const clf_cut *cut, int64_t count, int64_t output);

/* Bytes of all operands of a slab. */
int64_t clf_stream_slab_bytes(const clf_stream_candidate *c, int64_t count);

/* The most outputs whose slab fits into `room` bytes and each of its buffers into the devices' greatest. */
int64_t clf_stream_most_outputs(const clf_stream_request *r, const clf_stream_candidate *c, int64_t room);

/* Axes by a view's strides, the outermost in memory first. Returns how many. */
int clf_stream_order_axes(const clf_view *view, int order[CLF_MAX_RANK]);

/* The axes that can be cut in the order they are tried: roomy ones, the outermost first, then the least slabs. */
clf_status clf_stream_candidates(const clf_stream_request *r, const clf_view *first,
                                 clf_stream_candidate found[CLF_MAX_RANK + 1], int *count, clf_error *error);

#endif
