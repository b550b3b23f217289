/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Selection along an axis and its adjoint, between the descriptors (take.c) and the solvers (take_rows.c, take_each.c,
 * take_adjoint.c). `whole` is the tensor that indices select from (src of take, dst of the adjoint), `selected` the
 * other one, whose extent along the axis is the number of indices.
 */
#ifndef CLF_OPS_TAKE_TAKE_H
#define CLF_OPS_TAKE_TAKE_H

#include "ops/operation.h"
#include "plan/batch.h"

#include <clfilter/take.h>

typedef struct clf_take_problem {
    bool accumulate; /* of the adjoint */
    clf_view whole, selected;
    int axis; /* from the front */
    clf_index_mode mode;
    clf_dtype index_dtype;
    int64_t extent, count;             /* of the axis; indices, 0 allowed */
    const int64_t *rows;               /* host indices, each within 0..extent-1; NULL: in device memory, operand 2 */
    clf_view indices;                  /* of device indices; rank 0: they are the host's */
    int64_t whole_step, selected_step; /* strides along the axis */
    int64_t run;     /* neighbouring elements that both tensors hold side by side, taken out of the batch; 1: none */
    clf_batch batch; /* every other axis: strides of whole, then of selected */
} clf_take_problem;

/* What take and its adjoint share of their descriptors. */
typedef struct clf_take_wishes {
    const char *function;
    const clf_view *whole, *selected;
    const char *whole_name, *selected_name;
    const clf_array *indices;
    const clf_view *indices_view;
    int axis;
    clf_index_mode mode;
} clf_take_wishes;

/* Checks a descriptor and writes the problem. If indices are the host's, *rows is to be released with free(). */
clf_status clf_take_describe(const clf_take_wishes *wishes, clf_take_problem *problem, int64_t **rows,
                             clf_error *error);

/* Finds the steps, the run and the batch of a problem whose views are resolved. */
void clf_take_find_layout(clf_take_problem *problem);

/* Makes the kernels' geometry table (cl/take/geometry.h), counted in units of `widen` elements. */
clf_status clf_take_table(clf_plan *plan, const clf_take_problem *problem, int64_t widen, cl_mem *table,
                          clf_error *error);

/* Where kernels find the rows (indices made whole, within 0..extent-1) and the verdict on them. */
typedef struct clf_take_rows_place {
    cl_mem rows_table, verdict_table; /* NULL: scratch */
    cl_uint rows_scratch, verdict_scratch;
} clf_take_rows_place;

/* Tables of host indices, or the steps that check device indices and write their rows into scratch. */
clf_status clf_take_prepare_rows(clf_plan *plan, const clf_take_problem *problem, clf_take_rows_place *place,
                                 clf_error *error);
/* The next two arguments of a launch. */
void clf_take_set_rows(clf_launch *launch, const clf_take_rows_place *place);
void clf_take_set_verdict(clf_launch *launch, const clf_take_rows_place *place);

/* Makes a table of whole numbers in the rows' type. */
clf_status clf_take_own_rows(clf_plan *plan, const clf_take_problem *problem, int64_t count, const int64_t *values,
                             cl_mem *table, clf_error *error);

/* Passes of the sort of device rows: enough for the digits of every row. */
int clf_take_sort_passes(const clf_take_problem *problem);

/* Sorts device rows: scratch that holds, for each position of the axis, where its run in `order` starts. */
clf_status clf_take_prepare_sort(clf_plan *plan, const clf_take_problem *problem, const clf_take_rows_place *place,
                                 cl_uint *order, cl_uint *starts, clf_error *error);

/* Type of rows and positions in kernels: "int" where that is enough, else "long"; and its bytes. */
const char *clf_take_row_type(const clf_take_problem *problem);
size_t clf_take_row_bytes(const clf_take_problem *problem);

/* Work along rows and items that gives each work-item some `target` elements. */
void clf_take_split(const clf_take_problem *problem, int64_t rows, int64_t target, int64_t *rows_each,
                    int64_t *items_each);

/* Bytes of one element of the tensors. */
size_t clf_take_bytes(const clf_take_problem *problem);

extern const clf_slicing clf_take_slicing, clf_put_add_slicing;
extern const clf_solver clf_take_rows, clf_take_each, clf_put_add_ranges, clf_put_add_segments;

#endif
