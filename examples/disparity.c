/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Smooths a noisy disparity map by gradient descent on the edge-aware smoothness loss with a data term,
 *
 *   E(d) = 1/2 mean((d - noisy)^2) + WEIGHT * smoothness(d, image)
 *
 * The device computes loss and gradient in one pass. A step that does not lower E is undone and halved, so E falls with
 * every accepted step; the program exits with 1 if E does not fall by at least a factor of FALL.
 *
 *   disparity PHOTO.png DISPARITY.png OUT_FOLDER
 *
 * DISPARITY.png is a map as large as PHOTO, in which brighter is nearer; "-" uses the photograph's own brightness
 * instead, averaged in blocks. Writes disparity-noisy.png and disparity-smooth.png. disparity_map.py makes such a map
 * from a real stereo pair, the motorcycle of Debian's python3-skimage.
 */
#include "png.h"

#include <clfilter/clfilter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 60, CHANNELS = 3 };

static const double WEIGHT = 0.12, FALL = 1.5;
static const float NOISE = 0.25F, EDGE = 8.0F;

struct descent {
    int64_t height, width, pixels;
    float *image, *clean, *noisy, *current, *trial, *gradient; /* image is planar */
    clf_context *context;
    clf_view on_device[2], loss, grad; /* disparity, image */
    clf_plan *plan;
    clf_error error;
};

static bool fail(const struct descent *descent) {
    fprintf(stderr, "disparity: %s: %s\n", clf_status_name(descent->error.code), descent->error.message);
    return false;
}

static clf_array as_array(const struct descent *descent, int64_t channels, float *data) {
    return (clf_array){.data = data, .rank = 4, .shape = {1, channels, descent->height, descent->width}};
}

/* Uniform in -1..1; the same numbers in every run. */
static float noise(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return (float)(*state >> 8) / 8388608.0F - 1;
}

/* The photograph's brightness in blocks of 16 x 16: flat pieces with edges of their own. */
static float brightness(const rgb_image *photo, int64_t y, int64_t x) {
    const uint8_t *pixel = photo->pixels + 3 * ((size_t)(y / 16 * 16) * photo->width + (size_t)(x / 16 * 16));
    return (0.3F * pixel[0] + 0.6F * pixel[1] + 0.1F * pixel[2]) / 255;
}

static bool read_inputs(struct descent *descent, const char *photo_path, const char *map_path) {
    rgb_image photo = {0}, map = {0};
    const bool own = strcmp(map_path, "-") == 0;
    bool ok = png_read(photo_path, &photo) && (own || png_read(map_path, &map));
    if (ok && !own && (map.width != photo.width || map.height != photo.height)) {
        fprintf(stderr, "disparity: %s and %s differ in size\n", photo_path, map_path);
        ok = false;
    }
    if (ok) {
        descent->height = photo.height;
        descent->width = photo.width;
        descent->pixels = descent->height * descent->width;
        float *memory = malloc((size_t)descent->pixels * (CHANNELS + 5) * sizeof *memory);
        float **parts[] = {&descent->clean, &descent->noisy, &descent->current, &descent->trial, &descent->gradient};
        descent->image = memory;
        for (size_t i = 0; memory && i < 5; i++)
            *parts[i] = memory + (CHANNELS + (int64_t)i) * descent->pixels;
        ok = memory != NULL;
    }
    uint32_t state = 1;
    for (int64_t i = 0; ok && i < descent->pixels; i++) {
        for (int c = 0; c < CHANNELS; c++)
            descent->image[c * descent->pixels + i] = photo.pixels[3 * i + c] / 255.0F;
        descent->clean[i] =
            own ? brightness(&photo, i / descent->width, i % descent->width) : map.pixels[3 * i] / 255.0F;
        descent->noisy[i] = descent->current[i] = descent->clean[i] + NOISE * noise(&state);
    }
    rgb_image_release(&photo);
    rgb_image_release(&map);
    return ok;
}

static bool prepare(struct descent *descent) {
    const int64_t map[4] = {1, 1, descent->height, descent->width}, one[1] = {1};
    const int64_t image[4] = {1, CHANNELS, descent->height, descent->width};
    clf_array pixels = as_array(descent, CHANNELS, descent->image);
    if (clf_context_create(NULL, &descent->context, &descent->error) ||
        clf_tensor_create(descent->context, CLF_F32, 4, map, &descent->on_device[0], &descent->error) ||
        clf_tensor_create(descent->context, CLF_F32, 4, image, &descent->on_device[1], &descent->error) ||
        clf_tensor_create(descent->context, CLF_F32, 4, map, &descent->grad, &descent->error) ||
        clf_tensor_create(descent->context, CLF_F32, 1, one, &descent->loss, &descent->error) ||
        clf_upload(descent->context, &pixels, &descent->on_device[1], &descent->error))
        return fail(descent);
    const clf_smoothness_desc desc = {.disparity = descent->on_device[0],
                                      .image = descent->on_device[1],
                                      .loss = descent->loss,
                                      .grad_disparity = descent->grad,
                                      .edge_weight = EDGE};
    if (clf_plan_smoothness(descent->context, &desc, &descent->plan, &descent->error))
        return fail(descent);
    printf("plan  %s\n", clf_plan_describe(descent->plan));
    return true;
}

