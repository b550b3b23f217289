/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file strips.h
 * Images and arrays read and written in parts: .npy and TIFF as they lie in their files, a PNG held whole in memory.
 *
 * A part is `count` indices from `first` along `axis` of the array that image.h makes of a file.
 */
#ifndef CLFILTER_CLI_STRIPS_H
#define CLFILTER_CLI_STRIPS_H

#include "image.h"
#include "input.h"
#include "output.h"

typedef struct strip_part {
    int axis;
    int64_t first, count;
} strip_part;

typedef struct strip_source strip_source;
typedef struct strip_sink strip_sink;

/** A file being read. Its functions are its format's. */
struct strip_source {
    const char *path;
    cli_image image; /**< what the file holds; its data is NULL but where it is held whole */
    input_file input;
    void *state; /**< the format's own */
    bool (*read)(strip_source *source, const strip_part *part, const clf_array *into, cli_error *error);
    void (*close)(strip_source *source); /**< releases the state */
};

/** A file being written. */
struct strip_sink {
    const char *path;
    cli_image image; /**< what the file is to hold; its data is NULL but where it is held whole */
    output_file output;
    void *state;
    bool (*write)(strip_sink *sink, const strip_part *part, const clf_array *from, cli_error *error);
    bool (*finish)(strip_sink *sink, cli_error *error); /**< writes what is left to be written */
    void (*close)(strip_sink *sink);
};

/**
 * Opens a file of any of the formats, looking at its header alone. End with strips_close_source, whatever this returns.
 */
bool strips_open_source(const char *path, strip_source *source, cli_error *error);

/** Reads a part into an array of its shape, of the image's element type and any strides. `error` names the file. */
bool strips_read(strip_source *source, const strip_part *part, const clf_array *into, cli_error *error);

void strips_close_source(strip_source *source);

/** Opens `path` for an image like this one, whose data is not looked at. End with strips_commit or strips_abandon. */
bool strips_open_sink(const char *path, const cli_image *like, strip_sink *sink, cli_error *error);

/** Writes a part. Parts of a TIFF are rows, in order. `error` names the file. */
bool strips_write(strip_sink *sink, const strip_part *part, const clf_array *from, cli_error *error);

/** Gives the file its name, or fails and leaves nothing. */
bool strips_commit(strip_sink *sink, cli_error *error);

/** Leaves nothing. Allowed after strips_commit, and for a sink all zero. */
void strips_abandon(strip_sink *sink);

/* One pair a format: from the file's beginning; what the state holds is the format's. */
bool npy_open_source(strip_source *source, cli_error *error);
bool npy_open_sink(strip_sink *sink, cli_error *error);
bool tiff_open_source(strip_source *source, cli_error *error);
bool tiff_open_sink(strip_sink *sink, cli_error *error);

#endif
