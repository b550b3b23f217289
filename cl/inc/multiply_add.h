/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MULTIPLY_ADD(a, b, c): a * b + c, rounded once where the device does that fast, else once or twice as its compiler
 * likes. Every bound holds for both. Where it is not fast, fma() is computed from integers: no kernel calls it.
 */
#ifndef CLF_MULTIPLY_ADD_H
#define CLF_MULTIPLY_ADD_H

/* PoCL defines neither of OpenCL's two words; its clang says what the processor has. */
#if (defined(REAL_IS_DOUBLE) ? defined(FP_FAST_FMA) : defined(FP_FAST_FMAF)) || defined(__FMA__)
#define MULTIPLY_ADD(a, b, c) fma(a, b, c)
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

#endif
