/* SPDX-License-Identifier: Apache-2.0 */
/* test_tiff.c: TIFF files: every layout that is read, those refused by name, and damage. */
#include "files.h"
#include "slabs.h"

#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static void round_trips_every_layout(void **state) {
    static const clf_dtype dtypes[] = {CLF_U8, CLF_U16, CLF_F32};
    (void)state;
    for (int i = 0; i < 3; i++)
        for (int channels = 1; channels <= 4; channels++)
            for (int premultiplied = 0; premultiplied <= (channels % 2 == 0); premultiplied++) {
                const int64_t shape[] = {5, 7, channels};
                cli_image image = make_noise(dtypes[i], 3, shape, (unsigned)(channels + 4 * i));
                image.interleaved = true;
                if (channels % 2 == 0)
                    image.alpha = premultiplied ? IMAGE_ALPHA_PREMULTIPLIED : IMAGE_ALPHA_STRAIGHT;
                expect_round_trip("round.tif", &image);
            }
}

/* How a test file differs from a contiguous RGB image of 8 bits in strips; zero is no difference. */
typedef struct variant {
    const char *name;
    const char *mode; /* libtiff's, "w" where NULL */
    clf_dtype dtype;
    int channels;
    int planar;
    int tile;
    int rows_per_strip;
    int compression;
    int photometric; /* + 1 */
    int bits;
    int format;
    int extra; /* EXTRASAMPLE_... + 1 */
    int orientation;
    int pages;
} variant;

static void set(TIFF *tiff, uint32_t tag, int value) {
    assert_int_equal(TIFFSetField(tiff, tag, value), 1);
}

static void set_fields(TIFF *tiff, const variant *v, const cli_image *image) {
    const int channels = (int)image->array.shape[2];
    const uint16_t extra = (uint16_t)(v->extra - 1);
    set(tiff, TIFFTAG_IMAGEWIDTH, (int)image->array.shape[1]);
    set(tiff, TIFFTAG_IMAGELENGTH, (int)image->array.shape[0]);
    set(tiff, TIFFTAG_SAMPLESPERPIXEL, channels);
    set(tiff, TIFFTAG_BITSPERSAMPLE, v->bits ? v->bits : (int)(8 * clf_dtype_bytes(v->dtype)));
    set(tiff, TIFFTAG_SAMPLEFORMAT,
        v->format             ? v->format
        : v->dtype == CLF_F32 ? SAMPLEFORMAT_IEEEFP
                              : SAMPLEFORMAT_UINT);
    set(tiff, TIFFTAG_PHOTOMETRIC,
        v->photometric ? v->photometric - 1
        : channels < 3 ? PHOTOMETRIC_MINISBLACK
                       : PHOTOMETRIC_RGB);
    set(tiff, TIFFTAG_PLANARCONFIG, v->planar ? v->planar : PLANARCONFIG_CONTIG);
    set(tiff, TIFFTAG_COMPRESSION, v->compression ? v->compression : COMPRESSION_NONE);
    if (v->extra)
        assert_int_equal(TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &extra), 1);
    if (v->orientation)
        set(tiff, TIFFTAG_ORIENTATION, v->orientation);
    if (v->tile) {
        set(tiff, TIFFTAG_TILEWIDTH, v->tile);
        set(tiff, TIFFTAG_TILELENGTH, v->tile);
    } else {
        set(tiff, TIFFTAG_ROWSPERSTRIP, v->rows_per_strip ? v->rows_per_strip : 2);
    }
}

/* The samples of one strip or tile, from row `top` and column `left`; beyond the image they are 0. */
static void gather(const variant *v, const cli_image *image, int plane, int64_t top, int64_t left, int64_t rows,
                   int64_t columns, unsigned char *to) {
    const int64_t *shape = image->array.shape;
    const size_t bytes = clf_dtype_bytes(v->dtype);
    const int64_t first = v->planar == PLANARCONFIG_SEPARATE ? plane : 0;
    const int64_t last = v->planar == PLANARCONFIG_SEPARATE ? plane + 1 : shape[2];
    for (int64_t y = top; y < top + rows; y++)
        for (int64_t x = left; x < left + columns; x++)
            for (int64_t c = first; c < last; c++, to += bytes) {
                const int64_t at = (y * shape[1] + x) * shape[2] + c;
                memset(to, 0, bytes);
                if (y < shape[0] && x < shape[1])
                    memcpy(to, (unsigned char *)image->array.data + (size_t)at * bytes, bytes);
            }
}

