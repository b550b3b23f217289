/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors mapped for the host. */
#ifndef CLF_PLAN_TRANSFER_H
#define CLF_PLAN_TRANSFER_H

#include "rt/rt.h"

#include <clfilter/tensor.h>

/*
 * Maps the bytes that a resolved view touches, waiting for what was enqueued before; *elements points at the view's
 * first element. Unmapped by clf_buffer_unmap with *memory.
 */
clf_status clf_view_map(clf_context *context, const clf_view *view, cl_map_flags flags, void **memory, char **elements,
                        clf_error *error);

#endif
