/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gradients handed in for what is made of derivatives, as gradients of the derivatives themselves, element by
 * element: field 0 that of dx, then dy and dz. The magnitude's is defined as 0 where the magnitude is 0, l1's where a
 * derivative is 0, the orientation's where both are.
 *
 * The derivatives are not scaled yet: scaled they might vanish. Where one of them, or of what is multiplied, has an
 * unusual magnitude, the element is made apart, with fractions and exponents that neither vanish nor overflow; where a
 * derivative itself overflows, it is derived again from src made smaller.
 *
 * Floor: what is handed in, and the derivatives where they matter, read once; the fields written once.
 *
 * Constants: those of real.h, with DST_T, the type of what is handed in, like REAL; AXES 2 or 3; NEEDED 1 where the
 * derivatives matter; SUMS 1 where they may overflow, and are of three taps, those of derivative.h; G0..G6 1 where a
 * gradient is handed in of the magnitude, dx, dy, dz, squared, l1, orientation.
 */
// checks share: float -DVECTOR=1 -DAXES=2 -DNEEDED=0 -DLOCAL_X=1 -DG0=0 -DG1=0 -DG2=0 -DG3=0 -DG4=0 -DG5=0 -DG6=0
// checks share: -DSUMS=0 -DDERIVATIVE=0 -DSIDE=1 -DMIDDLE=2
// check cpu: -DG2=1
// check cpu: -DAXES=3 -DNEEDED=1 -DG0=1 -DG6=1 -DSUMS=1 double
// check gpu: -DLOCAL_X=64 -DG1=1 -DG2=1 -DG3=1 -DAXES=3
// check gpu: -DLOCAL_X=64 -DNEEDED=1 -DG4=1 -DG5=1 half -DDST_T=float -DDST_IS_HALF=0
#include "real.h"
#include "batch.h"
#include "less.h"
#include "magnitude.h"

/* The table: extent of the last axis, elements of a field, 7 offsets, 7 strides along that axis, the batch table. */
#define HANDED(i) (G##i ? (REAL)g##i[offset[i] + j * g[9 + i]] : (REAL)0)

/* Exponents whose powers, products and quotients neither vanish nor overflow: of derivatives, and of what is handed. */
#ifdef REAL_IS_DOUBLE
#define USUAL_DERIVATIVE 200
#define USUAL_HANDED 300
#define USUAL_FACTOR 50
#else
#define USUAL_DERIVATIVE 30
#define USUAL_HANDED 60
#define USUAL_FACTOR 10
#endif
#define POWER(e) PASTE(as_, REAL)((BITS)((e) + MOST_EXPONENT) << MANTISSA)

/* The factors of everything: the derivatives' scale, the root of eps over its magnitude, what fields are divided by. */
typedef struct back_factors {
    REAL scale, root, share;
} back_factors;

static inline REAL sign_or_nan(REAL v) {
    return isnan(v) ? v : sign(v);
}

static inline bool is_usual(REAL v, int exponent) {
    return v == 0 || (fabs(v) >= POWER(-exponent) && fabs(v) <= POWER(exponent));
}

/* True where hand_back is right. Of the derivatives the greatest counts; NaN is no usual number. */
static inline bool all_usual(const REAL *d, const REAL *handed, back_factors factors) {
    const REAL most = fmax(fmax(fabs(d[0]), fabs(d[1])), fabs(d[2])), sum = d[0] + d[1] + d[2];
    return sum == sum && is_usual(most, USUAL_DERIVATIVE) && is_usual(handed[0], USUAL_HANDED) &&
           is_usual(handed[4], USUAL_HANDED) && is_usual(handed[6], USUAL_HANDED) &&
           is_usual(factors.scale, USUAL_FACTOR) && is_usual(factors.root, USUAL_DERIVATIVE);
}

typedef struct back_fields {
    REAL axis[3];
} back_fields;

typedef struct back_handed {
    REAL output[7];
} back_handed;

/* A product of fractions times 2^exponent. */
typedef struct back_product {
    REAL fraction;
    int exponent;
} back_product;

static inline back_product times(back_product p, REAL v) {
    int exponent = 0;
    p.fraction *= frexp(v, &exponent);
    p.exponent += isfinite(v) ? exponent : 0;
    return p;
}

static inline back_product begin_product(REAL v) {
    return times((back_product){1, 0}, v);
}

static inline REAL value_of(back_product p) {
    return ldexp(p.fraction, p.exponent);
}

/* sqrt(x^2 + y^2 + z^2 + w^2); the greatest of them is at least 1/2 times 2^exponent. */
static inline back_product length_of(const REAL *d, REAL w) {
    const REAL most = fmax(fmax(fabs(d[0]), fabs(d[1])), fmax(fabs(d[2]), w));
    back_product p = begin_product(most);
    const REAL x = ldexp(d[0], -p.exponent), y = ldexp(d[1], -p.exponent), z = ldexp(d[2], -p.exponent),
               v = ldexp(w, -p.exponent);
    p.fraction = sqrt(MULTIPLY_ADD(x, x, MULTIPLY_ADD(y, y, MULTIPLY_ADD(z, z, v * v))));
    return p;
}

