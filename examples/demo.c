/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters a photograph in three ways, times each, compares each with a double-precision reference, and writes the
 * pictures and a contact sheet. Exits with 1 if anything fails or a result is outside its error bound.
 *
 *   demo PHOTO.png OUT_FOLDER
 *
 * The device is selected by CLF_DEVICE or, if that is not set, by clfilter.
 */
#include "png.h"
#include "reference.h"
#include "sheet.h"

#include <clfilter/clfilter.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CHANNELS = 3, TIMED_RUNS = 10, MOST_TAPS = 1024 };

/* The reference visits at most about this many taps; in larger pictures it checks evenly spaced rows. */
static const double most_reference_work = 4e9;

struct filter {
    const char *title, *label, *file;
    const char *kernel; /* for clf_kernel_by_name; NULL: the derivative magnitude */
    clf_border border;
    float gain; /* the picture shows gain * |result|, clipped at 1 */
};

static const struct filter filters[] = {
    {"periodic Sobel convolution", "SOBEL-X, PERIODIC", "sobel-x.png", "sobel-x", CLF_BORDER_PERIODIC, 0.5F},
    {"reflect Gaussian", "GAUSSIAN 3, REFLECT", "gaussian.png", "gaussian:3", CLF_BORDER_REFLECT, 1.0F},
    {"derivative magnitude", "GRADIENT, REFLECT", "gradient.png", NULL, CLF_BORDER_REFLECT, 2.0F},
};
enum { FILTER_COUNT = sizeof filters / sizeof *filters };

/* Everything that belongs to one run of the program. */
struct demo {
    const char *photo_path, *out_folder;
    rgb_image photo, sheet;
    float *input, *output; /* interleaved RGB, 0 to 1 on input */
    clf_context *context;
    clf_view src, dst; /* planar, {CHANNELS, height, width} */
    clf_error error;
};

/* One kernel. */
struct taps {
    float values[MOST_TAPS];
    int64_t shape[2];
};

static bool fail(const struct demo *demo) {
    fprintf(stderr, "demo: %s: %s\n", clf_status_name(demo->error.code), demo->error.message);
    return false;
}

static bool out_of_memory(void) {
    fprintf(stderr, "demo: out of memory\n");
    return false;
}

/* The host's interleaved pixels viewed as planes; uploads and downloads convert between the two. */
static clf_array as_planes(const struct demo *demo, float *pixels) {
    const int64_t height = demo->photo.height, width = demo->photo.width;
    return (clf_array){
        .data = pixels,
        .rank = 3,
        .shape = {CHANNELS, height, width},
        .strides = {1, width * CHANNELS, CHANNELS},
    };
}

