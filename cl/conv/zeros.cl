/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zeros for the input's gradient where no output reads an element of it: conv_adjoint.phases. The table is the forward
 * problem's. Floor: one store an element.
 *
 * Constants: those of real.h (DST_T is the gradient's type); LOCAL_X the work-group.
 */
// checks share: float -DVECTOR=1
// check cpu: -DLOCAL_X=1
// check gpu: -DLOCAL_X=64 half
#include "real.h"
#include "body.h"
#include "batch.h"
#include "geometry.h"

BODY conv_zeros_body(global DST_T *restrict x, constant const long *restrict g, long columns, work_item id) {
    long first = id.x * columns, last = min(first + columns, g[CONV_EXTENT + 2]);
    long plane = id.z / g[CONV_EXTENT], channels = g[CONV_GROUPS] * g[CONV_INPUTS];
    long offset[1] = {g[CONV_SRC_OFFSET] + plane % channels * g[CONV_SRC_CHANNEL] +
                      id.z % g[CONV_EXTENT] * g[CONV_SRC_STRIDE] + id.y * g[CONV_SRC_STRIDE + 1]};
    batch_offsets(g + CONV_BATCH, plane / channels, 1, offset);
    for (long p = first; p < last; p++)
        store_one(0, x, offset[0] + p * g[CONV_SRC_STRIDE + 2]);
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
conv_zeros(global DST_T *restrict x, constant const long *restrict g, long columns) {
    conv_zeros_body(x, g, columns, this_item());
}
