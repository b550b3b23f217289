/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of the case lines of a selection and of its adjoint. */
#ifndef CLF_CHECK_TAKE_H
#define CLF_CHECK_TAKE_H

#include "check/case.h"

typedef struct take_spec {
    bool adjoint;
    int axis; /* as in the line; may count from the end */
    int64_t extent, count;
    clf_index_mode mode;
    bool on_device; /* the indices */
} take_spec;

extern const test_operation take_operation, put_add_operation;

/* Lines, in take_lines.c. */
void take_systematic_lines(line_batch *batch);
void take_small_lines(line_batch *batch);
void take_random_line(line_batch *batch, random_state *random);
void put_add_systematic_lines(line_batch *batch);
void put_add_small_lines(line_batch *batch);
void put_add_random_line(line_batch *batch, random_state *random);

#endif
