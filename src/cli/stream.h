/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file stream.h
 * Filtering files that need not fit into memory: read, filtered and written a slab at a time.
 */
#ifndef CLFILTER_CLI_STREAM_H
#define CLFILTER_CLI_STREAM_H

#include "alpha.h"
#include "filter.h"
#include "slabs.h"

/** What a command over whole arrays and images holds; `source` is that of an input that is streamed. */
typedef struct stream_work {
    const char *name; /**< of the input. Borrowed. */
    slab_source source;
    cli_image in, out;
    cli_filter filter;
} stream_work;

/** Releases all that the work holds. */
void stream_close(stream_work *work);

/**
 * Opens an input, and reads it whole if it is not to be streamed: *bytes is then 0 and `source` closed. It is
 * streamed where --memory says so, or where it, or an output of its size, is too large for the device: *bytes is then
 * the device memory that the plan may take, and `in` is without data.
 * `in` is returned with ownership; release with image_free, and `source` with slabs_close_source, whatever this
 * returns.
 */
bool stream_open_input(const cli_settings *settings, const char *path, slab_source *source, cli_image *in,
                       size_t *bytes, cli_error *error);

/**
 * Executes a streamed plan from one file to another: as filter_run and all that follows it.
 * @param out    what the output is to be, without data
 * @param dtype  the output file's element type; the plan's is another where values are to be converted
 * @param alpha  what becomes of alpha; where it is premultiplied, the plan's elements are f32
 */
bool stream_run(cli_filter *filter, const cli_settings *settings, slab_source *in, const cli_image *out,
                clf_dtype dtype, const alpha_rule *alpha, cli_error *error);

/**
 * Executes a plan over whole arrays and images, alpha and all, and writes the output: streamed, or in memory.
 * @param in     the input of a streamed run
 * @param order  axis i of the plan's input is axis order[i] of the file's; NULL: each is in its place
 * @param out    what the output is to be; with its data where the run is not streamed
 */
bool stream_finish(cli_filter *filter, const cli_settings *settings, slab_source *in, const int *order, cli_image *out,
                   cli_error *error);

#endif
