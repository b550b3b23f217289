/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering what a slab reads: rows of the input, and what its border makes of them beyond its ends. */
#include "stream/gather.h"

#include "plan/copy.h"
#include "plan/view.h"
#include "stream/stream.h"

#define BORDER_PLACE int64_t
#define BORDER_COUNT uint64_t
#include "cl/inc/border.h"

#include <string.h>

_Static_assert(BORDER_REFLECT == CLF_BORDER_REFLECT && BORDER_PERIODIC == CLF_BORDER_PERIODIC &&
                   BORDER_SYMMETRIC == CLF_BORDER_SYMMETRIC && BORDER_REPLICATE == CLF_BORDER_REPLICATE &&
                   BORDER_CONSTANT == CLF_BORDER_CONSTANT,
               "borders are numbered as kernels number them");

/* What is filled, for the functions below. */
typedef struct gathering {
    const clf_stream *stream;
    const clf_host_operands *host;
    int operand;
    int64_t first;       /* row t is index first + t of the extended input */
    int64_t inside, end; /* rows that are inside the input */
    void *memory;
} gathering;

static clf_array rows_of(const gathering *g, int64_t first, int64_t count) {
    return clf_stream_rows(&g->stream->slab[g->operand], g->memory, g->stream->info.axis, first, count);
}

static clf_status read_rows(const gathering *g, int64_t row, int64_t index, int64_t count, clf_error *error) {
    const clf_part part = {g->operand, g->stream->info.axis, index, count};
    clf_array into = rows_of(g, row, count);
    return clf_host_read(g->host, &part, &into, error);
}

static void copy_row(const gathering *g, int64_t row, const void *from, const int64_t *strides) {
    clf_array to = rows_of(g, row, 1);
    clf_copy_strided(to.rank, to.shape, clf_dtype_bytes(to.dtype), to.data, to.strides, from, strides);
}

/* The index that a row stands for; -1 if it is the constant. */
static int64_t index_of(const gathering *g, int64_t row) {
    return border_index(g->first + row, g->stream->cut.inputs, (int)g->stream->cut.border);
}

/* Swaps two pieces of memory that share nothing. */
static void swap_bytes(char *a, char *b, size_t bytes) {
    char kept[1024];
    for (size_t done = 0; done < bytes; done += sizeof kept) {
        size_t piece = bytes - done < sizeof kept ? bytes - done : sizeof kept;
        memcpy(kept, a + done, piece);
        memcpy(a + done, b + done, piece);
        memcpy(b + done, kept, piece);
    }
}

/* Turns rows round. A slab is dense: a row lies in one piece, once for every index of the axes outside its own. */
static void reverse_rows(const gathering *g, int64_t first, int64_t count) {
    const clf_view *slab = &g->stream->slab[g->operand];
    int axis = g->stream->info.axis;
    size_t row = (size_t)slab->strides[axis] * clf_dtype_bytes(slab->dtype), whole = row * (size_t)slab->shape[axis];
    size_t bytes = (size_t)clf_view_bytes(slab); /* it lies in memory */
    for (size_t block = 0; block < bytes; block += whole)
        for (int64_t a = first, b = first + count - 1; a < b; a++, b--)
            swap_bytes((char *)g->memory + block + (size_t)a * row, (char *)g->memory + block + (size_t)b * row, row);
}

/* How many rows from this one, before row `to`, stand for indices one after the other, in steps of 1 or -1. */
static int64_t count_run(const gathering *g, int64_t row, int64_t to, int64_t step) {
    int64_t index = index_of(g, row), count = 1;
    while (row + count < to && index_of(g, row + count) == index + step * count)
        count++;
    return count;
}

/* Reads a run of rows; where it goes backwards, forwards from the file and then turned round. */
static clf_status read_run(const gathering *g, int64_t row, int64_t to, int64_t *count, clf_error *error) {
    int64_t index = index_of(g, row);
    *count = count_run(g, row, to, 1);
    if (*count > 1)
        return read_rows(g, row, index, *count, error);
    *count = count_run(g, row, to, -1);
    CLF_TRY(read_rows(g, row, index - *count + 1, *count, error));
    reverse_rows(g, row, *count);
    return CLF_OK;
}

/* Fills rows from..to-1, all of them outside: the constant, or rows that are there already, or read once more. */
static clf_status fill_outside(const gathering *g, int64_t from, int64_t to, clf_error *error) {
    static const int64_t still[CLF_MAX_RANK];
    for (int64_t row = from; row < to;) {
        int64_t index = index_of(g, row), there = index - g->first, count = 1;
        if (index < 0) {
            copy_row(g, row, g->stream->constant[g->operand], still);
        } else if (there >= g->inside && there < g->end) {
            clf_array like = rows_of(g, there, 1);
            copy_row(g, row, like.data, like.strides);
        } else {
            CLF_TRY(read_run(g, row, to, &count, error));
        }
        row += count;
    }
    return CLF_OK;
}

clf_status clf_stream_gather(const clf_plan *plan, const clf_host_operands *host, int operand, int64_t first,
                             void *memory, clf_error *error) {
    const clf_stream *stream = plan->stream;
    int64_t rows = stream->slab[operand].shape[stream->info.axis], extent = stream->cut.inputs;
    gathering g = {stream, host, operand, first, first < 0 ? -first : 0, extent - first, memory};
    g.end = g.end < rows ? g.end : rows;
    if (g.inside >= g.end) /* none of them is inside */
        g.inside = g.end = rows;
    else
        CLF_TRY(read_rows(&g, g.inside, first + g.inside, g.end - g.inside, error));
    CLF_TRY(fill_outside(&g, 0, g.inside, error));
    return fill_outside(&g, g.end, rows, error);
}
