/* SPDX-License-Identifier: Apache-2.0 */
/* test_mutations.c: files with bytes changed at random are read whole or refused with a sentence, and nothing else. */
#include "files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { mutations_per_file = 1500, most_changes = 6 };

static uint32_t next(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* A few bytes become others: random, or those that make lengths, counts and offsets extreme. */
static void mutate(unsigned char *bytes, size_t size, uint32_t *state) {
    static const unsigned char extremes[] = {0, 1, 0x7f, 0x80, 0xff};
    for (uint32_t left = 1 + next(state) % most_changes; left > 0; left--) {
        const size_t at = next(state) % size;
        const uint32_t random = next(state);
        bytes[at] = random & 1 ? (unsigned char)(random >> 8) : extremes[(random >> 1) % sizeof extremes];
    }
}

static void expect_read_or_refused(const char *name, int mutation) {
    cli_image image = {0};
    cli_error error = {0};
    int64_t bytes = 0;
    if (!image_read(name, &image, &error)) {
        if (image.array.data || strncmp(error.message, name, strlen(name)) != 0)
            fail_msg("mutation %d: '%s'", mutation, error.message);
        return;
    }
    const int64_t element = (int64_t)clf_dtype_bytes(image.array.dtype);
    if (image.array.rank < 1 || image.array.rank > CLF_MAX_RANK || image.array.dtype > CLF_I16 ||
        !image_bytes(image.array.rank, image.array.shape, element, &bytes))
        fail_msg("mutation %d: an image that cannot be", mutation);
    unsigned char *copy = malloc((size_t)bytes + 1); /* all of it must be there to read */
    assert_non_null(copy);
    memcpy(copy, image.array.data, (size_t)bytes);
    free(copy);
    image_free(&image);
}

static void mutate_file(const char *name, const char *mutated, cli_image *image) {
    cli_error error = {0};
    uint32_t state = 12345;
    size_t size;
    assert_true(image_write(name, image, &error));
    image_free(image);
    unsigned char *bytes = read_bytes(name, &size);
    unsigned char *changed = malloc(size);
    assert_non_null(changed);
    for (int i = 0; i < mutations_per_file; i++) {
        memcpy(changed, bytes, size);
        mutate(changed, size, &state);
        write_bytes(mutated, changed, size);
        expect_read_or_refused(mutated, i);
    }
    free(changed);
    free(bytes);
}

static void npy(void **state) {
    const int64_t shape[] = {2, 3, 2};
    cli_image image = make_noise(CLF_F32, 3, shape, 1);
    (void)state;
    mutate_file("whole.npy", "mutated.npy", &image);
}

static void png(void **state) {
    const int64_t shape[] = {5, 6, 4};
    cli_image image = make_noise(CLF_U16, 3, shape, 1);
    (void)state;
    image.interleaved = true;
    image.alpha = IMAGE_ALPHA_STRAIGHT;
    mutate_file("whole.png", "mutated.png", &image);
}

static void tiff(void **state) {
    const int64_t shape[] = {5, 6, 4};
    cli_image image = make_noise(CLF_U8, 3, shape, 1);
    (void)state;
    image.interleaved = true;
    image.alpha = IMAGE_ALPHA_PREMULTIPLIED;
    mutate_file("whole.tif", "mutated.tif", &image);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(npy),
        cmocka_unit_test(png),
        cmocka_unit_test(tiff),
    };
    enter_directory(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
