/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file plan.h
 * Plans: an operation made ready for one shape, to be executed many times.
 *
 * clf_plan_convolve and its siblings (ops.h) check a descriptor, choose a solver, build what it needs and
 * return a plan. Executing a plan allocates nothing, builds nothing and never waits for the device.
 *
 * Threads: a plan belongs to one thread at a time; clf_plan_clone gives another thread its own.
 */
#ifndef CLFILTER_PLAN_H
#define CLFILTER_PLAN_H

#include <clfilter/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A solver chosen for a problem, with its kernels and scratch memory. Opaque. */
typedef struct clf_plan clf_plan;

/** How much time planning may spend on the choice of a solver. */
typedef enum clf_effort {
    CLF_ESTIMATE = 0, /**< none: by estimate, or as wisdom (wisdom.h) remembers */
    CLF_MEASURE,      /**< times every solver that applies on this device, on tensors of its own, and remembers */
    CLF_EXHAUSTIVE    /**< the same with every variant of every solver */
} clf_effort;

/** Wishes about how a plan is made; zero in every field is the default. */
typedef struct clf_plan_options {
    /**
     * Use this solver and no other: "conv.direct" say, or a family's prefix such as "conv". NULL: the planner
     * chooses. A solver that does not fit the problem is CLF_NO_SOLVER. Borrowed until the call returns.
     */
    const char *solver;
    /**
     * Measuring makes tensors of the operands' sizes, checks every candidate against the safest solver, and never
     * touches the operands themselves; where it fails, or memory does not allow it, the estimate stands, and the log
     * says so. It runs on the context's queue and waits for all that was enqueued there before. It takes a few times as
     * long as the slowest solver does; a problem that wisdom knows is not measured again.
     */
    clf_effort effort;
    /**
     * Memory of each device that a streamed plan may take, bytes; 0, the default: the plan is not streamed. A streamed
     * plan is for tensors in host memory or in files, however large: its inputs and outputs have no buffers, and
     * clf_execute_host (stream.h) takes them through the device tile by tile. At the least one row of outputs must fit,
     * with what it reads; a budget too small for that is CLF_INVALID_VALUE, with a sentence that names one that would
     * do.
     */
    size_t stream_bytes;
} clf_plan_options;

/** How to execute a plan; zero in every field is the default. */
typedef struct clf_execute_desc {
    /**
     * Buffers to use in place of those in the descriptor the plan was made from, in the order the operation's
     * documentation numbers its operands; a NULL entry, or one past buffer_count, keeps the plan's own. Offsets,
     * shapes and strides stay as planned. Borrowed until the event completes.
     */
    const cl_mem *buffers;
    size_t buffer_count; /**< entries in `buffers` */
    /** Events that must complete first; NULL with wait_count 0: none. Borrowed until the call returns. */
    const cl_event *wait_list;
    cl_uint wait_count; /**< entries in `wait_list` */
} clf_execute_desc;

/**
 * Enqueues a plan on its context's queue and returns at once.
 *
 * @param plan   the plan; one thread at a time
 * @param desc   buffers and events; NULL: the plan's own buffers, no events
 * @param event  receives an event that completes when the results are there, or NULL. Returned with ownership;
 *               release with clReleaseEvent.
 * @return CLF_OK; CLF_NULL_ARGUMENT (also: no buffer given for an operand, now or when planning);
 *         CLF_INVALID_HANDLE (not a buffer of this context); CLF_OUT_OF_BOUNDS (a buffer is smaller than planned);
 *         CLF_OVERLAP (the output lies in an input's memory); CLF_UNSUPPORTED (a streamed plan, which clf_execute_host
 *         runs); CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 *         All but the last two are found before anything is enqueued.
 */
CLF_API CLF_CHECKED clf_status clf_execute(clf_plan *plan, const clf_execute_desc *desc, cl_event *event,
                                           clf_error *error);

/**
 * Says whether the plan's last execution could do what was asked, where only the device can tell: strict indices in
 * device memory (take.h). Waits for everything enqueued on the context's queue. Where the answer is not CLF_OK, that
 * execution wrote nothing.
 *
 * @param plan  the plan; one thread at a time
 * @return CLF_OK (also: never executed, or a plan that cannot fail so); CLF_NULL_ARGUMENT; CLF_OUT_OF_RANGE, with a
 *         sentence that says which index; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_check(clf_plan *plan, clf_error *error);

/**
 * Copies a plan, with kernels and scratch memory of its own, for use on another thread. Nothing is rebuilt.
 * @param clone  receives the copy. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_clone(const clf_plan *plan, clf_plan **clone, clf_error *error);

/** Releases a plan. Executions already enqueued run to their end. NULL is allowed. */
CLF_API void clf_plan_destroy(clf_plan *plan);

/**
 * The plan in one line: the solver, its parameters and its children in parentheses, such as
 * "(conv.direct f32 512x512 k=3x3 border=reflect vector=16 rows=4 others=conv.general:6.9ms)". `others` are solvers
 * that would have done too, and what they were estimated at.
 * Non-owning: valid while the plan lives. NULL for a NULL plan.
 */
CLF_API const char *clf_plan_describe(const clf_plan *plan);

/**
 * The problem the plan solves, in one line that clf_plan_from_line (line.h) reads back:
 * "conv f32 3x512x512 k=3x3 border=periodic". Non-owning: valid while the plan lives. NULL for a NULL plan.
 */
CLF_API const char *clf_plan_problem(const clf_plan *plan);

/** What one execution costs at the least, for judging a measured time. */
typedef struct clf_plan_cost {
    double bytes;         /**< bytes that must be read and written, each counted once */
    double flops;         /**< floating point operations of the solver chosen; a fused multiply-add counts 2 */
    size_t scratch_bytes; /**< device memory that the plan holds beyond its operands */
} clf_plan_cost;

/** The cost of one execution. All zero for a NULL plan. */
CLF_API clf_plan_cost clf_plan_get_cost(const clf_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
