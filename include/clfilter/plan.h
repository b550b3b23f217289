/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file plan.h
 * Plans: an operation prepared for one shape, to be executed many times.
 *
 * clf_plan_convolve and its siblings (ops.h) check a descriptor, choose a solver, build its programs and
 * return a plan. Executing a plan allocates nothing, builds nothing and never waits for the device.
 *
 * An output without elements, of a batch of 0 images for example, is a plan that does nothing: executing it touches no
 * memory, and its event completes as any other does. Descriptors are checked as always. An extent of 0 along an axis
 * that an operation works along (filtered, indexed, or that of a matrix's rows or columns) is allowed only where no
 * output has elements either; elsewhere it is CLF_INVALID_VIEW, or CLF_OUT_OF_RANGE for indices into it. An output with
 * elements whose inputs have none (of a bank without channels, or the weights' gradient of a batch of 0) is the empty
 * sum, 0; the operations say where it is something else.
 *
 * Threads: a plan belongs to one thread at a time; clf_plan_clone gives another thread its own.
 */
#ifndef CLFILTER_PLAN_H
#define CLFILTER_PLAN_H

#include <clfilter/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A solver chosen for a problem, with its OpenCL kernels and scratch memory. Opaque. */
typedef struct clf_plan clf_plan;

/** How much time planning may spend on choosing a solver. */
typedef enum clf_effort {
    CLF_ESTIMATE = 0, /**< none: choose by estimate, or from wisdom (wisdom.h) */
    CLF_MEASURE,      /**< time every applicable solver on this device, on temporary tensors, and remember */
    CLF_EXHAUSTIVE    /**< the same, with every variant of every solver */
} clf_effort;

/** Planning options; zero in every field is the default. */
typedef struct clf_plan_options {
    /**
     * Use only this solver, such as "conv.direct", or any with this prefix, such as "conv". NULL: the planner
     * chooses. If it cannot solve the problem, the status is CLF_NO_SOLVER. Borrowed until the call returns.
     */
    const char *solver;
    /**
     * Measuring creates tensors of the operands' sizes, checks every candidate against the safest solver, and never
     * touches the operands themselves. If it fails, or memory is too short, the estimate decides and the log says so.
     * It runs on the context's queue and waits for everything enqueued there before. It takes a few times as long as
     * the slowest solver; a problem already in wisdom is not measured again.
     */
    clf_effort effort;
    /**
     * Bytes of each device's memory that a streamed plan may use; 0, the default: the plan is not streamed. A streamed
     * plan is for tensors in host memory or in files, however large: its inputs and outputs have no buffers, and
     * clf_execute_host (stream.h) takes them through the device slab by slab. At least one row of outputs must fit,
     * together with the inputs it needs; a smaller budget is CLF_BUDGET_TOO_SMALL, with a sentence that names one that
     * suffices. A plan that does nothing is not streamed.
     */
    size_t stream_bytes;
} clf_plan_options;

/** How to execute a plan; zero in every field is the default. */
typedef struct clf_execute_desc {
    /**
     * Buffers to use instead of those in the descriptor the plan was made from, numbered as in the operation's
     * documentation. A NULL entry, or one past buffer_count, keeps the plan's own. Offsets, shapes and strides stay
     * as planned. Borrowed until the event completes.
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
 * @param event  receives an event that completes when the results are ready, or NULL. Returned with ownership;
 *               release with clReleaseEvent.
 * @return CLF_OK; CLF_NULL_ARGUMENT (also if an operand with elements was given no buffer, now or when planning);
 *         CLF_INVALID_HANDLE (not a buffer of this context); CLF_OUT_OF_BOUNDS (a buffer is smaller than planned);
 *         CLF_OVERLAP (the output shares memory with an input); CLF_UNSUPPORTED (a streamed plan, which needs
 *         clf_execute_host); CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 *         All but the last two are detected before anything is enqueued.
 */
CLF_API CLF_CHECKED clf_status clf_execute(clf_plan *plan, const clf_execute_desc *desc, cl_event *event,
                                           clf_error *error);

/**
 * Reports whether the plan's last execution succeeded, if only the device can know: strict indices in device memory
 * (take.h). Waits for everything enqueued on the context's queue. If the status is not CLF_OK, that execution wrote
 * nothing.
 *
 * @param plan  the plan; one thread at a time
 * @return CLF_OK (also if the plan was never executed, or cannot fail this way); CLF_NULL_ARGUMENT; CLF_OUT_OF_RANGE,
 *         with a sentence that names the index; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_check(clf_plan *plan, clf_error *error);

/**
 * Copies a plan for use on another thread, with its own OpenCL kernels and scratch memory. Nothing is rebuilt.
 * @param clone  receives the copy. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_OUT_OF_MEMORY; CLF_OUT_OF_DEVICE_MEMORY; CLF_DEVICE_ERROR.
 */
CLF_API CLF_CHECKED clf_status clf_plan_clone(const clf_plan *plan, clf_plan **clone, clf_error *error);

/** Releases a plan. Executions already enqueued still complete. NULL is allowed. */
CLF_API void clf_plan_destroy(clf_plan *plan);

/**
 * The plan in one line: the solver, its parameters and its children in parentheses, such as
 * "(conv.direct f32 512x512 k=3x3 border=reflect vector=16 rows=4 others=conv.general:6.9ms)". `others` lists the
 * other applicable solvers, with their estimated times.
 * Non-owning: valid while the plan lives. NULL for a NULL plan.
 */
CLF_API const char *clf_plan_describe(const clf_plan *plan);

/**
 * The problem the plan solves, in one line that clf_plan_from_line (line.h) reads back:
 * "conv f32 3x512x512 k=3x3 border=periodic". Non-owning: valid while the plan lives. NULL for a NULL plan.
 */
CLF_API const char *clf_plan_problem(const clf_plan *plan);

/** The least that one execution costs, for judging a measured time. */
typedef struct clf_plan_cost {
    double bytes;         /**< bytes that must be read and written, each counted once */
    double flops;         /**< floating-point operations of the chosen solver; a fused multiply-add counts as 2 */
    size_t scratch_bytes; /**< device memory that the plan holds in addition to its operands */
} clf_plan_cost;

/** The cost of one execution. All zero for a NULL plan. */
CLF_API clf_plan_cost clf_plan_get_cost(const clf_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
