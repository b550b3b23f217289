/* SPDX-License-Identifier: Apache-2.0 */
/* The results as a picture: a bar for each time, ours and the peers', over a logarithmic axis. */
#include "svg.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>

enum { LABEL = 210, RIGHT = 40, BAR = 13, GAP = 10, LEGEND_TOP = 42, LEGEND_ROW = 18, LEGEND_COLUMNS = 5, BOTTOM = 34 };

static const char *const colours[] = {"#1f5fa8", "#c8c8c8", "#d9822b", "#4e9a51", "#9b59a0", "#b33a3a",
                                      "#7a6a4f", "#3aa6a6", "#808000", "#e377c2", "#5b5b8c", "#3b3b3b",
                                      "#a0a000", "#00a36c", "#8c564b", "#ff9896"};
enum { COLOURS = sizeof colours / sizeof *colours };

/* What the legend names: ours, the copy, then each peer in the order in which it comes. */
typedef struct plot_legend {
    const char *names[COLOURS];
    int count;
} plot_legend;

typedef struct svg_picture {
    FILE *file;
    plot_legend legend;
    int low, high; /* powers of ten, in seconds */
    int top;       /* of the bars, under the legend */
    double y;
} svg_picture;

void bench_svg_text(FILE *file, const char *text) {
    for (; *text; text++) {
        if (strchr("&<>", *text))
            (void)fprintf(file, "&#%d;", *text);
        else
            (void)fputc(*text, file);
    }
}

static int colour_of(plot_legend *legend, const char *name) {
    for (int i = 0; i < legend->count; i++)
        if (strcmp(legend->names[i], name) == 0)
            return i;
    if (legend->count == COLOURS)
        return COLOURS - 1;
    legend->names[legend->count] = name;
    return legend->count++;
}

static bool drawn(const bench_comparison *one) {
    return !one->skipped[0] && strcmp(one->rival->peer, "copy") != 0;
}

static const char *peer_name(const bench_comparison *one) {
    return one->rival->line ? "clfilter, the other problem" : one->rival->peer;
}

static void widen(svg_picture *picture, double seconds) {
    int low = (int)floor(log10(seconds)), high = low + 1;
    picture->low = low < picture->low ? low : picture->low;
    picture->high = high > picture->high ? high : picture->high;
}

/* A series is drawn as a curve instead. */
static bool in_bars(const bench_result *result) {
    return !result->failed[0] && !result->row->series;
}

/* Bars of a result; the plot's height follows from them. */
static int survey(svg_picture *picture, const bench_result *result) {
    int bars = 2;
    if (!in_bars(result))
        return 0;
    widen(picture, result->ours.median);
    widen(picture, result->copy.median);
    for (int i = 0; i < result->comparisons; i++) {
        if (!drawn(&result->comparison[i]))
            continue;
        widen(picture, result->comparison[i].timing.median);
        (void)colour_of(&picture->legend, peer_name(&result->comparison[i]));
        bars++;
    }
    return bars;
}

static double position(const svg_picture *picture, double seconds) {
    double share = (log10(seconds) - picture->low) / (double)(picture->high - picture->low);
    return LABEL + share * (SVG_WIDTH - LABEL - RIGHT - 70);
}

static void bar(svg_picture *picture, const char *name, double seconds) {
    char time[BENCH_WORD];
    double x = position(picture, seconds);
    (void)fprintf(picture->file, "<rect x=\"%d\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", LABEL,
                  picture->y, fmax(x - LABEL, 1), BAR - 2, colours[colour_of(&picture->legend, name)]);
    (void)fprintf(picture->file, "<text x=\"%.1f\" y=\"%.0f\" font-size=\"10\">%s</text>\n", fmax(x, LABEL + 1) + 4,
                  picture->y + BAR - 4, bench_time_text(seconds, time));
    picture->y += BAR;
}

static void draw_result(svg_picture *picture, const bench_result *result) {
    if (!in_bars(result))
        return;
    (void)fprintf(picture->file, "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%s</text>\n", LABEL - 8,
                  picture->y + BAR - 3, result->row->name);
    bar(picture, "clfilter", result->ours.median);
    bar(picture, "copy of the same bytes", result->copy.median);
    for (int i = 0; i < result->comparisons; i++)
        if (drawn(&result->comparison[i]))
            bar(picture, peer_name(&result->comparison[i]), result->comparison[i].timing.median);
    picture->y += GAP;
}

static void draw_axis(const svg_picture *picture, double height) {
    char time[BENCH_WORD];
    for (int decade = picture->low; decade <= picture->high; decade++) {
        double x = position(picture, pow(10, decade));
        (void)fprintf(picture->file, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.0f\" stroke=\"#dddddd\"/>\n", x,
                      picture->top - 6, x, height - BOTTOM + 4);
        (void)fprintf(picture->file, "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">%s</text>\n", x,
                      height - BOTTOM + 20, bench_time_text(pow(10, decade) * (1 + 1e-9), time));
    }
}

static void draw_legend(const svg_picture *picture) {
    for (int i = 0; i < picture->legend.count; i++) {
        int x = 16 + i % LEGEND_COLUMNS * 186, y = LEGEND_TOP + i / LEGEND_COLUMNS * LEGEND_ROW;
        (void)fprintf(picture->file, "<rect x=\"%d\" y=\"%d\" width=\"11\" height=\"11\" fill=\"%s\"/>\n", x, y,
                      colours[i]);
        (void)fprintf(picture->file, "<text x=\"%d\" y=\"%d\">%s</text>\n", x + 16, y + 10, picture->legend.names[i]);
    }
}

static void draw_bars(svg_picture *picture, const bench_result *results, int count, const bench_machine *machine,
                      double height) {
    (void)fprintf(picture->file, "<text x=\"16\" y=\"24\" font-size=\"15\">Time of one execution (median), ");
    bench_svg_text(picture->file, machine->processor);
    (void)fprintf(picture->file, ", %d threads</text>\n", machine->threads);
    draw_legend(picture);
    draw_axis(picture, height);
    for (int i = 0; i < count; i++)
        draw_result(picture, &results[i]);
}

bool bench_write_svg(const char *path, const bench_result *results, int count, const bench_machine *machine,
                     char *why) {
    svg_picture picture = {.low = INT_MAX, .high = INT_MIN};
    int bars = 0;
    double height = BOTTOM, curves = bench_svg_series_height(results, count);
    (void)colour_of(&picture.legend, "clfilter");
    (void)colour_of(&picture.legend, "copy of the same bytes");
    for (int i = 0; i < count; i++) {
        int more = survey(&picture, &results[i]);
        height += more > 0 ? more * BAR + GAP : 0;
        bars += more;
    }
    picture.top = LEGEND_TOP + (picture.legend.count + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS * LEGEND_ROW + 12;
    picture.y = picture.top;
    height = bars > 0 ? height + picture.top : 0;
    picture.file = fopen(path, "w");
    if (!picture.file) {
        (void)snprintf(why, BENCH_WHY, "%.500s: %s", path, strerror(errno));
        return false;
    }
    (void)fprintf(picture.file,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" font-family=\"sans-serif\" "
                  "font-size=\"12\" fill=\"#222222\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                  SVG_WIDTH, fmax(height + curves, 1));
    if (bars > 0)
        draw_bars(&picture, results, count, machine, height);
    bench_svg_series(picture.file, results, count, height);
    bool good = fprintf(picture.file, "</svg>\n") > 0;
    if (fclose(picture.file) != 0 || !good) {
        (void)snprintf(why, BENCH_WHY, "%.500s: it could not be written", path);
        return false;
    }
    return true;
}
