/* SPDX-License-Identifier: Apache-2.0 */
/* gradient.c: `clfilter gradient`: derivatives and what is made of them. */
#include "alpha.h"
#include "commands.h"
#include "filter.h"
#include "progress.h"
#include "stream.h"
#include "tune.h"

static clf_status plan_request(const void *about, clf_context *context, clf_effort effort, clf_plan **plan,
                               clf_error *reason) {
    clf_gradient_desc desc = *(const clf_gradient_desc *)about;
    desc.options.effort = effort;
    return clf_plan_gradient(context, &desc, plan, reason);
}

/* The input, its source where the run is streamed, and the output. */
typedef struct gradient_work {
    const char *name;
    slab_source source;
    cli_image in, out;
    cli_image ready; /* the input as it is filtered, where that is another */
    alpha_rule alpha;
    clf_dtype dtype; /* of the file */
} gradient_work;

/* Derivatives are as many times alpha as the colours, their square twice so, their angle not at all. */
static bool prepare_alpha(const cli_settings *settings, gradient_work *work, cli_error *error) {
    static const int powers[] = {1, 1, 1, 1, 2, 1, 0}; /* in the order of --output's values */
    work->alpha = alpha_rule_for(settings, &work->in);
    work->alpha.power = powers[settings->gradient_output];
    return !work->alpha.premultiplied || alpha_prepare(&work->alpha, &work->in, &work->ready, error) ||
           cli_blame(error, work->name);
}

/* What the options ask of an input with these axes. */
static bool check_axes(const cli_settings *settings, const gradient_work *work, cli_error *error) {
    const int axes = settings->axes ? settings->axes : 2, dz = 3; /* dz: its place in --output's values */
    if (settings->gradient_output == dz && axes < 3)
        return cli_misuse(error, "--output: dz needs --axes 3");
    if (work->in.interleaved && axes > 2)
        return cli_misuse(error, "--axes: 3; %s is an image, which has 2 axes to derive along", work->name);
    return options_check_count("--border", settings->border_count, axes, error);
}

static bool filter_image(cli_filter *filter, const cli_settings *settings, gradient_work *work, cli_error *error) {
    clf_error reason = {0};
    if (!prepare_alpha(settings, work, error))
        return false;
    const cli_image *in = work->alpha.premultiplied ? &work->ready : &work->in;
    /* The library gives floating point magnitudes; the output's own type is made of them on the host. */
    const clf_dtype dtype = in->array.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    if (!filter_open(filter, settings, work->name, in, error) ||
        !filter_prepare_output(filter, in, dtype, filter->in_planes.shape, &work->out, error))
        return false;
    clf_gradient_desc desc = {.src = filter->in_planes,
                              .op = settings->gradient_operator,
                              .sigma = settings->sigma,
                              .axes = settings->axes,
                              .eps = settings->eps,
                              .cval = settings->cval,
                              .scale = settings->scale,
                              .options = {.effort = settings->effort, .stream_bytes = filter->stream_bytes}};
    clf_view *outputs[] = {&desc.dst, &desc.dx, &desc.dy, &desc.dz, &desc.squared, &desc.l1, &desc.orientation};
    *outputs[settings->gradient_output] = filter->out_planes;
    for (int i = 0; i < settings->border_count; i++)
        desc.border[i] = settings->border[i];
    if (settings->tune)
        return tune_run(filter, settings, plan_request, &desc, error);
    progress_begin("planning", settings->quiet);
    const bool planned = !clf_plan_gradient(filter->context, &desc, &filter->plan, &reason);
    progress_end();
    if (!planned)
        return filter_fail(filter, settings, &reason, error);
    if (filter->stream_bytes > 0)
        return stream_run(filter, settings, &work->source, &work->out, work->dtype, &work->alpha, error);
    return filter_run(filter, settings, &work->out, error);
}

static bool do_work(const cli_settings *settings, gradient_work *work, cli_error *error) {
    cli_filter filter = {0};
    progress_begin("reading", settings->quiet);
    const bool read = stream_open_input(settings, work->name, &work->source, &work->in, &filter.stream_bytes, error);
    progress_end();
    if (!read || !check_axes(settings, work, error) || !filter_choose_output(settings, &work->in, &work->dtype, error))
        return false;
    const bool streamed = filter.stream_bytes > 0;
    const bool ok = filter_image(&filter, settings, work, error);
    filter_close(&filter);
    if (!ok || settings->tune || streamed)
        return ok;
    if (!alpha_convert(&work->alpha, &work->in, &work->out, work->dtype, error))
        return cli_blame(error, work->name);
    return image_write(settings->output, &work->out, error);
}

static bool run_gradient(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    gradient_work work = {.name = operands[0]};
    const bool ok = do_work(settings, &work, error);
    slabs_close_source(&work.source);
    image_free(&work.in);
    image_free(&work.ready);
    image_free(&work.out);
    return ok;
}

const cli_command command_gradient = {
    .name = "gradient",
    .summary = "Writes the gradient magnitude of every plane of IN, or another of its derivatives.",
    .usage = "IN -o OUT [--operator OP] [--output WHAT] [--axes 2|3] [--eps E]\n"
             "         [--border B[,B]] [--scale S] [OPTION...]",
    .operands =
        "operands:\n"
        "  IN  an .npy of rank 2 to 8 (f2, f4, f8, u1, u2, i2), whose last two axes are y and x; or an image, a\n"
        "      .png (8 or 16 bits) or .tif (8 or 16 bits, or 32-bit floats), each channel by itself\n",
    .notes = "Derivatives and angles can be negative: unsigned types clip them to 0, --dtype f32 keeps them. Alpha\n"
             "is passed through; squares are divided by its square, angles not at all. An .npy written from an image\n"
             "holds what an image file would, in the shape rows x columns x channels (rows x columns if it is grey).\n"
             "A palette becomes colours; colour profiles and other metadata are not kept.\n",
    .examples = "  clfilter gradient photo.png -o edges.png --operator sobel --scale 0.25\n"
                "  clfilter gradient disparity.npy -o magnitude.npy --scale 0.5 --border replicate --time 20\n",
    .bit = COMMAND_GRADIENT,
    .operand_names = "IN",
    .operand_count = 1,
    .run = run_gradient,
};
