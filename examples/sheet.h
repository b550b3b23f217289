/* SPDX-License-Identifier: Apache-2.0 */
/* A contact sheet: pictures of one size side by side, each below its label. */
#ifndef EXAMPLES_SHEET_H
#define EXAMPLES_SHEET_H

#include "png.h"

/*
 * Puts picture number `index` of `count` on a sheet, reducing large pictures by averaging. For the first picture
 * `sheet` must be all zero; the sheet is then created, and must be released. Labels may contain A-Z, 0-9, space and - ,
 * . only. False if memory is short.
 */
bool sheet_place(rgb_image *sheet, int index, int count, const rgb_image *picture, const char *label);

#endif
