/* SPDX-License-Identifier: Apache-2.0 */
/* What the table of properties is made of: lines for each, and the one that has a file of its own. */
#ifndef CLF_CHECK_PROPERTIES_H
#define CLF_CHECK_PROPERTIES_H

#include "check/case.h"

/* Lines, in property_lines.c. */
void impulse_lines(line_batch *batch);
void linearity_lines(line_batch *batch);
void equivariance_lines(line_batch *batch);
void flip_lines(line_batch *batch);
void repeat_lines(line_batch *batch);
void threads_lines(line_batch *batch);

/* <A x, g> = <x, A^T g>, and weights' gradients against central differences: in conv_properties.c, with their lines. */
outcome run_adjoint(const test_fixture *fixture, const test_case *test, const char *solver, char *why);
outcome run_differences(const test_fixture *fixture, const test_case *test, const char *solver, char *why);
void adjoint_lines(line_batch *batch);
void differences_lines(line_batch *batch);

/* Indices out of range, of strict selections: nothing is written. In strict.c, with their lines. */
outcome run_strict(const test_fixture *fixture, const test_case *test, const char *solver, char *why);
void strict_lines(line_batch *batch);

/* Clones of a plan, each in a thread of its own, give the plan's own bits: in threads.c. */
outcome run_threads(const test_fixture *fixture, const test_case *test, const char *solver, char *why);

#endif