static void write_page(TIFF *tiff, const variant *v, const cli_image *image) {
    static unsigned char buffer[1 << 16];
    const int64_t *shape = image->array.shape;
    const int planes = v->planar == PLANARCONFIG_SEPARATE ? (int)shape[2] : 1;
    set_fields(tiff, v, image);
    for (int plane = 0; plane < planes; plane++) {
        if (!v->tile)
            for (int64_t y = 0; y < shape[0]; y++) {
                gather(v, image, plane, y, 0, 1, shape[1], buffer);
                assert_int_equal(TIFFWriteScanline(tiff, buffer, (uint32_t)y, (uint16_t)plane), 1);
            }
        for (int64_t y = 0; v->tile && y < shape[0]; y += v->tile)
            for (int64_t x = 0; x < shape[1]; x += v->tile) {
                gather(v, image, plane, y, x, v->tile, v->tile, buffer);
                assert_true(TIFFWriteTile(tiff, buffer, (uint32_t)x, (uint32_t)y, 0, (uint16_t)plane) > 0);
            }
    }
}

static void write_variant(const char *name, const variant *v, const cli_image *image) {
    TIFF *tiff = TIFFOpen(name, v->mode ? v->mode : "w");
    assert_non_null(tiff);
    for (int page = 0; page < (v->pages ? v->pages : 1); page++) {
        write_page(tiff, v, image);
        assert_int_equal(TIFFWriteDirectory(tiff), 1);
    }
    TIFFClose(tiff);
}

static cli_image image_of(const variant *v, int64_t rows, int64_t columns) {
    const int64_t shape[] = {rows, columns, v->channels ? v->channels : 3};
    cli_image image = make_noise(v->dtype, 3, shape, 5);
    image.interleaved = true;
    if (v->extra)
        image.alpha = v->extra - 1 == EXTRASAMPLE_ASSOCALPHA ? IMAGE_ALPHA_PREMULTIPLIED : IMAGE_ALPHA_STRAIGHT;
    return image;
}

static cli_image image_for(const variant *v) {
    return image_of(v, v->tile ? 21 : 5, v->tile ? 35 : 7);
}

enum { apart = PLANARCONFIG_SEPARATE };

static const variant read_variants[] = {
    {.name = "strips", .dtype = CLF_U8},
    {.name = "one strip", .dtype = CLF_U8, .rows_per_strip = 5},
    {.name = "big endian", .dtype = CLF_U16, .mode = "wb"},
    {.name = "big endian floats", .dtype = CLF_F32, .mode = "wb"},
    {.name = "BigTIFF", .dtype = CLF_U16, .mode = "w8"},
    {.name = "planes", .dtype = CLF_U8, .planar = apart},
    {.name = "planes of 16 bits",
     .dtype = CLF_U16,
     .planar = apart,
     .channels = 4,
     .extra = EXTRASAMPLE_UNASSALPHA + 1},
    {.name = "planes of floats", .dtype = CLF_F32, .planar = apart},
    {.name = "tiles", .dtype = CLF_U8, .tile = 16},
    {.name = "tiles of floats", .dtype = CLF_F32, .tile = 16, .channels = 1},
    {.name = "tiles in planes", .dtype = CLF_U16, .tile = 16, .planar = apart},
    {.name = "LZW", .dtype = CLF_U8, .compression = COMPRESSION_LZW},
    {.name = "deflate", .dtype = CLF_U16, .compression = COMPRESSION_ADOBE_DEFLATE},
    {.name = "deflate in tiles", .dtype = CLF_F32, .compression = COMPRESSION_ADOBE_DEFLATE, .tile = 32},
    {.name = "pack bits", .dtype = CLF_U8, .compression = COMPRESSION_PACKBITS, .planar = apart},
    {.name = "premultiplied", .dtype = CLF_U8, .channels = 2, .extra = EXTRASAMPLE_ASSOCALPHA + 1},
};

