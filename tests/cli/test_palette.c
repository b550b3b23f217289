/* SPDX-License-Identifier: Apache-2.0 */
/* test_palette.c: TIFF files of palette colours: every width of index and kind of palette, whole and in parts. */
#include "files.h"
#include "slabs.h"

#include <string.h>
#include <tiffio.h>

enum { ROWS = 21, COLUMNS = 37, TILE = 16 };

typedef struct palette_row {
    const char *name;
    int bits;
    int unit;        /* the palette's numbers are multiples of this */
    int most;        /* and no more than this times `unit` */
    int tiled;       /* tiles; else strips */
    int compression; /* 0: none */
    const char *mode;
} palette_row;

static const palette_row rows[] = {
    {"8 bits times 257", 8, 257, 255, 0, 0, "w"},
    {"8 bits times 256", 8, 256, 255, 0, COMPRESSION_LZW, "w"},
    {"8 bits as they are", 8, 1, 255, 0, 0, "wb"},
    {"16 bits", 8, 1, 65535, 0, 0, "wb"},
    {"4 bits", 4, 257, 255, 0, 0, "w"},
    {"2 bits", 2, 257, 255, 0, COMPRESSION_ADOBE_DEFLATE, "w"},
    {"1 bit", 1, 257, 255, 0, 0, "w"},
    {"1 bit in tiles", 1, 1, 65535, 1, 0, "w"},
    {"4 bits in tiles", 4, 257, 255, 1, COMPRESSION_LZW, "w"},
    {"8 bits in tiles", 8, 257, 255, 1, 0, "w"},
    {"indices of 16 bits", 16, 1, 65535, 0, COMPRESSION_LZW, "wb"},
};
enum { row_count = sizeof rows / sizeof *rows };

static uint16_t palette[3][1 << 16];

static int index_at(const palette_row *row, int64_t y, int64_t x) {
    return (int)((y * 7919 + x * 104729 + y * x) % (1 << row->bits));
}

/* Numbers that reach the greatest, so that one says which kind of palette it is. */
static void make_palette(const palette_row *row) {
    uint32_t state = 5;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 1 << row->bits; i++) {
            state = state * 1664525u + 1013904223u;
            palette[c][i] = (uint16_t)((int)(state >> 8) % (row->most + 1) * row->unit);
        }
    palette[0][index_at(row, 0, 0)] = (uint16_t)(row->most * row->unit);
    palette[1][index_at(row, 0, 0)] = (uint16_t)(row->most > 255 ? 0x1234 : 0);
}

/* A row of indices packed into bytes, the first of them the highest bits. */
static void pack(const palette_row *row, int64_t y, int64_t left, int64_t count, unsigned char *to) {
    memset(to, 0, (size_t)(count * row->bits + 7) / 8);
    for (int64_t x = 0; x < count; x++) {
        const int index = y < ROWS && left + x < COLUMNS ? index_at(row, y, left + x) : 0;
        const uint16_t word = (uint16_t)index;
        if (row->bits == 16)
            memcpy(to + 2 * x, &word, 2);
        else if (row->bits <= 8)
            to[x * row->bits / 8] |= (unsigned char)(index << (8 - row->bits - (int)(x * row->bits % 8)));
    }
}

static void write_pixels(TIFF *tiff, const palette_row *row) {
    unsigned char buffer[TILE * TILE * 2 + COLUMNS * 2];
    if (!row->tiled)
        for (int y = 0; y < ROWS; y++) {
            pack(row, y, 0, COLUMNS, buffer);
            assert_int_equal(TIFFWriteScanline(tiff, buffer, (uint32_t)y, 0), 1);
        }
    for (int y = 0; row->tiled && y < ROWS; y += TILE)
        for (int x = 0; x < COLUMNS; x += TILE) {
            for (int inner = 0; inner < TILE; inner++)
                pack(row, y + inner, x, TILE, buffer + inner * TILE * row->bits / 8);
            assert_true(TIFFWriteTile(tiff, buffer, (uint32_t)x, (uint32_t)y, 0, 0) > 0);
        }
}

