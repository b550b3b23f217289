/* SPDX-License-Identifier: Apache-2.0 */
/* The table of operations that the runner knows: one row each. */
#include "check/case.h"

/* X(name): a new operation adds its own. */
#define OPERATIONS(X)    \
    X(conv)              \
    X(corr)              \
    X(banks)             \
    X(conv_adjoint)      \
    X(corr_adjoint)      \
    X(conv_weights)      \
    X(corr_weights)      \
    X(gradient)          \
    X(fourier_conv)      \
    X(fourier_corr)      \
    X(fourier_library)   \
    X(gradient_backward) \
    X(laplace)           \
    X(structure)         \
    X(canny)             \
    X(box)               \
    X(match)             \
    X(normalised)        \
    X(smoothness)        \
    X(take)              \
    X(put_add)           \
    X(shift)             \
    X(pinv)              \
    X(inv)               \
    X(det)               \
    X(solve)             \
    X(lstsq)
#if defined(CLF_HAS_VKFFT) || defined(CLF_HAS_CLFFT)
#define TRANSFORMED_OPERATIONS(X) X(fourier_normalised) X(phase) X(fourier_shift)
#else
#define TRANSFORMED_OPERATIONS(X)
#endif

#define DECLARE(name) extern const test_operation name##_operation;
OPERATIONS(DECLARE)
TRANSFORMED_OPERATIONS(DECLARE)
#define ROW(name) &name##_operation,
const test_operation *const operations[] = {OPERATIONS(ROW) TRANSFORMED_OPERATIONS(ROW) NULL};
