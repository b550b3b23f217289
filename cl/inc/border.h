/* SPDX-License-Identifier: Apache-2.0 */
/* Borders: which element of 0..n-1 an index outside stands for. The values are those of clf_border. */
#ifndef CLF_BORDER_H
#define CLF_BORDER_H

#define BORDER_REFLECT 1
#define BORDER_PERIODIC 2
#define BORDER_SYMMETRIC 3
#define BORDER_REPLICATE 4
#define BORDER_CONSTANT 5

/* 64 bits. Hosts, whose own long may have 32, define it before. */
#ifndef BORDER_PLACE
#define BORDER_PLACE long
#endif

/* The element that index i stands for, for any i and any n >= 1; -1 where it is the constant. */
static inline BORDER_PLACE border_index(BORDER_PLACE i, BORDER_PLACE n, int border) {
    if (i >= 0 && i < n)
        return i;
    if (border == BORDER_CONSTANT)
        return -1;
    if (border == BORDER_REPLICATE)
        return i < 0 ? 0 : n - 1;
    if (n == 1)
        return 0;
    BORDER_PLACE period = border == BORDER_PERIODIC ? n : border == BORDER_REFLECT ? 2 * n - 2 : 2 * n;
    i %= period;
    if (i < 0)
        i += period;
    if (i < n)
        return i;
    return border == BORDER_REFLECT ? period - i : period - 1 - i;
}

#endif
