/* SPDX-License-Identifier: Apache-2.0 */
/* convolve.c: `clfilter convolve` and `clfilter correlate`. */
#include "alpha.h"
#include "commands.h"
#include "filter.h"
#include "kernel.h"
#include "progress.h"
#include "stream.h"
#include "tune.h"

#include <stdlib.h>

typedef clf_status (*plan_function)(clf_context *, const clf_convolve_desc *, clf_plan **, clf_error *);

typedef struct convolution {
    const cli_settings *settings;
    plan_function plan;
    const char *const *operands; /* IN, KERNEL */
    slab_source source;          /* of a streamed run */
    cli_image in;                /* without data where the run is streamed */
    cli_image ready;             /* IN as it is filtered, where that is another */
    clf_array taps;              /* its data is owned */
    clf_array bias;              /* likewise; none: no data */
    size_t stream_bytes;
    int axes; /* filtered */
    alpha_rule alpha;
    cli_image out;
} convolution;

static bool read_operands(convolution *work, cli_error *error) {
    const cli_settings *settings = work->settings;
    const char *kernel = work->operands[1];
    char kind;
    progress_begin("reading", settings->quiet);
    const bool ok =
        stream_open_input(settings, work->operands[0], &work->source, &work->in, &work->stream_bytes, error) &&
        kernel_read(kernel, &work->taps, error) &&
        (!settings->bias || numbers_read("--bias", settings->bias, &work->bias, &kind, error));
    progress_end();
    if (!ok)
        return false;
    const int rank = work->taps.rank;
    work->axes = rank > CLF_MAX_FILTER_AXES ? rank - 2 : rank;
    if (work->in.interleaved && work->axes > 2)
        return cli_fail(error, "kernel '%s': has rank %d; an image has two axes to filter", kernel, rank);
    return options_check_count("--border", settings->border_count, work->axes, error) &&
           options_check_count("--origin", settings->origin_count, work->axes, error) &&
           options_check_count("--stride", settings->stride_count, work->axes, error) &&
           options_check_count("--dilation", settings->dilation_count, work->axes, error);
}

/* One value for each axis, where one was given for all. */
static void spread(const int *given, int count, int axes, int *values) {
    for (int i = 0; count > 0 && i < axes; i++)
        values[i] = given[count > 1 ? i : 0];
}

static clf_convolve_desc describe(const convolution *work, const cli_filter *filter) {
    const cli_settings *settings = work->settings;
    clf_convolve_desc desc = {
        .src = filter->in_planes,
        .kernel = work->taps,
        .bias = work->bias,
        .groups = settings->groups,
        .cval = settings->cval,
        .mode = settings->mode,
        .options = {.solver = settings->solver, .effort = settings->effort, .stream_bytes = filter->stream_bytes}};
    for (int i = 0; i < settings->border_count; i++)
        desc.border[i] = settings->border[i];
    spread(settings->origin, settings->origin_count, work->axes, desc.origin);
    spread(settings->stride, settings->stride_count, work->axes, desc.stride);
    spread(settings->dilation, settings->dilation_count, work->axes, desc.dilation);
    return desc;
}

/* Which pixels of IN the alpha of OUT comes from along an axis: where the kernel's centre, tap K/2, lies. */
static image_step alpha_step(const convolution *work, const clf_convolve_desc *desc, int axis_from_end) {
    const int index = work->axes - axis_from_end;
    if (index < 0)
        return (image_step){0, 1};
    const int64_t extent = work->taps.shape[work->taps.rank - axis_from_end];
    const int64_t step = desc->stride[index] ? desc->stride[index] : 1;
    const int64_t dilation = desc->dilation[index] ? desc->dilation[index] : 1;
    const bool flipped = work->plan == clf_plan_convolve;
    const int64_t before = flipped ? extent - 1 - extent / 2 : extent / 2; /* window's samples before the centre */
    if (work->settings->mode == CLF_MODE_SAME)
        return (image_step){0, step};
    return (image_step){dilation * (work->settings->mode == CLF_MODE_VALID ? before : before - (extent - 1)), step};
}

/* A descriptor and which way it is planned, for tune_run. */
typedef struct convolve_request {
    plan_function plan;
    clf_convolve_desc desc;
} convolve_request;

static clf_status plan_request(const void *about, clf_context *context, clf_effort effort, clf_plan **plan,
                               clf_error *reason) {
    const convolve_request *request = about;
    clf_convolve_desc desc = request->desc;
    desc.options.effort = effort;
    return request->plan(context, &desc, plan, reason);
}

/* What the alpha of IN is for the filter. A bank has a sum of taps for each output: alpha is passed on. */
static bool prepare_alpha(convolution *work, cli_error *error) {
    const cli_settings *settings = work->settings;
    bool constant = false;
    for (int i = 0; i < settings->border_count && settings->mode != CLF_MODE_VALID; i++)
        constant = constant || settings->border[i] == CLF_BORDER_CONSTANT;
    work->alpha = alpha_rule_for(settings, &work->in);
    if (work->taps.rank <= CLF_MAX_FILTER_AXES &&
        !alpha_rule_filter(&work->alpha, &work->taps, constant, settings->cval, error))
        return false;
    return !work->alpha.premultiplied || alpha_prepare(&work->alpha, &work->in, &work->ready, error) ||
           cli_blame(error, work->operands[0]);
}

