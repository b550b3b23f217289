/* SPDX-License-Identifier: Apache-2.0 */
/* filter.c: from an image in memory to a filtered one, on a device. */
#include "filter.h"

#include "base/number.h"
#include "commands.h"
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool filter_fail_device(const char *device, const clf_error *reason, cli_error *error) {
    if (reason->code == CLF_NO_PLATFORM)
        return cli_fail(error, "no OpenCL platform is installed; %s", install_hint);
    return cli_fail(error, "%s: %s", device ? "--device" : "device", cli_plain(reason->message));
}

/* The option whose value a sentence of the library's is about; NULL: none, as far as is known. */
static const char *option_at_fault(const cli_settings *settings, const char *sentence) {
    const struct {
        const char *begin, *option;
    } rows[] = {{"groups is", "--groups"},
                {"a bias needs", "--bias"},
                {"the bias has", "--bias"},
                {"sigma is", settings->gradient_operator == CLF_GRADIENT_GAUSSIAN ? "--operator" : "--sigma"},
                {"mode is", "--mode"},
                {"border[", "--border"},
                {"by[", "--by"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strncmp(sentence, rows[i].begin, strlen(rows[i].begin)) == 0)
            return rows[i].option;
    return NULL;
}

bool filter_fail(const cli_filter *filter, const cli_settings *settings, const clf_error *reason, cli_error *error) {
    const char *sentence = cli_plain(reason->message), *option = option_at_fault(settings, sentence);
    const char *expected = strstr(sentence, "expected");
    if (option)
        return cli_misuse(error, "%s: %s", option, sentence);
    switch (reason->code) {
    case CLF_NO_PLATFORM:
    case CLF_NO_DEVICE: return filter_fail_device(settings->device, reason, error);
    case CLF_INVALID_ORIGIN: return cli_misuse(error, "--origin: %s", sentence);
    case CLF_NO_SOLVER: return cli_fail(error, "%s: %s", settings->solver ? "--solver" : filter->name, sentence);
    case CLF_BUDGET_TOO_SMALL:
        return settings->memory > 0 ? cli_misuse(error, "--memory: %zu is too little; %s", settings->memory,
                                                 expected ? expected : sentence)
                                    : cli_fail(error, "%s: %s", filter->name, sentence);
    case CLF_KERNEL_TOO_LARGE: return cli_fail(error, "--mode valid: %s", sentence);
    default: return cli_fail(error, "%s: %s", filter->name, sentence);
    }
}

bool filter_choose_output(const cli_settings *settings, const cli_image *in, clf_dtype *dtype, cli_error *error) {
    const clf_dtype own = in->array.dtype;
    image_format format;
    *dtype = settings->has_dtype ? settings->dtype : own;
    if (*dtype != own && (*dtype != CLF_F32 || own == CLF_F64))
        return cli_misuse(error, "--dtype: an input of %s elements can give %s%s, not %s", clf_dtype_name(own),
                          clf_dtype_name(own), own == CLF_F64 || own == CLF_F32 ? "" : " or f32",
                          clf_dtype_name(*dtype));
    if (settings->tune)
        return true;
    if (!image_format_of_name(settings->output, &format))
        return cli_misuse(error, "-o: %s: the name must end in .npy, .png, .tif or .tiff", settings->output);
    return image_format_holds(format, in, *dtype, error) || cli_blame(error, settings->output);
}

static void print_log(void *user, clf_log_level level, const char *message) {
    (void)user;
    if (level >= CLF_LOG_WARNING)
        fprintf(stderr, "%s\n", message);
}

/* Channels x rows x columns of an interleaved tensor, without alpha; an array's tensor as it is. */
static clf_status view_planes(const clf_view *whole, const cli_image *image, clf_view *planes, clf_error *reason) {
    static const int order[] = {2, 0, 1};
    if (!image->interleaved) {
        *planes = *whole;
        return CLF_OK;
    }
    clf_view permuted;
    const clf_status status = clf_view_permute(whole, order, &permuted, reason);
    if (status)
        return status;
    const int64_t colours = whole->shape[2] - (image->alpha != IMAGE_ALPHA_NONE);
    return clf_view_crop(&permuted, 0, 0, colours, planes, reason);
}

/* What `clfilter tune` has found. Everything works without it, so a failure is only reported. */
static void load_wisdom(clf_context *context, const cli_settings *settings) {
    clf_error reason = {0};
    size_t entries = 0;
    const clf_status status = clf_wisdom_load(context, &entries, &reason);
    if (settings->quiet || !settings->explain)
        return;
    if (status)
        fprintf(stderr, "wisdom: none: %s\n", reason.message);
    else
        fprintf(stderr, "wisdom: %zu entr%s\n", entries, entries == 1 ? "y" : "ies");
}

/* The input on the device; of a streamed plan, a view of what comes in parts, its strides those in the file. */
static bool load_input(cli_filter *filter, const clf_array *array, clf_error *reason) {
    if (filter->stream_bytes == 0)
        return !clf_tensor_create(filter->context, array->dtype, array->rank, array->shape, &filter->in, reason) &&
               !clf_upload(filter->context, array, &filter->in, reason);
    filter->in = clf_view_dense(NULL, array->dtype, array->rank, array->shape);
    for (int i = 0; i < array->rank && array->strides[0] != 0; i++)
        filter->in.strides[i] = array->strides[i];
    return true;
}

bool filter_open(cli_filter *filter, const cli_settings *settings, const char *name, const cli_image *in,
                 cli_error *error) {
    clf_error reason = {0};
    const clf_context_desc desc = {.device = settings->device,
                                   .log = settings->explain || settings->tune ? print_log : NULL};
    filter->name = name;
    progress_begin("opening the device", settings->quiet);
    const bool opened = !clf_context_create(&desc, &filter->context, &reason);
    const bool ok =
        opened && load_input(filter, &in->array, &reason) && !view_planes(&filter->in, in, &filter->in_planes, &reason);
    progress_end();
    if (!opened)
        return filter_fail_device(settings->device, &reason, error);
    if (ok && !settings->tune)
        load_wisdom(filter->context, settings);
    return ok || filter_fail(filter, settings, &reason, error);
}

/* An image for the output, without data where it comes in parts. */
static bool make_output(const cli_filter *filter, clf_dtype dtype, int rank, const int64_t *shape, cli_image *out,
                        cli_error *error) {
    if (filter->stream_bytes == 0)
        return image_create(out, dtype, rank, shape, error);
    *out = (cli_image){.array = {.dtype = dtype, .rank = rank}};
    for (int i = 0; i < rank; i++)
        out->array.shape[i] = shape[i];
    return true;
}

bool filter_prepare_output(cli_filter *filter, const cli_image *in, clf_dtype dtype, const int64_t *shape,
                           cli_image *out, cli_error *error) {
    clf_error reason = {0};
    const cli_settings none = {0};
    const int rank = in->array.rank;
    const int64_t interleaved[CLF_MAX_RANK] = {shape[1], shape[2], shape[0] + (in->alpha != IMAGE_ALPHA_NONE)};
    const int64_t *whole = in->interleaved ? interleaved : shape;
    if (!make_output(filter, dtype, rank, whole, out, error))
        return cli_blame(error, filter->name);
    out->interleaved = in->interleaved;
    out->alpha = in->alpha;
    filter->out = clf_view_dense(NULL, dtype, rank, whole);
    if ((filter->stream_bytes > 0 || !clf_tensor_create(filter->context, dtype, rank, whole, &filter->out, &reason)) &&
        !view_planes(&filter->out, in, &filter->out_planes, &reason))
        return true;
    return filter_fail(filter, &none, &reason, error);
}

static int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

double filter_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

clf_status filter_time_once(clf_context *context, clf_plan *plan, double *seconds, clf_error *reason) {
    const double start = filter_now();
    clf_status status = clf_execute(plan, NULL, NULL, reason);
    if (!status)
        status = clf_context_finish(context, reason);
    *seconds = filter_now() - start;
    return status;
}

/* The execution before these was the warm one. */
static bool time_runs(cli_filter *filter, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    const int runs = settings->runs;
    double *seconds = malloc((size_t)runs * sizeof *seconds);
    if (!seconds)
        return cli_fail(error, "--time: no memory for %d runs", runs);
    bool ok = true;
    progress_begin("timing", settings->quiet);
    for (int i = 0; ok && i < runs; i++)
        ok = !filter_time_once(filter->context, filter->plan, &seconds[i], &reason);
    progress_end();
    if (ok) {
        qsort(seconds, (size_t)runs, sizeof *seconds, compare_doubles);
        const double median = (seconds[(runs - 1) / 2] + seconds[runs / 2]) / 2;
        if (!settings->quiet)
            fprintf(stderr, "time: median %s ms of %d run%s, %s GB/s\n", clf_number_fixed(1e3 * median, 3).text, runs,
                    runs == 1 ? "" : "s",
                    clf_number_general(clf_plan_get_cost(filter->plan).bytes / median * 1e-9, 3).text);
    }
    free(seconds);
    return ok || filter_fail(filter, settings, &reason, error);
}

bool filter_execute(cli_filter *filter, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    if (settings->explain && !settings->quiet)
        fprintf(stderr, "problem: %s\nplan: %s\n", clf_plan_problem(filter->plan), clf_plan_describe(filter->plan));
    progress_begin("filtering", settings->quiet);
    double unused;
    const bool ran = !filter_time_once(filter->context, filter->plan, &unused, &reason);
    progress_end();
    if (!ran)
        return filter_fail(filter, settings, &reason, error);
    return settings->runs == 0 || time_runs(filter, settings, error);
}

bool filter_run(cli_filter *filter, const cli_settings *settings, cli_image *out, cli_error *error) {
    clf_error reason = {0};
    if (!filter_execute(filter, settings, error))
        return false;
    if (clf_download(filter->context, &filter->out, &out->array, &reason))
        return filter_fail(filter, settings, &reason, error);
    return true;
}

void filter_close(cli_filter *filter) {
    clf_plan_destroy(filter->plan);
    clf_tensor_release(&filter->in);
    clf_tensor_release(&filter->out);
    clf_context_destroy(filter->context);
}
