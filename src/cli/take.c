/* SPDX-License-Identifier: Apache-2.0 */
/* take.c: `clfilter take`: selection along an axis. */
#include "commands.h"
#include "filter.h"
#include "kernel.h"
#include "stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool make_indices(int64_t count, int64_t **made, cli_error *error) {
    *made = malloc(((size_t)count + 1) * sizeof **made); /* never of nothing */
    return *made || cli_fail(error, "take: no memory for %lld indices", (long long)count);
}

/* The numbers of a list or an .npy file as indices; `made` is owned by the caller. "" is a list of none. */
static bool read_indices(const char *text, int64_t **made, int64_t *count, cli_error *error) {
    clf_array numbers = {.dtype = CLF_F64, .rank = 1};
    char kind = 'i';
    if (*text && !numbers_read("indices", text, &numbers, &kind, error))
        return false;
    if (kind == 'b') {
        free(numbers.data);
        return cli_misuse(error, "indices '%s': its elements are bool, a mask; expected integers, or --mask %s", text,
                          text);
    }
    *count = numbers.shape[0];
    if (!make_indices(numbers.shape[0], made, error)) {
        free(numbers.data);
        return false;
    }
    bool whole = numbers.rank == 1 && numbers.dtype == CLF_F64;
    for (int64_t k = 0; whole && k < *count; k++) {
        const double number = ((const double *)numbers.data)[k];
        whole = number == floor(number) && fabs(number) < 0x1p53;
        if (whole)
            (*made)[k] = (int64_t)number;
    }
    free(numbers.data);
    if (whole)
        return true;
    free(*made);
    *made = NULL;
    return cli_misuse(error, "indices '%s': expected whole numbers in one row, or an .npy file of rank 1", text);
}

/* The indices that a mask selects along an axis of `extent`. */
static bool read_mask(const char *path, int64_t extent, int64_t **made, int64_t *count, cli_error *error) {
    clf_array mask = {0};
    char kind;
    if (!numbers_read("--mask", path, &mask, &kind, error))
        return false;
    const double *values = mask.data;
    const bool fits = (kind == 'b' || kind == 'u') && mask.rank == 1 && mask.shape[0] == extent;
    const bool ok = fits ? make_indices(extent, made, error)
                         : cli_misuse(error,
                                      "--mask: %s: expected an .npy of bool or unsigned integers, of rank 1, with "
                                      "%lld elements, as many as the axis has",
                                      path, (long long)extent);
    for (int64_t i = 0; ok && *made && i < extent; i++)
        if (values[i] != 0)
            (*made)[(*count)++] = i;
    free(mask.data);
    return ok;
}

/* The axis counted from the front. */
static bool find_axis(const stream_work *work, const cli_settings *settings, int *axis, cli_error *error) {
    const int rank = work->in.array.rank;
    *axis = settings->take_axis < 0 ? settings->take_axis + rank : settings->take_axis;
    return (*axis >= 0 && *axis < rank) ||
           cli_misuse(error, "--axis: %d; %s has axes %d to %d", settings->take_axis, work->name, -rank, rank - 1);
}

static bool take(stream_work *work, const cli_settings *settings, int axis, int64_t *indices, int64_t count,
                 cli_error *error) {
    clf_error reason = {0};
    cli_filter *filter = &work->filter;
    const cli_image *in = &work->in;
    int64_t shape[CLF_MAX_RANK];
    memcpy(shape, in->array.shape, sizeof shape);
    shape[axis] = count;
    if (!filter_open(filter, settings, work->name, in, error) ||
        !filter_prepare_output(filter, in, in->array.dtype, shape, &work->out, error))
        return false;
    const clf_take_desc desc = {.src = filter->in,
                                .dst = filter->out,
                                .indices = {.data = indices, .dtype = CLF_I64, .rank = 1, .shape = {count}},
                                .axis = axis,
                                .mode = settings->index_mode,
                                .options = {.stream_bytes = filter->stream_bytes}};
    if (clf_plan_take(filter->context, &desc, &filter->plan, &reason))
        return filter_fail(filter, settings, &reason, error);
    return stream_finish(filter, settings, &work->source, NULL, &work->out, error);
}

static bool do_work(stream_work *work, const cli_settings *settings, const char *text, cli_error *error) {
    clf_dtype dtype;
    int64_t *indices = NULL, count = 0;
    int axis = 0;
    if (!text == !settings->mask)
        return cli_misuse(error, "take: expected either INDICES or --mask");
    bool ok = stream_open_input(settings, work->name, &work->source, &work->in, &work->filter.stream_bytes, error);
    if (ok && work->in.interleaved)
        ok = cli_fail(error, "%s: is an image; expected an .npy file", work->name);
    ok = ok && find_axis(work, settings, &axis, error) &&
         (text ? read_indices(text, &indices, &count, error)
               : read_mask(settings->mask, work->in.array.shape[axis], &indices, &count, error));
    ok = ok && filter_choose_output(settings, &work->in, &dtype, error) &&
         take(work, settings, axis, indices, count, error);
    free(indices);
    return ok;
}

static bool run_take(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    stream_work work = {.name = operands[0]};
    const bool ok = do_work(&work, settings, operands[1], error);
    stream_close(&work);
    return ok;
}

const cli_command command_take = {
    .name = "take",
    .summary = "Writes the entries of IN at INDICES along an axis; all other axes stay in place.",
    .usage = "IN INDICES|--mask FILE --axis A -o OUT\n         [--index-mode strict|wrap|clamp] [OPTION...]",
    .operands = "operands:\n"
                "  IN       an .npy of rank 1 to 8 (f2, f4, f8, u1, u2, i2)\n"
                "  INDICES  an .npy of rank 1, integers of any type; or a list, as in \"0,2,-1\"; \"\" is none\n",
    .notes = "This is numpy.take(IN, INDICES, axis=A); NumPy calls strict, wrap and clamp raise, wrap and clip.\n"
             "With a mask of bool it is IN[..., mask, ...].\n",
    .examples = "  clfilter take frames.npy 2,3,4,5,6 --axis 2 -o selected.npy\n"
                "  clfilter take table.npy rows.npy --axis 0 -o gathered.npy --index-mode wrap\n",
    .bit = COMMAND_TAKE,
    .operand_names = "IN INDICES",
    .operand_count = 1,
    .operand_most = 2,
    .run = run_take,
};