static bool filter_image(convolution *work, cli_filter *filter, clf_dtype dtype, cli_error *error) {
    const cli_settings *settings = work->settings;
    clf_error reason = {0};
    int64_t shape[CLF_MAX_RANK];
    if (!prepare_alpha(work, error))
        return false;
    const cli_image *in = work->alpha.premultiplied ? &work->ready : &work->in;
    if (!filter_open(filter, settings, work->operands[0], in, error))
        return false;
    clf_convolve_desc desc = describe(work, filter);
    if (clf_convolve_shape(&desc, shape, &reason))
        return filter_fail(filter, settings, &reason, error);
    if (!filter_prepare_output(filter, in, work->alpha.premultiplied ? CLF_F32 : dtype, shape, &work->out, error))
        return false;
    work->out.alpha = work->in.alpha;
    desc.dst = filter->out_planes;
    if (settings->tune)
        return tune_run(filter, settings, plan_request, &(convolve_request){work->plan, desc}, error);
    work->alpha.from[0] = alpha_step(work, &desc, 2);
    work->alpha.from[1] = alpha_step(work, &desc, 1);
    progress_begin("planning", settings->quiet);
    const bool planned = !work->plan(filter->context, &desc, &filter->plan, &reason);
    progress_end();
    if (!planned)
        return filter_fail(filter, settings, &reason, error);
    if (filter->stream_bytes > 0)
        return stream_run(filter, settings, &work->source, &work->out, dtype, &work->alpha, error);
    return filter_run(filter, settings, &work->out, error);
}

static bool do_work(convolution *work, cli_error *error) {
    cli_filter filter = {0};
    clf_dtype dtype;
    if (!read_operands(work, error) || !filter_choose_output(work->settings, &work->in, &dtype, error))
        return false;
    filter.stream_bytes = work->stream_bytes;
    const bool ok = filter_image(work, &filter, dtype, error);
    filter_close(&filter);
    if (!ok || work->settings->tune || work->stream_bytes > 0)
        return ok;
    if (!alpha_convert(&work->alpha, &work->in, &work->out, dtype, error))
        return cli_blame(error, work->operands[0]);
    return image_write(work->settings->output, &work->out, error);
}

static bool run(plan_function plan, const cli_settings *settings, const char *const *operands, cli_error *error) {
    convolution work = {.settings = settings, .plan = plan, .operands = operands};
    const bool ok = do_work(&work, error);
    slabs_close_source(&work.source);
    image_free(&work.in);
    image_free(&work.ready);
    image_free(&work.out);
    free(work.taps.data);
    free(work.bias.data);
    return ok;
}

static bool run_convolve(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    return run(clf_plan_convolve, settings, operands, error);
}

static bool run_correlate(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    return run(clf_plan_correlate, settings, operands, error);
}

#define CONVOLVE_USAGE                                                            \
    "IN KERNEL -o OUT [--border B[,B...]] [--cval V]\n"                           \
    "         [--mode same|valid|full] [--origin O[,O...]] [--stride S[,S...]]\n" \
    "         [--dilation D[,D...]] [--groups G] [--bias FILE] [--solver S]\n"    \
    "         [--effort E] [OPTION...]"
static const char operands_help[] =
    "operands:\n"
    "  IN      an .npy of rank 1 to 8 (f2, f4, f8, u1, u2, i2), whose last axes are filtered; or an image,\n"
    "          a .png (8 or 16 bits) or .tif (8 or 16 bits, or 32-bit floats), filtered channel by channel\n"
    "  KERNEL  an .npy of rank 1, 2 or 3 (for an image 1 or 2), which filters that many last axes, or of\n"
    "          rank 4 or 5 (outputs, inputs / groups, taps...), a bank that mixes the channels before them;\n"
    "          rows, as in \"1,0,-1;2,0,-2;1,0,-1\" (a single row has rank 1);\n"
    "          or a name: sobel-x, sobel-y, laplacian, box:N, gaussian:SIGMA\n";
static const char notes[] =
    "Alpha is filtered with the colours, divided by the sum of the taps; a constant border is opaque. If that\n"
    "sum is 0, if KERNEL is a bank, and with --alpha separate, alpha is not filtered: in valid mode it is\n"
    "cropped to the positions of the kernel's centre; in full mode its edge is repeated. An .npy written from\n"
    "an image holds what an image file would, in the shape rows x columns x channels (rows x columns if it is\n"
    "grey). A palette becomes colours; colour profiles and other metadata are not kept.\n";

const cli_command command_convolve = {
    .name = "convolve",
    .summary = "Convolves IN with KERNEL, which is flipped.",
    .usage = CONVOLVE_USAGE,
    .operands = operands_help,
    .notes = notes,
    .examples = "  clfilter convolve photo.png gaussian:3 -o soft.png\n"
                "  clfilter convolve panorama.tif \"1,0,-1;2,0,-2;1,0,-1\" --border replicate,periodic \\\n"
                "           --dtype f32 -o edges.tif --explain\n",
    .bit = COMMAND_CONVOLVE,
    .operand_names = "IN KERNEL",
    .operand_count = 2,
    .run = run_convolve,
};

const cli_command command_correlate = {
    .name = "correlate",
    .summary = "Correlates IN with KERNEL, which is not flipped (conv2d, filter2D).",
    .usage = CONVOLVE_USAGE,
    .operands = operands_help,
    .notes = notes,
    .examples = "  clfilter correlate array.npy kernel.npy --mode valid -o result.npy\n"
                "  clfilter correlate photo.png sobel-x --border periodic -o edges.npy --dtype f32\n",
    .bit = COMMAND_CONVOLVE,
    .operand_names = "IN KERNEL",
    .operand_count = 2,
    .run = run_correlate,
};
