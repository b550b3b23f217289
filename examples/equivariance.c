/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Convolution commutes with translation, demonstrated on a photograph: a 3 x 3 x 3 kernel sums over all channels at
 * every second pixel, and the photograph is moved up by 100 rows. Counts the pixels that differ, and writes three
 * pictures:
 *   moved_then_convolved.png, convolved_then_moved_by_100.png (a mistake), convolved_then_moved_by_50.png
 * Exits with 1 if translating by 50 does not give the same picture, or translating by 100 does.
 *
 *   equivariance PHOTO.png OUT_FOLDER
 */
#include "png.h"

#include <clfilter/clfilter.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHANNELS = 3, STRIDE = 2, MOST_ROWS = 100 };

/* kernel[row][column][channel]. */
static float kernel[27] = {0, 1, -1, 1, -1, 0, 0, 0, 0, -1, 0, -1, 1, -1, 0, 1, 0, 0, 1, -1, 0, 1, 0, 1, -1, 0, 1};

/* A picture of sums, on the device and in memory. */
struct sums {
    clf_view view; /* (1, height, width) */
    float *values; /* owned */
};

struct work {
    clf_context *context;
    clf_error error;
    rgb_image photo;
    clf_view pixels; /* (height, width, channels) */
};

static bool fail(const struct work *work) {
    fprintf(stderr, "equivariance: %s: %s\n", clf_status_name(work->error.code), work->error.message);
    return false;
}

static bool run(struct work *work, clf_plan *plan) {
    const bool ok = !clf_execute(plan, NULL, NULL, &work->error);
    clf_plan_destroy(plan);
    return ok || fail(work);
}

/* y[i] = x[i + rows] along an axis, 0 beyond its end. */
static bool translate(struct work *work, const clf_view *x, int axis, int64_t rows, clf_view *y) {
    clf_plan *plan = NULL;
    if (clf_tensor_create(work->context, x->dtype, x->rank, x->shape, y, &work->error))
        return fail(work);
    clf_shift_desc desc = {.src = *x, .dst = *y, .border = {CLF_BORDER_CONSTANT}};
    desc.by[axis] = (double)-rows;
    return clf_plan_shift(work->context, &desc, &plan, &work->error) ? fail(work) : run(work, plan);
}

/* Sums of the kernel times 3 x 3 x 3 pixels, at every second row and column; the photograph is read in place. */
static bool convolve(struct work *work, const clf_view *x, clf_view *y) {
    static const int planes[] = {2, 0, 1};
    clf_convolve_desc desc = {.kernel = {.data = kernel, .rank = 4, .shape = {1, 3, 3, 3}, .strides = {27, 1, 9, 3}},
                              .mode = CLF_MODE_VALID,
                              .stride = {STRIDE, STRIDE}};
    const int64_t shape[3] = {1, (x->shape[0] - 3) / STRIDE + 1, (x->shape[1] - 3) / STRIDE + 1};
    clf_plan *plan = NULL;
    if (clf_view_permute(x, planes, &desc.src, &work->error) ||
        clf_tensor_create(work->context, CLF_F32, 3, shape, y, &work->error))
        return fail(work);
    desc.dst = *y;
    return clf_plan_correlate(work->context, &desc, &plan, &work->error) ? fail(work) : run(work, plan);
}

static bool fetch(struct work *work, struct sums *sums) {
    const clf_view *view = &sums->view;
    sums->values = malloc((size_t)clf_view_count(view) * sizeof(float));
    const clf_array array = {
        .data = sums->values, .rank = 3, .shape = {view->shape[0], view->shape[1], view->shape[2]}};
    if (sums->values == NULL)
        return false;
    return clf_download(work->context, view, &array, &work->error) ? fail(work) : true;
}

