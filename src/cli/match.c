/* SPDX-License-Identifier: Apache-2.0 */
/* match.c: `clfilter match`: where in an image a pattern lies, by correlation, normalised scores or phase. */
#include "base/number.h"
#include "commands.h"
#include "convert.h"
#include "filter.h"
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct match_work {
    const cli_settings *settings;
    const char *const *names; /* IMAGE, PATTERN */
    cli_filter filter;
    cli_image image, pattern, scores;
    clf_array values;   /* the pattern as f32, or f64 where the image is; its data is owned */
    clf_view on_device; /* on the device; owns its buffer */
} match_work;

static clf_match_score score_of(const cli_settings *settings) {
    return settings->score_given ? settings->score : CLF_MATCH_NORMALISED;
}

/* Rows and columns of one plane, or the only colour of an image. */
static bool convert_pattern(match_work *work, cli_error *error) {
    const clf_array *from = &work->pattern.array;
    const bool grey = work->pattern.interleaved && from->shape[2] - (work->pattern.alpha != IMAGE_ALPHA_NONE) == 1;
    const clf_dtype dtype = work->image.array.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    if (!grey && (work->pattern.interleaved || from->rank != 2))
        return cli_fail(error, "%s: expected one plane: an .npy of rank 2 or a grey image", work->names[1]);
    const int64_t rows = from->shape[0], columns = from->shape[1];
    const bool dense = from->strides[0] == 0 && from->strides[1] == 0;
    const int64_t across = !dense ? from->strides[1] : grey ? from->shape[2] : 1;
    const int64_t down = !dense ? from->strides[0] : columns * across;
    work->values = (clf_array){.dtype = dtype, .rank = 2, .shape = {rows, columns}};
    work->values.data = calloc((size_t)(rows * columns), clf_dtype_bytes(dtype));
    if (!work->values.data)
        return cli_fail(error, "%s: no memory for %lld x %lld elements", work->names[1], (long long)rows,
                        (long long)columns);
    for (int64_t i = 0; i < rows * columns; i++)
        array_set(&work->values, i, array_get(from, i / columns * down + i % columns * across));
    return true;
}

static bool check_options(const cli_settings *settings, cli_error *error) {
    image_format format;
    if (settings->output && (!image_format_of_name(settings->output, &format) || format != IMAGE_NPY))
        return cli_misuse(error, "-o: %s: the name must end in .npy", settings->output);
    const bool transforms = settings->solver == NULL || strcmp(settings->solver, "conv.fft") == 0;
    const bool phase = score_of(settings) == CLF_MATCH_PHASE;
    if (phase && !transforms)
        return cli_misuse(error, "--solver: phase correlation always uses fft");
    if (phase && settings->mode != CLF_MODE_SAME)
        return cli_misuse(error, "--mode: phase correlation is always of mode same");
    for (int i = 0; phase && i < settings->border_count; i++)
        if (settings->border[i] != CLF_BORDER_PERIODIC)
            return cli_misuse(error, "--border: phase correlation is always periodic");
    return options_check_count("--border", settings->border_count, 2, error);
}

static bool read_operands(match_work *work, cli_error *error) {
    progress_begin("reading", work->settings->quiet);
    const bool ok =
        image_read(work->names[0], &work->image, error) && image_read(work->names[1], &work->pattern, error);
    progress_end();
    return ok && convert_pattern(work, error);
}

static clf_match_desc describe(const match_work *work) {
    const cli_settings *settings = work->settings;
    clf_match_desc desc = {.image = work->filter.in_planes,
                           .pattern = work->on_device,
                           .dst = work->filter.out,
                           .score = score_of(settings),
                           .cval = settings->cval,
                           .mode = settings->mode,
                           .options = {.solver = settings->solver}};
    if (score_of(settings) == CLF_MATCH_PHASE)
        desc.options.solver = NULL;
    for (int i = 0; i < settings->border_count; i++)
        desc.border[i] = settings->border[i];
    return desc;
}

/* Phase correlation compares images of one size. */
static bool check_sizes(const match_work *work, const clf_view *planes, cli_error *error) {
    const int64_t *pattern = work->values.shape, *image = planes->shape + planes->rank - 2;
    if (score_of(work->settings) != CLF_MATCH_PHASE || (pattern[0] == image[0] && pattern[1] == image[1]))
        return true;
    return cli_fail(error, "%s: is %lld x %lld; expected %lld x %lld as %s is, for --score phase", work->names[1],
                    (long long)pattern[0], (long long)pattern[1], (long long)image[0], (long long)image[1],
                    work->names[0]);
}

