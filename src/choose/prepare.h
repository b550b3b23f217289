/* SPDX-License-Identifier: Apache-2.0 */
/* A plan made by one solver, or by none. */
#ifndef CLF_CHOOSE_PREPARE_H
#define CLF_CHOOSE_PREPARE_H

#include "choose/operation.h"

/* Prepares a plan over operands with one choice. */
clf_status clf_planner_prepare(clf_context *context, const clf_operation *operation, const void *problem,
                               int operand_count, const clf_operand *operands, const clf_choice *choice,
                               clf_plan **plan, clf_error *error);

/* Prepares a plan without steps. */
clf_status clf_planner_prepare_idle(clf_context *context, const clf_operation *operation, const void *problem,
                                    int operand_count, const clf_operand *operands, clf_plan **plan, clf_error *error);

#endif
