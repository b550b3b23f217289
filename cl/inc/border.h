/* SPDX-License-Identifier: Apache-2.0 */
/* Borders: which element of 0..n-1 an index outside stands for. The values are those of clf_border. */
#ifndef CLF_BORDER_H
#define CLF_BORDER_H

#define BORDER_REFLECT 1
#define BORDER_PERIODIC 2
#define BORDER_SYMMETRIC 3
#define BORDER_REPLICATE 4
#define BORDER_CONSTANT 5

/* 64 bits, and the same without a sign. Hosts, whose own long may have 32, define both before. */
#ifndef BORDER_PLACE
#define BORDER_PLACE long
#define BORDER_COUNT ulong
#endif

/*
 * The element that index i stands for, for any i and any n >= 1; -1 where it is the constant. No index is compared with
 * 0: Mesa 22 takes an int that was made a long for at least 0. Twice n may be beyond a long, never beyond a count.
 */
static inline BORDER_PLACE border_index(BORDER_PLACE i, BORDER_PLACE n, int border) {
    if ((BORDER_COUNT)i < (BORDER_COUNT)n)
        return i;
    if (border == BORDER_CONSTANT)
        return -1;
    if (border == BORDER_REPLICATE)
        return i < n ? 0 : n - 1;
    if (n == 1)
        return 0;
    const BORDER_COUNT count = (BORDER_COUNT)n, below = -(BORDER_COUNT)(i < n); /* all bits set, or none */
    const BORDER_COUNT period = border == BORDER_PERIODIC ? count : 2 * count - (border == BORDER_REFLECT ? 2 : 0);
    const BORDER_COUNT place = ((((BORDER_COUNT)i ^ below) % period) ^ below) + (period & below);
    if (place < count)
        return (BORDER_PLACE)place;
    return (BORDER_PLACE)(period - place) - (border != BORDER_REFLECT);
}

#endif
