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
    float transformed[SCENARIO_ELEMENTS];
} scenario_result;

/* A host's own objects, for the library to be used round; made once and outside of any count. */
typedef struct scenario_host {
    cl_context context;
    cl_device_id device;
    cl_command_queue queue; /* out of order, profiling */
    cl_command_queue plain_queue;
} scenario_host;

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

#endif
