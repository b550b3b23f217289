/* SPDX-License-Identifier: Apache-2.0 */
/* edges.c: `clfilter edges`: Canny's edges. */
#include "base/number.h"

#include "alpha.h"
#include "commands.h"
#include "convert.h"
#include "filter.h"
#include "progress.h"

static bool filter_image(cli_filter *filter, const cli_settings *settings, const char *name, const cli_image *in,
                         cli_image *out, cli_error *error) {
    clf_error reason = {0};
    if (!filter_open(filter, settings, name, in, error) ||
        !filter_prepare_output(filter, in, CLF_U8, filter->in_planes.shape, out, error))
        return false;
    clf_canny_desc desc = {.src = filter->in_planes,
                           .dst = filter->out_planes,
                           .sigma = settings->sigma,
                           .low = settings->low,
                           .high = settings->high,
                           .cval = settings->cval};
    for (int i = 0; i < settings->border_count; i++)
        desc.border[i] = settings->border[i];
    progress_begin("planning", settings->quiet);
    const bool planned = !clf_plan_canny(filter->context, &desc, &filter->plan, &reason);
    progress_end();
    if (!planned)
        return filter_fail(filter, settings, &reason, error);
    return filter_run(filter, settings, out, error);
}

/* Edges are those of colours times alpha, which associated alpha's are already: what is invisible has none. */
static bool filter_visible(cli_filter *filter, const cli_settings *settings, const char *name, const cli_image *in,
                           cli_image *out, cli_error *error) {
    const alpha_rule alpha = alpha_rule_for(settings, in);
    cli_image ready = {0};
    if (!alpha.premultiplied || in->alpha != IMAGE_ALPHA_STRAIGHT)
        return filter_image(filter, settings, name, in, out, error);
    const bool ok = alpha_prepare(&alpha, in, &ready, error) || cli_blame(error, name);
    const bool found = ok && filter_image(filter, settings, name, &ready, out, error);
    image_free(&ready);
    return found;
}

/* OUT holds bytes, whatever IN does. */
static bool check_output(const cli_settings *settings, const cli_image *in, cli_error *error) {
    image_format format;
    if (!image_format_of_name(settings->output, &format))
        return cli_misuse(error, "-o: %s: the name must end in .npy, .png, .tif or .tiff", settings->output);
    if (settings->low_given != (settings->high > 0))
        return cli_misuse(error, "--low and --high: expected both or neither");
    if (settings->high < settings->low)
        return cli_misuse(error, "--low: %s is greater than --high, %s", clf_number_general(settings->low, 6).text,
                          clf_number_general(settings->high, 6).text);
    return image_format_holds(format, in, CLF_U8, error) || cli_blame(error, settings->output);
}

static bool do_work(const cli_settings *settings, const char *name, cli_image *in, cli_image *out, cli_error *error) {
    cli_filter filter = {0};
    progress_begin("reading", settings->quiet);
    const bool read = image_read(name, in, error);
    progress_end();
    if (!read || !options_check_count("--border", settings->border_count, 2, error) ||
        !check_output(settings, in, error))
        return false;
    if (in->alpha != IMAGE_ALPHA_NONE && in->array.dtype != CLF_U8)
        return cli_fail(error, "%s: its alpha has more than 8 bits, but edges have 8", name);
    const bool ok = filter_visible(&filter, settings, name, in, out, error);
    filter_close(&filter);
    if (!ok)
        return false;
    image_pass_alpha(in, (image_step[]){{0, 1}, {0, 1}}, out);
    return image_write(settings->output, out, error);
}

static bool run_edges(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    cli_image in = {0};
    cli_image out = {0};
    const bool ok = do_work(settings, operands[0], &in, &out, error);
    image_free(&in);
    image_free(&out);
    return ok;
}

const cli_command command_edges = {
    .name = "edges",
    .summary = "Finds Canny's edges in every plane of IN: 255 on edges, 0 elsewhere.",
    .usage = "IN -o OUT [--sigma S] [--low T --high T] [--border B[,B]] [OPTION...]",
    .operands =
        "operands:\n"
        "  IN  an .npy of rank 2 to 8 (f2, f4, f8, u1, u2, i2), whose last two axes are y and x; or an image, a\n"
        "      .png (8 or 16 bits) or .tif (8 or 16 bits, or 32-bit floats), each channel by itself\n",
    .notes =
        "Thresholds apply to the magnitude of the Sobel gradient after smoothing, in the units of IN. OUT has\n"
        "8 bits. With --border constant this is scikit-image's canny. The edges of an image with alpha are those of\n"
        "its colours times alpha; alpha is passed through.\n",
    .examples = "  clfilter edges photo.png -o edges.png --sigma 2\n"
                "  clfilter edges depth.npy -o edges.npy --low 0.05 --high 0.2 --border replicate\n",
    .bit = COMMAND_EDGES,
    .operand_names = "IN",
    .operand_count = 1,
    .run = run_edges,
};
