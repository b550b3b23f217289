/* SPDX-License-Identifier: Apache-2.0 */
/* slabs_npy.c: parts of .npy files, in whichever order their elements lie. */
#include "npy_header.h"
#include "slabs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where a file's elements are. */
typedef struct npy_layout {
    int64_t begin; /* of the elements, bytes */
    bool swapped;
    clf_array array; /* its shape, its strides in the file written out; no data */
    char *buffer;    /* for runs that memory has otherwise than the file */
    size_t capacity;
} npy_layout;

/* Axes from the outermost in the file inwards. */
static void order_axes(const clf_array *array, int order[CLF_MAX_RANK]) {
    for (int i = 0; i < array->rank; i++) {
        int at = i;
        while (at > 0 && array->strides[order[at - 1]] < array->strides[i]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

static bool move_bytes(int descriptor, char *data, int64_t bytes, int64_t offset, bool writes, cli_error *error) {
    while (bytes > 0) {
        const ssize_t moved = writes ? pwrite(descriptor, data, (size_t)bytes, (off_t)offset)
                                     : pread(descriptor, data, (size_t)bytes, (off_t)offset);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved < 0)
            return cli_fail_file(error, writes ? "written" : "read", errno);
        if (moved == 0 && writes)
            return cli_fail_file(error, "written", 0);
        if (moved == 0)
            return cli_fail(error, "truncated: it became shorter while it was being read");
        data += moved;
        bytes -= moved;
        offset += moved;
    }
    return true;
}

/* Room for one run. */
static bool grow(npy_layout *layout, size_t bytes, cli_error *error) {
    if (layout->capacity >= bytes)
        return true;
    char *grown = realloc(layout->buffer, bytes);
    if (!grown)
        return cli_fail(error, "no memory for %zu bytes of it", bytes);
    layout->buffer = grown;
    layout->capacity = bytes;
    return true;
}

static bool same_strides(const clf_array *a, const clf_array *b) {
    for (int i = 0; i < a->rank; i++)
        if (a->shape[i] > 1 && a->strides[i] != b->strides[i])
            return false;
    return true;
}

/* Moves one run of the file: `memory` in memory, `offset` elements behind the first. Both have the run's shape. */
static bool move_run(int descriptor, npy_layout *layout, const clf_array *memory, const clf_array *file,
                     int64_t elements, int64_t offset, bool writes, cli_error *error) {
    clf_error reason = {0};
    const int width = (int)clf_dtype_bytes(memory->dtype);
    const int64_t bytes = elements * width;
    const bool direct = same_strides(memory, file);
    if (!direct && !grow(layout, (size_t)bytes, error))
        return false;
    clf_array run = *file;
    run.data = direct ? memory->data : layout->buffer;
    if (!direct && writes && clf_array_copy(memory, &run, &reason))
        return cli_fail(error, "%s", reason.message);
    if (!move_bytes(descriptor, run.data, bytes, layout->begin + offset * width, writes, error))
        return false;
    if (!writes && layout->swapped)
        npy_swap(run.data, bytes, width);
    if (!direct && !writes && clf_array_copy(&run, memory, &reason))
        return cli_fail(error, "%s", reason.message);
    return true;
}

/* Every run of a part: it is contiguous along the axis and those within it, and repeats along those without. */
static bool move_part(int descriptor, npy_layout *layout, const slab_part *part, const clf_array *memory, bool writes,
                      cli_error *error) {
    int order[CLF_MAX_RANK] = {0}, outer = 0;
    int64_t runs = 1;
    const clf_array *whole = &layout->array;
    order_axes(whole, order);
    while (order[outer] != part->axis)
        runs *= whole->shape[order[outer++]];
    clf_array near = {.dtype = memory->dtype, .rank = whole->rank - outer}, far = near;
    for (int i = outer; i < whole->rank; i++) {
        near.shape[i - outer] = far.shape[i - outer] = order[i] == part->axis ? part->count : whole->shape[order[i]];
        near.strides[i - outer] = memory->strides[order[i]];
        far.strides[i - outer] = whole->strides[order[i]];
    }
    int64_t elements = 1;
    for (int i = 0; i < near.rank; i++)
        elements *= near.shape[i];
    for (int64_t run = 0; run < runs; run++) {
        int64_t offset = part->first * whole->strides[part->axis], rest = run, place = 0;
        for (int i = outer - 1; i >= 0; i--) {
            const int64_t index = rest % whole->shape[order[i]];
            rest /= whole->shape[order[i]];
            offset += index * whole->strides[order[i]];
            place += index * memory->strides[order[i]];
        }
        near.data = (char *)memory->data + place * (int64_t)clf_dtype_bytes(memory->dtype);
        if (!move_run(descriptor, layout, &near, &far, elements, offset, writes, error))
            return false;
    }
    return true;
}

static bool read_part(slab_source *source, const slab_part *part, const clf_array *into, cli_error *error) {
    return move_part(fileno(source->input.file), source->state, part, into, false, error);
}

static bool write_part(slab_sink *sink, const slab_part *part, const clf_array *from, cli_error *error) {
    return move_part(fileno(sink->output.file), sink->state, part, from, true, error);
}

static void release(void *state) {
    npy_layout *layout = state;
    if (layout)
        free(layout->buffer);
    free(layout);
}

static void close_source(slab_source *source) {
    release(source->state);
}

static void close_sink(slab_sink *sink) {
    release(sink->state);
}

/* The layout of an array in a file, from where the file stands. */
static npy_layout *make_layout(FILE *file, const clf_array *array, bool swapped, cli_error *error) {
    const off_t begin = ftello(file);
    if (begin < 0) {
        cli_fail_file(error, "read or written in parts", errno);
        return NULL;
    }
    npy_layout *layout = calloc(1, sizeof *layout);
    if (!layout) {
        cli_fail(error, "no memory to read or write it in parts");
        return NULL;
    }
    *layout = (npy_layout){.begin = begin, .swapped = swapped, .array = *array};
    int64_t step = 1;
    for (int i = array->rank - 1; i >= 0 && array->strides[array->rank - 1] == 0; i--) {
        layout->array.strides[i] = step;
        step *= array->shape[i];
    }
    return layout;
}

bool npy_open_source(slab_source *source, cli_error *error) {
    npy_header header;
    if (!npy_read_header(source->input.file, source->input.size, &header, error) ||
        !npy_find_dtype(&header, &source->image.array.dtype, error))
        return false;
    source->image.array.rank = header.rank;
    memcpy(source->image.array.shape, header.shape, sizeof header.shape);
    npy_strides(&header, source->image.array.strides);
    source->state = make_layout(source->input.file, &source->image.array, header.swapped, error);
    source->read = read_part;
    source->close = close_source;
    return source->state != NULL;
}

bool npy_open_sink(slab_sink *sink, cli_error *error) {
    if (!npy_write_header(sink->output.file, &sink->image, error))
        return false;
    if (fflush(sink->output.file) != 0)
        return cli_fail_file(error, "written", errno);
    sink->state = make_layout(sink->output.file, &sink->image.array, false, error);
    sink->write = write_part;
    sink->close = close_sink;
    return sink->state != NULL;
}
