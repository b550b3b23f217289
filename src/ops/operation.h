/* SPDX-License-Identifier: Apache-2.0 */
/* How every operation's public function ends: its problem, checked, becomes a plan, whole or streamed. */
#ifndef CLF_OPS_OPERATION_H
#define CLF_OPS_OPERATION_H

#include "choose/operation.h"
#include "stream/slice.h"

/* Plans a problem over its operands; tile by tile where options->stream_bytes is not 0. */
clf_status clf_operation_plan(clf_context *context, const clf_operation *operation, const void *problem,
                              int operand_count, const clf_operand *operands, const clf_plan_options *options,
                              clf_plan **plan, clf_error *error);

#endif
