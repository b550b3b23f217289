/* SPDX-License-Identifier: Apache-2.0 */
/* Curves of the time an output over a series of sizes: flat where time grows with the outputs alone. */
#include "svg.h"

#include <math.h>
#include <string.h>

enum { LEFT = 70, RIGHT = 40, HEAD = 46, PANEL = 150, FOOT = 44 };

double bench_svg_series_height(const bench_result *results, int count) {
    double height = 0;
    for (int i = 0; i < count; i++)
        if (bench_series_begins(results, i))
            height += HEAD + PANEL + FOOT;
    return height;
}

/* Nanoseconds. */
static double each(const bench_result *result) {
    return 1e9 * result->ours.median / result->outputs;
}

/* What a row's name says after its last point: the size. */
static const char *size_of(const bench_row *row) {
    const char *point = strrchr(row->name, '.');
    return point ? point + 1 : row->name;
}

/* A round number that is at least `value`: the top of an axis. */
static double round_up(double value) {
    double decade = pow(10, floor(log10(value)));
    double steps[] = {1, 2, 5, 10};
    for (int i = 0; i < 4; i++)
        if (value <= steps[i] * decade)
            return steps[i] * decade;
    return 10 * decade;
}

static void draw_scale(FILE *file, double top, double y) {
    for (int i = 0; i <= 4; i++) {
        double at = y + PANEL * (1 - i / 4.0);
        (void)fprintf(file, "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n", LEFT, at,
                      SVG_WIDTH - RIGHT, at);
        (void)fprintf(file, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>\n", LEFT - 8, at + 4,
                      top * i / 4);
    }
}

static void draw_series(FILE *file, const bench_result *results, int count, const char *series, double y) {
    double highest = 0;
    int members = 0;
    for (int i = 0; i < count; i++) {
        if (bench_series_has(&results[i], series)) {
            highest = fmax(highest, each(&results[i]));
            members++;
        }
    }
    double top = round_up(highest), step = (double)(SVG_WIDTH - LEFT - RIGHT) / members, x = LEFT + step / 2,
           before = -1;
    (void)fprintf(file, "<text x=\"16\" y=\"%.0f\" font-size=\"14\">Time an output, ns: ", y + 20);
    bench_svg_text(file, series);
    (void)fprintf(file, "</text>\n");
    y += HEAD;
    draw_scale(file, top, y);
    for (int i = 0; i < count; i++) {
        if (!bench_series_has(&results[i], series))
            continue;
        double at = y + PANEL * (1 - each(&results[i]) / top);
        if (before >= 0)
            (void)fprintf(
                file, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#1f5fa8\" stroke-width=\"2\"/>\n",
                x - step, before, x, at);
        (void)fprintf(file, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#1f5fa8\"/>\n", x, at);
        (void)fprintf(file, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"10\" text-anchor=\"middle\">%.3g</text>\n", x,
                      at - 8, each(&results[i]));
        (void)fprintf(file, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n", x, y + PANEL + 20,
                      size_of(results[i].row));
        before = at;
        x += step;
    }
}

void bench_svg_series(FILE *file, const bench_result *results, int count, double y) {
    for (int i = 0; i < count; i++) {
        if (bench_series_begins(results, i)) {
            draw_series(file, results, count, results[i].row->series, y);
            y += HEAD + PANEL + FOOT;
        }
    }
}
