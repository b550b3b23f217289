/* SPDX-License-Identifier: Apache-2.0 */
/* test_convert.c: rounding, saturation and alpha on the host. */
#include "files.h"

#include "convert.h"

#include <math.h>
#include <string.h>

typedef struct rounding_row {
    float value;
    int u8;
    int u16;
    int i16;
} rounding_row;

static const rounding_row roundings[] = {
    {0.5f, 0, 0, 0},           {1.5f, 2, 2, 2},
    {2.5f, 2, 2, 2},           {-0.5f, 0, 0, 0},
    {-1.5f, 0, 0, -2},         {254.5f, 254, 254, 254},
    {255.5f, 255, 256, 256},   {1e30f, 255, 65535, 32767},
    {-1e30f, 0, 0, -32768},    {65534.5f, 255, 65534, 32767},
    {-32768.5f, 0, 0, -32768}, {INFINITY, 255, 65535, 32767},
    {-INFINITY, 0, 0, -32768}, {NAN, 0, 0, 0},
};
enum { rounding_count = sizeof roundings / sizeof *roundings };

static cli_image rounded(clf_dtype dtype) {
    const int64_t shape[] = {rounding_count};
    cli_image image = make_noise(CLF_F32, 1, shape, 1);
    cli_error error = {0};
    for (int i = 0; i < rounding_count; i++)
        ((float *)image.array.data)[i] = roundings[i].value;
    assert_true(image_convert(&image, dtype, &error));
    assert_int_equal(image.array.dtype, dtype);
    return image;
}

static void integers_round_and_saturate(void **state) {
    cli_image u8 = rounded(CLF_U8);
    cli_image u16 = rounded(CLF_U16);
    cli_image i16 = rounded(CLF_I16);
    (void)state;
    for (int i = 0; i < rounding_count; i++) {
        assert_int_equal(((uint8_t *)u8.array.data)[i], roundings[i].u8);
        assert_int_equal(((uint16_t *)u16.array.data)[i], roundings[i].u16);
        assert_int_equal(((int16_t *)i16.array.data)[i], roundings[i].i16);
    }
    image_free(&u8);
    image_free(&u16);
    image_free(&i16);
}

static void alpha_moves_and_is_repeated_at_the_edge(void **state) {
    static const uint8_t in_bytes[] = {9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6}; /* 2 x 3, grey and alpha */
    static const uint8_t expected[] = {1, 1, 2, 3, 3, 1, 1, 2, 3, 3, 4, 4, 5, 6, 6, 4, 4, 5, 6, 6};
    const int64_t in_shape[] = {2, 3, 2};
    const int64_t out_shape[] = {4, 5, 2};
    cli_image in = make_noise(CLF_U8, 3, in_shape, 1);
    cli_image same = make_noise(CLF_U8, 3, in_shape, 2);
    cli_image out = make_noise(CLF_F32, 3, out_shape, 3);
    (void)state;
    memcpy(in.array.data, in_bytes, sizeof in_bytes);
    in.interleaved = out.interleaved = same.interleaved = true;
    const float colour = ((float *)out.array.data)[0];
    image_pass_alpha(&in, (image_step[]){{-1, 1}, {-1, 1}}, &out);
    assert_true(((float *)out.array.data)[0] == colour);
    assert_true(((float *)out.array.data)[1] != 1.0f); /* an image without alpha passes none */
    in.alpha = IMAGE_ALPHA_STRAIGHT;
    image_pass_alpha(&in, (image_step[]){{-1, 1}, {-1, 1}}, &out);
    for (int i = 0; i < 20; i++)
        assert_true(((float *)out.array.data)[2 * i + 1] == (float)expected[i]);
    assert_true(((float *)out.array.data)[0] == colour);
    image_pass_alpha(&in, (image_step[]){{0, 1}, {0, 1}}, &same);
    for (int i = 0; i < 6; i++)
        assert_int_equal(((uint8_t *)same.array.data)[2 * i + 1], i + 1);
    image_free(&in);
    image_free(&same);
    image_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_round_and_saturate),
        cmocka_unit_test(alpha_moves_and_is_repeated_at_the_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
