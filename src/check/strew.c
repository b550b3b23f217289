/* SPDX-License-Identifier: Apache-2.0 */
/* Elements that are out of the ordinary, strewn among those that the first input of a case holds otherwise. */
#include "check/case.h"
#include "check/number.h"

#include <math.h>

const char *const bad_names[] = {"none", "far", "top", "nan", "inf", "infs", "mixed", NULL};
const char *const share_names[] = {"one", "hundredth", "third", "block", "all", NULL};

/* Twice what is far beyond elements below 1: 2^67, or what f16 holds; and what is near the end of the range. */
static double far(clf_dtype dtype, random_state *random, bool top) {
    const int exponent = dtype == CLF_F64 ? (top ? 1022 : 67) : dtype == CLF_F16 ? 15 : (top ? 126 : 67);
    const double value = ldexp(1 + random_real(random), exponent - 1);
    return random_integer(random, 0, 1) == 0 ? value : -value;
}

static double bad_value(bad_kind bad, clf_dtype dtype, random_state *random) {
    switch (bad) {
    case BAD_FAR: return far(dtype, random, false);
    case BAD_TOP: return far(dtype, random, true);
    case BAD_NAN: return (double)NAN;
    case BAD_INF: return (double)INFINITY;
    case BAD_INFS: return random_integer(random, 0, 1) == 0 ? (double)INFINITY : -(double)INFINITY;
    default: return bad_value((bad_kind)random_integer(random, BAD_FAR, BAD_INFS), dtype, random);
    }
}

/* Whether element `index` is one of them: the block is the first half, or more, along each of the last two axes. */
static bool is_bad(const test_case *test, int64_t index, random_state *random) {
    const tensor_spec *spec = &test->input[0];
    int64_t width = spec->shape[spec->rank - 1], height = spec->rank > 1 ? spec->shape[spec->rank - 2] : 1;
    switch (test->share) {
    case SHARE_ONE: return index == spec_count(spec) / 3;
    case SHARE_HUNDREDTH: return random_integer(random, 0, 99) == 0;
    case SHARE_THIRD: return random_integer(random, 0, 2) == 0;
    case SHARE_BLOCK: return 2 * (index % width) <= width && 2 * (index / width % height) <= height;
    default: return true;
    }
}

void case_strew(test_case *test) {
    if (test->bad == BAD_NONE) {
        return;
    }
    const clf_dtype dtype = test->input[0].dtype;
    random_state random = random_begin(test->seed, "bad");
    for (int64_t i = 0; i < spec_count(&test->input[0]); i++) {
        if (is_bad(test, i, &random)) {
            test->values[0][i] = number_round(dtype, bad_value(test->bad, dtype, &random));
        }
    }
}
