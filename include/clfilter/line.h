/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file line.h
 * Problem lines: what is to be computed, as one line of text. clf_plan_problem writes them and clf_plan_from_line reads
 * them. They are the keys of wisdom, and they allow a report or a test case to be repeated.
 *
 *   OPERATION DTYPE SHAPE [KEY=VALUE...]
 *
 * Words are separated by spaces. Those after the shape may come in any order, each at most once. DTYPE is f32, f64,
 * f16, u8, u16, i16, i32 or i64. SHAPE is the extents, each 0 or more, joined by x: 2x3x480x640. The items of lists are
 * separated by commas; numbers have a decimal point, whatever the locale is.
 *
 * Operations, the tensor whose shape is SHAPE, and keys with their defaults:
 *
 *   conv, corr            src. k=EXTENTS: those of the kernel, such as 3x3; required; a bank has two more extents in
 *                         front. groups=1, axes= (number of filtered axes, if it does not follow from the kernel's
 *                         rank), bias=0 (1: the bank has one), border=reflect (one, or one per axis), cval=0,
 *                         mode=same|valid|full, origin=0, stride=1, dilation=1 (lists), dst= (dtype of the output;
 *                         default src's), kernel=host|view (where the weights are), taps=full|rank1|rank2|rank3|rank4
 *                         (a sum of that many products of a column and a row)|special (not all finite)
 *   conv_adjoint, corr_adjoint, conv_weights, corr_weights   the same; src is that of the convolution
 *   normalised            the same, as a clf_match_desc with CLF_MATCH_NORMALISED
 *   phase                 image, as a clf_match_desc with CLF_MATCH_PHASE
 *   gradient              src. op=central|sobel|forward|backward|scharr|prewitt|gaussian:SIGMA, axes=2, border=reflect,
 *                         cval=0, scale=1, eps=0, out=magnitude (a list of magnitude, dx, dy, dz, squared, l1,
 *                         orientation), dst=f16
 *   gradient_backward     grad_src. The same without out and dst; of=grad_dst (a list of the gradients given, named as
 *                         in clf_gradient_backward_desc), src=DTYPE|none (grad_src's dtype, if it matters)
 *   laplace               src. op=central|gaussian:SIGMA, axes, border, cval, scale, dst
 *   structure             src. op=sobel, sigma=1, harris=k:K|eps:E (the response; without it the tensor), border, cval
 *   canny                 src. sigma=1, low, high, border, cval
 *   box                   src. axes=2, size=3 (a list), origin=0 (a list), border, cval, dst= (dtype)
 *   smoothness            image. norm=l2|mean-abs, reduction=mean|sum|none|per-axis-mean, order=1, weight=1,
 *                         image=DTYPE (default disparity's), with=loss (a list of grad_loss, loss, grad_disparity,
 *                         grad_image)
 *   take, put_add         the tensor that is indexed. axis=0, count=1, mode=strict|wrap|clamp, index=i64|i32,
 *                         place=host|device, accumulate=0
 *   pinv, pinv_backward, inv, inv_backward, det, solve, lstsq   the matrices. rcond=0 (pinv, lstsq), right=1 (solve,
 *                         lstsq)
 *   shift                 src. by=0 (a list), border, cval, method=whole|linear|cubic|fourier
 *
 * NAME_strides= lists the strides, in elements, of a tensor that is not dense; NAME is its field in the descriptor
 * (src, dst, image...; the first output of gradient and structure is always called dst).
 */
#ifndef CLFILTER_LINE_H
#define CLFILTER_LINE_H

#include <clfilter/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Plans the problem that a line describes, for views without buffers. Pass the buffers to clf_execute; clf_plan_operand
 * tells how many there are and how large each must be.
 *
 * Values that a line leaves open are fixed. Tap number i of a kernel or bank, in C order, is sin(1 + i*i), an arbitrary
 * kernel that is finite and not separable; with taps=special its first tap is NaN; with taps=rankR it is the sum over
 * r = 1..R of the products of column j -> sin(1 + r*j*j) and row k -> sin(2 + r*k*k), where the column runs over all
 * filtered axes except the last. Biases are 1. Index number i in host memory is i modulo the extent. A view with
 * negative strides starts so that its lowest address is 0.
 *
 * @param context  may be shared by any number of threads
 * @param line     as above. Borrowed until the call returns.
 * @param options  as in every descriptor; NULL: all defaults. Borrowed until the call returns.
 * @param plan     receives the plan. Returned with ownership; release with clf_plan_destroy.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_PARSE_ERROR (with a sentence that names the offending word); and
 *         whatever the operation's own clf_plan_NAME returns. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_plan_from_line(clf_context *context, const char *line,
                                                  const clf_plan_options *options, clf_plan **plan, clf_error *error);

/** An operation as lines know it. Every pointer is to static text. */
typedef struct clf_line_operation {
    const char *name;    /**< the first word of its lines */
    const char *shape;   /**< the tensor whose dtype and shape follow, a field of the descriptor */
    const char *summary; /**< what it computes, in a few words */
    size_t key_count;    /**< the number of keys that clf_line_key_at knows, besides NAME_strides= */
} clf_line_operation;

/** A key of an operation's lines. Every pointer is to static text. */
typedef struct clf_line_key {
    const char *name;         /**< "border" */
    const char *value;        /**< what help calls its value: "B" */
    const char *help;         /**< what it means, in a few words */
    const char *const *names; /**< the names it takes, NULL-terminated; NULL if its value is not a name */
    bool each_axis;           /**< it takes one value for all axes, or one for each */
} clf_line_key;

/** Fills *operation with operation `index`, counted from 0. Returns false if there is none. Any thread. */
CLF_API bool clf_line_operation_at(size_t index, clf_line_operation *operation);

/** Fills *key with key `index` of operation `operation`. Returns false if there is none. Any thread. */
CLF_API bool clf_line_key_at(size_t operation, size_t index, clf_line_key *key);

/** What a plan expects of an operand: its buffer must hold every element that the view reaches. */
typedef struct clf_plan_operand_info {
    const char *name; /**< its field in the descriptor, such as "src". Non-owning: static text. */
    clf_view view;    /**< as planned, with explicit strides; with an extent of 0 it is not accessed */
    bool output;      /**< true if executing writes it */
} clf_plan_operand_info;

/** Number of operands of a plan; 0 for a NULL plan. */
CLF_API size_t clf_plan_operand_count(const clf_plan *plan);

/**
 * One operand of a plan, numbered as clf_execute_desc.buffers are.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_OUT_OF_RANGE (the plan has no such operand).
 */
CLF_API CLF_CHECKED clf_status clf_plan_operand(const clf_plan *plan, size_t index, clf_plan_operand_info *info,
                                                clf_error *error);

/**
 * The solvers that could have been chosen for a plan, by index from 0; the safest is the last. NULL for any index after
 * it, and for a NULL plan. If options.solver restricted the choice, only the permitted ones are listed.
 * Non-owning: static text.
 */
CLF_API const char *clf_plan_solver(const clf_plan *plan, size_t index);

/**
 * Builds in advance, on a thread of the context, the programs that some problems will need, and returns at once. A
 * first plan spends a second or so compiling (on PoCL, 0.6 s of that once per process, whatever is planned). Start this
 * before you read your data, or while a window opens, and nobody has to wait for it.
 *
 * Each line is planned as by clf_plan_from_line, in the order given, and executed once on temporary buffers, because
 * some drivers (PoCL among them) compile an OpenCL kernel only when it is first enqueued. If the operands would take
 * more than a quarter of the device's memory, the line is only planned. Executions go to the context's queue, and
 * anything you enqueue there in the meantime runs after them. A plan made in the meantime waits only for programs that
 * it needs itself. A line warms up the shape it names; other shapes usually need the same programs, but PoCL may
 * compile again if they are very different.
 *
 * A line that fails is skipped; the log and clf_context_warmup_wait report it. The log function may be called from that
 * thread.
 *
 * @param lines  `count` problem lines. Borrowed until the call returns.
 * @return CLF_OK; CLF_NULL_ARGUMENT; CLF_OUT_OF_MEMORY (also if the thread could not be started). Any thread. A
 *         further call adds lines to those still waiting.
 */
CLF_API CLF_CHECKED clf_status clf_context_warmup(clf_context *context, const char *const *lines, size_t count,
                                                  clf_error *error);

/**
 * Waits until every line given to clf_context_warmup has been processed. clf_context_destroy waits for the current line
 * and drops the others.
 * @return CLF_OK, also if nothing was ever warmed up; CLF_NULL_ARGUMENT; otherwise the status of the first line that
 *         failed since the last wait, with its sentence. Any thread.
 */
CLF_API CLF_CHECKED clf_status clf_context_warmup_wait(clf_context *context, clf_error *error);

#ifdef __cplusplus
}
#endif
#endif
