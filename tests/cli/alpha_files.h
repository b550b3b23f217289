/* SPDX-License-Identifier: Apache-2.0 */
/* alpha_files.h: what the tests of images with alpha share: images, runs of the program, and the formula in double. */
#ifndef CLF_TESTS_CLI_ALPHA_FILES_H
#define CLF_TESTS_CLI_ALPHA_FILES_H

#include "files.h"

#include "commands.h"
#include "convert.h"

enum { ROWS = 13, COLUMNS = 11, MOST_TAPS = 15, KINDS = 9 };

/* A correlation. */
typedef struct alpha_case {
    const char *kernel; /* as the program reads it */
    int rows, columns;  /* of the taps */
    double taps[MOST_TAPS];
    const char *border; /* NULL: replicate */
    double cval;
    clf_mode mode;
    int stride;          /* 0: 1 */
    const char *options; /* which say so to the program */
    bool moved;          /* shift: beyond a constant border alpha is cval as well */
} alpha_case;

typedef struct kind_row {
    clf_dtype dtype;
    int channels;
    image_alpha alpha;
    const char *file, *out, *more;
} kind_row;

extern const kind_row kinds[KINDS];

/* Noise, of whose pixels a third is invisible and a third opaque. */
cli_image make_image(clf_dtype dtype, int channels, image_alpha alpha);

cli_image read_image(const char *name);
void write_image(const char *name, const cli_image *image);

/* Runs the program on IN with the words of `text`; "%" is IN. */
void run_program(const char *in, const char *out, const char *text, const char *more);

/* A colour times alpha, or (channel -1) alpha. */
double sample(const cli_image *in, const alpha_case *c, int64_t y, int64_t x, int channel);

void expect_near(const char *what, const cli_image *got, int64_t at, double expected, double bound);

/* Every pixel of `got` against the formula; returns how many were looked at. */
int expect_formula(const alpha_case *c, const cli_image *in, const cli_image *got);

#endif