static void write_file(const char *name, const palette_row *row, bool has_palette, int samples) {
    TIFF *tiff = TIFFOpen(name, row->mode);
    assert_non_null(tiff);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, COLUMNS);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, ROWS);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, row->bits);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_PALETTE);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, row->compression ? row->compression : COMPRESSION_NONE);
    if (has_palette)
        assert_int_equal(TIFFSetField(tiff, TIFFTAG_COLORMAP, palette[0], palette[1], palette[2]), 1);
    if (row->tiled) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, TILE);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, TILE);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 4);
    }
    for (int y = 0; samples > 1 && y < ROWS; y++)
        assert_int_equal(TIFFWriteScanline(tiff, palette[0], (uint32_t)y, 0), 1);
    if (samples == 1)
        write_pixels(tiff, row);
    TIFFClose(tiff);
}

static cli_image expected_of(const palette_row *row) {
    const int64_t shape[] = {ROWS, COLUMNS, 3};
    cli_image image = make_noise(row->most > 255 ? CLF_U16 : CLF_U8, 3, shape, 1);
    image.interleaved = true;
    for (int64_t i = 0; i < ROWS * COLUMNS * 3; i++) {
        const int colour = palette[i % 3][index_at(row, i / 3 / COLUMNS, i / 3 % COLUMNS)] / row->unit;
        if (row->most > 255)
            ((uint16_t *)image.array.data)[i] = (uint16_t)colour;
        else
            ((uint8_t *)image.array.data)[i] = (uint8_t)colour;
    }
    return image;
}

static void a_palette_becomes_colours(void **state) {
    (void)state;
    for (int i = 0; i < row_count; i++) {
        cli_image back = {0};
        cli_error error = {0};
        make_palette(&rows[i]);
        write_file("palette.tif", &rows[i], true, 1);
        if (!image_read("palette.tif", &back, &error))
            fail_msg("%s: %s", rows[i].name, error.message);
        cli_image expected = expected_of(&rows[i]);
        expect_equal(&back, &expected);
        image_free(&back);
        image_free(&expected);
        if (rows[i].bits < 16) /* whose palette alone has 393,216 bytes to cut at */
            expect_every_cut_refused("palette.tif");
    }
}

static void parts_of_palette_images_too(void **state) {
    (void)state;
    for (int i = 0; i < row_count; i++)
        for (int axis = 0; axis < 3; axis++) {
            cli_error error = {0};
            slab_source source;
            make_palette(&rows[i]);
            write_file("palette.tif", &rows[i], true, 1);
            cli_image expected = expected_of(&rows[i]), got = expected;
            assert_true(image_create(&got, expected.array.dtype, 3, expected.array.shape, &error));
            got.interleaved = true;
            const clf_array dense = slabs_lay_out(&got.array);
            assert_true(slabs_open_source("palette.tif", &source, &error));
            for (int64_t at = 0; at < dense.shape[axis]; at += 2) {
                const int64_t count = dense.shape[axis] - at < 2 ? 1 : 2;
                clf_array part = dense;
                part.shape[axis] = count;
                part.data = (char *)dense.data + (size_t)(at * dense.strides[axis]) * clf_dtype_bytes(dense.dtype);
                if (!slabs_read(&source, &(slab_part){axis, at, count}, &part, &error))
                    fail_msg("%s, axis %d: %s", rows[i].name, axis, error.message);
            }
            slabs_close_source(&source);
            expect_equal(&got, &expected);
            image_free(&got);
            image_free(&expected);
        }
}

static void others_are_refused(void **state) {
    const palette_row four = {"", 4, 257, 255, 0, 0, "w"}, twelve = {"", 12, 1, 255, 0, 0, "w"};
    (void)state;
    make_palette(&four);
    write_file("refused.tif", &four, false, 1);
    expect_refused("refused.tif", "the TIFF cannot be read: "); /* libtiff misses the palette */
    write_file("refused.tif", &four, true, 2);
    expect_refused("refused.tif", "a palette and 2 samples of 4 bits");
    make_palette(&twelve);
    write_file("refused.tif", &twelve, true, 1);
    expect_refused("refused.tif", "a palette and 1 sample of 12 bits");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_palette_becomes_colours),
        cmocka_unit_test(parts_of_palette_images_too),
        cmocka_unit_test(others_are_refused),
    };
    enter_directory(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
