/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_alpha.c: images with alpha through convolve, correlate and gradient, whole and in slabs, against the formula in
 * double: colours times alpha are filtered, and divided by the alpha of the output.
 */
#include "alpha_files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const alpha_case cases[] = {
    {"1,2,1;2,4,2;1,2,1", 3, 3, {1, 2, 1, 2, 4, 2, 1, 2, 1}, .options = "--border replicate"},
    {"1,2,1,0;3,0,1,2",
     2,
     4,
     {1, 2, 1, 0, 3, 0, 1, 2},
     .border = "constant",
     .cval = 7,
     .options = "--border constant --cval 7"},
    {"1,2,1;2,4,2;1,2,1",
     3,
     3,
     {1, 2, 1, 2, 4, 2, 1, 2, 1},
     .border = "constant",
     .mode = CLF_MODE_FULL,
     .options = "--border constant --mode full"},
    {"0,-1,0;-1,8,-1;0,-1,0", 3, 3, {0, -1, 0, -1, 8, -1, 0, -1, 0}, .options = "--border replicate"},
    {"-1,-2,-3;0,-1,-1",
     2,
     3,
     {-1, -2, -3, 0, -1, -1},
     .mode = CLF_MODE_VALID,
     .stride = 2,
     .options = "--mode valid --stride 2"},
    {"-1,0,1;-2,0,2;-1,0,1", 3, 3, {-1, 0, 1, -2, 0, 2, -1, 0, 1}, .options = "--border replicate"},
    {"0,1,0;1,-4,1;0,1,0",
     3,
     3,
     {0, 1, 0, 1, -4, 1, 0, 1, 0},
     .mode = CLF_MODE_VALID,
     .stride = 3,
     .options = "--mode valid --stride 3"},
};
enum { case_count = sizeof cases / sizeof *cases };

static void convolutions_are_of_colours_times_alpha(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int i = 0; i < case_count; i++) {
            char line[256];
            const kind_row *kind = &kinds[k];
            cli_image in = make_image(kind->dtype, kind->channels, kind->alpha);
            write_image(kind->file, &in);
            snprintf(line, sizeof line, "correlate %% %s %s --solver general", cases[i].kernel, cases[i].options);
            run_program(kind->file, kind->out, line, kind->more);
            cli_image got = read_image(kind->out);
            if (strcmp(kind->out, "out.npy") != 0)
                assert_int_equal(got.alpha, kind->alpha);
            assert_true(expect_formula(&cases[i], &in, &got) > 8);
            image_free(&got);
            image_free(&in);
        }
}

/* A white square on transparent red, blurred: whatever is seen of it is white. */
static void a_white_square_stays_white(void **state) {
    const int64_t shape[] = {24, 24, 4};
    cli_image in = {0};
    cli_error error = {0};
    (void)state;
    assert_true(image_create(&in, CLF_U8, 3, shape, &error));
    in.interleaved = true;
    in.alpha = IMAGE_ALPHA_STRAIGHT;
    for (int64_t i = 0; i < 24 * 24; i++) {
        const bool inside = i / 24 >= 8 && i / 24 < 16 && i % 24 >= 8 && i % 24 < 16;
        memcpy((uint8_t *)in.array.data + 4 * i, inside ? "\xff\xff\xff\xff" : "\xff\0\0\0", 4);
    }
    write_image("square.png", &in);
    run_program("square.png", "out.png", "correlate % box:5 --solver general", "");
    cli_image got = read_image("out.png");
    int partly = 0;
    for (int64_t i = 0; i < 24 * 24; i++) {
        const uint8_t *pixel = (const uint8_t *)got.array.data + 4 * i;
        partly += pixel[3] > 0 && pixel[3] < 255;
        for (int c = 0; c < 3; c++)
            assert_int_equal(pixel[c], pixel[3] == 0 ? 0 : 255);
    }
    assert_true(partly > 20);
    image_free(&got);
    run_program("square.png", "out.png", "correlate % box:5 --solver general", "--alpha separate");
    got = read_image("out.png");
    assert_true(((const uint8_t *)got.array.data)[4 * (8 * 24 + 8) + 1] < 128); /* red has bled into it */
    image_free(&got);
    image_free(&in);
}

