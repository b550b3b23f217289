/* SPDX-License-Identifier: Apache-2.0 */
/* The table of operations that the runner knows: one row each. */
#include "check/conv.h"
#include "check/features.h"
#include "check/fourier.h"
#include "check/gradient.h"
#include "check/match.h"
#include "check/matrix.h"
#include "check/shift.h"
#include "check/smoothness.h"
#include "check/take.h"

const test_operation *const operations[] = {
    &conv_operation,
    &corr_operation,
    &banks_operation,
    &conv_adjoint_operation,
    &corr_adjoint_operation,
    &conv_weights_operation,
    &corr_weights_operation,
    &gradient_operation,
    &fourier_conv_operation,
    &fourier_corr_operation,
    &fourier_library_operation,
    &gradient_backward_operation,
    &laplace_operation,
    &structure_operation,
    &canny_operation,
    &match_operation,
    &normalised_operation,
    &smoothness_operation,
    &take_operation,
    &put_add_operation,
    &shift_operation,
#if defined(CLF_HAS_VKFFT) || defined(CLF_HAS_CLFFT)
    &fourier_normalised_operation,
    &phase_operation,
    &fourier_shift_operation,
#endif
    &pinv_operation,
    &inv_operation,
    &det_operation,
    &solve_operation,
    &lstsq_operation,
    NULL,
};
