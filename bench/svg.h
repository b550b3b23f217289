/* SPDX-License-Identifier: Apache-2.0 */
/* The two halves of a plot: bars of times (write_svg.c), and under them a curve for each series (svg_series.c). */
#ifndef CLF_BENCH_SVG_H
#define CLF_BENCH_SVG_H

#include "bench.h"

#include <stdio.h>

enum { SVG_WIDTH = 960 };

/* How tall the curves of all series are together; 0 where there are none. */
double bench_svg_series_height(const bench_result *results, int count);

/* Draws them, from `y` down. */
void bench_svg_series(FILE *file, const bench_result *results, int count, double y);

/* Text that may hold what XML takes for its own. */
void bench_svg_text(FILE *file, const char *text);

#endif
