/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gathers weights and biases that lie anywhere in device memory into the order solvers read (src/ops/conv_taps.c):
 * [outputs / block][inputs][taps][block], then a bias for each output; zeros fill the last block.
 */
// checks share: -DREAL=float
// check: -DHAS_BIAS=0
// check: -DHAS_BIAS=1 -DREAL=double -DREAL_IS_DOUBLE
#ifdef REAL_IS_DOUBLE
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_taps(global const REAL *restrict weights, global const REAL *restrict bias, global REAL *restrict taps,
          long offset, long output_stride, long input_stride, long stride0, long stride1, long stride2, long outputs,
          long inputs, long taps0, long taps1, long taps2, long block, long bias_offset, long bias_stride) {
    (void)bias, (void)bias_offset, (void)bias_stride;
    long count = inputs * taps0 * taps1 * taps2;
    long blocks = (outputs + block - 1) / block;
    for (long at = (long)get_global_id(0); at < blocks * block * (count + 1); at += (long)get_global_size(0)) {
        long lane = at % block, rest = at / block;
        bool is_bias = rest >= blocks * count;
        long output = (is_bias ? rest - blocks * count : rest / count) * block + lane;
        long k = is_bias ? 0 : rest % count; /* where there are no inputs, all are biases */
        REAL value = 0;
        if (output < outputs && is_bias) {
#if HAS_BIAS
            value = bias[bias_offset + output * bias_stride];
#endif
        } else if (output < outputs) {
            long k2 = k % taps2, k1 = k / taps2 % taps1, k0 = k / (taps2 * taps1) % taps0;
            long input = k / (taps2 * taps1 * taps0);
            value = weights[offset + output * output_stride + input * input_stride + k0 * stride0 + k1 * stride1 +
                            k2 * stride2];
        }
        taps[at] = value;
    }
}
