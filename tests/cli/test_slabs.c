/* SPDX-License-Identifier: Apache-2.0 */
/* Files read and written in parts: every axis and order of .npy files, TIFFs too, files that change meanwhile. */
#include "files.h"
#include "slabs.h"

#include <string.h>
#include <unistd.h>

static const char *folder;

static void make_path(char path[4096], const char *name) {
    snprintf(path, 4096, "%s/%s", folder, name);
}

/* Writes a dense f32 array in parts along an axis and reads it back along another. */
static void npy_in_parts(void **state) {
    (void)state;
    float values[3 * 4 * 5], got[3 * 4 * 5];
    char path[4096];
    make_path(path, "parts.npy");
    const cli_image like = {.array = {.rank = 3, .shape = {3, 4, 5}}};
    for (int i = 0; i < 60; i++)
        values[i] = (float)i;
    for (int along = 0; along < 3; along++)
        for (int back = 0; back < 3; back++) {
            cli_error error = {0};
            slab_sink sink;
            slab_source source;
            clf_array part = like.array;
            part.strides[0] = 20, part.strides[1] = 5, part.strides[2] = 1;
            assert_true(slabs_open_sink(path, &like, &sink, &error));
            for (int64_t i = 0; i < like.array.shape[along]; i++) {
                part.shape[along] = 1;
                part.data = values + i * part.strides[along];
                assert_true(slabs_write(&sink, &(slab_part){along, i, 1}, &part, &error));
            }
            assert_true(slabs_commit(&sink, &error));
            memset(got, 0, sizeof got);
            part = (clf_array){.rank = 3, .shape = {3, 4, 5}, .strides = {20, 5, 1}};
            assert_true(slabs_open_source(path, &source, &error));
            assert_int_equal(source.image.array.rank, 3);
            for (int64_t i = 0; i < like.array.shape[back]; i++) {
                part.shape[back] = 1;
                part.data = got + i * part.strides[back];
                assert_true(slabs_read(&source, &(slab_part){back, i, 1}, &part, &error));
            }
            slabs_close_source(&source);
            assert_memory_equal(values, got, sizeof got);
        }
}

/* A file that loses its end between its header and its data. */
static void npy_cut_short(void **state) {
    (void)state;
    cli_error error = {0};
    char path[4096];
    float values[100] = {0};
    slab_source source;
    make_path(path, "cut.npy");
    const cli_image image = {.array = {.data = values, .rank = 2, .shape = {10, 10}}};
    const clf_array into = {.data = values, .rank = 2, .shape = {5, 10}};
    assert_true(image_write(path, &image, &error));
    assert_true(slabs_open_source(path, &source, &error));
    assert_true(slabs_read(&source, &(slab_part){0, 0, 5}, &into, &error));
    assert_int_equal(truncate(path, source.input.size - 100), 0);
    assert_false(slabs_read(&source, &(slab_part){0, 5, 5}, &into, &error));
    assert_non_null(strstr(error.message, "cut.npy: truncated"));
    assert_int_equal(error.exit_status, 1);
    slabs_close_source(&source);
}

/* A TIFF that loses its end behind its header, or after its first rows were read. */
static void tiff_cut_short(void **state) {
    (void)state;
    enum { ROWS = 400, COLUMNS = 300 };
    char path[4096];
    static float got[20 * COLUMNS];
    const int64_t shape[] = {ROWS, COLUMNS};
    cli_image image = make_noise(CLF_F32, 2, shape, 1);
    make_path(path, "cut.tif");
    for (int before = 0; before < 2; before++) {
        cli_error error = {0};
        slab_source source;
        const clf_array into = {.data = got, .rank = 3, .shape = {20, COLUMNS, 1}};
        assert_true(image_write(path, &image, &error));
        assert_true(slabs_open_source(path, &source, &error));
        assert_true(source.input.size > ROWS * COLUMNS * 3);
        if (before)
            assert_true(slabs_read(&source, &(slab_part){0, 0, 20}, &into, &error));
        assert_int_equal(truncate(path, ROWS * COLUMNS * 2), 0);
        assert_false(slabs_read(&source, &(slab_part){0, ROWS - 20, 20}, &into, &error));
        assert_non_null(strstr(error.message, "cut.tif: the TIFF cannot be read"));
        assert_int_equal(error.exit_status, 1);
        slabs_close_source(&source);
    }
    image_free(&image);
}