/* E at `d`; its gradient goes to descent->gradient. */
static bool evaluate(struct descent *descent, float *d, double *energy) {
    float loss = 0;
    clf_array map = as_array(descent, 1, d), gradient = as_array(descent, 1, descent->gradient);
    clf_array number = {.data = &loss, .rank = 1, .shape = {1}};
    if (clf_upload(descent->context, &map, &descent->on_device[0], &descent->error) ||
        clf_execute(descent->plan, NULL, NULL, &descent->error) ||
        clf_download(descent->context, &descent->loss, &number, &descent->error) ||
        clf_download(descent->context, &descent->grad, &gradient, &descent->error))
        return fail(descent);
    double data = 0;
    for (int64_t i = 0; i < descent->pixels; i++) {
        const double off = (double)d[i] - descent->noisy[i];
        data += off * off;
        descent->gradient[i] = (float)(WEIGHT * descent->gradient[i] + off / (double)descent->pixels);
    }
    *energy = data / 2 / (double)descent->pixels + WEIGHT * loss;
    return true;
}

static double error_of(const struct descent *descent, const float *d) {
    double sum = 0;
    for (int64_t i = 0; i < descent->pixels; i++)
        sum += ((double)d[i] - descent->clean[i]) * ((double)d[i] - descent->clean[i]);
    return sum / (double)descent->pixels;
}

static bool descend(struct descent *descent) {
    double energy, first, step = (double)descent->pixels; /* gradients are means: each element contributes 1/pixels */
    if (!evaluate(descent, descent->current, &energy))
        return false;
    first = energy;
    const double noisy_error = error_of(descent, descent->noisy);
    for (int i = 0; i < STEPS; i++) {
        for (int64_t k = 0; k < descent->pixels; k++)
            descent->trial[k] = (float)(descent->current[k] - step * descent->gradient[k]);
        double tried;
        if (!evaluate(descent, descent->trial, &tried))
            return false;
        if (tried < energy) {
            float *kept = descent->current;
            descent->current = descent->trial;
            descent->trial = kept;
            energy = tried;
            printf("step %2d  E %.9g\n", i, energy);
            continue;
        }
        step /= 2;
        if (!evaluate(descent, descent->current, &energy)) /* the gradient there, again */
            return false;
    }
    const double smooth_error = error_of(descent, descent->current);
    printf("E fell from %.6g to %.6g; mean squared error from %.6g to %.6g\n", first, energy, noisy_error,
           smooth_error);
    return energy * FALL < first && smooth_error < noisy_error;
}

static bool write_map(const struct descent *descent, const float *d, const char *folder, const char *name) {
    char path[4096];
    rgb_image picture = {0};
    const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path ||
        !rgb_image_create(&picture, (uint32_t)descent->width, (uint32_t)descent->height))
        return false;
    for (int64_t i = 0; i < descent->pixels; i++) {
        const float v = d[i] < 0 ? 0 : d[i] > 1 ? 1 : d[i];
        memset(picture.pixels + 3 * i, (int)(255 * v + 0.5F), 3);
    }
    const bool ok = png_write(path, &picture);
    rgb_image_release(&picture);
    return ok;
}

int main(int argc, char **argv) {
    struct descent descent = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: disparity PHOTO.png DISPARITY.png|- OUT_FOLDER\n");
        return 2;
    }
    const bool read = read_inputs(&descent, argv[1], argv[2]);
    bool ok = read && prepare(&descent) && descend(&descent);
    ok = read && write_map(&descent, descent.noisy, argv[3], "disparity-noisy.png") &&
         write_map(&descent, descent.current, argv[3], "disparity-smooth.png") && ok;
    clf_plan_destroy(descent.plan);
    clf_tensor_release(&descent.on_device[0]);
    clf_tensor_release(&descent.on_device[1]);
    clf_tensor_release(&descent.grad);
    clf_tensor_release(&descent.loss);
    clf_context_destroy(descent.context);
    free(descent.image);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