/* Adds what derivatives d * 2^more hand back. */
static inline void hand_back_unusual(const REAL *d, int more, const REAL *handed, back_factors factors, REAL *back) {
    const back_product size = length_of(d, ldexp(factors.root, -more)), plain = length_of(d, 0);
    for (int axis = 0; axis < 3; axis++) {
        back_product p = times(times(times(begin_product(handed[0]), factors.scale), d[axis]), factors.share);
        p.fraction = p.fraction * sign(factors.scale) / size.fraction;
        p.exponent -= size.exponent;
        back_product q = times(times(times(begin_product(handed[4]), factors.scale), factors.scale), d[axis]);
        q = times(q, factors.share);
        q.exponent += 1 + more;
        back[axis] += (G0 ? value_of(p) : (REAL)0) + (G4 ? value_of(q) : (REAL)0);
    }
    for (int axis = 0; G6 && axis < 2; axis++) {
        back_product p = times(times(begin_product(handed[6]), d[1 - axis]), factors.share);
        p.fraction /= plain.fraction * plain.fraction;
        p.exponent -= 2 * plain.exponent + more;
        back[axis] += axis == 0 ? -value_of(p) : value_of(p);
    }
}

/* The same for an element of src, `row` being its row among those of all planes. */
static __attribute__((noinline)) back_fields hand_back_apart(gradient_spot spot, long row, back_fields d,
                                                             back_handed handed, back_factors factors,
                                                             back_fields back) {
    int more = 0;
#if SUMS
    if (!isfinite(d.axis[0]) || !isfinite(d.axis[1]) || !isfinite(d.axis[2])) {
        const long height = spot.g[GRADIENT_EXTENT + 1], depth = spot.g[GRADIENT_EXTENT];
        spot.plane = spot.g[GRADIENT_SRC_OFFSET];
        batch_offsets(spot.g + GRADIENT_BATCH, row / height / depth, 1, &spot.plane);
        spot.z = row / height % depth;
        d = (back_fields){{0, 0, 0}};
        derive_less(&spot, row % height, spot.at, d.axis);
        more = 12; /* LESS */
    }
#else
    (void)spot, (void)row;
#endif
    hand_back_unusual(d.axis, more, handed.output, factors, back.axis);
    return back;
}

/* The same of derivatives whose squares, and products with the rest, are usual numbers. */
static inline void hand_back(const REAL *d, const REAL *handed, back_factors factors, REAL *back) {
    const REAL plain = MULTIPLY_ADD(d[0], d[0], MULTIPLY_ADD(d[1], d[1], d[2] * d[2]));
    const REAL size = sqrt(MULTIPLY_ADD(factors.root, factors.root, plain));
    const REAL slope = 2 * handed[4] * factors.scale + (size == 0 ? (REAL)0 : sign(factors.scale) * handed[0] / size);
    for (int axis = 0; axis < 3; axis++)
        back[axis] += factors.share * (factors.scale * (slope * d[axis]));
    if (G6) {
        const REAL turn = plain == 0 ? (REAL)0 : factors.share * (handed[6] / plain);
        back[0] -= turn * d[1];
        back[1] += turn * d[0];
    }
}

kernel __attribute__((reqd_work_group_size(LOCAL_X, 1, 1))) void
gradient_back(global const REAL *restrict derivative, global const SRC_T *restrict x, constant const long *forward,
              global const DST_T *restrict g0, global const DST_T *restrict g1, global const DST_T *restrict g2,
              global const DST_T *restrict g3, global const DST_T *restrict g4, global const DST_T *restrict g5,
              global const DST_T *restrict g6, global REAL *restrict field, constant const long *g, REAL cval,
              REAL scale, REAL root, REAL share, long columns) {
    long width = g[0], count = g[1], row = (long)get_global_id(1);
    long first = (long)get_global_id(0) * columns, last = min(first + columns, width);
    long offset[7];
    const back_factors factors = {scale, root, share};
    (void)g0, (void)g1, (void)g2, (void)g3, (void)g4, (void)g5, (void)g6; /* as handed in */
    for (int i = 0; i < 7; i++)
        offset[i] = g[2 + i];
    batch_offsets(g + 16, row, 7, offset);
    for (long j = first; j < last; j++) {
        long at = row * width + j;
        const back_handed handed = {
            {HANDED(0), HANDED(1), HANDED(2), HANDED(3), HANDED(4), HANDED(5), HANDED(6)}};
        back_fields back;
        for (int axis = 0; axis < 3; axis++)
            back.axis[axis] = share * (scale * handed.output[1 + axis]);
#if NEEDED
        const back_fields d = {{derivative[at], derivative[count + at], AXES == 3 ? derivative[2 * count + at] : 0}};
        for (int axis = 0; G5 && axis < AXES; axis++)
            back.axis[axis] += share * (fabs(scale) * (handed.output[5] * sign_or_nan(d.axis[axis])));
        if (all_usual(d.axis, handed.output, factors))
            hand_back(d.axis, handed.output, factors, back.axis);
        else if (G0 || G4 || G6)
            back = hand_back_apart((gradient_spot){.x = x, .g = forward, .at = j, .cval = cval}, row, d, handed,
                                   factors, back);
#else
        (void)derivative, (void)x, (void)forward, (void)cval, (void)factors;
#endif
        for (int axis = 0; axis < AXES; axis++)
            field[axis * count + at] = back.axis[axis];
    }
}
