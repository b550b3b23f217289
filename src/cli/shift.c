/* SPDX-License-Identifier: Apache-2.0 */
/* shift.c: `clfilter shift`: translation by whole samples and by fractions. */
#include "commands.h"
#include "filter.h"
#include "progress.h"
#include "stream.h"

static bool move(stream_work *work, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    cli_filter *filter = &work->filter;
    const cli_image *in = &work->in;
    /* An image moves whole, its alpha with it: rows and columns, not channels. */
    const int axes = in->interleaved ? 2 : in->array.rank, given = settings->by_count, first = axes - given;
    if (given > axes)
        return cli_misuse(error, "--by: %d values; %s has %d ax%s to move along", given, work->name, axes,
                          axes == 1 ? "is" : "es");
    if (!options_check_count("--border", settings->border_count, given, error) ||
        !filter_open(filter, settings, work->name, in, error) ||
        !filter_prepare_output(filter, in, in->array.dtype, filter->in_planes.shape, &work->out, error))
        return false;
    clf_shift_desc desc = {.src = filter->in,
                           .dst = filter->out,
                           .cval = settings->cval,
                           .method = settings->shift_method,
                           .options = {.stream_bytes = filter->stream_bytes}};
    for (int i = 0; i < given; i++) {
        desc.by[first + i] = settings->by[i];
        if (settings->border_count > 0)
            desc.border[first + i] = settings->border[settings->border_count > 1 ? i : 0];
    }
    progress_begin("planning", settings->quiet);
    const bool planned = !clf_plan_shift(filter->context, &desc, &filter->plan, &reason);
    progress_end();
    return planned ? stream_finish(filter, settings, &work->source, NULL, &work->out, error)
                   : filter_fail(filter, settings, &reason, error);
}

static bool run_shift(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    stream_work work = {.name = operands[0]};
    clf_dtype dtype;
    if (settings->by_count == 0)
        return cli_misuse(error, "--by: missing; it gives the distance");
    const bool ok = stream_open_input(settings, work.name, &work.source, &work.in, &work.filter.stream_bytes, error) &&
                    filter_choose_output(settings, &work.in, &dtype, error) && move(&work, settings, error);
    stream_close(&work);
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
             "image moves with it.\n",
    .examples = "  clfilter shift photo.png --by 100,0 --border constant -o lower.png\n"
                "  clfilter shift volume.npy --by 0.5,-0.25 --method cubic --border periodic -o moved.npy\n",
    .bit = COMMAND_SHIFT,
    .operand_names = "IN",
    .operand_count = 1,
    .run = run_shift,
};
