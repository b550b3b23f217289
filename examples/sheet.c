/* SPDX-License-Identifier: Apache-2.0 */
/* A contact sheet with labels; see sheet.h. */
#include "sheet.h"

#include <assert.h>
#include <string.h>

enum { LONGEST_TILE = 512, MARGIN = 12, LABEL_HEIGHT = 28, GLYPH_SCALE = 2, GLYPH_COLUMNS = 5, GLYPH_ROWS = 7 };

static const uint8_t background[3] = {24, 24, 28}, ink[3] = {230, 230, 230};

/* Five columns per glyph, the lowest bit at the top. */
static const struct glyph {
    char letter;
    uint8_t columns[GLYPH_COLUMNS];
} glyphs[] = {
    {'A', {0x7e, 0x11, 0x11, 0x11, 0x7e}}, {'B', {0x7f, 0x49, 0x49, 0x49, 0x36}}, {'C', {0x3e, 0x41, 0x41, 0x41, 0x22}},
    {'D', {0x7f, 0x41, 0x41, 0x22, 0x1c}}, {'E', {0x7f, 0x49, 0x49, 0x49, 0x41}}, {'F', {0x7f, 0x09, 0x09, 0x09, 0x01}},
    {'G', {0x3e, 0x41, 0x49, 0x49, 0x7a}}, {'H', {0x7f, 0x08, 0x08, 0x08, 0x7f}}, {'I', {0x00, 0x41, 0x7f, 0x41, 0x00}},
    {'J', {0x20, 0x40, 0x41, 0x3f, 0x01}}, {'K', {0x7f, 0x08, 0x14, 0x22, 0x41}}, {'L', {0x7f, 0x40, 0x40, 0x40, 0x40}},
    {'M', {0x7f, 0x02, 0x0c, 0x02, 0x7f}}, {'N', {0x7f, 0x04, 0x08, 0x10, 0x7f}}, {'O', {0x3e, 0x41, 0x41, 0x41, 0x3e}},
    {'P', {0x7f, 0x09, 0x09, 0x09, 0x06}}, {'Q', {0x3e, 0x41, 0x51, 0x21, 0x5e}}, {'R', {0x7f, 0x09, 0x19, 0x29, 0x46}},
    {'S', {0x46, 0x49, 0x49, 0x49, 0x31}}, {'T', {0x01, 0x01, 0x7f, 0x01, 0x01}}, {'U', {0x3f, 0x40, 0x40, 0x40, 0x3f}},
    {'V', {0x1f, 0x20, 0x40, 0x20, 0x1f}}, {'W', {0x3f, 0x40, 0x38, 0x40, 0x3f}}, {'X', {0x63, 0x14, 0x08, 0x14, 0x63}},
    {'Y', {0x07, 0x08, 0x70, 0x08, 0x07}}, {'Z', {0x61, 0x51, 0x49, 0x45, 0x43}}, {'0', {0x3e, 0x51, 0x49, 0x45, 0x3e}},
    {'1', {0x00, 0x42, 0x7f, 0x40, 0x00}}, {'2', {0x42, 0x61, 0x51, 0x49, 0x46}}, {'3', {0x21, 0x41, 0x45, 0x4b, 0x31}},
    {'4', {0x18, 0x14, 0x12, 0x7f, 0x10}}, {'5', {0x27, 0x45, 0x45, 0x45, 0x39}}, {'6', {0x3c, 0x4a, 0x49, 0x49, 0x30}},
    {'7', {0x01, 0x71, 0x09, 0x05, 0x03}}, {'8', {0x36, 0x49, 0x49, 0x49, 0x36}}, {'9', {0x06, 0x49, 0x49, 0x29, 0x1e}},
    {'-', {0x08, 0x08, 0x08, 0x08, 0x08}}, {',', {0x00, 0x50, 0x30, 0x00, 0x00}}, {'.', {0x00, 0x60, 0x60, 0x00, 0x00}},
};

static void set_pixel(rgb_image *image, uint32_t x, uint32_t y, const uint8_t colour[3]) {
    if (x < image->width && y < image->height)
        memcpy(image->pixels + ((size_t)y * image->width + x) * 3, colour, 3);
}

static void draw_letter(rgb_image *sheet, char letter, uint32_t left, uint32_t top) {
    for (size_t g = 0; g < sizeof glyphs / sizeof *glyphs; ++g)
        for (uint32_t y = 0; glyphs[g].letter == letter && y < GLYPH_ROWS * GLYPH_SCALE; ++y)
            for (uint32_t x = 0; x < GLYPH_COLUMNS * GLYPH_SCALE; ++x)
                if (glyphs[g].columns[x / GLYPH_SCALE] >> (y / GLYPH_SCALE) & 1)
                    set_pixel(sheet, left + x, top + y, ink);
}

/* The mean of the pixels of `picture` that one pixel of the small picture represents. */
static void average(const rgb_image *picture, uint32_t x, uint32_t y, uint32_t shrink, uint8_t colour[3]) {
    uint64_t sum[3] = {0}, count = 0;
    for (uint32_t v = y * shrink; v < (y + 1) * shrink && v < picture->height; ++v)
        for (uint32_t u = x * shrink; u < (x + 1) * shrink && u < picture->width; ++u, ++count)
            for (int c = 0; c < 3; ++c)
                sum[c] += picture->pixels[((size_t)v * picture->width + u) * 3 + (size_t)c];
    assert(count > 0); /* every small pixel represents at least one */
    for (int c = 0; c < 3; ++c)
        colour[c] = (uint8_t)((sum[c] + count / 2) / count);
}

static bool sheet_create(rgb_image *sheet, int count, uint32_t tile_width, uint32_t tile_height) {
    if (!rgb_image_create(sheet, (uint32_t)count * (tile_width + MARGIN) + MARGIN,
                          LABEL_HEIGHT + MARGIN + tile_height + MARGIN))
        return false;
    for (size_t i = 0; i < (size_t)sheet->width * sheet->height; ++i)
        memcpy(sheet->pixels + i * 3, background, 3);
    return true;
}

bool sheet_place(rgb_image *sheet, int index, int count, const rgb_image *picture, const char *label) {
    const uint32_t longest = picture->width > picture->height ? picture->width : picture->height;
    const uint32_t shrink = (longest + LONGEST_TILE - 1) / LONGEST_TILE;
    const uint32_t width = (picture->width + shrink - 1) / shrink, height = (picture->height + shrink - 1) / shrink;
    if (!sheet->pixels && !sheet_create(sheet, count, width, height))
        return false;
    const uint32_t left = MARGIN + (uint32_t)index * (width + MARGIN);
    for (uint32_t i = 0; label[i] && (i + 1) * (GLYPH_COLUMNS + 1) * GLYPH_SCALE <= width; ++i)
        draw_letter(sheet, label[i], left + i * (GLYPH_COLUMNS + 1) * GLYPH_SCALE, MARGIN);
    for (uint32_t y = 0; y < height; ++y)
        for (uint32_t x = 0; x < width; ++x) {
            uint8_t colour[3];
            average(picture, x, y, shrink, colour);
            set_pixel(sheet, left + x, LABEL_HEIGHT + MARGIN + y, colour);
        }
    return true;
}
