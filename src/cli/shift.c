/* SPDX-License-Identifier: Apache-2.0 */
/* shift.c: `clfilter shift`: translation by whole samples and by fractions. */
#include "alpha.h"
#include "commands.h"
#include "filter.h"
#include "progress.h"
#include "stream.h"

#include <math.h>

typedef struct shift_work {
    stream_work file;
    cli_image ready; /* the input as it is moved, where that is another */
    alpha_rule alpha;
    double cval;
} shift_work;

/*
 * An image moves whole, its alpha with it. By whole samples that is all. By fractions pixels are mixed with their
 * neighbours: colours times alpha then, as every filter has them; associated alpha is such a colour's already.
 */
static bool prepare_alpha(shift_work *work, const cli_settings *settings, cli_error *error) {
    bool whole = true, constant = false;
    for (int i = 0; i < settings->by_count; i++)
        whole = whole && settings->by[i] == floor(settings->by[i]);
    for (int i = 0; i < settings->border_count && settings->shift_method != CLF_SHIFT_FOURIER; i++)
        constant = constant || settings->border[i] == CLF_BORDER_CONSTANT;
    const cli_image *in = &work->file.in;
    work->alpha = alpha_rule_for(settings, in);
    work->alpha.premultiplied = work->alpha.premultiplied && in->alpha == IMAGE_ALPHA_STRAIGHT && !whole;
    if (!alpha_rule_move(&work->alpha, constant, settings->cval, &work->cval, error))
        return false;
    return !work->alpha.premultiplied || alpha_prepare(&work->alpha, in, &work->ready, error) ||
           cli_blame(error, work->file.name);
}

/* Planes of colours and alpha, or the file's own axes; its image's rows and columns, not channels. */
static clf_shift_desc describe(const shift_work *work, const cli_settings *settings) {
    const cli_filter *filter = &work->file.filter;
    const bool planes = work->alpha.premultiplied;
    clf_shift_desc desc = {.src = planes ? filter->in_planes : filter->in,
                           .dst = planes ? filter->out_planes : filter->out,
                           .cval = work->cval,
                           .method = settings->shift_method,
                           .options = {.stream_bytes = filter->stream_bytes}};
    const bool pixels = work->file.in.interleaved && !planes;
    const int first = desc.src.rank - pixels - settings->by_count;
    for (int i = 0; i < settings->by_count; i++) {
        desc.by[first + i] = settings->by[i];
        if (settings->border_count > 0)
            desc.border[first + i] = settings->border[settings->border_count > 1 ? i : 0];
    }
    return desc;
}

/* What follows the plan: the run, whole or in slabs, and the file. */
static bool finish(shift_work *work, const cli_settings *settings, cli_error *error) {
    stream_work *file = &work->file;
    const clf_dtype dtype = file->in.array.dtype;
    if (!work->alpha.premultiplied)
        return stream_finish(&file->filter, settings, &file->source, NULL, &file->out, error);
    file->out.alpha = file->in.alpha;
    if (file->filter.stream_bytes > 0)
        return stream_run(&file->filter, settings, &file->source, &file->out, dtype, &work->alpha, error);
    return filter_run(&file->filter, settings, &file->out, error) &&
           (alpha_convert(&work->alpha, &file->in, &file->out, dtype, error) || cli_blame(error, file->name)) &&
           image_write(settings->output, &file->out, error);
}

static bool move(shift_work *work, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    stream_work *file = &work->file;
    cli_filter *filter = &file->filter;
    const int axes = file->in.interleaved ? 2 : file->in.array.rank, given = settings->by_count;
    if (given > axes)
        return cli_misuse(error, "--by: %d values; %s has %d ax%s to move along", given, file->name, axes,
                          axes == 1 ? "is" : "es");
    if (!options_check_count("--border", settings->border_count, given, error) || !prepare_alpha(work, settings, error))
        return false;
    const cli_image *in = work->alpha.premultiplied ? &work->ready : &file->in;
    if (!filter_open(filter, settings, file->name, in, error) ||
        !filter_prepare_output(filter, in, in->array.dtype, filter->in_planes.shape, &file->out, error))
        return false;
    const clf_shift_desc desc = describe(work, settings);
    progress_begin("planning", settings->quiet);
    const bool planned = !clf_plan_shift(filter->context, &desc, &filter->plan, &reason);
    progress_end();
    return planned ? finish(work, settings, error) : filter_fail(filter, settings, &reason, error);
}

static bool run_shift(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    shift_work work = {.file = {.name = operands[0]}};
    stream_work *file = &work.file;
    clf_dtype dtype;
    if (settings->by_count == 0)
        return cli_misuse(error, "--by: missing; it gives the distance");
    const bool ok =
        stream_open_input(settings, file->name, &file->source, &file->in, &file->filter.stream_bytes, error) &&
        filter_choose_output(settings, &file->in, &dtype, error) && move(&work, settings, error);
    stream_close(file);
    image_free(&work.ready);
    return ok;
}

const cli_command command_shift = {
    .name = "shift",
    .summary = "Translates IN: OUT[i] = IN[i - D], with a border beyond the ends of IN.",
    .usage = "IN --by D[,D...] -o OUT [--border B[,B...]]\n"
             "         [--method whole|linear|cubic|fourier] [OPTION...]",
    .operands = "operands:\n"
                "  IN  an .npy of rank 1 to 8 (f2, f4, f8, u1, u2, i2), a .png or a .tif\n",
    .notes = "With a periodic border and whole numbers this is numpy.roll. linear and cubic are scipy.ndimage.shift\n"
             "with order 1 and 3, where reflect, periodic, symmetric, replicate and constant are called mirror,\n"
             "grid-wrap, reflect, nearest and grid-constant; fourier is scipy.ndimage.fourier_shift. The alpha of an\n"
             "image moves with it, whatever --alpha says; whole numbers move pixels as they are stored.\n",
    .examples = "  clfilter shift photo.png --by 100,0 --border constant -o lower.png\n"
                "  clfilter shift volume.npy --by 0.5,-0.25 --method cubic --border periodic -o moved.npy\n",
    .bit = COMMAND_SHIFT,
    .operand_names = "IN",
    .operand_count = 1,
    .run = run_shift,
};
