/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation by Fourier transforms, against the definition: the trigonometric polynomial through the samples, its
 * frequencies summed one by one.
 *
 *   fourier_shift f32 3x20x30 by=0,-1.5,2, and the words every line shares
 */
#include "check/number.h"
#include "check/shift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {
#ifdef CLF_HAS_VKFFT
    "shift.fourier.vkfft",
#endif
#ifdef CLF_HAS_CLFFT
    "shift.fourier.clfft",
#endif
    NULL};

static void parse(case_line *line, test_case *test) {
    shift_operation.parse(line, test);
    if (test->spec != NULL) {
        ((shift_spec *)test->spec)->method = CLF_SHIFT_FOURIER;
    }
}

static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 256);
}

/* What sample j gives to sample i, d = i - by - j apart: the mean of the cosines of all frequencies. */
static double kernel_at(double d, int64_t n) {
    const double pi = 3.14159265358979323846;
    double sum = 1;
    for (int64_t k = 1; 2 * k < n; k++) {
        sum += 2 * cos(2 * pi * (double)k * d / (double)n);
    }
    return sum;
}

/* The Nyquist frequency, where n is even: its phase's real part alone. */
static double nyquist(int64_t i, int64_t j, double by, int64_t n) {
    const double pi = 3.14159265358979323846;
    return n % 2 != 0 ? 0 : cos(pi * by) * ((i - j) % 2 == 0 ? 1 : -1);
}

static void reference(const test_case *test) {
    const shift_spec *spec = test->spec;
    const tensor_spec *in = &test->input[0];
    int64_t count = spec_count(in), step = count;
    double *x = calloc((size_t)count, sizeof *x), squares = 0;
    for (int64_t i = 0; i < count; i++) { /* about 1, whose sums and squares are numbers */
        test->expected[i] = ldexp(test->values[0][i], -test->magnitude);
    }
    for (int axis = 0; axis < in->rank && x != NULL; axis++) {
        int64_t n = in->shape[axis];
        step /= n;
        memcpy(x, test->expected, (size_t)count * sizeof *x);
        for (int64_t at = 0; at < count && spec->by[axis] != 0; at++) {
            int64_t i = at / step % n, start = at - i * step;
            double sum = 0;
            for (int64_t j = 0; j < n; j++) {
                double weight = kernel_at((double)(i - j) - spec->by[axis], n) + nyquist(i, j, spec->by[axis], n);
                sum += x[start + j * step] * weight;
            }
            test->expected[at] = sum / (double)n;
        }
    }
    free(x);
    for (int64_t i = 0; i < count; i++) {
        squares += test->expected[i] * test->expected[i];
    }
    double bound = ldexp((in->dtype == CLF_F64 ? 1e-14 : 1e-6) * sqrt(squares), test->magnitude);
    for (int64_t i = 0; i < count; i++) { /* no element may be off by more than all together */
        test->tolerance[i] = bound + (test->magnitude == 0 ? 0 : number_tiny(in->dtype));
        test->expected[i] = ldexp(test->expected[i], test->magnitude);
    }
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    return shift_operation.plan(fixture, test, inputs, output, solver, plan, error);
}

/* Each shape and type is a transform that a library writes programs for, so their number is kept small. */
static void systematic(line_batch *batch) {
    static const char *const types[] = {"f32", "f64", "f16", "u8", "u16", "i16"};
    for (size_t type = 0; type < sizeof types / sizeof *types; type++) {
        batch_add(batch, "fourier_shift %s 2x12x20 by=0,0.5,-1.25", types[type]);
        batch_add(batch, "fourier_shift %s 2x12x20 by=0,-100.75,3", types[type]);
    }
    static const int f32[] = {-140, -100, 100, 126}, f64[] = {-1060, -800, 800, 1022};
    for (size_t i = 0; i < sizeof f32 / sizeof *f32; i++) {
        batch_add(batch, "fourier_shift f32 2x12x20 by=0,0.5,-1.25 magnitude=%d", f32[i]);
        batch_add(batch, "fourier_shift f64 2x12x20 by=0,0.5,-1.25 magnitude=%d", f64[i]);
    }
    batch_add(batch, "fourier_shift f32 12x20 by=0,0.5");
    batch_add(batch, "fourier_shift f32 15x9 by=-3.25,0");
    batch_add(batch, "fourier_shift f32 5x6x8 by=0.5,1,2.5");
    batch_add(batch, "fourier_shift f32 2x7 by=0,0.3");
    batch_add(batch, "fourier_shift f32 3x5x6x8 by=0,0.5,1,2.5");
    for (int way = LAYOUT_DENSE; way < LAYOUT_BROADCAST; way++) {
        batch_add(batch, "fourier_shift f32 2x12x20 by=0,0.5,0.25 src_layout=%s dst_layout=%s", layout_names[way],
                  layout_names[LAYOUT_MIXED - way]);
    }
#ifdef CLF_HAS_VKFFT
    batch_add(batch, "fourier_shift f32 3x13 by=0,0.5 solver=shift.fourier.vkfft");
    batch_add(batch, "fourier_shift f64 11x17 by=0.25,0.5 solver=shift.fourier.vkfft");
#endif
#ifdef CLF_HAS_CLFFT /* VkFFT has no rows of one element */
    batch_add(batch, "fourier_shift f32 12x1 by=0.25,0.5 solver=shift.fourier.clfft");
#endif
}

/* VkFFT's program for so short a row is one that the interpreter has nothing to say of. */
static void small(line_batch *batch) {
#ifdef CLF_HAS_VKFFT
    batch_add(batch, "fourier_shift f32 2x4 by=0,0.5 solver=shift.fourier.vkfft");
#else
    batch_add(batch, "fourier_shift f32 2x4 by=0,0.5");
#endif
}

static void no_random(line_batch *batch, random_state *random) {
    (void)batch, (void)random;
}

const test_operation fourier_shift_operation = {"fourier_shift", solvers,    parse, fill,       reference, plan_case,
                                                case_judge,      case_bytes, NULL,  systematic, small,     no_random};
