/* SPDX-License-Identifier: Apache-2.0 */
/* test_convert.c: halves, rounding, saturation and alpha on the host. */
#include "files.h"

#include "convert.h"

#include <math.h>
#include <string.h>

static void every_half_survives(void **state) {
    (void)state;
    for (uint32_t half = 0; half < 65536; half++) {
        const double value = half_to_double((uint16_t)half);
        if ((half & 0x7c00) == 0x7c00 && (half & 1023))
            assert_true(isnan(value) && isnan(half_to_double(half_from_double(value))));
        else
            assert_int_equal(half_from_double(value), half);
    }
    assert_true(half_to_double(0x3c00) == 1 && half_to_double(0xc000) == -2 && half_to_double(1) == ldexp(1, -24));
    assert_true(half_to_double(0x7bff) == 65504 && isinf(half_to_double(0x7c00)) && signbit(half_to_double(0x8000)));
}

/* The middle between two neighbours goes to the even one, anything beside it to the nearer one. */
static void halves_round_to_nearest_even(void **state) {
    (void)state;
    for (uint32_t half = 0; half < 0x7bff; half++) {
        const double low = half_to_double((uint16_t)half);
        const double high = half_to_double((uint16_t)(half + 1));
        const double middle = (low + high) / 2;
        assert_int_equal(half_from_double(middle), half % 2 == 0 ? half : half + 1);
        assert_int_equal(half_from_double(nextafter(middle, 0)), half);
        assert_int_equal(half_from_double(nextafter(middle, high)), half + 1);
        assert_int_equal(half_from_double(-nextafter(middle, high)), 0x8000 + half + 1);
    }
    assert_int_equal(half_from_double(nextafter(65520, 0)), 0x7bff);
    assert_int_equal(half_from_double(65520), 0x7c00);
    assert_int_equal(half_from_double(-1e300), 0xfc00);
    assert_int_equal(half_from_double((double)INFINITY), 0x7c00);
}

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
        cmocka_unit_test(every_half_survives),
        cmocka_unit_test(halves_round_to_nearest_even),
        cmocka_unit_test(integers_round_and_saturate),
        cmocka_unit_test(alpha_moves_and_is_repeated_at_the_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