/* The operands on the device, and a plan. */
static bool prepare(match_work *work, cli_error *error) {
    cli_filter *filter = &work->filter;
    clf_error reason = {0};
    if (!filter_open(filter, work->settings, work->names[0], &work->image, error))
        return false;
    clf_view *planes = &filter->in_planes;
    if (work->image.interleaved && planes->shape[0] == 1 && clf_view_select(planes, 0, 0, planes, &reason))
        return filter_fail(filter, work->settings, &reason, error);
    if (planes->rank < 2)
        return cli_fail(error, "%s: has rank 1; expected 2 or more", work->names[0]);
    if (!check_sizes(work, planes, error))
        return false;
    const clf_convolve_desc shaped = {.src = *planes, .kernel = work->values, .mode = work->settings->mode};
    int64_t shape[CLF_MAX_RANK];
    if (clf_convolve_shape(&shaped, shape, &reason))
        return filter_fail(filter, work->settings, &reason, error);
    if (!image_create(&work->scores, work->values.dtype, planes->rank, shape, error))
        return cli_blame(error, work->names[0]);
    if (clf_tensor_create(filter->context, work->values.dtype, 2, work->values.shape, &work->on_device, &reason) ||
        clf_upload(filter->context, &work->values, &work->on_device, &reason) ||
        clf_tensor_create(filter->context, work->values.dtype, planes->rank, shape, &filter->out, &reason))
        return filter_fail(filter, work->settings, &reason, error);
    const clf_match_desc desc = describe(work);
    progress_begin("planning", work->settings->quiet);
    const bool planned = !clf_plan_match(filter->context, &desc, &filter->plan, &reason);
    progress_end();
    return planned || filter_fail(filter, work->settings, &reason, error);
}

/* Prints the place of the greatest score, an index an axis, and the score; the first of equals. */
static bool print_best(const match_work *work, cli_error *error) {
    const clf_array *scores = &work->scores.array;
    int64_t count = 1, best = -1, index[CLF_MAX_RANK];
    double greatest = -INFINITY;
    for (int axis = 0; axis < scores->rank; axis++)
        count *= scores->shape[axis];
    for (int64_t i = 0; i < count; i++) {
        const double score = array_get(scores, i);
        if (score > greatest || (best < 0 && score >= greatest)) {
            greatest = score;
            best = i;
        }
    }
    if (best < 0)
        return cli_fail(error, "%s: %s", work->names[0], count > 0 ? "every score is NaN" : "has no elements");
    for (int axis = scores->rank - 1; axis >= 0; axis--) {
        index[axis] = best % scores->shape[axis];
        best /= scores->shape[axis];
    }
    printf("best");
    for (int axis = 0; axis < scores->rank; axis++)
        printf(" %lld", (long long)index[axis]);
    printf(" score %s\n", clf_number_general(greatest, 9).text);
    return true;
}

static bool run_match(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    match_work work = {.settings = settings, .names = operands};
    bool ok = check_options(settings, error) && read_operands(&work, error) && prepare(&work, error) &&
              filter_run(&work.filter, settings, &work.scores, error);
    ok = ok && (!settings->output || image_write(settings->output, &work.scores, error)) && print_best(&work, error);
    clf_tensor_release(&work.on_device);
    filter_close(&work.filter);
    free(work.values.data);
    image_free(&work.scores);
    image_free(&work.pattern);
    image_free(&work.image);
    return ok;
}

const cli_command command_match = {
    .name = "match",
    .summary = "Finds PATTERN in IMAGE: prints the position of the best score; writes all scores.",
    .usage = "IMAGE PATTERN [--score S] [--border B[,B]] [--cval V] [--mode same|valid|full]\n"
             "         [--solver S] [-o OUT] [OPTION...]",
    .operands =
        "operands:\n"
        "  IMAGE    an .npy of rank 2 to 8 (f2, f4, f8, u1, u2, i2), whose last two axes are searched; or a .png\n"
        "           or .tif, every channel of which is searched\n"
        "  PATTERN  an .npy of rank 2, or a grey .png or .tif; as large as IMAGE for --score phase\n",
    .notes =
        "Prints one line, such as \"best 12 34 score 0.98\": the position in OUT, one index per axis, and the score\n"
        "there. In same mode it is the position of PATTERN's centre, row h/2 and column w/2; in valid mode that of\n"
        "its first element; with --score phase it is the shift t for which IMAGE[i] is PATTERN[i - t]. OUT is an\n"
        ".npy of f4, or f8 if IMAGE is: one plane or, for a colour image, channels x rows x columns.\n",
    .examples = "  clfilter match photo.png eye.png --mode valid\n"
                "  clfilter match left.npy right.npy --score phase -o peaks.npy\n",
    .bit = COMMAND_MATCH,
    .operand_names = "IMAGE PATTERN",
    .operand_count = 2,
    .run = run_match,
};
