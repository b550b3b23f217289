/* SPDX-License-Identifier: Apache-2.0 */
/* As many multiply-adds as the device can do: eight independent chains, enough to hide the latency of each. */
#ifndef VECTOR
#define VECTOR 16
#endif
#if VECTOR == 16
typedef float16 lanes;
#define STORE(value, at, p) vstore16(value, at, p)
#else
typedef float lanes;
#define STORE(value, at, p) ((p)[at] = (value))
#endif

kernel void peak(global float *y, int steps) {
    size_t item = get_global_id(0);
    lanes a = (lanes)((float)item), m = (lanes)(0.999f), c = (lanes)(0.001f);
    lanes b = a + 1, d = a + 2, e = a + 3, f = a + 4, g = a + 5, h = a + 6, i = a + 7;
    for (int step = 0; step < steps; step++) {
        a = fma(a, m, c);
        b = fma(b, m, c);
        d = fma(d, m, c);
        e = fma(e, m, c);
        f = fma(f, m, c);
        g = fma(g, m, c);
        h = fma(h, m, c);
        i = fma(i, m, c);
    }
    STORE(((a + b) + (d + e)) + ((f + g) + (h + i)), item, y);
}
