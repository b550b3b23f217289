/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file line.h
 * Problem lines: what is to be computed, in one line of text. clf_plan_problem writes them, clf_plan_from_line reads
 * them. They are what wisdom is keyed by, and what a report or a test case is repeated from.
 *
 *   OPERATION DTYPE SHAPE [KEY=VALUE...]
 *
 * Words are separated by spaces; those behind the shape may stand in any order, and each at most once. DTYPE is f32,
 * f64, f16, u8, u16, i16, i32 or i64; SHAPE is extents with x between them, 2x3x480x640. Lists have commas between
 * their items.
 *
 * Operations, what SHAPE is the shape of, and keys with their defaults:
 *
 *   conv, corr            src. k=EXTENTS: of the kernel, 3x3 say; required, two extents more in front for a bank.
 *                         groups=1, axes= (filtered axes, where the kernel's rank does not say), bias=0 (1: a bank has
 *                         one), border=reflect (one, or one an axis), cval=0, mode=same|valid|full, origin=0, stride=1,
 *                         dilation=1 (lists), dst= (dtype of the output; src's), kernel=host|view (where the weights
 *                         lie), taps=full|rank1|rank2|rank3|rank4 (a sum of as many products of a column and a
 *                         row)|special (not all finite)
 *   conv_adjoint, corr_adjoint, conv_weights, corr_weights   the same; src is the convolution's
 *   normalised corr       the same, as a clf_match_desc with CLF_MATCH_NORMALISED
 *   phase                 image: CLF_MATCH_PHASE
 *   gradient              src. op=central|sobel|forward|backward|scharr|prewitt|gaussian:SIGMA, axes=2, border=reflect,
 *                         cval=0, scale=1, eps=0, out=magnitude (a list of magnitude, dx, dy, dz, squared, l1,
 *                         orientation), dst=f16
 *   gradient_backward     grad_src. The same without out and dst; of=grad_dst (a list of gradients handed in, named as
 *                         in clf_gradient_backward_desc), src=DTYPE|none (grad_src's dtype, where it matters)
 *   laplace               src. op=central|gaussian:SIGMA, axes, border, cval, scale, dst
 *   structure             src. op=sobel, sigma=1, harris=k:K|eps:E (the response; without it the tensor), border, cval
 *   canny                 src. sigma=1, low, high, border, cval
 *   smoothness            image. norm=l2|mean-abs, reduction=mean|sum|none|per-axis-mean, order=1, weight=1,
 *                         image=DTYPE (disparity's), with=loss (a list of grad_loss, loss, grad_disparity, grad_image)
 *   take, put_add         the tensor selected from. axis=0, count=1, mode=strict|wrap|clamp, index=i64|i32,
 *                         place=host|device, accumulate=0
 *   pinv, pinv_backward, inv, inv_backward, det, solve, lstsq   the matrices. rcond=0 (pinv, lstsq), right=1 (solve,
 *                         lstsq)
 *   shift                 src. by=0 (a list), border, cval, method=whole|linear|cubic|fourier
 *
 * Tensors that are not dense say so: NAME_strides= lists a tensor's strides in elements, NAME being its field in the
 * descriptor (src, dst, image...; the first output of gradient and structure is dst whatever it is).
 */
#ifndef CLFILTER_LINE_H
#define CLFILTER_LINE_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Plans the problem that a line describes, over views without buffers: they are given to clf_execute, as many as
 * clf_plan_operand tells and of the sizes that it tells.
 *
 * What a line does not say has a stated value. Tap number i of a kernel or bank, in C order, is sin(1 + i*i), an
 * arbitrary kernel that is finite and not separable, its first tap NaN with taps=special; with taps=rankR it is the sum
 * over r = 1..R of the products of column j -> sin(1 + r*j*j) and row k -> sin(2 + r*k*k), the column running over all
 * filtered axes but the last. Biases are 1.
 * Number i of indices in host memory is i modulo the extent. A view whose strides are negative begins where its first
 * address is 0.
 *
 * @param context  where; shared by any number of threads
 * @param line     as above. Borrowed until the call returns.
 * @param options  as in every descriptor; NULL: all defaults. Borrowed until the call returns.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_PARSE_ERROR (with a sentence that names the word at fault); and what the
 *         operation's own clf_plan_NAME returns. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_plan_from_line(clf_context *context, const char *line,
                                                  const clf_plan_options *options, clf_plan **plan, clf_error *error);

/** What one operand of a plan must be: a buffer for it must hold every element that its view reaches. */
typedef struct clf_plan_operand_info {
    const char *name; /**< its field in the descriptor, "src" say. Non-owning: static text. */
    clf_view view;    /**< as planned, its strides written out; rank 0: one without elements, never looked at */
    bool output;      /**< executing writes it */
} clf_plan_operand_info;

/** How many operands a plan has; 0 for a NULL plan. */
CLF_API size_t clf_plan_operand_count(const clf_plan *plan);

/**
 * One operand of a plan, numbered as clf_execute_desc.buffers are.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_OUT_OF_RANGE (the plan has no such operand).
 */
CLF_API CLF_CHECKED clf_status clf_plan_operand(const clf_plan *plan, size_t index, clf_plan_operand_info *info,
                                                clf_error *error);

/**
 * The solvers that could have been chosen for a plan, one for each index from 0; the safest stands last. NULL behind
 * it, and for a NULL plan. Where options.solver restricted the choice, the others are not among them.
 * Non-owning: static text.
 */
CLF_API const char *clf_plan_solver(const clf_plan *plan, size_t index);

/**
 * Builds ahead, on a thread of the context's own, what plans of some problems will need, and returns at once. A first
 * plan costs a second or so of compiling (line.h's problems on PoCL: 0.6 s of that once a process, whatever is
 * planned); begun before the data is read, or while a window opens, that is not waited for.
 *
 * Each line is planned as clf_plan_from_line does, in the order given, and executed once on buffers of its own, as some
 * drivers compile a kernel only when it is first enqueued (PoCL does); where its operands would take more than a
 * quarter of the device's memory it is planned only. Executions go to the context's queue: what is enqueued there
 * meanwhile comes behind them. A plan made meanwhile waits only for programs that it needs itself. A kernel is warmed
 * up for the shape in its line; another shape needs, as a rule, the same programs, but PoCL may compile again for very
 * different ones.
 *
 * A line that fails is passed over; the log says so, and clf_context_warmup_wait. The log function may be called from
 * the thread.
 *
 * @param lines  `count` problem lines. Borrowed until the call returns.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_OUT_OF_MEMORY (also: the thread could not be started). Any thread. Another
 *         call while one is at work adds lines to it.
 */
CLF_API CLF_CHECKED clf_status clf_context_warmup(clf_context *context, const char *const *lines, size_t count,
                                                  clf_error *error);

/**
 * Waits until every line given to clf_context_warmup has been dealt with. clf_context_destroy waits for the line at
 * work and drops the others.
 * @return CLF_OK, also where nothing was ever warmed up; CLF_NULL_ARGUMENT; else what the first line that failed since
 *         the last wait failed with, its sentence included. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_context_warmup_wait(clf_context *context, clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
