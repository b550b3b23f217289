/* SPDX-License-Identifier: Apache-2.0 */
/* alpha_files.c: see alpha_files.h. */
#include "alpha_files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 24 };

static double opaque_of(clf_dtype dtype) {
    return dtype == CLF_U8 ? 255 : dtype == CLF_U16 ? 65535 : 1;
}

/* Noise, of whose pixels a third is invisible and a third opaque. */
cli_image make_image(clf_dtype dtype, int channels, image_alpha alpha) {
    const int64_t shape[] = {ROWS, COLUMNS, channels};
    cli_image image = make_noise(dtype, 3, shape, (unsigned)dtype + 17);
    image.interleaved = true;
    image.alpha = alpha;
    for (int64_t i = 0; i < ROWS * COLUMNS; i++) {
        const int64_t at = i * channels + channels - 1;
        const double share = i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : fabs(sin((double)i));
        array_set(&image.array, at, share * opaque_of(dtype));
    }
    return image;
}

/* Runs the program on IN with the words of `text`; "%" is IN. */
void run_program(const char *in, const char *out, const char *text, const char *more) {
    static const cli_command *const commands[] = {&command_convolve, &command_correlate, &command_gradient,
                                                  &command_shift, &command_edges};
    char line[512], name[64], *words[WORDS] = {NULL}, *rest = NULL;
    const char *operands[MAX_OPERANDS] = {NULL};
    cli_settings settings = {0};
    cli_error error = {0};
    int count = 0;
    snprintf(name, sizeof name, "%s", in);
    snprintf(line, sizeof line, "%s --quiet -o %s %s", text, out, more);
    for (char *word = strtok_r(line, " ", &rest); word && count < WORDS - 1; word = strtok_r(NULL, " ", &rest))
        words[count++] = strcmp(word, "%") == 0 ? name : word;
    remove(out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (words[0] && strcmp(words[0], commands[i]->name) == 0) {
            if (!options_parse(commands[i], count, words, &settings, operands, &error) ||
                !commands[i]->run(&settings, operands, &error))
                fail_msg("%s %s: %s", text, more, error.message);
            return;
        }
    fail_msg("no command: %s", text);
}

cli_image read_image(const char *name) {
    cli_image image = {0};
    cli_error error = {0};
    if (!image_read(name, &image, &error))
        fail_msg("%s", error.message);
    return image;
}

void write_image(const char *name, const cli_image *image) {
    cli_error error = {0};
    if (!image_write(name, image, &error))
        fail_msg("%s", error.message);
}

static int64_t clamp(int64_t index, int64_t extent) {
    return index < 0 ? 0 : index < extent ? index : extent - 1;
}

/* A colour times alpha, or (channel -1) alpha; beyond a constant border what is there is opaque. */
double sample(const cli_image *in, const alpha_case *c, int64_t y, int64_t x, int channel) {
    const int64_t *shape = in->array.shape;
    const double opaque = opaque_of(in->array.dtype);
    if (c->border && (y < 0 || y >= shape[0] || x < 0 || x >= shape[1]))
        return channel < 0                                     ? (c->moved ? c->cval : opaque)
               : c->moved && in->alpha == IMAGE_ALPHA_STRAIGHT ? c->cval * c->cval / opaque
                                                               : c->cval;
    const int64_t pixel = (clamp(y, shape[0]) * shape[1] + clamp(x, shape[1])) * shape[2];
    const double alpha = array_get(&in->array, pixel + shape[2] - 1);
    if (channel < 0)
        return alpha;
    if (in->alpha == IMAGE_ALPHA_STRAIGHT && alpha == 0)
        return 0; /* also what is NaN */
    return array_get(&in->array, pixel + channel) * (in->alpha == IMAGE_ALPHA_STRAIGHT ? alpha / opaque : 1);
}

static int64_t before(const alpha_case *c, int extent) {
    return c->mode == CLF_MODE_VALID ? 0 : c->mode == CLF_MODE_FULL ? extent - 1 : extent / 2;
}

static double filtered(const cli_image *in, const alpha_case *c, int64_t y, int64_t x, int channel) {
    double sum = 0;
    for (int k = 0; k < c->rows * c->columns; k++)
        sum += c->taps[k] * sample(in, c, y + k / c->columns, x + k % c->columns, channel);
    return sum;
}

static double saturated(double value, clf_dtype dtype) {
    return dtype == CLF_F32 ? value : fmax(0, fmin(opaque_of(dtype), value));
}

void expect_near(const char *what, const cli_image *got, int64_t at, double expected, double bound) {
    const double value = array_get(&got->array, at);
    const double limit = bound + (got->array.dtype == CLF_F32 ? 0 : 0.5);
    if (!(fabs(value - saturated(expected, got->array.dtype)) <= limit))
        fail_msg("%s: element %lld is %.9g, expected %.9g within %g", what, (long long)at, value, expected, limit);
}

/* Every pixel of `got` against the formula; returns how many were looked at. */
int expect_formula(const alpha_case *c, const cli_image *in, const cli_image *got) {
    const int64_t *shape = got->array.shape, stride = c->stride ? c->stride : 1;
    const int colours = (int)shape[2] - 1, count = c->rows * c->columns;
    const double opaque = opaque_of(in->array.dtype), least = in->array.dtype == CLF_F32 ? 0 : 0.5;
    double sum = 0, absolute = 0;
    int seen = 0;
    for (int k = 0; k < count; k++)
        sum += c->taps[k], absolute += fabs(c->taps[k]);
    /* The documented bound of a sum, of colours and of alpha; a small alpha magnifies it. */
    const double bound = 4 * count * ldexp(1, -23) * absolute * (opaque + fabs(c->cval));
    for (int64_t i = 0; i < shape[0] * shape[1]; i++) {
        const int64_t y = i / shape[1] * stride - before(c, c->rows), x = i % shape[1] * stride - before(c, c->columns);
        const double own = sample(in, &(alpha_case){0}, clamp(y + c->rows / 2, in->array.shape[0]),
                                  clamp(x + c->columns / 2, in->array.shape[1]), -1);
        const double alpha = sum != 0 ? filtered(in, c, y, x, -1) / sum : own;
        const double of_alpha = sum != 0 ? bound / fabs(sum) : 0;
        expect_near(c->kernel, got, i * shape[2] + colours, alpha, of_alpha);
        if (fabs(alpha - least) <= of_alpha && alpha != 0)
            continue; /* visible or not: rounding decides */
        for (int channel = 0; channel < colours; channel++) {
            const double product = filtered(in, c, y, x, channel);
            const bool straight = in->alpha == IMAGE_ALPHA_STRAIGHT, visible = alpha > least;
            const double expected = !straight ? product : visible ? product * opaque / alpha : 0;
            const double grown = !straight ? bound : visible ? (bound * opaque + fabs(expected) * of_alpha) / alpha : 0;
            expect_near(c->kernel, got, i * shape[2] + channel, expected, grown);
        }
        seen++;
    }
    return seen;
}

const kind_row kinds[KINDS] = {
    {CLF_U8, 4, IMAGE_ALPHA_STRAIGHT, "in.png", "out.png", ""},
    {CLF_U16, 4, IMAGE_ALPHA_STRAIGHT, "in.png", "out.tif", ""},
    {CLF_U16, 2, IMAGE_ALPHA_STRAIGHT, "in.tif", "out.png", "--memory 4K"},
    {CLF_U8, 4, IMAGE_ALPHA_STRAIGHT, "in.tif", "out.tif", "--memory 4K"},
    {CLF_U8, 4, IMAGE_ALPHA_STRAIGHT, "in.png", "out.npy", "--dtype f32"},
    {CLF_U8, 4, IMAGE_ALPHA_STRAIGHT, "in.png", "out.npy", ""},
    {CLF_F32, 4, IMAGE_ALPHA_STRAIGHT, "in.tif", "out.tif", ""},
    {CLF_U8, 4, IMAGE_ALPHA_PREMULTIPLIED, "in.tif", "out.tif", ""},
    {CLF_U16, 4, IMAGE_ALPHA_PREMULTIPLIED, "in.tif", "out.tif", "--memory 4K"},
};
