/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering what a slab reads. */
#ifndef CLF_STREAM_GATHER_H
#define CLF_STREAM_GATHER_H

#include "stream/parts.h"

/* Fills a slab of an input, whose first row stands for index `first` of the input extended by its border. */
clf_status clf_stream_gather(const clf_plan *plan, const clf_host_operands *host, int operand, int64_t first,
                             void *memory, clf_error *error);

#endif
