/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The geometry table of operations over windows, as src/ops/window.c writes it: up to three filtered axes (unused ones
 * come first, with extent and size 1), then the batch. Output i along an axis sees the elements i + START ..
 * i + START + SIZE - 1 of the input, continued by its border.
 */
#ifndef CLF_WINDOW_H
#define CLF_WINDOW_H

enum {
    WINDOW_EXTENT = 0,
    WINDOW_SIZE = 3,
    WINDOW_START = 6,
    WINDOW_BORDER = 9,
    WINDOW_SRC_STRIDE = 12,
    WINDOW_DST_STRIDE = 15,
    WINDOW_SRC_OFFSET = 18,
    WINDOW_DST_OFFSET = 19,
    WINDOW_BATCH = 20
};

#endif
