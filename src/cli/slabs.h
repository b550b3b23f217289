/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file slabs.h
 * Images and arrays read and written in parts: .npy and TIFF as they lie in their files, a PNG held whole in memory.
 *
 * A part is `count` indices from `first` along `axis` of the array that image.h makes of a file.
 */
#ifndef CLFILTER_CLI_SLABS_H
#define CLFILTER_CLI_SLABS_H

#include "image.h"
#include "input.h"
#include "output.h"

typedef struct slab_part {
    int axis;
    int64_t first, count;
} slab_part;

typedef struct slab_source slab_source;
typedef struct slab_sink slab_sink;

/** A file being read. Its functions are its format's. */
struct slab_source {
    const char *path;
    cli_image image; /**< what the file holds; its data is NULL but where it is held whole */
    input_file input;
    void *state; /**< the format's own */
    bool (*read)(slab_source *source, const slab_part *part, const clf_array *into, cli_error *error);
    void (*close)(slab_source *source); /**< releases the state */
};

/** A file being written. */
struct slab_sink {
    const char *path;
    cli_image image; /**< what the file is to hold; its data is NULL but where it is held whole */
    output_file output;
    void *state;
    bool (*write)(slab_sink *sink, const slab_part *part, const clf_array *from, cli_error *error);
    bool (*finish)(slab_sink *sink, cli_error *error); /**< writes what is left to be written */
    void (*close)(slab_sink *sink);
};

/**
 * Opens a file of any of the formats, looking at its header alone. End with slabs_close_source, whatever this returns.
 */
bool slabs_open_source(const char *path, slab_source *source, cli_error *error);

/** Reads a part into an array of its shape, of the image's element type and any strides. `error` names the file. */
bool slabs_read(slab_source *source, const slab_part *part, const clf_array *into, cli_error *error);

void slabs_close_source(slab_source *source);

/** The array with its strides written out where they are 0: dense. */
clf_array slabs_lay_out(const clf_array *array);

/** Copies a part into another of its shape and element type. */
bool slabs_copy(const clf_array *from, const clf_array *to, cli_error *error);

/** Opens `path` for an image like this one, whose data is not looked at. End with slabs_commit or slabs_abandon. */
bool slabs_open_sink(const char *path, const cli_image *like, slab_sink *sink, cli_error *error);

/** Writes a part. A TIFF is held whole in memory if its parts are not rows in order. `error` names the file. */
bool slabs_write(slab_sink *sink, const slab_part *part, const clf_array *from, cli_error *error);

/** Gives the file its name, or fails and leaves nothing. */
bool slabs_commit(slab_sink *sink, cli_error *error);

/** Reads or writes a part of an image that is held whole. */
bool slabs_read_held(slab_source *source, const slab_part *part, const clf_array *into, cli_error *error);
bool slabs_write_held(slab_sink *sink, const slab_part *part, const clf_array *from, cli_error *error);

/** Leaves nothing. Allowed after slabs_commit, and for a sink all zero. */
void slabs_abandon(slab_sink *sink);

/* One pair a format: from the file's beginning; what the state holds is the format's. */
bool npy_open_source(slab_source *source, cli_error *error);
bool npy_open_sink(slab_sink *sink, cli_error *error);
bool tiff_open_source(slab_source *source, cli_error *error);
bool tiff_open_sink(slab_sink *sink, cli_error *error);

#endif
