/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans as solvers build them. A solver's prepare() adds owned tables, scratch and launches to an empty plan; executing
 * the plan runs the launches in order.
 */
#ifndef CLF_PLAN_PLAN_H
#define CLF_PLAN_PLAN_H

#include "base/line.h"
#include "base/text.h"
#include "rt/launch.h"

#include <clfilter/line.h>

enum { CLF_MAX_STEPS = 24, CLF_MAX_OWNED = 16, CLF_MOST_CANDIDATES = 16, CLF_DESCRIPTION_SIZE = CLF_LINE_SIZE + 1024 };

/* A tensor that an operation reads or writes, its view resolved. No memory is looked at of one without elements. */
typedef struct clf_operand {
    const char *name; /* static, for sentences */
    clf_view view;
    bool output;
    bool whole;   /* of a streamed plan: not cut, in device memory */
    bool updated; /* an output that is read first; no streamed plan has one */
} clf_operand;

/* What a plan's steps may leave for clf_plan_check: verdict[0] is 0 if all is well; the rest is the operation's. */
enum { CLF_VERDICT_SIZE = 8 };
typedef clf_status (*clf_judge)(const int64_t verdict[CLF_VERDICT_SIZE], clf_error *error);

/* A step that is no kernel of ours: a library's transform, say. Its object lives as long as the context. */
typedef struct clf_call {
    clf_status (*enqueue)(void *object, bool inverse, cl_mem data, cl_mem scratch, clf_error *error);
    void *object;
    bool inverse;
    cl_mem data; /* NULL: scratch number data_scratch */
    cl_uint data_scratch;
    bool has_scratch;
    cl_uint scratch;
} clf_call;

/* A step that is a plan, owned by the step, its operands those of the parent or its scratch. */
typedef struct clf_child {
    clf_plan *plan;
    int count;
    struct clf_child_operand {
        bool scratch;
        cl_uint index;
    } from[CLF_MAX_OPERANDS];
} clf_child;

typedef struct clf_step { /* one of the three */
    clf_launch launch;
    clf_call call;   /* where call.enqueue is not NULL */
    clf_child child; /* where child.plan is not NULL */
} clf_step;

typedef struct clf_stream clf_stream; /* of src/stream */

/* What is done to a stream by those who know nothing else of it. */
typedef struct clf_stream_table {
    clf_status (*clone)(clf_context *context, const clf_stream *stream, clf_stream **clone, clf_error *error);
    void (*destroy)(clf_stream *stream);
} clf_stream_table;

struct clf_plan {
    clf_context *context;
    pid_t process; /* that made it (rt/process.h); the context may be gone when the plan is destroyed */
    int variant;   /* which parameters of its solver, while it is prepared */
    int operand_count;
    clf_operand operands[CLF_MAX_OPERANDS];
    int step_count;
    clf_step steps[CLF_MAX_STEPS];
    int owned_count;
    cl_mem owned[CLF_MAX_OWNED]; /* constant tables, shared by clones */
    cl_uint scratch_count;
    int64_t scratch_bytes[CLF_MAX_SCRATCH];
    cl_mem scratch[CLF_MAX_SCRATCH];
    clf_judge judge; /* NULL: cannot fail on the device */
    cl_uint verdict; /* scratch that holds the verdict */
    bool executed;
    clf_stream *stream;                   /* NULL: the plan is not streamed, and its steps are what it does */
    const clf_stream_table *stream_table; /* of the stream, where there is one */
    clf_plan_cost cost;
    const char *solvers[CLF_MOST_CANDIDATES + 1]; /* that could have been chosen; NULL-terminated */
    clf_text description;                         /* grows while the plan is prepared; for people */
    char description_data[CLF_DESCRIPTION_SIZE];
    char problem[CLF_LINE_SIZE];
};

/* Makes an empty plan over operands. Release with clf_plan_destroy. */
clf_status clf_plan_begin(clf_context *context, int operand_count, const clf_operand *operands, clf_plan **plan,
                          clf_error *error);

/* Makes a buffer the plan owns, filled with `data`. */
clf_status clf_plan_own(clf_plan *plan, int64_t bytes, const void *data, cl_mem *buffer, clf_error *error);

/* Makes scratch memory, each clone with its own; `index` is what clf_launch_scratch takes. */
clf_status clf_plan_scratch(clf_plan *plan, int64_t bytes, cl_uint *index, clf_error *error);

/*
 * Creates the next step's kernel, from a source built with options that must not be truncated; its arguments and range
 * are then set, and clf_launch_seal ends it.
 */
clf_status clf_plan_step(clf_plan *plan, const char *source, const clf_text *options, const char *kernel,
                         clf_launch **launch, clf_error *error);

/* Adds a child as the next step, which then owns child->plan; it is destroyed here if that fails. */
clf_status clf_plan_child(clf_plan *plan, const clf_child *child, clf_error *error);

/* Adds a call as the next step. */
clf_status clf_plan_call(clf_plan *plan, const clf_call *call, clf_error *error);

/*
 * Enqueues the plan's steps now and takes them out of it: work that is done once, before the first execution. Steps
 * that use no operand only. Nothing is waited for.
 */
clf_status clf_plan_settle(clf_plan *plan, clf_error *error);

/* Makes the scratch that holds a verdict, written by a step at every execution and read by `judge`. */
clf_status clf_plan_verdict(clf_plan *plan, clf_judge judge, cl_uint *index, clf_error *error);

/* Checks operands against memory: bounds, distinct outputs, outputs apart from everything else. */
clf_status clf_operands_check(const clf_context *context, int count, const clf_operand *operands, clf_error *error);

/* True if there are outputs and none has elements: there is nothing to do. */
bool clf_operands_idle(int count, const clf_operand *operands);

#endif
