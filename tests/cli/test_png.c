/* SPDX-License-Identifier: Apache-2.0 */
/* test_png.c: PNG files: every layout that is read, and damage. */
#include "files.h"

#include <spng.h>
#include <stdlib.h>
#include <string.h>

static void round_trips_every_layout(void **state) {
    (void)state;
    for (int deep = 0; deep < 2; deep++)
        for (int channels = 1; channels <= 4; channels++) {
            const int64_t shape[] = {5, 7, channels};
            cli_image image = make_noise(deep ? CLF_U16 : CLF_U8, 3, shape, (unsigned)(channels + 4 * deep));
            image.interleaved = true;
            image.alpha = channels % 2 == 0 ? IMAGE_ALPHA_STRAIGHT : IMAGE_ALPHA_NONE;
            expect_round_trip("round.png", &image);
        }
}

/* Writes a PNG whose pixels stand as PNG stores them, with a palette and a transparent colour where given. */
static void write_raw(const char *name, struct spng_ihdr header, const void *pixels, size_t bytes,
                      struct spng_plte *palette, struct spng_trns *transparent) {
    FILE *file = fopen(name, "wb");
    spng_ctx *context = spng_ctx_new(SPNG_CTX_ENCODER);
    assert_non_null(file);
    assert_non_null(context);
    assert_int_equal(spng_set_png_file(context, file), 0);
    assert_int_equal(spng_set_ihdr(context, &header), 0);
    if (palette)
        assert_int_equal(spng_set_plte(context, palette), 0);
    if (transparent)
        assert_int_equal(spng_set_trns(context, transparent), 0);
    assert_int_equal(spng_encode_image(context, pixels, bytes, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE), 0);
    spng_ctx_free(context);
    assert_int_equal(fclose(file), 0);
}

static void expect_pixels(const char *name, clf_dtype dtype, int64_t channels, int64_t width, const int *expected) {
    cli_image image = {0};
    cli_error error = {0};
    if (!image_read(name, &image, &error))
        fail_msg("%s", error.message);
    assert_int_equal(image.array.dtype, dtype);
    assert_true(image.interleaved);
    assert_int_equal(image.array.rank, 3);
    assert_int_equal(image.array.shape[0], 1);
    assert_int_equal(image.array.shape[1], width);
    assert_int_equal(image.array.shape[2], channels);
    assert_int_equal(image.alpha, channels % 2 == 0 ? IMAGE_ALPHA_STRAIGHT : IMAGE_ALPHA_NONE);
    for (int64_t i = 0; i < width * channels; i++) {
        const int value = dtype == CLF_U8 ? ((uint8_t *)image.array.data)[i] : ((uint16_t *)image.array.data)[i];
        assert_int_equal(value, expected[i]);
    }
    image_free(&image);
    expect_every_cut_refused(name);
}

static struct spng_ihdr header_of(uint32_t width, uint8_t depth, uint8_t type) {
    return (struct spng_ihdr){.width = width, .height = 1, .bit_depth = depth, .color_type = type};
}

static void expands_grey_below_8_bits(void **state) {
    static const int expected_1[] = {255, 0, 255, 255, 0, 0, 0, 0};
    static const int expected_2[] = {0, 85, 170, 255};
    static const int expected_4[] = {0, 17, 238, 255};
    (void)state;
    write_raw("grey1.png", header_of(8, 1, SPNG_COLOR_TYPE_GRAYSCALE), "\xb0", 1, NULL, NULL);
    expect_pixels("grey1.png", CLF_U8, 1, 8, expected_1);
    write_raw("grey2.png", header_of(4, 2, SPNG_COLOR_TYPE_GRAYSCALE), "\x1b", 1, NULL, NULL);
    expect_pixels("grey2.png", CLF_U8, 1, 4, expected_2);
    write_raw("grey4.png", header_of(4, 4, SPNG_COLOR_TYPE_GRAYSCALE), "\x01\xef", 2, NULL, NULL);
    expect_pixels("grey4.png", CLF_U8, 1, 4, expected_4);
}

static void expands_palettes(void **state) {
    static const int opaque[] = {1, 2, 3, 70, 80, 90, 1, 2, 3, 255, 0, 9};
    static const int clear[] = {1, 2, 3, 10, 70, 80, 90, 255, 1, 2, 3, 10, 255, 0, 9, 255};
    struct spng_plte palette = {.n_entries = 3, .entries = {{1, 2, 3, 0}, {70, 80, 90, 0}, {255, 0, 9, 0}}};
    struct spng_trns transparent = {.n_type3_entries = 1, .type3_alpha = {10}};
    (void)state;
    write_raw("palette.png", header_of(4, 8, SPNG_COLOR_TYPE_INDEXED), "\0\1\0\2", 4, &palette, NULL);
    expect_pixels("palette.png", CLF_U8, 3, 4, opaque);
    write_raw("palette2.png", header_of(4, 2, SPNG_COLOR_TYPE_INDEXED), "\x12", 1, &palette, NULL);
    expect_pixels("palette2.png", CLF_U8, 3, 4, opaque);
    write_raw("clear.png", header_of(4, 8, SPNG_COLOR_TYPE_INDEXED), "\0\1\0\2", 4, &palette, &transparent);
    expect_pixels("clear.png", CLF_U8, 4, 4, clear);
}