/* Rows of a TIFF forwards, again, and backwards. */
static void tiff_rows(void **state) {
    (void)state;
    enum { ROWS = 40, COLUMNS = 7 };
    cli_error error = {0};
    char path[4096];
    uint8_t values[ROWS * COLUMNS * 3], got[ROWS * COLUMNS * 3];
    slab_source source;
    slab_sink sink;
    make_path(path, "rows.tif");
    for (int i = 0; i < ROWS * COLUMNS * 3; i++)
        values[i] = (uint8_t)(i * 7);
    const cli_image image = {.array = {.data = values, .dtype = CLF_U8, .rank = 3, .shape = {ROWS, COLUMNS, 3}},
                             .interleaved = true};
    assert_true(slabs_open_sink(path, &image, &sink, &error));
    for (int64_t row = 0; row < ROWS; row += 8) {
        const clf_array rows = {.data = values + row * COLUMNS * 3,
                                .dtype = CLF_U8,
                                .rank = 3,
                                .shape = {8, COLUMNS, 3},
                                .strides = {COLUMNS * 3, 3, 1}};
        assert_true(slabs_write(&sink, &(slab_part){0, row, 8}, &rows, &error));
    }
    assert_true(slabs_commit(&sink, &error));
    assert_true(slabs_open_source(path, &source, &error));
    static const int64_t parts[][2] = {{0, 10}, {8, 12}, {18, 22}, {39, 1}, {0, 3}, {1, 39}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const clf_array into = {.data = got, .dtype = CLF_U8, .rank = 3, .shape = {parts[i][1], COLUMNS, 3}};
        assert_true(slabs_read(&source, &(slab_part){0, parts[i][0], parts[i][1]}, &into, &error));
        assert_memory_equal(got, values + parts[i][0] * COLUMNS * 3, (size_t)(parts[i][1] * COLUMNS * 3));
    }
    slabs_close_source(&source);
}

/* Writes an image in parts of two along one axis and reads it back along another, into memory of other strides. */
static void tiff_across(const cli_image *image, const char *name, int along, int back) {
    enum { MOST = 4096 };
    cli_error error = {0};
    char path[4096];
    slab_sink sink;
    slab_source source;
    uint8_t got[MOST] = {0};
    const int64_t *shape = image->array.shape;
    const int64_t count = shape[0] * shape[1] * shape[2];
    assert_true(count <= MOST);
    make_path(path, name);
    assert_true(slabs_open_sink(path, image, &sink, &error));
    const clf_array dense = slabs_lay_out(&image->array);
    for (int64_t i = 0; i < shape[along]; i += 2) {
        clf_array part = dense;
        part.shape[along] = shape[along] - i < 2 ? 1 : 2;
        part.data = (uint8_t *)dense.data + i * dense.strides[along];
        assert_true(slabs_write(&sink, &(slab_part){along, i, part.shape[along]}, &part, &error));
    }
    assert_true(slabs_commit(&sink, &error));
    assert_true(slabs_open_source(path, &source, &error));
    for (int64_t i = 0; i < shape[back]; i++) {
        clf_array part = dense;
        part.shape[back] = 1;
        part.data = got + i * dense.strides[back];
        assert_true(slabs_read(&source, &(slab_part){back, i, 1}, &part, &error));
    }
    slabs_close_source(&source);
    assert_memory_equal(got, image->array.data, (size_t)count);
}

static void tiff_every_axis(void **state) {
    (void)state;
    static const int64_t shapes[][3] = {{1, 1, 1}, {70, 1, 1}, {1, 70, 1}, {2, 90, 3}, {90, 2, 4}, {9, 11, 3}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        cli_image image = make_noise(CLF_U8, 3, shapes[i], (unsigned)i);
        image.interleaved = true;
        image.alpha = shapes[i][2] == 4 ? IMAGE_ALPHA_STRAIGHT : IMAGE_ALPHA_NONE;
        for (int along = 0; along < 3; along++)
            for (int back = 0; back < 3; back++)
                tiff_across(&image, "across.tif", along, back);
        image_free(&image);
    }
}

/* A sink that is given up leaves nothing, nor does one that cannot be opened. */
static void given_up(void **state) {
    (void)state;
    cli_error error = {0};
    char path[4096];
    slab_sink sink;
    make_path(path, "none.npy");
    const cli_image like = {.array = {.rank = 1, .shape = {5}}};
    assert_true(slabs_open_sink(path, &like, &sink, &error));
    slabs_abandon(&sink);
    assert_int_not_equal(access(path, F_OK), 0);
    make_path(path, "none/none.npy");
    assert_false(slabs_open_sink(path, &like, &sink, &error));
    slabs_abandon(&sink);
    make_path(path, "none.tif");
    assert_false(slabs_open_sink(path, &like, &sink, &error)); /* rank 1 */
}

int main(int count, char **arguments) {
    if (count != 2)
        return 2;
    folder = arguments[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(npy_in_parts), cmocka_unit_test(npy_cut_short),   cmocka_unit_test(tiff_cut_short),
        cmocka_unit_test(tiff_rows),    cmocka_unit_test(tiff_every_axis), cmocka_unit_test(given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