/* Other colours, NaN among them, where nothing is seen: the same bytes, whichever the slabs. */
static void invisible_colours_reach_nothing(void **state) {
    static const char *const lines[] = {"correlate % 1,2,1;2,4,2;1,2,1 --solver general",
                                        "correlate % -1,0,1;-2,0,2;-1,0,1 --solver general",
                                        "gradient %",
                                        "gradient % --output orientation",
                                        "shift % --by 0.5,-0.25 --method linear --border constant",
                                        "shift % --by 1.5,0.3 --method cubic --border symmetric",
                                        "shift % --by 0.4,-2.7 --method fourier"};
    static const char *const more[] = {"", "--memory 4K"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (int k = 0; k < 2; k++) {
            cli_image in = make_image(CLF_F32, 4, IMAGE_ALPHA_STRAIGHT);
            write_image("in.tif", &in);
            run_program("in.tif", "first.tif", lines[i], "");
            for (int64_t p = 0; p < ROWS * COLUMNS * 4; p += 12)
                ((float *)in.array.data)[p] = p % 24 ? NAN : 1e30f;
            write_image("in.tif", &in);
            run_program("in.tif", "second.tif", lines[i], more[k]);
            cli_image first = read_image("first.tif"), second = read_image("second.tif");
            expect_equal(&second, &first);
            image_free(&first);
            image_free(&second);
            image_free(&in);
        }
}

/* Central differences of colours times alpha, divided by alpha as often as they hold it. */
static double derived(const cli_image *in, const char *output, int64_t y, int64_t x, int channel) {
    const alpha_case replicate = {0};
    const double dx = sample(in, &replicate, y, x + 1, channel) - sample(in, &replicate, y, x - 1, channel);
    const double dy = sample(in, &replicate, y + 1, x, channel) - sample(in, &replicate, y - 1, x, channel);
    const double alpha = sample(in, &replicate, y, x, -1);
    if (alpha == 0)
        return 0;
    return strcmp(output, "orientation") == 0 ? atan2(dy, dx)
           : strcmp(output, "squared") == 0   ? (dx * dx + dy * dy) / (alpha * alpha)
           : strcmp(output, "dx") == 0        ? dx / alpha
                                              : sqrt(dx * dx + dy * dy) / alpha;
}

static void gradients_are_of_colours_times_alpha(void **state) {
    static const char *const outputs[] = {"magnitude", "dx", "squared", "orientation"};
    static const char *const more[] = {"", "--memory 8K"};
    cli_image in = make_image(CLF_F32, 4, IMAGE_ALPHA_STRAIGHT);
    (void)state;
    write_image("in.tif", &in);
    for (size_t i = 0; i < 8; i++) {
        char line[128];
        snprintf(line, sizeof line, "gradient %% --border replicate --output %s", outputs[i / 2]);
        run_program("in.tif", "out.tif", line, more[i % 2]);
        cli_image got = read_image("out.tif");
        for (int64_t p = 0; p < ROWS * COLUMNS; p++) {
            const double alpha = array_get(&in.array, 4 * p + 3);
            assert_true(array_get(&got.array, 4 * p + 3) == alpha);
            for (int channel = 0; channel < 3; channel++) {
                const double expected = derived(&in, outputs[i / 2], p / COLUMNS, p % COLUMNS, channel);
                expect_near(line, &got, 4 * p + channel, expected,
                            64 * ldexp(1, -23) * (fabs(expected) + (alpha > 0 ? 1 / (alpha * alpha) : 0)));
            }
        }
        image_free(&got);
    }
    image_free(&in);
}

/* Beyond a border so far away an f32 cannot hold alpha beside it. */
static void a_border_too_far_is_refused(void **state) {
    const char *operands[MAX_OPERANDS] = {"in.tif", "1,2,1"};
    const cli_settings settings = {
        .output = "out.tif", .border = {CLF_BORDER_CONSTANT}, .border_count = 1, .cval = 1e20, .quiet = true};
    cli_image in = make_image(CLF_F32, 4, IMAGE_ALPHA_STRAIGHT);
    cli_error error = {0};
    (void)state;
    write_image("in.tif", &in);
    assert_false(command_convolve.run(&settings, operands, &error));
    assert_non_null(strstr(error.message, "--cval: 1e+20 is too far beyond"));
    assert_int_equal(error.exit_status, CLI_EXIT_USAGE);
    image_free(&in);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolutions_are_of_colours_times_alpha),
        cmocka_unit_test(a_white_square_stays_white),
        cmocka_unit_test(invisible_colours_reach_nothing),
        cmocka_unit_test(gradients_are_of_colours_times_alpha),
        cmocka_unit_test(a_border_too_far_is_refused),
    };
    enter_directory(argc, argv);
    setenv("XDG_CACHE_HOME", argv[1], 1); /* no wisdom of the user's */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
