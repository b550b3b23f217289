/* SPDX-License-Identifier: Apache-2.0 */
/* Host arrays lent to a device. */
#ifndef CLF_STREAM_LEND_H
#define CLF_STREAM_LEND_H

#include "stream/stream.h"

/*
 * Makes a buffer of a slab of an operand where it lies in the host's array, from `first` along the axis; NULL if it
 * is not all there, or a device cannot use it there. `written`: it is an output. Release with clf_buffer_release.
 */
clf_status clf_stream_lend(clf_context *context, const clf_stream *stream, const clf_array *array, int operand,
                           int64_t first, bool written, cl_mem *buffer, clf_error *error);

/* The same of a whole operand of a plan, whose view says how it lies in its buffer. */
clf_status clf_lend_whole(clf_context *context, const clf_view *view, const clf_array *array, bool written,
                          cl_mem *buffer, clf_error *error);

#endif
