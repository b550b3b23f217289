/* SPDX-License-Identifier: Apache-2.0 */
/* test_alpha_others.c: images with alpha through shift, edges and smoothness, which take colours times alpha too. */
#include "alpha_files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* By (0.5, -0.25), linearly: a correlation with these taps. */
static void shifts_by_fractions_are_of_colours_times_alpha(void **state) {
    static const alpha_case moves[] = {
        {"linear shift", 3, 3, {0, .375, .125, 0, .375, .125}, .moved = true, .options = "--border replicate"},
        {"linear shift",
         3,
         3,
         {0, .375, .125, 0, .375, .125},
         .moved = true,
         .border = "constant",
         .options = "--border constant"},
        {"linear shift",
         3,
         3,
         {0, .375, .125, 0, .375, .125},
         .moved = true,
         .border = "constant",
         .cval = .75,
         .options = "--border constant --cval 0.75"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
            char line[256];
            const kind_row *kind = &kinds[k];
            if (strstr(kind->more, "--dtype"))
                continue;
            cli_image in = make_image(kind->dtype, kind->channels, kind->alpha);
            write_image(kind->file, &in);
            snprintf(line, sizeof line, "shift %% --by 0.5,-0.25 --method linear %s", moves[i].options);
            run_program(kind->file, kind->out, line, kind->more);
            cli_image got = read_image(kind->out);
            assert_true(expect_formula(&moves[i], &in, &got) > 8);
            image_free(&got);
            image_free(&in);
        }
}

/* Whole numbers move pixels as they are stored, invisible ones too, whatever the method. */
static void whole_shifts_keep_every_bit(void **state) {
    static const char *const methods[] = {"whole", "linear", "cubic"};
    cli_image in = make_image(CLF_F32, 4, IMAGE_ALPHA_STRAIGHT);
    (void)state;
    write_image("in.tif", &in);
    for (int m = 0; m < 3; m++) {
        char line[128];
        snprintf(line, sizeof line, "shift %% --by 3,-2 --border periodic --method %s", methods[m]);
        run_program("in.tif", "out.tif", line, "");
        cli_image got = read_image("out.tif");
        for (int64_t i = 0; i < ROWS * COLUMNS * 4; i++) {
            const int64_t y = (i / 4 / COLUMNS - 3 + ROWS) % ROWS, x = (i / 4 % COLUMNS + 2) % COLUMNS;
            assert_true(array_get(&got.array, i) == array_get(&in.array, (y * COLUMNS + x) * 4 + i % 4));
        }
        image_free(&got);
    }
    image_free(&in);
}

/* Edges where nothing is seen: none of any colour; and they are with --alpha separate. */
static void edges_are_of_what_is_seen(void **state) {
    const int64_t shape[] = {24, 24, 4};
    cli_image in = {0};
    cli_error error = {0};
    (void)state;
    assert_true(image_create(&in, CLF_U8, 3, shape, &error));
    in.interleaved = true;
    in.alpha = IMAGE_ALPHA_STRAIGHT;
    for (int64_t i = 0; i < 24 * 24; i++)
        memcpy((uint8_t *)in.array.data + 4 * i, i / 24 < 12 ? "\xff\xff\xff\0" : "\0\0\0\0", 4);
    write_image("in.png", &in);
    for (int separate = 0; separate < 2; separate++) {
        run_program("in.png", "out.png", "edges %", separate ? "--alpha separate" : "");
        cli_image got = read_image("out.png");
        int edges = 0;
        for (int64_t i = 0; i < 24 * 24; i++) {
            edges += ((const uint8_t *)got.array.data)[4 * i] != 0;
            assert_int_equal(((const uint8_t *)got.array.data)[4 * i + 3], 0);
        }
        assert_int_equal(edges != 0, separate);
        image_free(&got);
    }
    image_free(&in);
}

/* The gradient of the loss with respect to an image of straight alpha, by f32 .npy of its colours times alpha. */
static void smoothness_is_of_what_is_seen(void **state) {
    const int64_t map[] = {ROWS, COLUMNS}, planes[] = {3, ROWS, COLUMNS};
    cli_image in = make_image(CLF_F32, 4, IMAGE_ALPHA_STRAIGHT), disparity = make_noise(CLF_F32, 2, map, 5), made = {0};
    cli_error error = {0};
    (void)state;
    assert_true(image_create(&made, CLF_F32, 3, planes, &error));
    for (int64_t i = 0; i < 3 * ROWS * COLUMNS; i++) {
        const int64_t pixel = i % (ROWS * COLUMNS), channel = i / (ROWS * COLUMNS);
        array_set(&made.array, i, sample(&in, &(alpha_case){0}, pixel / COLUMNS, pixel % COLUMNS, (int)channel));
    }
    for (int64_t p = 0; p < ROWS * COLUMNS * 4; p += 12)
        ((float *)in.array.data)[p] = NAN; /* of invisible pixels */
    write_image("in.tif", &in);
    write_image("d.npy", &disparity);
    write_image("made.npy", &made);
    const char *operands[2][MAX_OPERANDS] = {{"d.npy", "in.tif"}, {"d.npy", "made.npy"}};
    for (int i = 0; i < 2; i++) {
        const cli_settings settings = {.quiet = true,
                                       .reduction = CLF_SMOOTHNESS_NONE,
                                       .output = i ? "b.npy" : "a.npy",
                                       .grad_image = i ? "gb.npy" : "ga.npy"};
        if (!command_smoothness.run(&settings, operands[i], &error))
            fail_msg("%s", error.message);
    }
    cli_image a = read_image("a.npy"), b = read_image("b.npy"), ga = read_image("ga.npy"), gb = read_image("gb.npy");
    for (int64_t i = 0; i < ROWS * COLUMNS; i++)
        expect_near("loss", &a, i, array_get(&b.array, i), 1e-5);
    for (int64_t i = 0; i < 3 * ROWS * COLUMNS; i++) {
        const double alpha = array_get(&in.array, i / 3 * 4 + 3);
        expect_near("gradient", &ga, i, alpha * array_get(&gb.array, i % 3 * ROWS * COLUMNS + i / 3), 1e-5);
    }
    cli_image *const all[] = {&a, &b, &ga, &gb, &in, &disparity, &made};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        image_free(all[i]);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifts_by_fractions_are_of_colours_times_alpha),
        cmocka_unit_test(whole_shifts_keep_every_bit),
        cmocka_unit_test(edges_are_of_what_is_seen),
        cmocka_unit_test(smoothness_is_of_what_is_seen),
    };
    enter_directory(argc, argv);
    setenv("XDG_CACHE_HOME", argv[1], 1); /* no wisdom of the user's */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
