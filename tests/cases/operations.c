/* SPDX-License-Identifier: Apache-2.0 */
/* The table of operations that the runner knows: one row each. */
#include "conv.h"
#include "gradient.h"
#include "smoothness.h"
#include "take.h"

const test_operation *const operations[] = {
    &conv_operation,
    &corr_operation,
    &banks_operation,
    &conv_adjoint_operation,
    &corr_adjoint_operation,
    &conv_weights_operation,
    &corr_weights_operation,
    &gradient_operation,
    &gradient_backward_operation,
    &smoothness_operation,
    &take_operation,
    &put_add_operation,
    NULL,
};
