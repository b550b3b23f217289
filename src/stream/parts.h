/* SPDX-License-Identifier: Apache-2.0 */
/* The operands of an execution on host memory, and parts of them read and written. */
#ifndef CLF_STREAM_PARTS_H
#define CLF_STREAM_PARTS_H

#include "plan/plan.h"

#include <clfilter/stream.h>

/* Where the operands are, checked: arrays resolved, rank 0 if it is a function. */
typedef struct clf_host_operands {
    const clf_host_desc *desc;
    clf_array arrays[CLF_MAX_OPERANDS];
} clf_host_operands;

/* Reads a part of an input into `into`, or writes one of an output from `from`. */
clf_status clf_host_read(const clf_host_operands *host, const clf_part *part, const clf_array *into, clf_error *error);
clf_status clf_host_write(const clf_host_operands *host, const clf_part *part, const clf_array *from, clf_error *error);

/* `count` indices from `first` along `axis` of a dense view that lies at `memory`. */
clf_array clf_stream_rows(const clf_view *view, void *memory, int axis, int64_t first, int64_t count);

#endif
