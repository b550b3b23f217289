/* SPDX-License-Identifier: Apache-2.0 */
/* Streamed plans: a plan of one slab, executed on one set of buffers after the other. */
#ifndef CLF_STREAM_STREAM_H
#define CLF_STREAM_STREAM_H

#include "choose/operation.h"
#include "stream/slice.h"

#include <clfilter/stream.h>

/* One slab is read, one computed and one written at a time. */
enum { CLF_STREAM_SLOTS = 3 };

struct clf_stream {
    clf_stream_info info;
    clf_cut cut;
    clf_plan *slab_plan[CLF_MOST_DEVICES]; /* of each device */
    clf_view slab[CLF_MAX_OPERANDS];       /* dense; rank 0: an operand that is not cut */
    cl_mem buffers[CLF_MOST_DEVICES][CLF_STREAM_SLOTS][CLF_MAX_OPERANDS]; /* NULL for operands that are not cut */
    unsigned char constant[CLF_MAX_OPERANDS][8]; /* the border's constant as an element of an input */
};

/*
 * Makes a streamed plan; parameters and checks as clf_planner_make, options->stream_bytes not 0. Where no output has
 * elements it is idle, and not streamed.
 */
clf_status clf_stream_make(clf_context *context, const clf_operation *operation, const void *problem, int operand_count,
                           const clf_operand *operands, const clf_plan_options *options, clf_plan **plan,
                           clf_error *error);

#endif
