/* SPDX-License-Identifier: Apache-2.0 */
/* A ratio means nothing where the peer computes something else: its answer is held against ours. */
#include "bench.h"

#include "check/number.h"

#include <math.h>
#include <string.h>

/* About a thousand roundings of f32, which sums of random terms stay below at any length here; f64 likewise. */
static const double real_bound = 1e-4, wide_bound = 1e-11;

static bool dtype_of(const char *name, clf_dtype *dtype) {
    for (int i = 0; clf_dtype_bytes((clf_dtype)i) > 0; i++) {
        if (strcmp(clf_dtype_name((clf_dtype)i), name) == 0) {
            *dtype = (clf_dtype)i;
            return true;
        }
    }
    return false;
}

static bool same_shape(const bench_array *a, const bench_array *b) {
    return a->rank == b->rank && memcmp(a->shape, b->shape, (size_t)a->rank * sizeof *a->shape) == 0 &&
           strcmp(a->dtype, b->dtype) == 0;
}

/* Whether an output's window lies inside the input along every filtered axis; the second input is the taps. */
static bool inside(const bench_problem *problem, const bench_array *array, int64_t linear) {
    const bench_array *taps = &problem->input[1];
    for (int i = 1; i <= problem->axes; i++) {
        int64_t extent = array->shape[array->rank - i], at = linear % extent;
        int64_t margin = problem->inputs > 1 && taps->rank >= i ? taps->shape[taps->rank - i] : 1;
        if (at < margin || at >= extent - margin)
            return false;
        linear /= extent;
    }
    return true;
}

void bench_compare(const bench_problem *problem, const bench_array *ours, const bench_array *theirs, bool interior,
                   bench_comparison *comparison) {
    clf_dtype dtype;
    comparison->compared = true;
    comparison->agrees = false;
    comparison->difference = INFINITY;
    if (!same_shape(ours, theirs) || !dtype_of(ours->dtype, &dtype))
        return;
    double greatest = 0, distance = 0;
    for (int64_t i = 0; i < bench_count(ours); i++) {
        if (interior && !inside(problem, ours, i))
            continue;
        double x = number_load(dtype, ours->data, i), y = number_load(dtype, theirs->data, i);
        greatest = fmax(greatest, fabs(x));
        distance = isnan(x - y) ? INFINITY : fmax(distance, fabs(x - y));
    }
    comparison->difference = greatest > 0 ? distance / greatest : distance;
    /* An integer may round to either side where two sums differ in their last bit. */
    comparison->agrees =
        number_is_real(dtype) ? comparison->difference <= (dtype == CLF_F64 ? wide_bound : real_bound) : distance <= 1;
}
