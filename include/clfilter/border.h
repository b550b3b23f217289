/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file border.h
 * Borders: how an input continues beyond its ends.
 * Formulas everywhere write x~ for the input x extended by its border.
 */
#ifndef CLFILTER_BORDER_H
#define CLFILTER_BORDER_H

#include <clfilter/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Largest number of axes that one operation filters. */
#define CLF_MAX_FILTER_AXES 3

/** Every border, as X(enumerator, value, name). */
#define CLF_BORDER_TABLE(X)                 \
    X(CLF_BORDER_REFLECT, 1, "reflect")     \
    X(CLF_BORDER_PERIODIC, 2, "periodic")   \
    X(CLF_BORDER_SYMMETRIC, 3, "symmetric") \
    X(CLF_BORDER_REPLICATE, 4, "replicate") \
    X(CLF_BORDER_CONSTANT, 5, "constant")

/**
 * How x~ continues a b c d beyond its ends. Defined for every index and every extent N >= 1: if a window is larger than
 * the input, the index wraps or bounces as often as needed.
 *
 *                           a b c d becomes          scipy.ndimage          numpy.pad  torch F.pad  OpenCV
 *   CLF_BORDER_REFLECT      d c b | a b c d | c b a  mirror                 reflect    reflect      BORDER_REFLECT_101
 *   CLF_BORDER_PERIODIC     b c d | a b c d | a b c  wrap, grid-wrap        wrap       circular     BORDER_WRAP
 *   CLF_BORDER_SYMMETRIC    c b a | a b c d | d c b  reflect, grid-mirror   symmetric  -            BORDER_REFLECT
 *   CLF_BORDER_REPLICATE    a a a | a b c d | d d d  nearest                edge       replicate    BORDER_REPLICATE
 *   CLF_BORDER_CONSTANT     v v v | a b c d | v v v  constant               constant   constant     BORDER_CONSTANT
 *
 * CLF_BORDER_REFLECT has period 2N-2 (N = 1: always x[0]); CLF_BORDER_SYMMETRIC has period 2N.
 *
 * A descriptor has one border per filtered axis, outermost first (a panorama is replicate in y and periodic in x).
 * CLF_BORDER_DEFAULT, which is zero, means the same border as the axis before it, and reflect on the first axis: so
 * .border = {CLF_BORDER_PERIODIC} makes every axis periodic.
 */
typedef enum clf_border {
    CLF_BORDER_DEFAULT = 0,
#define CLF_BORDER_ENUMERATOR(name, value, text) name = (value),
    CLF_BORDER_TABLE(CLF_BORDER_ENUMERATOR)
#undef CLF_BORDER_ENUMERATOR
} clf_border;

/** "reflect", "periodic", ... ("default" for 0). Non-owning: static text; "?" for an unknown value. Any thread. */
CLF_API const char *clf_border_name(clf_border border);

/** Reads a name as clf_border_name returns it. If it is none, returns false and leaves `border` alone. Any thread. */
CLF_API bool clf_border_parse(const char *name, clf_border *border);

#ifdef __cplusplus
}
#endif
#endif
