/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of operations: whole by the planner, or streamed. */
#include "ops/operation.h"

#include "choose/planner.h"
#include "rt/process.h"
#include "stream/stream.h"

clf_status clf_operation_plan(clf_context *context, const clf_operation *operation, const void *problem,
                              int operand_count, const clf_operand *operands, const clf_plan_options *options,
                              clf_plan **plan, clf_error *error) {
    CLF_TRY(clf_process_check(context->process, "context", error));
    bool streamed = options->stream_bytes > 0;
    return (streamed ? clf_stream_make : clf_planner_make)(context, operation, problem, operand_count, operands,
                                                           options, plan, error);
}
