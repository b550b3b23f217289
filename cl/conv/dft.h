/* SPDX-License-Identifier: Apache-2.0 */
/* Discrete Fourier transforms of registers, in place and in natural order. */
#ifndef CLF_DFT_H
#define CLF_DFT_H

#include "real.h"
#include "body.h"

ALWAYS_INLINE void dft2(realv *r, realv *i) {
    realv a = r[0], b = i[0];
    r[0] = a + r[1];
    i[0] = b + i[1];
    r[1] = a - r[1];
    i[1] = b - i[1];
}

ALWAYS_INLINE void dft3(realv *r, realv *i) {
    const REAL sine = (REAL)0.86602540378443864676;
    realv sr = r[1] + r[2], si = i[1] + i[2], dr = (r[1] - r[2]) * sine, di = (i[1] - i[2]) * sine;
    realv mr = MULTIPLY_ADD(sr, (realv)(-(REAL)0.5), r[0]), mi = MULTIPLY_ADD(si, (realv)(-(REAL)0.5), i[0]);
    r[0] += sr;
    i[0] += si;
    r[1] = mr + di;
    i[1] = mi - dr;
    r[2] = mr - di;
    i[2] = mi + dr;
}

ALWAYS_INLINE void dft4(realv *r, realv *i) {
    realv ar = r[0] + r[2], ai = i[0] + i[2], br = r[0] - r[2], bi = i[0] - i[2];
    realv cr = r[1] + r[3], ci = i[1] + i[3], dr = r[1] - r[3], di = i[1] - i[3];
    r[0] = ar + cr;
    i[0] = ai + ci;
    r[1] = br + di;
    i[1] = bi - dr;
    r[2] = ar - cr;
    i[2] = ai - ci;
    r[3] = br - di;
    i[3] = bi + dr;
}

ALWAYS_INLINE void dft5(realv *r, realv *i) {
    const REAL cosine1 = (REAL)0.30901699437494742410, cosine2 = (REAL)(-0.80901699437494742410);
    const REAL sine1 = (REAL)0.95105651629515357212, sine2 = (REAL)0.58778525229247312917;
    realv ar = r[1] + r[4], ai = i[1] + i[4], br = r[2] + r[3], bi = i[2] + i[3];
    realv cr = r[1] - r[4], ci = i[1] - i[4], dr = r[2] - r[3], di = i[2] - i[3];
    realv mr = MULTIPLY_ADD(ar, (realv)(cosine1), MULTIPLY_ADD(br, (realv)(cosine2), r[0]));
    realv mi = MULTIPLY_ADD(ai, (realv)(cosine1), MULTIPLY_ADD(bi, (realv)(cosine2), i[0]));
    realv nr = MULTIPLY_ADD(ar, (realv)(cosine2), MULTIPLY_ADD(br, (realv)(cosine1), r[0]));
    realv ni = MULTIPLY_ADD(ai, (realv)(cosine2), MULTIPLY_ADD(bi, (realv)(cosine1), i[0]));
    realv pr = MULTIPLY_ADD(cr, (realv)(sine1), dr * sine2), pi = MULTIPLY_ADD(ci, (realv)(sine1), di * sine2);
    realv qr = MULTIPLY_ADD(cr, (realv)(sine2), -dr * sine1), qi = MULTIPLY_ADD(ci, (realv)(sine2), -di * sine1);
    r[0] += ar + br;
    i[0] += ai + bi;
    r[1] = mr + pi;
    i[1] = mi - pr;
    r[4] = mr - pi;
    i[4] = mi + pr;
    r[2] = nr + qi;
    i[2] = ni - qr;
    r[3] = nr - qi;
    i[3] = ni + qr;
}

ALWAYS_INLINE void dft8(realv *r, realv *i) {
    const realv root = (realv)((REAL)0.70710678118654752440); /* of 1/2 */
    realv er[4] = {r[0], r[2], r[4], r[6]}, ei[4] = {i[0], i[2], i[4], i[6]};
    realv or [4] = {r[1], r[3], r[5], r[7]}, oi[4] = {i[1], i[3], i[5], i[7]};
    dft4(er, ei);
    dft4(or, oi);
    realv ar = or [1] + oi[1], ai = oi[1] - or [1], br = oi[3] - or [3], bi = or [3] + oi[3];
    r[0] = er[0] + or [0];
    i[0] = ei[0] + oi[0];
    r[4] = er[0] - or [0];
    i[4] = ei[0] - oi[0];
    r[1] = MULTIPLY_ADD(ar, root, er[1]);
    i[1] = MULTIPLY_ADD(ai, root, ei[1]);
    r[5] = MULTIPLY_ADD(ar, -root, er[1]);
    i[5] = MULTIPLY_ADD(ai, -root, ei[1]);
    r[2] = er[2] + oi[2];
    i[2] = ei[2] - or [2];
    r[6] = er[2] - oi[2];
    i[6] = ei[2] + or [2];
    r[3] = MULTIPLY_ADD(br, root, er[3]);
    i[3] = MULTIPLY_ADD(bi, -root, ei[3]);
    r[7] = MULTIPLY_ADD(br, -root, er[3]);
    i[7] = MULTIPLY_ADD(bi, root, ei[3]);
}

/* As sums over pairs: a[k] of what stands k from the ends, b[k] of their difference. */
ALWAYS_INLINE void dft7(realv *r, realv *i) {
    const REAL cosine[3] = {(REAL)0.62348980185873353053, (REAL)(-0.22252093395631440429),
                            (REAL)(-0.90096886790241912624)};
    const REAL sine[3] = {(REAL)0.78183148246802980871, (REAL)0.97492791218182360702, (REAL)0.43388373911755812048};
    realv ar[3], ai[3], br[3], bi[3], r0 = r[0], i0 = i[0];
#pragma unroll
    for (int k = 0; k < 3; k++) {
        ar[k] = r[k + 1] + r[6 - k];
        ai[k] = i[k + 1] + i[6 - k];
        br[k] = r[k + 1] - r[6 - k];
        bi[k] = i[k + 1] - i[6 - k];
    }
    r[0] += ar[0] + ar[1] + ar[2];
    i[0] += ai[0] + ai[1] + ai[2];
#pragma unroll
    for (int k = 1; k < 4; k++) {
        realv mr = r0, mi = i0, nr = 0, ni = 0;
#pragma unroll
        for (int j = 1; j < 4; j++) {
            const int turn = j * k % 7, at = turn < 4 ? turn - 1 : 6 - turn;
            const REAL s = turn < 4 ? sine[at] : -sine[at];
            mr = MULTIPLY_ADD(ar[j - 1], (realv)cosine[at], mr);
            mi = MULTIPLY_ADD(ai[j - 1], (realv)cosine[at], mi);
            nr = MULTIPLY_ADD(br[j - 1], (realv)s, nr);
            ni = MULTIPLY_ADD(bi[j - 1], (realv)s, ni);
        }
        r[k] = mr + ni;
        i[k] = mi - nr;
        r[7 - k] = mr - ni;
        i[7 - k] = mi + nr;
    }
}

#endif
