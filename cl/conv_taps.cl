/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers a kernel that lies anywhere in device memory into dense taps in the order correlations read them. */
#ifndef REAL
#define REAL float
#endif
#ifdef REAL_IS_DOUBLE
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void conv_taps(global const REAL *restrict view,
                                                                      global REAL *restrict taps, long offset,
                                                                      long stride0, long stride1, long stride2) {
    long k0 = (long)get_global_id(2), k1 = (long)get_global_id(1), k2 = (long)get_global_id(0);
    long at = (k0 * (long)get_global_size(1) + k1) * (long)get_global_size(0) + k2;
    taps[at] = view[offset + k0 * stride0 + k1 * stride1 + k2 * stride2];
}
