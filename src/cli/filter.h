/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file filter.h
 * What every filtering command does around its plan: device, upload, run, time, download.
 *
 * An image lies on the device as in its file, interleaved; the plan sees it as channels x rows x columns without alpha,
 * by a permuted and cropped view. An array lies there as it is.
 */
#ifndef CLFILTER_CLI_FILTER_H
#define CLFILTER_CLI_FILTER_H

#include "image.h"
#include "options.h"

typedef struct cli_filter {
    const char *name; /**< the input's, for errors */
    clf_context *context;
    clf_view in;  /**< the whole input; owns its buffer */
    clf_view out; /**< the whole output; owns its buffer */
    clf_view in_planes;
    clf_view out_planes;
    size_t stream_bytes; /**< for the plan's options; 0: not streamed. The views then have no buffers. */
    clf_plan *plan;      /**< made by the command between filter_prepare_output and filter_run */
} cli_filter;

/** The element type that OUT is to have; refuses a --dtype that IN cannot give and an OUT that cannot hold it. */
bool filter_choose_output(const cli_settings *settings, const cli_image *in, clf_dtype *dtype, cli_error *error);

/**
 * Opens the device and uploads the input, unless stream_bytes is set, when the input's data is not looked at. End with
 * filter_close, whatever this returns.
 */
bool filter_open(cli_filter *filter, const cli_settings *settings, const char *name, const cli_image *in,
                 cli_error *error);

/**
 * Makes the output on the device and in `out` (without data, where the plan is to be streamed), for planes of `shape`
 * (as many extents as in_planes has). `out` is returned with ownership; release with image_free.
 */
bool filter_prepare_output(cli_filter *filter, const cli_image *in, clf_dtype dtype, const int64_t *shape,
                           cli_image *out, cli_error *error);

/** The monotonic clock, seconds. */
double filter_now(void);

/** Executes a plan, waits, and says how long that took. */
clf_status filter_time_once(clf_context *context, clf_plan *plan, double *seconds, clf_error *reason);

/** Explains, executes and times. */
bool filter_execute(cli_filter *filter, const cli_settings *settings, cli_error *error);

/** Explains, executes, times and downloads into `out`; its alpha is left to image_pass_alpha. */
bool filter_run(cli_filter *filter, const cli_settings *settings, cli_image *out, cli_error *error);

/** Releases all but the images. */
void filter_close(cli_filter *filter);

/** Of a device that cannot be opened; `device` is what --device says. Always false. */
bool filter_fail_device(const char *device, const clf_error *reason, cli_error *error);

/** Turns what the library said into the program's error, naming the option at fault or else the input. Always false. */
bool filter_fail(const cli_filter *filter, const cli_settings *settings, const clf_error *reason, cli_error *error);

#endif
