/* SPDX-License-Identifier: Apache-2.0 */
/* slabs.c: which format reads or writes a file in parts; a PNG is held whole. */
#include "slabs.h"

static bool open_source(slab_source *source, cli_error *error) {
    image_format format;
    if (!input_open(source->path, &source->input, error) ||
        !image_recognise(source->input.file, source->path, &format, error))
        return false;
    if (format == IMAGE_NPY)
        return npy_open_source(source, error);
    if (format == IMAGE_TIFF)
        return tiff_open_source(source, error);
    source->read = slabs_read_held;
    return image_read_png(source->input.file, source->input.size, &source->image, error);
}

bool slabs_open_source(const char *path, slab_source *source, cli_error *error) {
    *source = (slab_source){.path = path};
    return open_source(source, error) || cli_blame(error, path);
}

bool slabs_read(slab_source *source, const slab_part *part, const clf_array *into, cli_error *error) {
    return source->read(source, part, into, error) || cli_blame(error, source->path);
}

void slabs_close_source(slab_source *source) {
    if (source->close)
        source->close(source);
    if (source->input.file)
        fclose(source->input.file);
    image_free(&source->image);
    *source = (slab_source){0};
}

static bool finish_png(slab_sink *sink, cli_error *error) {
    return image_write_png(sink->output.file, &sink->image, error);
}

static bool open_sink(slab_sink *sink, image_format format, cli_error *error) {
    const cli_image like = sink->image;
    if (format == IMAGE_PNG) {
        sink->write = slabs_write_held;
        sink->finish = finish_png;
        if (!image_create(&sink->image, like.array.dtype, like.array.rank, like.array.shape, error))
            return false;
        sink->image.interleaved = like.interleaved;
    }
    if (!output_open(sink->path, &sink->output, error))
        return false;
    return format == IMAGE_PNG || (format == IMAGE_NPY ? npy_open_sink : tiff_open_sink)(sink, error);
}

bool slabs_open_sink(const char *path, const cli_image *like, slab_sink *sink, cli_error *error) {
    image_format format;
    *sink = (slab_sink){.path = path, .image = *like};
    sink->image.array.data = NULL;
    if (!image_format_of_name(path, &format))
        return cli_fail(error, "%s: the name must end in .npy, .png, .tif or .tiff", path);
    if (image_format_holds(format, like, like->array.dtype, error) && open_sink(sink, format, error))
        return true;
    slabs_abandon(sink);
    return cli_blame(error, path);
}

bool slabs_write(slab_sink *sink, const slab_part *part, const clf_array *from, cli_error *error) {
    return sink->write(sink, part, from, error) || cli_blame(error, sink->path);
}

static void release(slab_sink *sink) {
    if (sink->close)
        sink->close(sink);
    sink->close = NULL;
    image_free(&sink->image);
}

bool slabs_commit(slab_sink *sink, cli_error *error) {
    const bool ok = !sink->finish || sink->finish(sink, error);
    release(sink);
    if (ok && output_commit(&sink->output, error))
        return true;
    const char *path = sink->path;
    slabs_abandon(sink);
    return cli_blame(error, path);
}

void slabs_abandon(slab_sink *sink) {
    release(sink);
    if (sink->output.temporary)
        output_abandon(&sink->output);
    *sink = (slab_sink){0};
}
