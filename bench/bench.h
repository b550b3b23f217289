/* SPDX-License-Identifier: Apache-2.0 */
/* The bench: rows of cases, what is measured of each, and the parts of the program. */
#ifndef CLF_BENCH_H
#define CLF_BENCH_H

#include "peers/peer.h"

#include <clfilter/clfilter.h>

enum { BENCH_RIVALS = 6, BENCH_ROUNDS_MOST = 101 };

/* A goal of "at most x times the peer's time", as the ratio peer / ours that goals are kept in. */
#define AT_MOST(times) (1.0 / (times))

/* Someone to compare with. */
typedef struct bench_rival {
    const char *peer; /* its name; "clfilter" with a line of its own compares two problems of ours */
    double goal;      /* least ratio of its time to ours; 0: shown without a goal */
    const char *line; /* another problem line for it; NULL: the row's */
} bench_rival;

/* One row of the table of cases. */
typedef struct bench_row {
    const char *name; /* GROUP.WHAT.SIZE: what a filter is matched with */
    const char *line; /* the problem, as the tests write it */
    bench_rival rivals[BENCH_RIVALS];
    double fastest_goal; /* least ratio of the fastest rival's time to ours; 0: none */
    const char *taps;    /* as in bench_problem */
    const char *series;  /* rows of one series are one problem at several sizes; their times an output are compared */
    bool by_name;        /* run only where a filter is the beginning of its name */
} bench_row;

/* Every group of rows, each ended by a row without a name; the list ends in NULL. */
extern const bench_row *const bench_groups[];

typedef struct bench_options {
    int rounds;
    double sample_seconds; /* least time of one sample: as many executions as that takes */
    bool first_call;       /* measure the first call too, in fresh processes */
    bool quick;
    int threads;
    const char *json, *plot, *markdown; /* files to write, or NULL */
} bench_options;

/* Seconds an execution. */
typedef struct bench_timing {
    double median, low, high;
} bench_timing;

/* What became of one rival. */
typedef struct bench_comparison {
    const bench_rival *rival;
    const char *library;
    char skipped[BENCH_WHY]; /* why it did not run; empty where it did */
    bench_timing timing;
    bool compared;     /* its answer was held against ours, */
    bool agrees;       /* and is the same within what the element type allows; */
    double difference; /* the greatest distance, divided by the greatest magnitude of ours */
} bench_comparison;

/* Plan and first execution in a process of its own. Zero where it was not measured. */
typedef struct bench_first_call {
    double plan, execute; /* seconds */
    double build;         /* of which the program build, as clf_context_build_statistics counts it */
} bench_first_call;

typedef struct bench_result {
    const bench_row *row;
    char failed[BENCH_WHY]; /* why there are no figures; empty where there are */
    char plan[512];         /* clf_plan_describe */
    clf_plan_cost cost;
    double outputs; /* elements of the answer */
    bench_timing ours, copy;
    bench_first_call cold, warm; /* with the kernel caches empty, and with what the first left there */
    double planning_again;       /* seconds of planning the same once more in one process */
    int comparisons;
    bench_comparison comparison[BENCH_RIVALS];
} bench_result;

/* Where it was run. */
typedef struct bench_machine {
    char processor[128];
    int threads;
    const clf_device_info *device;
    double load; /* processes that ran or waited on average, when it was asked; ours are not among them at the start */
    double peak; /* floating point operations a second of the device, f32, measured */
} bench_machine;

/* ---- time.c */
double bench_seconds(void);
void bench_pause(double seconds);
/* Sorts the samples. */
bench_timing bench_summary(double *samples, int count);

/* ---- machine.c: measures the peak; false, and why, where it cannot. */
bool bench_machine_open(bench_machine *machine, clf_context *context, int threads, char *why);

/* Builds BENCH_DIR/kernels/NAME.cl for the context's device; NULL, and why, where it cannot. */
cl_program bench_program(clf_context *context, const char *name, const char *options, char *why);

/* ---- measure.c: a row from its line to its figures. */
void bench_measure(const bench_row *row, const bench_options *options, clf_context *context, bench_result *result);

/* ---- compare.c: holds a peer's answer against ours; both dense and of one shape. */
void bench_compare(const bench_problem *problem, const bench_array *ours, const bench_array *theirs, bool interior,
                   bench_comparison *comparison);

/* ---- first_call.c */
/* What the child does: plans and executes once, and prints the three figures. Returns an exit status. */
int bench_first_call_child(const char *line, const char *taps);
/* Runs that child twice round one new kernel cache. False, and why, where it cannot. */
bool bench_first_call_measure(const bench_row *row, bench_first_call *cold, bench_first_call *warm, char *why);

/* ---- report.c: the table as it grows, then what follows from all of it. */
void bench_print_head(const bench_machine *machine);
void bench_print_result(const bench_result *result, const bench_machine *machine);
void bench_print_tail(const bench_result *results, int count);

/* The ratio that a goal is held against: a rival's time to ours. */
double bench_ratio(const bench_result *result, const bench_comparison *comparison);
/* The fastest rival of a row that ran; NULL where none did. */
const bench_comparison *bench_fastest(const bench_result *result);
/* True where result `i` is the first of its series. */
bool bench_series_begins(const bench_result *results, int i);
/* True where a result has figures and belongs to `series`. */
bool bench_series_has(const bench_result *result, const char *series);
/* "1.23 ms" and the like. */
const char *bench_time_text(double seconds, char text[BENCH_WORD]);
/* ">= 1.8", or "<= 1.5 x" where the goal is below 1. */
const char *bench_goal_text(double goal, char text[BENCH_WORD]);

/* ---- write_json.c, write_markdown.c, write_svg.c: false, and why, where the file cannot be written. "-" is stdout. */
bool bench_write_json(const char *path, const bench_result *results, int count, const bench_machine *machine,
                      char *why);
bool bench_write_markdown(const char *path, const bench_result *results, int count, const bench_machine *machine,
                          char *why);
bool bench_write_svg(const char *path, const bench_result *results, int count, const bench_machine *machine, char *why);

#endif