static bool make_plan(struct demo *demo, const struct filter *filter, clf_plan **plan) {
    if (!filter->kernel) {
        const clf_gradient_desc desc = {.src = demo->src, .dst = demo->dst, .border = {filter->border}};
        return clf_plan_gradient(demo->context, &desc, plan, &demo->error) == CLF_OK;
    }
    struct taps taps;
    if (clf_kernel_by_name(filter->kernel, taps.values, MOST_TAPS, taps.shape, &demo->error))
        return false;
    const clf_convolve_desc desc = {
        .src = demo->src,
        .dst = demo->dst,
        .kernel = {.data = taps.values, .rank = 2, .shape = {taps.shape[0], taps.shape[1]}},
        .border = {filter->border},
    };
    return clf_plan_convolve(demo->context, &desc, plan, &demo->error) == CLF_OK;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Median seconds of an execution, without the first, which may still compile something. */
static bool time_plan(struct demo *demo, clf_plan *plan, double *median) {
    double seconds[TIMED_RUNS + 1];
    for (int run = 0; run <= TIMED_RUNS; ++run) {
        const double start = seconds_now();
        if (clf_execute(plan, NULL, NULL, &demo->error) || clf_context_finish(demo->context, &demo->error))
            return false;
        seconds[run] = seconds_now() - start;
    }
    qsort(seconds + 1, TIMED_RUNS, sizeof *seconds, ascending);
    *median = 0.5 * (seconds[TIMED_RUNS / 2] + seconds[TIMED_RUNS / 2 + 1]);
    return true;
}

/* What the reference needs for a filter: its kernel (two for a magnitude), and the terms of its error bound. */
struct standard {
    struct taps kernels[2];
    bool magnitude;
    int sign;
    clf_border border;
    double tap_count, tap_sum; /* of all kernels together: the number of taps, and the sum of their magnitudes */
};

static bool make_standard(struct demo *demo, const struct filter *filter, struct standard *standard) {
    standard->border = filter->border;
    standard->magnitude = !filter->kernel;
    standard->sign = filter->kernel ? -1 : 1;
    standard->kernels[0] = (struct taps){{-1, 0, 1}, {1, 3}};
    standard->kernels[1] = (struct taps){{-1, 0, 1}, {3, 1}};
    if (filter->kernel && clf_kernel_by_name(filter->kernel, standard->kernels[0].values, MOST_TAPS,
                                             standard->kernels[0].shape, &demo->error))
        return false;
    for (int k = 0; k < (standard->magnitude ? 2 : 1); ++k) {
        const int64_t count = standard->kernels[k].shape[0] * standard->kernels[k].shape[1];
        standard->tap_count += (double)count;
        for (int64_t i = 0; i < count; ++i)
            standard->tap_sum += fabs((double)standard->kernels[k].values[i]);
    }
    return true;
}

/* The reference result for one row of a plane, with one of its kernels. */
static void kernel_row(const struct standard *standard, int kernel, const plane *in, int64_t y, double *scratch,
                       double *out) {
    const struct taps *taps = &standard->kernels[kernel];
    reference_row(in, y, taps->values, taps->shape, standard->sign, standard->border, scratch, out);
}

/* The reference result for one row; `scratch` has room for three rows and the widest kernel. */
static const double *standard_row(const struct standard *standard, const plane *in, int64_t y, double *scratch) {
    double *first = scratch, *second = scratch + in->width, *rest = scratch + 2 * in->width;
    kernel_row(standard, 0, in, y, rest, first);
    if (!standard->magnitude)
        return first;
    kernel_row(standard, 1, in, y, rest, second);
    for (int64_t x = 0; x < in->width; ++x)
        first[x] = sqrt(first[x] * first[x] + second[x] * second[x]);
    return first;
}

/* Every `step`th row, and the last. */
static int64_t next_row(int64_t y, int64_t step, int64_t height) {
    return y < height - 1 && y + step >= height ? height - 1 : y + step;
}

/* Largest difference between output and reference over the rows that next_row gives; NaN counts as infinite. */
static double largest_error(const struct demo *demo, const struct standard *standard, int64_t step, double *scratch) {
    const int64_t height = demo->photo.height, width = demo->photo.width;
    double largest = 0;
    for (int c = 0; c < CHANNELS; ++c)
        for (int64_t y = 0; y < height; y = next_row(y, step, height)) {
            const plane in = {demo->input + c, height, width, CHANNELS};
            const double *expected = standard_row(standard, &in, y, scratch);
            for (int64_t x = 0; x < width; ++x) {
                const double error = fabs((double)demo->output[(y * width + x) * CHANNELS + c] - expected[x]);
                if (!(error <= largest))
                    largest = isnan(error) ? INFINITY : error;
            }
        }
    return largest;
}

/* Compares the output with the reference and prints the difference; false if it is outside the bound. */
static bool check(struct demo *demo, const struct filter *filter) {
    const int64_t height = demo->photo.height, width = demo->photo.width;
    struct standard *standard = calloc(1, sizeof *standard);
    double *scratch = malloc((size_t)(3 * width + MOST_TAPS) * sizeof *scratch);
    bool ok = standard && scratch && make_standard(demo, filter, standard);
    if (ok) {
        double greatest = 0;
        for (int64_t i = 0; i < height * width * CHANNELS; ++i)
            greatest = fmax(greatest, fabs((double)demo->input[i]));
        const double work = standard->tap_count * CHANNELS * (double)height * (double)width;
        const int64_t step = 1 + (int64_t)(work / most_reference_work);
        const double error = largest_error(demo, standard, step, scratch);
        const double bound = 2 * standard->tap_count * FLT_EPSILON * standard->tap_sum * greatest;
        ok = error <= bound;
        const long long rows = 1 + (height - 1 + step - 1) / step;
        printf("  error  at most %.2g, bound %.2g: %s (%lld of %lld rows checked)\n", error, bound,
               ok ? "inside" : "OUTSIDE", rows, (long long)height);
    } else {
        out_of_memory();
    }
    free(scratch);
    free(standard);
    return ok;
}

static bool write_picture(struct demo *demo, const struct filter *filter, int place) {
    rgb_image picture;
    if (!rgb_image_create(&picture, demo->photo.width, demo->photo.height))
        return out_of_memory();
    for (size_t i = 0; i < (size_t)picture.width * picture.height * 3; ++i)
        picture.pixels[i] = (uint8_t)(255 * fminf(filter->gain * fabsf(demo->output[i]), 1) + 0.5F);
    char path[4096];
    const int length = snprintf(path, sizeof path, "%s/%s", demo->out_folder, filter->file);
    const bool ok = length > 0 && (size_t)length < sizeof path && png_write(path, &picture) &&
                    sheet_place(&demo->sheet, place, FILTER_COUNT + 1, &picture, filter->label);
    if (ok)
        printf("  file   %s\n\n", path);
    rgb_image_release(&picture);
    return ok;
}

static bool run_filter(struct demo *demo, const struct filter *filter, int place) {
    clf_plan *plan = NULL;
    double seconds = 0;
    const clf_array output = as_planes(demo, demo->output);
    if (!make_plan(demo, filter, &plan))
        return fail(demo);
    bool ok = time_plan(demo, plan, &seconds) && !clf_download(demo->context, &demo->dst, &output, &demo->error);
    if (ok)
        printf("%s\n  plan   %s\n  time   %.3f ms, %.2f GB/s (median of %d)\n", filter->title, clf_plan_describe(plan),
               1e3 * seconds, 1e-9 * clf_plan_get_cost(plan).bytes / seconds, TIMED_RUNS);
    clf_plan_destroy(plan);
    if (!ok)
        return fail(demo);
    ok = check(demo, filter);
    return write_picture(demo, filter, place) && ok;
}

/* Reads the photograph, opens the device, and uploads the photograph to it. */
static bool prepare(struct demo *demo) {
    if (!png_read(demo->photo_path, &demo->photo))
        return false;
    const size_t count = (size_t)demo->photo.width * demo->photo.height * CHANNELS;
    demo->input = malloc(count * sizeof *demo->input);
    demo->output = malloc(count * sizeof *demo->output);
    if (!demo->input || !demo->output || !sheet_place(&demo->sheet, 0, FILTER_COUNT + 1, &demo->photo, "ORIGINAL"))
        return out_of_memory();
    for (size_t i = 0; i < count; ++i)
        demo->input[i] = demo->photo.pixels[i] / 255.0F;
    const clf_array input = as_planes(demo, demo->input);
    if (clf_context_create(NULL, &demo->context, &demo->error) ||
        clf_tensor_create(demo->context, CLF_F32, 3, input.shape, &demo->src, &demo->error) ||
        clf_tensor_create(demo->context, CLF_F32, 3, input.shape, &demo->dst, &demo->error) ||
        clf_upload(demo->context, &input, &demo->src, &demo->error))
        return fail(demo);
    return true;
}

static void release(struct demo *demo) {
    clf_tensor_release(&demo->src);
    clf_tensor_release(&demo->dst);
    clf_context_destroy(demo->context);
    free(demo->input);
    free(demo->output);
    rgb_image_release(&demo->photo);
    rgb_image_release(&demo->sheet);
}

static bool run(struct demo *demo) {
    if (!prepare(demo))
        return false;
    const clf_device_info *device = clf_context_device(demo->context);
    printf("device      %s (%s, %s)\nphotograph  %s, %u x %u, %d channels, f32\n\n", device->name, device->platform,
           device->driver, demo->photo_path, demo->photo.width, demo->photo.height, CHANNELS);
    bool ok = true;
    for (int i = 0; i < FILTER_COUNT; ++i)
        ok = run_filter(demo, &filters[i], i + 1) && ok;
    char path[4096];
    const int length = snprintf(path, sizeof path, "%s/contact-sheet.png", demo->out_folder);
    if (!ok || length < 0 || (size_t)length >= sizeof path || !png_write(path, &demo->sheet))
        return false;
    printf("contact sheet  %s\n", path);
    return true;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: demo PHOTO.png OUT_FOLDER\n");
        return 2;
    }
    struct demo demo = {.photo_path = argv[1], .out_folder = argv[2]};
    const bool ok = run(&demo);
    release(&demo);
    return ok ? 0 : 1;
}
