/* SPDX-License-Identifier: Apache-2.0 */
/* The border arithmetic of kernels and streams: any index, any extent, places of 32 and of 64 bits. */
#define BORDER_PLACE int64_t
#define BORDER_COUNT uint64_t
#include <stdint.h>

#include "cl/inc/border.h"

#undef CLF_BORDER_H
#undef BORDER_PLACE
#undef BORDER_COUNT
#define BORDER_PLACE int32_t
#define BORDER_COUNT uint32_t
#define border_index border_index_32
#include "cl/inc/border.h"
#undef border_index

#include "unit.h"

/* The element that comes after element `at` along the extended line; *back tells the direction it is read in. */
static int next(int at, int n, int border, bool *back) {
    int step = *back ? at - 1 : at + 1;
    if (step >= 0 && step < n) {
        return step;
    }
    if (border == BORDER_PERIODIC) {
        return 0;
    }
    *back = !*back;
    return border == BORDER_SYMMETRIC || n == 1 ? at : *back ? at - 1 : at + 1;
}

/* Mirrors are the same on both sides of element 0, but for the one element that a symmetric border repeats. */
static int expected(int i, int n, int border) {
    int at = 0;
    bool back = false;
    if (border == BORDER_CONSTANT || border == BORDER_REPLICATE) {
        bool inside = i >= 0 && i < n;
        return inside ? i : border == BORDER_CONSTANT ? -1 : i < 0 ? 0 : n - 1;
    }
    int steps = i >= 0 ? i : border == BORDER_REFLECT ? -i : border == BORDER_SYMMETRIC ? -1 - i : i + n * 1000;
    for (int step = 0; step < steps; step++) {
        at = next(at, n, border, &back);
    }
    return at;
}

static void every_index_of_short_lines(void **state) {
    (void)state;
    for (int border = BORDER_REFLECT; border <= BORDER_CONSTANT; border++) {
        for (int n = 1; n <= 9; n++) {
            for (int i = -70; i <= 70; i++) {
                assert_int_equal(border_index(i, n, border), expected(i, n, border));
                assert_int_equal(border_index_32(i, n, border), expected(i, n, border));
            }
        }
    }
}

/* Where twice the extent is beyond a place, and where the index is the least or the greatest of all. */
static void greatest_extents_and_indices(void **state) {
    (void)state;
    const struct {
        int64_t i, n;
        int border;
        int64_t place;
    } row[] = {
        {-1, INT64_MAX, BORDER_REFLECT, 1},
        {-1, INT64_MAX, BORDER_SYMMETRIC, 0},
        {-1, INT64_MAX, BORDER_PERIODIC, INT64_MAX - 1},
        {INT64_MAX, INT64_MAX, BORDER_REFLECT, INT64_MAX - 2},
        {INT64_MAX, INT64_MAX, BORDER_SYMMETRIC, INT64_MAX - 1},
        {INT64_MAX, INT64_MAX, BORDER_PERIODIC, 0},
        {INT64_MIN, INT64_MAX, BORDER_REFLECT, INT64_MAX - 3},
        {INT64_MIN, INT64_MAX, BORDER_SYMMETRIC, INT64_MAX - 1},
        {INT64_MIN, INT64_MAX, BORDER_PERIODIC, INT64_MAX - 1},
        {INT64_MIN, INT64_MAX, BORDER_REPLICATE, 0},
        {INT64_MIN, 2, BORDER_REFLECT, 0},
        {INT64_MAX, 2, BORDER_REFLECT, 1},
        {INT64_MIN, 3, BORDER_PERIODIC, 1},
        {INT64_MIN, 1, BORDER_PERIODIC, 0},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        assert_int_equal(border_index(row[k].i, row[k].n, row[k].border), row[k].place);
    }
    assert_int_equal(border_index_32(INT32_MIN, INT32_MAX, BORDER_REFLECT), INT32_MAX - 3);
    assert_int_equal(border_index_32(INT32_MIN, INT32_MAX, BORDER_SYMMETRIC), INT32_MAX - 1);
    assert_int_equal(border_index_32(INT32_MAX, INT32_MAX, BORDER_REFLECT), INT32_MAX - 2);
    assert_int_equal(border_index_32(-1, INT32_MAX, BORDER_PERIODIC), INT32_MAX - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_index_of_short_lines),
        cmocka_unit_test(greatest_extents_and_indices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
