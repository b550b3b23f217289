/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of rows, in the order in which they run. */
#include "groups.h"

const bench_row *const bench_groups[] = {
    bench_conv_rows, bench_fft_rows,     bench_gradient_rows, bench_smoothness_rows,
    bench_take_rows, bench_scaling_rows, bench_smoke_rows,    NULL,
};