static void reads_every_arrangement(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof read_variants / sizeof *read_variants; i++) {
        const variant *v = &read_variants[i];
        cli_image image = image_for(v);
        cli_image back = {0};
        cli_error error = {0};
        write_variant("variant.tif", v, &image);
        if (!image_read("variant.tif", &back, &error))
            fail_msg("%s: %s", v->name, error.message);
        expect_equal(&back, &image);
        image_free(&back);
        image_free(&image);
        expect_every_cut_refused("variant.tif");
    }
}

/* The file is read in parts of up to two indices along an axis. */
static void expect_parts(const char *name, const cli_image *image, int axis) {
    cli_error error = {0};
    slab_source source;
    assert_true(slabs_open_source("variant.tif", &source, &error));
    const size_t width = clf_dtype_bytes(image->array.dtype);
    const clf_array dense = slabs_lay_out(&image->array);
    cli_image got;
    assert_true(image_create(&got, dense.dtype, 3, dense.shape, &error));
    got.interleaved = true;
    got.alpha = image->alpha;
    for (int64_t i = 0; i < dense.shape[axis]; i += 2) {
        clf_array part = dense;
        part.shape[axis] = dense.shape[axis] - i < 2 ? 1 : 2;
        part.data = (char *)got.array.data + (size_t)(i * dense.strides[axis]) * width;
        if (!slabs_read(&source, &(slab_part){axis, i, part.shape[axis]}, &part, &error))
            fail_msg("%s, axis %d: %s", name, axis, error.message);
    }
    slabs_close_source(&source);
    expect_equal(&got, image);
    image_free(&got);
}

static void reads_parts_of_every_arrangement(void **state) {
    (void)state;
    static const int64_t shapes[][2] = {{21, 35}, {1, 1}, {70, 1}, {1, 70}, {2, 50}};
    for (size_t i = 0; i < sizeof read_variants / sizeof *read_variants; i++)
        for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
            cli_image image = image_of(&read_variants[i], shapes[k][0], shapes[k][1]);
            write_variant("variant.tif", &read_variants[i], &image);
            for (int axis = 0; axis < 3; axis++)
                expect_parts(read_variants[i].name, &image, axis);
            image_free(&image);
        }
}

/* Reading an image again, whose rows of tiles are held meanwhile, takes no more memory. */
static void releases_what_it_holds(void **state) {
    (void)state;
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    enum { ROUNDS = 40, WARM = 20, LEAST_LEAK = 64 };
    for (size_t i = 0; i < sizeof read_variants / sizeof *read_variants; i++) {
        const variant *v = &read_variants[i];
        cli_image image = image_for(v);
        write_variant("variant.tif", v, &image);
        image_free(&image);
        size_t warm = 0;
        for (int round = 0; round < ROUNDS; round++) {
            cli_error error = {0};
            assert_true(image_read("variant.tif", &image, &error));
            image_free(&image);
            if (round == WARM)
                warm = mallinfo2().uordblks;
        }
        assert_true(mallinfo2().uordblks < warm + (size_t)(ROUNDS - WARM) * LEAST_LEAK);
    }
#else
    skip();
#endif
}

typedef struct refused_row {
    variant v;
    const char *fragment;
} refused_row;

