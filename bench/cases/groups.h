/* SPDX-License-Identifier: Apache-2.0 */
/* One table of rows a group, each ended by a row without a name. */
#ifndef CLF_BENCH_GROUPS_H
#define CLF_BENCH_GROUPS_H

#include "../bench.h"

extern const bench_row bench_conv_rows[], bench_fft_rows[], bench_gradient_rows[], bench_scaling_rows[],
    bench_smoke_rows[], bench_smoothness_rows[], bench_take_rows[];

#endif
