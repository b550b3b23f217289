/* SPDX-License-Identifier: Apache-2.0 */
/* Copies from one layout to another on the device (cl/plan/rearrange.cl). */
#include "plan/rearrange.h"
#include "plan/batch.h"
#include "plan/view.h"
#include "rt/profile.h"

#include <clfilter/tensor.h>

#include <stdlib.h>

enum { MOST_PIXEL = 4, TURNED_ROWS = 256, BLOCK_ELEMENTS = 16384 };

/* Two axes of the copy, columns within rows, and the others. Index 0 is what is read, 1 what is written. */
typedef struct arrangement {
    int64_t rows, columns, row[2], step[2], offset[2];
    int64_t block_rows, block_columns;
    int pixel;
    bool turned; /* columns are contiguous where they are read, rows where they are written */
    clf_batch batch;
} arrangement;

/* The axis of more than one element that is nearest in memory, -1 if there is none. */
static int nearest_axis(const clf_batch *batch, int operand) {
    int nearest = -1;
    for (int i = 0; i < batch->rank; i++)
        if (nearest < 0 || llabs(batch->strides[operand][i]) < llabs(batch->strides[operand][nearest]))
            nearest = i;
    return nearest;
}

static void take_axis(clf_batch *batch, int axis, int64_t *extent, int64_t stride[2]) {
    *extent = batch->shape[axis];
    for (int operand = 0; operand < 2; operand++)
        stride[operand] = batch->strides[operand][axis];
    clf_batch_remove(batch, axis);
}

/* Rows whose elements are interleaved on one side and by themselves on the other. */
static bool are_pixels(const arrangement *a) {
    for (int side = 0; side < 2; side++)
        if (a->rows > 1 && a->rows <= MOST_PIXEL && a->row[side] == 1 && a->step[side] == a->rows &&
            a->step[1 - side] == 1)
            return true;
    return false;
}

/*
 * Columns are along the axis that is nearest where it is written, rows along the one that is nearest where it is read,
 * or any other; of pixels the rows are the channels.
 */
static void find_arrangement(const clf_view *from, const clf_view *to, arrangement *a) {
    *a = (arrangement){.rows = 1, .columns = 1, .offset = {from->offset, to->offset}, .pixel = 1};
    for (int i = 0; i < from->rank; i++)
        clf_batch_add(&a->batch, from->shape[i], 2, (int64_t[]){from->strides[i], to->strides[i]});
    clf_batch_collapse(&a->batch);
    int read = nearest_axis(&a->batch, 0), write = nearest_axis(&a->batch, 1);
    if (write < 0)
        return;
    if (a->batch.shape[write] <= MOST_PIXEL && read != write) { /* channels that are written side by side */
        int other = read;
        read = write;
        write = other;
    }
    if (read == write)
        read = write > 0 ? write - 1 : a->batch.rank > 1 ? 1 : write;
    if (read != write) {
        take_axis(&a->batch, read, &a->rows, a->row);
        write -= write > read;
    }
    take_axis(&a->batch, write, &a->columns, a->step);
    a->pixel = are_pixels(a) ? (int)a->rows : 1;
    a->turned = a->pixel == 1 && a->row[0] == 1 && a->step[0] != 1 && a->step[1] == 1;
}

static void find_blocks(arrangement *a, bool wide_items) {
    int64_t most = !wide_items || a->pixel > 1 ? a->pixel : a->turned ? TURNED_ROWS : BLOCK_ELEMENTS / a->columns + 1;
    a->block_rows = a->rows < most ? a->rows : most;
    a->block_columns = wide_items ? (BLOCK_ELEMENTS + a->block_rows - 1) / a->block_rows : 1;
}

static void set_place(clf_launch *launch, const char *name, const clf_place *place) {
    if (place->where.scratch)
        clf_launch_scratch(launch, name, place->where.index);
    else
        clf_launch_operand(launch, name, place->where.index);
}

/* Steps that are constants of the build, few so that builds are. */
static int known(const arrangement *a, int side) {
    return a->step[side] == 1 || (a->pixel > 1 && a->step[side] == a->pixel) ? (int)a->step[side] : 0;
}

clf_status clf_plan_rearrange(clf_plan *plan, const clf_place *from, const clf_place *to, clf_error *error) {
    arrangement a;
    find_arrangement(&from->view, &to->view, &a);
    const bool wide_items = clf_context_profile(plan->context)->wide_items;
    find_blocks(&a, wide_items);
    size_t local = wide_items ? 1 : clf_work_group(plan->context, 0);
    int64_t values[CLF_BATCH_TABLE];
    clf_batch_write(&a.batch, values);
    cl_mem table;
    CLF_TRY(clf_plan_own(plan, sizeof values, values, &table, error));
    char data[128];
    clf_text options = clf_text_begin(data, sizeof data);
    clf_text_add(&options, "-DELEMENT=%s -DPIXEL=%d -DREAD_STEP=%d -DWRITE_STEP=%d -DTURNED=%d -DLOCAL_X=%d",
                 clf_element_type(clf_dtype_bytes(from->view.dtype)), a.pixel, known(&a, 0), known(&a, 1),
                 wide_items && a.turned, (int)local);
    clf_launch *launch;
    CLF_TRY(clf_plan_step(plan, "plan/rearrange", &options, "rearrange", &launch, error));
    set_place(launch, "x", from);
    set_place(launch, "y", to);
    clf_launch_buffer(launch, "g", table);
    clf_launch_i64(launch, "read_offset", a.offset[0]);
    clf_launch_i64(launch, "write_offset", a.offset[1]);
    clf_launch_i64(launch, "rows", a.rows);
    clf_launch_i64(launch, "columns", a.columns);
    clf_launch_i64(launch, "block_rows", a.block_rows);
    clf_launch_i64(launch, "block_columns", a.block_columns);
    clf_launch_i64(launch, "read_row", a.row[0]);
    clf_launch_i64(launch, "write_row", a.row[1]);
    clf_launch_i64(launch, "read_step", a.step[0]);
    clf_launch_i64(launch, "write_step", a.step[1]);
    clf_launch_range(launch,
                     (size_t[]){(size_t)((a.columns + a.block_columns - 1) / a.block_columns),
                                (size_t)((a.rows + a.block_rows - 1) / a.block_rows), (size_t)a.batch.count},
                     (size_t[]){local, 1, 1});
    return clf_launch_seal(launch, error);
}

/* Flops of the peak that a CPU could have done while it copies an element: about one a cycle, measured. */
static const double wide_item_element = 36;

double clf_rearrange_seconds(const clf_profile *profile, const clf_view *view) {
    double elements = (double)clf_view_count(view), bytes = 2 * elements * (double)clf_dtype_bytes(view->dtype);
    return clf_seconds(profile, bytes, profile->wide_items ? wide_item_element * elements : 0, 1);
}

double clf_scattered_flops(int64_t count, int64_t stride, double near, double far) {
    const int64_t line = 16;
    return stride == 1 ? 0 : (double)count * (stride >= -line && stride <= line ? near : far);
}
