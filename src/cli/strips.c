/* SPDX-License-Identifier: Apache-2.0 */
/* strips.c: which format reads or writes a file in parts; images held whole where none does. */
#include "strips.h"

#include <string.h>

/* The part of an array that is held whole. */
static clf_array part_of(const clf_array *whole, const strip_part *part) {
    clf_array array = *whole;
    int64_t step = 1, strides[CLF_MAX_RANK];
    bool dense = true;
    for (int i = whole->rank - 1; i >= 0; i--) {
        dense = dense && whole->strides[i] == 0;
        strides[i] = step;
        step *= whole->shape[i];
    }
    if (dense)
        memcpy(array.strides, strides, (size_t)whole->rank * sizeof *strides);
    array.shape[part->axis] = part->count;
    array.data = (char *)whole->data + part->first * array.strides[part->axis] * (int64_t)clf_dtype_bytes(whole->dtype);
    return array;
}

static bool copy(const clf_array *from, const clf_array *to, cli_error *error) {
    clf_error reason = {0};
    return !clf_array_copy(from, to, &reason) || cli_fail(error, "%s", reason.message);
}

static bool read_held(strip_source *source, const strip_part *part, const clf_array *into, cli_error *error) {
    const clf_array from = part_of(&source->image.array, part);
    return copy(&from, into, error);
}

static bool write_held(strip_sink *sink, const strip_part *part, const clf_array *from, cli_error *error) {
    const clf_array to = part_of(&sink->image.array, part);
    return copy(from, &to, error);
}

static bool open_source(strip_source *source, cli_error *error) {
    image_format format;
    if (!input_open(source->path, &source->input, error) ||
        !image_recognise(source->input.file, source->path, &format, error))
        return false;
    if (format == IMAGE_NPY)
        return npy_open_source(source, error);
    if (format == IMAGE_TIFF)
        return tiff_open_source(source, error);
    source->read = read_held;
    return image_read_png(source->input.file, source->input.size, &source->image, error);
}

bool strips_open_source(const char *path, strip_source *source, cli_error *error) {
    *source = (strip_source){.path = path};
    return open_source(source, error) || cli_blame(error, path);
}

bool strips_read(strip_source *source, const strip_part *part, const clf_array *into, cli_error *error) {
    return source->read(source, part, into, error) || cli_blame(error, source->path);
}

void strips_close_source(strip_source *source) {
    if (source->close)
        source->close(source);
    if (source->input.file)
        fclose(source->input.file);
    image_free(&source->image);
    *source = (strip_source){0};
}

static bool open_sink(strip_sink *sink, image_format format, cli_error *error) {
    const cli_image like = sink->image;
    if (format == IMAGE_PNG) {
        sink->write = write_held;
        if (!image_create(&sink->image, like.array.dtype, like.array.rank, like.array.shape, error))
            return false;
        sink->image.interleaved = like.interleaved;
        sink->image.alpha = like.alpha;
    }
    if (!output_open(sink->path, &sink->output, error))
        return false;
    return format == IMAGE_PNG || (format == IMAGE_NPY ? npy_open_sink : tiff_open_sink)(sink, error);
}

bool strips_open_sink(const char *path, const cli_image *like, strip_sink *sink, cli_error *error) {
    image_format format;
    *sink = (strip_sink){.path = path, .image = *like};
    sink->image.array.data = NULL;
    if (!image_format_of_name(path, &format))
        return cli_fail(error, "%s: the name must end in .npy, .png, .tif or .tiff", path);
    if (image_format_holds(format, like, like->array.dtype, error) && open_sink(sink, format, error))
        return true;
    strips_abandon(sink);
    return cli_blame(error, path);
}

bool strips_write(strip_sink *sink, const strip_part *part, const clf_array *from, cli_error *error) {
    return sink->write(sink, part, from, error) || cli_blame(error, sink->path);
}

static bool finish(strip_sink *sink, cli_error *error) {
    if (sink->image.array.data && !image_write_png(sink->output.file, &sink->image, error))
        return false;
    return !sink->finish || sink->finish(sink, error);
}

static void release(strip_sink *sink) {
    if (sink->close)
        sink->close(sink);
    sink->close = NULL;
    image_free(&sink->image);
}

bool strips_commit(strip_sink *sink, cli_error *error) {
    const bool ok = finish(sink, error);
    release(sink);
    if (ok && output_commit(&sink->output, error))
        return true;
    const char *path = sink->path;
    strips_abandon(sink);
    return cli_blame(error, path);
}

void strips_abandon(strip_sink *sink) {
    release(sink);
    if (sink->output.temporary)
        output_abandon(&sink->output);
    *sink = (strip_sink){0};
}
