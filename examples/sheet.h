/* SPDX-License-Identifier: Apache-2.0 */
/* A contact sheet: pictures of one size side by side, each under its label. */
#ifndef EXAMPLES_SHEET_H
#define EXAMPLES_SHEET_H

#include "png.h"

/*
 * Puts picture number `index` of `count` on a sheet, made larger pictures smaller by averaging. `sheet` is all zero
 * for the first one; the sheet is then made, and must be released. Labels hold A-Z, 0-9, space and - , . only.
 * False where memory is short.
 */
bool sheet_place(rgb_image *sheet, int index, int count, const rgb_image *picture, const char *label);

#endif
