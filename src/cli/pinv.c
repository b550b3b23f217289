/* SPDX-License-Identifier: Apache-2.0 */
/* pinv.c: `clfilter pinv`: pseudo-inverses of many small matrices. */
#include "commands.h"
#include "filter.h"
#include "progress.h"
#include "stream.h"

#include <string.h>

/* The order that puts the axes of the matrices last; false if --axes does not name two of them. */
static bool matrix_order(const cli_settings *settings, const char *name, int rank, int order[CLF_MAX_RANK],
                         cli_error *error) {
    int rows = rank - 2, columns = rank - 1, count = 0;
    if (settings->matrix_axes_given) {
        rows = settings->matrix_axes[0] + (settings->matrix_axes[0] < 0 ? rank : 0);
        columns = settings->matrix_axes[1] + (settings->matrix_axes[1] < 0 ? rank : 0);
    }
    if (rank < 2)
        return cli_fail(error, "%s: has rank 1; expected 2 or more", name);
    if (rows < 0 || rows >= rank || columns < 0 || columns >= rank || rows == columns)
        return cli_misuse(error, "--axes: expected two different axes, each %d to %d", -rank, rank - 1);
    for (int axis = 0; axis < rank; axis++)
        if (axis != rows && axis != columns)
            order[count++] = axis;
    order[count++] = rows;
    order[count] = columns;
    return true;
}

static bool invert(stream_work *work, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    cli_filter *filter = &work->filter;
    const cli_image *in = &work->in;
    clf_pinv_desc desc = {.rcond = settings->rcond, .options = {.stream_bytes = filter->stream_bytes}};
    int order[CLF_MAX_RANK];
    const int rank = in->array.rank;
    if (!matrix_order(settings, work->name, rank, order, error) ||
        !filter_open(filter, settings, work->name, in, error))
        return false;
    if (clf_view_permute(&filter->in, order, &desc.src, &reason))
        return filter_fail(filter, settings, &reason, error);
    int64_t shape[CLF_MAX_RANK];
    memcpy(shape, desc.src.shape, sizeof shape);
    shape[rank - 2] = desc.src.shape[rank - 1];
    shape[rank - 1] = desc.src.shape[rank - 2];
    if (!filter_prepare_output(filter, in, in->array.dtype, shape, &work->out, error))
        return false;
    desc.dst = filter->out;
    progress_begin("planning", settings->quiet);
    const bool planned = !clf_plan_pinv(filter->context, &desc, &filter->plan, &reason);
    progress_end();
    return planned ? stream_finish(filter, settings, &work->source, order, &work->out, error)
                   : filter_fail(filter, settings, &reason, error);
}

static bool run_pinv(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    stream_work work = {.name = operands[0]};
    clf_dtype dtype;
    bool ok = stream_open_input(settings, work.name, &work.source, &work.in, &work.filter.stream_bytes, error);
    if (ok && work.in.interleaved)
        ok = cli_fail(error, "%s: is an image; expected an .npy file", work.name);
    ok = ok && filter_choose_output(settings, &work.in, &dtype, error) && invert(&work, settings, error);
    stream_close(&work);
    return ok;
}

const cli_command command_pinv = {
    .name = "pinv",
    .summary = "Writes the Moore-Penrose inverse of every matrix in IN, up to 16 x 16.",
    .usage = "IN -o OUT [--axes M,N] [--rcond R] [OPTION...]",
    .operands = "operands:\n"
                "  IN  an .npy of rank 2 to 8 (f4, f8); two of its axes are the rows and columns of matrices\n",
    .notes = "The other axes come first in OUT, in their order, followed by the columns and the rows. This is\n"
             "numpy.linalg.pinv(np.moveaxis(IN, (M, N), (-2, -1)), rcond=R).\n",
    .examples = "  clfilter pinv matrices.npy -o inverses.npy\n"
                "  clfilter pinv jacobians_2x4xN.npy --axes 0,1 -o inverses_Nx4x2.npy --rcond 1e-6\n",
    .bit = COMMAND_PINV,
    .operand_names = "IN",
    .operand_count = 1,
    .run = run_pinv,
};
