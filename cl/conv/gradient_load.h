/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output's gradient, loaded as the arithmetic's type where SRC_T is another tensor's. Constants: those of real.h;
 * GRAD_T and GRAD_IS_HALF.
 */
#ifndef CLF_CONV_GRADIENT_LOAD_H
#define CLF_CONV_GRADIENT_LOAD_H

#include "real.h"

static inline REAL load_gradient(global const GRAD_T *p, long i) {
#if GRAD_IS_HALF
    return vload_half(i, p);
#else
    return (REAL)p[i];
#endif
}

static inline realv load_gradients(global const GRAD_T *p, long i) {
#if VECTOR == 1
    return load_gradient(p, i);
#elif GRAD_IS_HALF
    return PASTE(vload_half, VECTOR)(0, p + i);
#else
    return PASTE(PASTE(convert_, REAL), VECTOR)(PASTE(vload, VECTOR)(0, p + i));
#endif
}

#endif
