/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Problem lines read back (clfilter/line.h): what the operations' readers share, and who reads what. A reader turns a
 * line into its operation's descriptor, over views without buffers, and calls its public function.
 */
#ifndef CLF_OPS_LINE_H
#define CLF_OPS_LINE_H

#include "base/line.h"
#include "base/status.h"

#include <clfilter/line.h>
#include <clfilter/ops.h>

/* Plans what the line says; the line's first word is the reader's name. */
typedef clf_status (*clf_line_reader)(clf_context *context, clf_line *line, const clf_plan_options *options,
                                      clf_plan **plan, clf_error *error);

clf_status clf_conv_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                         clf_error *error);
clf_status clf_phase_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                          clf_error *error);
clf_status clf_gradient_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                             clf_error *error);
clf_status clf_gradient_backward_read(clf_context *context, clf_line *line, const clf_plan_options *options,
                                      clf_plan **plan, clf_error *error);
clf_status clf_laplace_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                            clf_error *error);
clf_status clf_structure_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                              clf_error *error);
clf_status clf_canny_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                          clf_error *error);
clf_status clf_smoothness_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                               clf_error *error);
clf_status clf_take_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                         clf_error *error);
clf_status clf_matrix_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                           clf_error *error);
clf_status clf_shift_read(clf_context *context, clf_line *line, const clf_plan_options *options, clf_plan **plan,
                          clf_error *error);

/* Says what is wrong with a line, or that a word means nothing; CLF_OK where all of it was read. */
clf_status clf_line_check(clf_line *line, clf_error *error);

/* Words 1 and 2: a dense tensor without a buffer. */
clf_view clf_line_tensor(clf_line *line);

/* The same tensor with the strides that KEY= says, if it does. */
void clf_line_strides(clf_line *line, const char *key, clf_view *view);

/* The dtype that KEY= names. */
clf_dtype clf_line_dtype(clf_line *line, const char *key, clf_dtype fallback);

/* border=: one, or one for each axis. */
void clf_line_borders(clf_line *line, int axes, clf_border *border);

/* Whole numbers, one for the first axis or one for each; those not given stay. */
void clf_line_ints(clf_line *line, const char *key, int axes, int *values);

/* The names of a list as bits, by their place; `fallback` where the key is absent. */
unsigned clf_line_names(clf_line *line, const char *key, const char *const *names, unsigned fallback);

#endif