static void makes_alpha_of_a_transparent_colour(void **state) {
    static const int grey[] = {9, 255, 7, 0};
    static const int grey_2_bits[] = {0, 255, 85, 255, 170, 0, 255, 255};
    static const int grey_deep[] = {1000, 0, 1001, 65535};
    static const int colour[] = {1, 2, 3, 0, 1, 2, 4, 255};
    static const int colour_deep[] = {1, 2, 300, 0, 1, 2, 301, 65535};
    static const uint16_t deep_pixels[] = {1000, 1001};
    static const uint16_t deep_colours[] = {1, 2, 300, 1, 2, 301};
    struct spng_trns transparent = {.gray = 7, .red = 1, .green = 2, .blue = 3};
    (void)state;
    write_raw("t8.png", header_of(2, 8, SPNG_COLOR_TYPE_GRAYSCALE), "\x09\x07", 2, NULL, &transparent);
    expect_pixels("t8.png", CLF_U8, 2, 2, grey);
    write_raw("trgb8.png", header_of(2, 8, SPNG_COLOR_TYPE_TRUECOLOR), "\1\2\3\1\2\4", 6, NULL, &transparent);
    expect_pixels("trgb8.png", CLF_U8, 4, 2, colour);
    transparent.gray = 2;
    write_raw("t2.png", header_of(4, 2, SPNG_COLOR_TYPE_GRAYSCALE), "\x1b", 1, NULL, &transparent);
    expect_pixels("t2.png", CLF_U8, 2, 4, grey_2_bits);
    transparent.gray = 1000;
    transparent.blue = 300;
    write_raw("t16.png", header_of(2, 16, SPNG_COLOR_TYPE_GRAYSCALE), deep_pixels, 4, NULL, &transparent);
    expect_pixels("t16.png", CLF_U16, 2, 2, grey_deep);
    write_raw("trgb16.png", header_of(2, 16, SPNG_COLOR_TYPE_TRUECOLOR), deep_colours, 12, NULL, &transparent);
    expect_pixels("trgb16.png", CLF_U16, 4, 2, colour_deep);
}

/* CRC-32 as PNG uses it, over a chunk's type and data. */
static uint32_t checksum(const unsigned char *bytes, size_t size) {
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void refuses_damage_and_claims(void **state) {
    const int64_t shape[] = {4, 4, 3};
    cli_image image = make_noise(CLF_U8, 3, shape, 3);
    cli_error error = {0};
    size_t size;
    (void)state;
    image.interleaved = true;
    assert_true(image_write("whole.png", &image, &error));
    image_free(&image);
    unsigned char *bytes = read_bytes("whole.png", &size);
    bytes[45] ^= 1; /* inside IDAT: its checksum no longer fits */
    write_bytes("damaged.png", bytes, size);
    expect_refused("damaged.png", "the PNG cannot be read");
    bytes[45] ^= 1;
    memset(bytes + 16, 0, 8);
    bytes[17] = bytes[21] = 1; /* IHDR: 65536 x 65536 */
    const uint32_t crc = checksum(bytes + 12, 17);
    for (int i = 0; i < 4; i++)
        bytes[29 + i] = (unsigned char)(crc >> (24 - 8 * i));
    write_bytes("huge.png", bytes, size);
    expect_refused("huge.png", "claims 65536 x 65536 pixels, more than fit into its");
    free(bytes);
}

static void refuses_to_hold_what_a_png_cannot(void **state) {
    const int64_t shape[] = {2, 3, 4};
    (void)state;
    for (int dtype = CLF_F32; dtype <= CLF_I16; dtype++) {
        cli_error error = {0};
        cli_image image = make_noise((clf_dtype)dtype, 2, shape, 1);
        const bool fits = dtype == CLF_U8 || dtype == CLF_U16;
        assert_int_equal(image_write("held.png", &image, &error), fits);
        assert_true(fits || strstr(error.message, "held.png: a PNG holds 8 or 16 bit"));
        image_free(&image);
    }
    cli_error error = {0};
    cli_image stack = make_noise(CLF_U8, 3, shape, 1);
    assert_false(image_write("stack.png", &stack, &error));
    assert_non_null(strstr(error.message, "expected an array of rank 2 (rows x columns), not 3"));
    stack.interleaved = true;
    stack.alpha = IMAGE_ALPHA_PREMULTIPLIED;
    assert_false(image_write("stack.png", &stack, &error));
    assert_non_null(strstr(error.message, "premultiplied"));
    image_free(&stack);
}

static void writes_a_rank_2_array_as_grey(void **state) {
    const int64_t shape[] = {2, 3, 1};
    cli_image array = make_noise(CLF_U16, 2, shape, 8);
    cli_image back = {0};
    cli_error error = {0};
    (void)state;
    assert_true(image_write("array.png", &array, &error) && image_read("array.png", &back, &error));
    assert_int_equal(back.array.shape[2], 1);
    assert_memory_equal(back.array.data, array.array.data, 12);
    assert_true(image_write("grey.npy", &back, &error)); /* and back: grey images are arrays of rank 2 */
    image_free(&back);
    assert_true(image_read("grey.npy", &back, &error));
    expect_equal(&back, &array);
    image_free(&back);
    image_free(&array);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips_every_layout),
        cmocka_unit_test(expands_grey_below_8_bits),
        cmocka_unit_test(expands_palettes),
        cmocka_unit_test(makes_alpha_of_a_transparent_colour),
        cmocka_unit_test(refuses_damage_and_claims),
        cmocka_unit_test(refuses_to_hold_what_a_png_cannot),
        cmocka_unit_test(writes_a_rank_2_array_as_grey),
    };
    enter_directory(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
