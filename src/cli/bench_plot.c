/* SPDX-License-Identifier: Apache-2.0 */
/* bench_plot.c: the picture of `clfilter bench`: shares of the device's limits, two bars a problem. */
#include "bench.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 960, LEFT = 430, RIGHT = 70, TOP = 84, ROW = 40, BAR = 13 };

/* Text that may hold what XML takes for its own. */
static void write_text(FILE *file, const char *text) {
    for (; *text; text++)
        switch (*text) {
        case '<': fputs("&lt;", file); break;
        case '>': fputs("&gt;", file); break;
        case '&': fputs("&amp;", file); break;
        default: fputc((unsigned char)*text < 0x20 ? ' ' : *text, file); break;
        }
}

/* A bar of a share; the scale ends at `most`. */
static void draw_bar(FILE *file, double share, double most, int y, const char *colour) {
    const double length = (WIDTH - LEFT - RIGHT) * fmin(share / most, 1);
    fprintf(file, "<rect x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"%s\"/>\n", LEFT, y,
            clf_number_fixed(length, 1).text, BAR, colour);
    fprintf(file, "<text x=\"%s\" y=\"%d\">%s%%</text>\n", clf_number_fixed(LEFT + length + 6, 1).text, y + BAR - 2,
            clf_number_fixed(100 * share, 0).text);
}

static void draw_row(FILE *file, const bench_row *row, double most, int y) {
    fprintf(file, "<text x=\"16\" y=\"%d\">", y + 12);
    write_text(file, row->line);
    fprintf(file, "</text>\n<text x=\"16\" y=\"%d\" fill=\"#666666\">", y + 27);
    write_text(file, row->solver);
    fprintf(file, ", %s ms</text>\n", clf_number_general(1e3 * row->seconds, 3).text);
    draw_bar(file, row->copy_share, most, y, "#1f5fa8");
    draw_bar(file, row->flop_share, most, y + BAR + 2, "#e08a2c");
}

static void draw(FILE *file, const bench_report *report) {
    double most = 1;
    for (int i = 0; i < report->count; i++)
        most = fmax(most, fmax(report->rows[i].copy_share, report->rows[i].flop_share));
    const int height = TOP + ROW * report->count + 20;
    const double whole = LEFT + (WIDTH - LEFT - RIGHT) / most;
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
            "font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            WIDTH, height);
    fprintf(file, "<text x=\"16\" y=\"26\" font-size=\"16\">clfilter %s on ", clf_version());
    write_text(file, report->device->name);
    fprintf(file,
            "</text>\n<text x=\"16\" y=\"48\" fill=\"#1f5fa8\">bytes that must be moved, share of a copy (%s GB/s)"
            "</text>\n<text x=\"16\" y=\"66\" fill=\"#e08a2c\">operations, share of multiply-adds (%s GFLOP/s)"
            "</text>\n",
            clf_number_fixed(report->peaks.copy_bytes * 1e-9, 1).text,
            clf_number_fixed(report->peaks.flops * 1e-9, 0).text);
    for (int i = 0; i < report->count; i++)
        draw_row(file, &report->rows[i], most, TOP + ROW * i);
    fprintf(file, "<line x1=\"%s\" y1=\"%d\" x2=\"%s\" y2=\"%d\" stroke=\"#888888\" stroke-dasharray=\"3 3\"/>\n",
            clf_number_fixed(whole, 1).text, TOP - 8, clf_number_fixed(whole, 1).text, height - 16);
    fprintf(file, "</svg>\n");
}

bool bench_plot(output_file *file, const bench_report *report, cli_error *error) {
    draw(file->file, report);
    return output_commit_for("--plot", file, error);
}