/* Absolute sums as grey. */
static bool write_picture(const struct sums *sums, const char *folder, const char *name) {
    rgb_image picture = {0};
    char path[4096];
    const int64_t count = sums->view.shape[1] * sums->view.shape[2];
    if (!rgb_image_create(&picture, (uint32_t)sums->view.shape[2], (uint32_t)sums->view.shape[1]))
        return false;
    for (int64_t i = 0; i < count * CHANNELS; i++)
        picture.pixels[i] = (uint8_t)fmin(255, fabs((double)sums->values[i / CHANNELS]));
    const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    const bool ok = length > 0 && (size_t)length < sizeof path && png_write(path, &picture);
    rgb_image_release(&picture);
    return ok;
}

/* Pixels that differ, in the rows that no zeros have moved into. */
static int64_t differences(const struct sums *a, const struct sums *b, int64_t rows) {
    int64_t different = 0;
    for (int64_t i = 0; i < (a->view.shape[1] - rows) * a->view.shape[2]; i++)
        different += a->values[i] != b->values[i];
    return different;
}

/* Compares moving then convolving with convolving then moving by `rows`; `different` receives the number of pixels. */
static bool compare(struct work *work, const struct sums *first, const clf_view *plain, int64_t rows,
                    const char *folder, int64_t *different) {
    struct sums second = {0};
    char name[64];
    snprintf(name, sizeof name, "convolved_then_moved_by_%lld.png", (long long)rows);
    const bool ok =
        translate(work, plain, 1, rows, &second.view) && fetch(work, &second) && write_picture(&second, folder, name);
    if (ok)
        *different = differences(first, &second, rows);
    clf_tensor_release(&second.view);
    free(second.values);
    return ok;
}

static bool read_photo(struct work *work, const char *path) {
    if (!png_read(path, &work->photo))
        return false;
    const int64_t shape[3] = {work->photo.height, work->photo.width, CHANNELS};
    if (work->photo.height < 4 * MOST_ROWS || work->photo.width < 3) {
        fprintf(stderr, "equivariance: %s: expected at least %d rows\n", path, 4 * MOST_ROWS);
        return false;
    }
    const clf_array array = {
        .data = work->photo.pixels, .dtype = CLF_U8, .rank = 3, .shape = {shape[0], shape[1], shape[2]}};
    if (clf_context_create(NULL, &work->context, &work->error) ||
        clf_tensor_create(work->context, CLF_U8, 3, shape, &work->pixels, &work->error) ||
        clf_upload(work->context, &array, &work->pixels, &work->error))
        return fail(work);
    return true;
}

static bool show(struct work *work, const char *folder) {
    clf_view moved = {0}, plain = {0};
    struct sums first = {0};
    int64_t mistaken = 0, right = 1;
    const bool ok = translate(work, &work->pixels, 0, MOST_ROWS, &moved) && convolve(work, &moved, &first.view) &&
                    fetch(work, &first) && write_picture(&first, folder, "moved_then_convolved.png") &&
                    convolve(work, &work->pixels, &plain) &&
                    compare(work, &first, &plain, MOST_ROWS, folder, &mistaken) &&
                    compare(work, &first, &plain, MOST_ROWS / STRIDE, folder, &right);
    if (ok)
        printf("moved by 100 then convolved with stride 2, against convolved then moved by 100: %s\n"
               "                                           against convolved then moved by 50: %s\n",
               mistaken ? "different" : "the same", right ? "different" : "the same");
    clf_tensor_release(&moved);
    clf_tensor_release(&plain);
    clf_tensor_release(&first.view);
    free(first.values);
    return ok && mistaken > 0 && right == 0;
}

int main(int argc, char **argv) {
    struct work work = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: equivariance PHOTO.png OUT_FOLDER\n");
        return 2;
    }
    const bool ok = read_photo(&work, argv[1]) && show(&work, argv[2]);
    clf_tensor_release(&work.pixels);
    clf_context_destroy(work.context);
    rgb_image_release(&work.photo);
    return ok ? 0 : 1;
}
