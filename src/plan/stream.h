/* SPDX-License-Identifier: Apache-2.0 */
/* Streamed plans: a plan of one slab, executed on one set of buffers after the other. */
#ifndef CLF_PLAN_STREAM_H
#define CLF_PLAN_STREAM_H

#include "plan/planner.h"

#include <clfilter/stream.h>

/* One slab is read, one computed and one written at a time. */
enum { CLF_STREAM_SLOTS = 3 };

typedef struct clf_stream {
    clf_stream_info info;
    clf_cut cut;
    clf_plan *slab_plan[CLF_MOST_DEVICES]; /* of each device */
    clf_view slab[CLF_MAX_OPERANDS];       /* dense; rank 0: an operand that is not cut */
    cl_mem buffers[CLF_MOST_DEVICES][CLF_STREAM_SLOTS][CLF_MAX_OPERANDS]; /* NULL for operands that are not cut */
    unsigned char constant[CLF_MAX_OPERANDS][8]; /* the border's constant as an element of an input */
} clf_stream;

/* Makes a streamed plan; parameters as clf_planner_make, options->stream_bytes not 0. */
clf_status clf_stream_make(clf_context *context, const clf_operation *operation, const void *problem, int operand_count,
                           const clf_operand *operands, const clf_plan_options *options, clf_plan **plan,
                           clf_error *error);

clf_status clf_stream_clone(clf_context *context, const clf_stream *stream, clf_stream **clone, clf_error *error);
void clf_stream_destroy(clf_stream *stream);

/* Where the operands of an execution on host memory are, checked: arrays resolved, rank 0 where it is a function. */
typedef struct clf_host_operands {
    const clf_host_desc *desc;
    clf_array arrays[CLF_MAX_OPERANDS];
} clf_host_operands;

/* Reads a part of an input into `into`, or writes one of an output from `from`. */
clf_status clf_host_read(const clf_host_operands *host, const clf_part *part, const clf_array *into, clf_error *error);
clf_status clf_host_write(const clf_host_operands *host, const clf_part *part, const clf_array *from, clf_error *error);

/* Fills a slab of an input, whose first row stands for index `first` of the input extended by its border. */
clf_status clf_stream_gather(const clf_plan *plan, const clf_host_operands *host, int operand, int64_t first,
                             void *memory, clf_error *error);

/*
 * Makes a buffer of a slab of an operand where it lies in the host's array, from `first` along the axis; NULL where it
 * is not all there, or a device cannot use it there. `written`: it is an output. Release with clf_buffer_release.
 */
clf_status clf_stream_lend(clf_context *context, const clf_stream *stream, const clf_array *array, int operand,
                           int64_t first, bool written, cl_mem *buffer, clf_error *error);

/* Runs all slabs. */
clf_status clf_stream_run(clf_plan *plan, const clf_host_operands *host, clf_error *error);

/* `count` indices from `first` along `axis` of a dense view that lies at `memory`. */
clf_array clf_stream_rows(const clf_view *view, void *memory, int axis, int64_t first, int64_t count);

/*
 * Writes a number as an element; false where the type has no such number, which only arithmetic's own types always do.
 */
bool clf_element_encode(clf_dtype dtype, double value, unsigned char element[8]);

#endif
