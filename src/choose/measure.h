/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring: candidates run on tensors of their own, checked against the safe one, and timed. */
#ifndef CLF_CHOOSE_MEASURE_H
#define CLF_CHOOSE_MEASURE_H

#include "choose/wisdom.h"

/*
 * Finds the fastest of the candidates, and of their variants where effort is CLF_EXHAUSTIVE. `choice` holds the
 * estimate's and is left so, with false returned and a word to the log, where measuring fails for whatever reason,
 * memory above all.
 */
bool clf_measure(clf_context *context, const clf_operation *operation, const void *problem, int operand_count,
                 const clf_operand *operands, clf_effort effort, const clf_candidates *candidates, clf_choice *choice);

#endif
