/* SPDX-License-Identifier: Apache-2.0 */
/* Whole uses of the library, from listing devices to releasing the last object, stopped at the first failure. */
#ifndef CLF_TESTS_SCENARIO_H
#define CLF_TESTS_SCENARIO_H

#include <clfilter/clfilter.h>

enum { SCENARIO_ROWS = 6, SCENARIO_COLUMNS = 20, SCENARIO_ELEMENTS = SCENARIO_ROWS * SCENARIO_COLUMNS };

typedef struct scenario_result {
    float convolved[SCENARIO_ELEMENTS]; /* by a kernel of the host */
    float by_view[SCENARIO_ELEMENTS];   /* by the same kernel in device memory, executed by a clone */
    float gradient[SCENARIO_ELEMENTS];
    float selected[SCENARIO_ELEMENTS];
    float streamed[SCENARIO_ELEMENTS];
    float transformed[SCENARIO_ELEMENTS]; /* by transforms, or by the operation of a line */
} scenario_result;

/* A host's own objects, for the library to be used round; made once and outside of any count. */
typedef struct scenario_host {
    cl_context context;
    cl_device_id device;
    cl_command_queue queue; /* out of order, profiling */
    cl_command_queue plain_queue;
} scenario_host;

/* An operation as a problem line (line.h) names it. */
typedef struct scenario_line {
    const char *text;
    const char *solver;  /* NULL: the planner chooses */
    size_t stream_bytes; /* in slabs of host memory; 0: on the device's own */
} scenario_line;

bool scenario_host_open(scenario_host *host);
void scenario_host_close(scenario_host *host);

/*
 * The uses release all they made, whatever happens. Each builds few programs: it is run hundreds of times.
 *
 * Convolutions, with a kernel of the host and, through a clone, in device memory: fills ->convolved and ->by_view.
 * `host` NULL: the library opens a device of its own.
 */
clf_status scenario_run_convolve(const scenario_host *host, scenario_result *result, clf_error *error);

/* A gradient: fills ->gradient. */
clf_status scenario_run_gradient(const scenario_host *host, scenario_result *result, clf_error *error);

/*
 * Two contexts after each other with programs kept on disk, of which the first finds the folder empty: XDG_CACHE_HOME
 * must name one that may be cleared. Fills ->gradient.
 */
clf_status scenario_run_cached(const scenario_host *host, scenario_result *result, clf_error *error);

/* A gradient in slabs, on host memory, one after the other: fills ->streamed. */
clf_status scenario_run_streamed(const scenario_host *host, scenario_result *result, clf_error *error);

/* A selection in slabs, by indices in device memory: fills ->streamed. */
clf_status scenario_run_streamed_selection(const scenario_host *host, scenario_result *result, clf_error *error);

/* A selection whose solver is chosen by measuring: fills ->selected. */
clf_status scenario_run_measured(const scenario_host *host, scenario_result *result, clf_error *error);

/*
 * A convolution by conv.tile, by each library's transforms, and a normalised comparison over conv.tile, in
 * transforms.c: fill ->transformed.
 */
clf_status scenario_run_tiled(const scenario_host *host, scenario_result *result, clf_error *error);
clf_status scenario_run_vkfft(const scenario_host *host, scenario_result *result, clf_error *error);
clf_status scenario_run_clfft(const scenario_host *host, scenario_result *result, clf_error *error);
clf_status scenario_run_matched(const scenario_host *host, scenario_result *result, clf_error *error);

/* In lines.c. A line planned, and executed by a clone: fills ->transformed with the outputs, as far as they fit. */
clf_status scenario_run_line(const scenario_host *host, const scenario_line *line, scenario_result *result,
                             clf_error *error);

/* A line warmed up on the context's thread: fills nothing. */
clf_status scenario_run_warmup(const scenario_host *host, scenario_result *result, clf_error *error);

/* Wisdom read, written to the file in XDG_CACHE_HOME, and read from there: ->transformed begins with what was read. */
clf_status scenario_run_wisdom(const scenario_host *host, scenario_result *result, clf_error *error);

#endif
