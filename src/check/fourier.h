/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Convolution and correlation by Fourier transforms: 'fconv' and 'fcorr' lines read as those of conv and corr, run with
 * the solver that transforms tiles, and are judged by the bound of its own; 'fftconv' lines with the libraries.
 */
#ifndef CLF_CHECK_FOURIER_H
#define CLF_CHECK_FOURIER_H

#include "check/case.h"

/* The names of the libraries' solvers that are built in, each with a comma behind it. */
#ifdef CLF_HAS_VKFFT
#define FOURIER_VKFFT "conv.fft.vkfft",
#else
#define FOURIER_VKFFT
#endif
#ifdef CLF_HAS_CLFFT
#define FOURIER_CLFFT "conv.fft.clfft",
#else
#define FOURIER_CLFFT
#endif

extern const test_operation fourier_conv_operation, fourier_corr_operation, fourier_library_operation;

/*
 * True of the solvers that transform; what each of their outputs may be off, the inputs' magnitudes at most `greatest`.
 */
bool fourier_solves(const char *solver);
double fourier_tolerance(const test_case *test, double greatest);

/* Lines, in fourier_lines.c. `name` is "fconv" or "fcorr". */
void fourier_systematic_lines(line_batch *batch, const char *name);
void fourier_library_lines(line_batch *batch, const char *name);
void fourier_small_lines(line_batch *batch, const char *name);
void fourier_property_lines(line_batch *batch, const char *property, const char *words);
void fourier_random_line(line_batch *batch, const char *name, random_state *random);

#endif