static const refused_row refused[] = {
    {{.dtype = CLF_U8, .pages = 2}, "more than one page"},
    {{.dtype = CLF_U8, .channels = 1, .photometric = PHOTOMETRIC_MINISWHITE + 1},
     "white-is-zero grey; expected grey or RGB"},
    {{.dtype = CLF_U8, .channels = 4, .photometric = PHOTOMETRIC_SEPARATED + 1}, "colours are CMYK"},
    {{.dtype = CLF_U8, .photometric = PHOTOMETRIC_CIELAB + 1}, "CIE L*a*b*"},
    {{.dtype = CLF_U8, .photometric = PHOTOMETRIC_YCBCR + 1}, "YCbCr"},
    {{.dtype = CLF_U8, .channels = 4}, "an extra sample that is not"},
    {{.dtype = CLF_U8, .channels = 4, .extra = EXTRASAMPLE_UNSPECIFIED + 1}, "an extra sample that is not"},
    {{.dtype = CLF_U8, .channels = 5, .extra = EXTRASAMPLE_UNASSALPHA + 1}, "5 samples per pixel"},
    {{.dtype = CLF_I16, .format = SAMPLEFORMAT_INT}, "16-bit signed samples; expected 8 or 16 bit unsigned"},
    {{.dtype = CLF_F64, .format = SAMPLEFORMAT_IEEEFP}, "64-bit floating point samples"},
    {{.dtype = CLF_F16, .format = SAMPLEFORMAT_IEEEFP}, "16-bit floating point samples"},
    {{.dtype = CLF_I32}, "32-bit unsigned samples"},
    {{.dtype = CLF_U8, .bits = 4, .channels = 1}, "4-bit unsigned samples"},
    {{.dtype = CLF_U8, .bits = 1, .channels = 1}, "1-bit unsigned samples"},
    {{.dtype = CLF_U8, .orientation = ORIENTATION_RIGHTTOP}, "orientation is 6; expected 1"},
};

static void refuses_others_by_name(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        cli_image image = image_for(&refused[i].v);
        write_variant("refused.tif", &refused[i].v, &image);
        image_free(&image);
        expect_refused("refused.tif", refused[i].fragment);
    }
}

/* A hand-made TIFF: one directory of SHORT or LONG entries. */
static void write_claim(const char *name, uint32_t width, uint32_t height, uint32_t compression) {
    const uint32_t entries[][3] = {{256, 4, width},       {257, 4, height}, {258, 3, 8},
                                   {259, 3, compression}, {262, 3, 1},      {273, 4, 8},
                                   {277, 3, 1},           {278, 4, height}, {279, 4, 8}};
    enum { count = sizeof entries / sizeof *entries };
    unsigned char bytes[16 + 2 + 12 * count + 4] = {'I', 'I', 42, 0, 16};
    bytes[16] = count;
    for (size_t i = 0; i < count; i++) {
        unsigned char *entry = bytes + 18 + 12 * i;
        const uint32_t one = 1;
        memcpy(entry, &entries[i][0], 2);
        memcpy(entry + 2, &entries[i][1], 2);
        memcpy(entry + 4, &one, 4);
        memcpy(entry + 8, &entries[i][2], 4);
    }
    write_bytes(name, bytes, sizeof bytes);
}

static void refuses_claims_that_the_file_cannot_hold(void **state) {
    cli_image image = {0};
    cli_error error = {0};
    const uint16_t probe = 1;
    (void)state;
    if (*(const unsigned char *)&probe != 1)
        return; /* the file is made with this machine's integers, and says they are little-endian */
    write_claim("claim.tif", 8, 1, COMPRESSION_NONE);
    assert_true(image_read("claim.tif", &image, &error)); /* the maker is right: a claim of 8 pixels is read */
    image_free(&image);
    write_claim("claim.tif", 60000, 60000, COMPRESSION_NONE);
    expect_refused("claim.tif", "claims 60000 x 60000 pixels, more than fit into its");
    write_claim("claim.tif", 4000000000u, 4000000000u, COMPRESSION_NONE);
    expect_refused("claim.tif", "TIFF");
    write_claim("claim.tif", 60000, 60000, COMPRESSION_LZW);
    expect_refused("claim.tif", "claims 60000 x 60000 pixels, more than fit into its");
    write_claim("claim.tif", 0, 10, COMPRESSION_NONE);
    expect_refused("claim.tif", "TIFF");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips_every_layout),         cmocka_unit_test(reads_every_arrangement),
        cmocka_unit_test(reads_parts_of_every_arrangement), cmocka_unit_test(releases_what_it_holds),
        cmocka_unit_test(refuses_others_by_name),           cmocka_unit_test(refuses_claims_that_the_file_cannot_hold),
    };
    enter_directory(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
