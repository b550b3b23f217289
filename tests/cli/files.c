/* SPDX-License-Identifier: Apache-2.0 */
/* files.c: helpers of the tests of the readers and writers. */
#include "files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void enter_directory(int argc, char **argv) {
    if (argc == 2 && chdir(argv[1]) == 0)
        return;
    fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    exit(EXIT_FAILURE);
}

void write_bytes(const char *name, const void *bytes, size_t size) {
    unlink(name); /* some file systems flush a file that is cut to nothing and written again */
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

unsigned char *read_bytes(const char *name, size_t *size) {
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

void expect_refused(const char *name, const char *fragment) {
    cli_image out = {.array = {.rank = 77}};
    cli_error error = {0};
    if (image_read(name, &out, &error))
        fail_msg("%s was read; expected a refusal with '%s'", name, fragment);
    if (!strstr(error.message, fragment))
        fail_msg("%s was refused with '%s'; expected '%s'", name, error.message, fragment);
    assert_int_equal(error.exit_status, EXIT_FAILURE);
    assert_int_equal(strncmp(error.message, name, strlen(name)), 0);
    assert_int_equal(strncmp(error.message + strlen(name), ": ", 2), 0);
    assert_null(strchr(error.message, '\n'));
    assert_int_equal(out.array.rank, 77);
    assert_null(out.array.data);
}

void expect_every_cut_refused(const char *name) {
    const char *cut = "cut-short";
    size_t size;
    unsigned char *bytes = read_bytes(name, &size);
    write_bytes(cut, bytes, size);
    for (size_t length = size; length-- > 0;) {
        cli_image out = {0};
        cli_error error = {0};
        assert_int_equal(truncate(cut, (off_t)length), 0);
        if (image_read(cut, &out, &error))
            fail_msg("%s cut to %zu of its %zu bytes was read", name, length, size);
        assert_true(error.message[0]);
    }
    free(bytes);
    unlink(cut);
}

int64_t count_of(const cli_image *image) {
    int64_t count = 1;
    for (int i = 0; i < image->array.rank; i++)
        count *= image->array.shape[i];
    return count;
}

cli_image make_noise(clf_dtype dtype, int rank, const int64_t *shape, unsigned seed) {
    cli_image made = {0};
    cli_error error = {0};
    assert_true(image_create(&made, dtype, rank, shape, &error));
    uint32_t state = seed * 2654435761u + 1u;
    const size_t bytes = (size_t)count_of(&made) * clf_dtype_bytes(dtype);
    for (size_t i = 0; i < bytes; i++) {
        state = state * 1664525u + 1013904223u;
        ((unsigned char *)made.array.data)[i] = (unsigned char)(state >> 24);
    }
    for (int64_t i = 0; i < count_of(&made); i++) {
        state = state * 1664525u + 1013904223u;
        const double value = (double)(int32_t)state / 2147483648.0;
        if (dtype == CLF_F32)
            ((float *)made.array.data)[i] = (float)value;
        if (dtype == CLF_F64)
            ((double *)made.array.data)[i] = value;
    }
    return made;
}

void expect_equal(const cli_image *got, const cli_image *expected) {
    assert_int_equal(got->array.dtype, expected->array.dtype);
    assert_int_equal(got->array.rank, expected->array.rank);
    for (int i = 0; i < expected->array.rank; i++)
        assert_int_equal(got->array.shape[i], expected->array.shape[i]);
    assert_int_equal(got->interleaved, expected->interleaved);
    assert_int_equal(got->alpha, expected->alpha);
    const size_t bytes = (size_t)count_of(expected) * clf_dtype_bytes(expected->array.dtype);
    assert_memory_equal(got->array.data, expected->array.data, bytes);
}

void expect_round_trip(const char *name, cli_image *image) {
    cli_image back = {0};
    cli_error error = {0};
    if (!image_write(name, image, &error) || !image_read(name, &back, &error))
        fail_msg("%s", error.message);
    expect_equal(&back, image);
    image_free(&back);
    image_free(image);
    expect_every_cut_refused(name);
}
