/* SPDX-License-Identifier: Apache-2.0 */
/* smoothness.c: `clfilter smoothness`: the edge-aware smoothness loss of a disparity map, and its gradients. */
#include "base/number.h"

#include "alpha.h"
#include "commands.h"
#include "filter.h"
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A tensor on the device: as its file has it, and as (N, C, H, W). */
typedef struct loss_tensor {
    clf_view whole; /* owns its buffer */
    clf_view maps;
} loss_tensor;

typedef struct loss_work {
    cli_filter filter; /* its context and plan; the tensors are here */
    cli_image disparity, image;
    loss_tensor on_device[2]; /* disparity, image */
    loss_tensor gradient[2];  /* of each, if asked for */
    loss_tensor loss;
    bool map;
    alpha_rule alpha; /* of the image: where it is premultiplied, so is `image` */
} loss_work;

/*
 * (N, C, H, W) of a dense tensor as its file has it: rows x columns; n or channels x rows x columns; all four; or an
 * image's rows x columns x channels, without alpha. `channels`: a third axis is channels, not n.
 */
static bool view_maps(const clf_view *whole, bool interleaved, bool alpha, bool channels, clf_view *maps) {
    static const int places[5][4] = {{0}, {0}, {-1, -1, 0, 1}, {-1, -1, 1, 2}, {0, 1, 2, 3}};
    const int rank = whole->rank;
    if (rank < 2 || rank > 4)
        return false;
    int place[4];
    memcpy(place, places[rank], sizeof place);
    if (rank == 3)
        place[channels ? 1 : 0] = 0;
    if (interleaved) {
        const int order[4] = {-1, 2, 0, 1};
        memcpy(place, order, sizeof place);
    }
    int64_t strides[CLF_MAX_RANK];
    int64_t step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
        strides[axis] = step;
        step *= whole->shape[axis];
    }
    *maps = *whole;
    maps->rank = 4;
    for (int axis = 0; axis < 4; axis++) {
        maps->shape[axis] = place[axis] < 0 ? 1 : whole->shape[place[axis]];
        maps->strides[axis] = place[axis] < 0 ? step : strides[place[axis]];
    }
    maps->shape[1] -= interleaved && alpha;
    return true;
}

static bool fail(const loss_work *work, const cli_settings *settings, const clf_error *reason, cli_error *error) {
    return filter_fail(&work->filter, settings, reason, error);
}

static bool send(loss_work *work, const cli_settings *settings, const char *name, int which, cli_error *error) {
    clf_error reason = {0};
    const cli_image *file = which == 0 ? &work->disparity : &work->image;
    const clf_array *array = &file->array;
    loss_tensor *tensor = &work->on_device[which];
    if (clf_tensor_create(work->filter.context, array->dtype, array->rank, array->shape, &tensor->whole, &reason) ||
        clf_upload(work->filter.context, array, &tensor->whole, &reason))
        return fail(work, settings, &reason, error);
    if (!view_maps(&tensor->whole, file->interleaved, file->alpha != IMAGE_ALPHA_NONE, which == 1, &tensor->maps))
        return cli_fail(error, "%s: has rank %d; expected 2 to 4", name, array->rank);
    return true;
}

/* A result of the shape that `like` has in its file. */
static bool make_result(loss_work *work, const cli_settings *settings, int like, loss_tensor *result,
                        cli_error *error) {
    clf_error reason = {0};
    const cli_image *file = like == 0 ? &work->disparity : &work->image;
    const clf_dtype dtype = work->disparity.array.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    int64_t shape[CLF_MAX_RANK];
    memcpy(shape, file->array.shape, sizeof shape);
    if (file->interleaved && file->alpha != IMAGE_ALPHA_NONE)
        shape[2]--;
    if (clf_tensor_create(work->filter.context, dtype, file->array.rank, shape, &result->whole, &reason))
        return fail(work, settings, &reason, error);
    return view_maps(&result->whole, file->interleaved, false, like == 1, &result->maps);
}

static bool make_results(loss_work *work, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    const clf_dtype dtype = work->disparity.array.dtype == CLF_F64 ? CLF_F64 : CLF_F32;
    if (settings->grad_disparity && !make_result(work, settings, 0, &work->gradient[0], error))
        return false;
    if (settings->grad_image && !make_result(work, settings, 1, &work->gradient[1], error))
        return false;
    if (work->map)
        return make_result(work, settings, 0, &work->loss, error);
    if (clf_tensor_create(work->filter.context, dtype, 1, (int64_t[]){1}, &work->loss.whole, &reason))
        return fail(work, settings, &reason, error);
    work->loss.maps = work->loss.whole;
    return true;
}

static bool plan(loss_work *work, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    clf_smoothness_desc desc = {.disparity = work->on_device[0].maps,
                                .image = work->on_device[1].maps,
                                .loss = work->loss.maps,
                                .grad_disparity = work->gradient[0].maps,
                                .grad_image = work->gradient[1].maps,
                                .norm = settings->norm,
                                .reduction = settings->reduction,
                                .order = settings->order,
                                .edge_weight = settings->edge_weight,
                                .ignore_image = settings->ignore_image};
    progress_begin("planning", settings->quiet);
    const bool planned = !clf_plan_smoothness(work->filter.context, &desc, &work->filter.plan, &reason);
    progress_end();
    return planned || fail(work, settings, &reason, error);
}

/* The image times its alpha, so that nothing invisible counts as an edge; associated alpha is in it already. */
static bool prepare_image(loss_work *work, const cli_settings *settings, const char *name, cli_error *error) {
    cli_image ready = {0};
    work->alpha = alpha_rule_for(settings, &work->image);
    work->alpha.premultiplied = work->alpha.premultiplied && work->image.alpha == IMAGE_ALPHA_STRAIGHT;
    if (!work->alpha.premultiplied)
        return true;
    if (!alpha_prepare(&work->alpha, &work->image, &ready, error))
        return cli_blame(error, name);
    image_free(&work->image);
    work->image = ready;
    return true;
}

/* The gradient of colours as the file has them, from that of colours times alpha. */
static void multiply_by_alpha(const loss_work *work, cli_image *gradient) {
    const int64_t *shape = work->image.array.shape, colours = shape[2] - 1;
    for (int64_t i = 0; i < shape[0] * shape[1]; i++) {
        const double alpha = array_get(&work->image.array, i * shape[2] + colours) / work->alpha.opaque;
        for (int64_t c = i * colours; c < (i + 1) * colours; c++)
            array_set(&gradient->array, c, alpha * array_get(&gradient->array, c));
    }
}

/* Downloads a result and writes it. */
static bool write_result(loss_work *work, const cli_settings *settings, const loss_tensor *result, const char *path,
                         cli_error *error) {
    clf_error reason = {0};
    cli_image out = {0};
    if (!image_create(&out, result->whole.dtype, result->whole.rank, result->whole.shape, error))
        return cli_blame(error, path);
    bool ok = !clf_download(work->filter.context, &result->whole, &out.array, &reason);
    if (ok && result == &work->gradient[1] && work->alpha.premultiplied)
        multiply_by_alpha(work, &out);
    ok = ok ? image_write(path, &out, error) : fail(work, settings, &reason, error);
    image_free(&out);
    return ok;
}

static bool print_loss(loss_work *work, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    const bool wide = work->loss.whole.dtype == CLF_F64;
    float narrow = 0;
    double loss = 0;
    clf_array array = {
        .data = wide ? (void *)&loss : &narrow, .dtype = work->loss.whole.dtype, .rank = 1, .shape = {1}};
    if (clf_download(work->filter.context, &work->loss.whole, &array, &reason))
        return fail(work, settings, &reason, error);
    printf("loss %s\n", clf_number_general(wide ? loss : (double)narrow, 9).text);
    return true;
}

static bool check_files(const cli_settings *settings, bool map, cli_error *error) {
    static const char *const options[] = {"-o", "--grad-disparity", "--grad-image"};
    const char *const files[] = {settings->output, settings->grad_disparity, settings->grad_image};
    image_format format;
    if (map != (settings->output != NULL))
        return cli_misuse(error, map ? "-o: missing; with --reduction none it names the file for the map"
                                     : "-o: only --reduction none has a map to write");
    for (int i = 0; i < 3; i++)
        if (files[i] && (!image_format_of_name(files[i], &format) || format != IMAGE_NPY))
            return cli_misuse(error, "%s: %s: the name must end in .npy", options[i], files[i]);
    for (int i = 1; i < 3; i++)
        for (int j = 0; j < i; j++)
            if (files[i] && files[j] && strcmp(files[i], files[j]) == 0)
                return cli_misuse(error, "%s: %s is the file of %s too", options[i], files[i], options[j]);
    return true;
}

/* n, rows and columns of both are the same. */
static bool check_shapes(const loss_work *work, const char *const *names, cli_error *error) {
    const int64_t *map = work->on_device[0].maps.shape, *image = work->on_device[1].maps.shape;
    if (map[0] == image[0] && map[2] == image[2] && map[3] == image[3])
        return true;
    return cli_fail(error, "%s: has n x rows x columns of %lld x %lld x %lld; expected %lld x %lld x %lld as %s has",
                    names[1], (long long)image[0], (long long)image[2], (long long)image[3], (long long)map[0],
                    (long long)map[2], (long long)map[3], names[0]);
}

static bool do_work(loss_work *work, const cli_settings *settings, const char *const *names, cli_error *error) {
    const clf_context_desc desc = {.device = settings->device};
    clf_error reason = {0};
    work->map = settings->reduction == CLF_SMOOTHNESS_NONE;
    work->filter.name = names[0];
    if (!check_files(settings, work->map, error))
        return false;
    progress_begin("reading", settings->quiet);
    const bool read = image_read(names[0], &work->disparity, error) && image_read(names[1], &work->image, error);
    progress_end();
    if (!read || !prepare_image(work, settings, names[1], error))
        return false;
    if (work->disparity.interleaved)
        return cli_fail(error, "%s: is an image file; expected a disparity map, an .npy of f4, f8 or f2", names[0]);
    if (clf_context_create(&desc, &work->filter.context, &reason))
        return filter_fail_device(settings->device, &reason, error);
    if (!send(work, settings, names[0], 0, error) || !send(work, settings, names[1], 1, error) ||
        !check_shapes(work, names, error) || !make_results(work, settings, error) || !plan(work, settings, error) ||
        !filter_execute(&work->filter, settings, error))
        return false;
    if (settings->grad_disparity && !write_result(work, settings, &work->gradient[0], settings->grad_disparity, error))
        return false;
    if (settings->grad_image && !write_result(work, settings, &work->gradient[1], settings->grad_image, error))
        return false;
    return work->map ? write_result(work, settings, &work->loss, settings->output, error)
                     : print_loss(work, settings, error);
}

static bool run_smoothness(const cli_settings *settings, const char *const operands[MAX_OPERANDS], cli_error *error) {
    loss_work work = {0};
    const bool ok = do_work(&work, settings, operands, error);
    for (int i = 0; i < 2; i++) {
        clf_tensor_release(&work.on_device[i].whole);
        clf_tensor_release(&work.gradient[i].whole);
    }
    clf_tensor_release(&work.loss.whole);
    filter_close(&work.filter);
    image_free(&work.disparity);
    image_free(&work.image);
    return ok;
}

const cli_command command_smoothness = {
    .name = "smoothness",
    .summary = "Prints the edge-aware smoothness loss of DISPARITY given IMAGE; writes its gradients.",
    .usage = "DISPARITY IMAGE [--norm N] [--reduction R] [--order K] [--edge-weight A]\n"
             "         [--grad-disparity OUT] [--grad-image OUT] [-o MAP] [OPTION...]",
    .operands = "operands:\n"
                "  DISPARITY  an .npy of f4, f8 or f2: rows x columns, n x rows x columns or n x 1 x rows x columns\n"
                "  IMAGE      an .npy: rows x columns, channels x rows x columns or n x channels x rows x columns,\n"
                "             of DISPARITY's type or, if that is f4, of f2, u1, u2 or i2; or a .png or .tif\n",
    .notes = "The loss is the last word on stdout, with 9 digits. Gradients have the shape of the file they belong to\n"
             "(for an image file rows x columns x channels, without alpha), in f4, or f8 if DISPARITY is. Edges of an\n"
             "image with alpha are those of its colours times alpha.\n",
    .examples = "  clfilter smoothness disparity.npy left.png --edge-weight 0.04\n"
                "  clfilter smoothness d.npy i.npy --order 2 --reduction sum --grad-disparity g.npy\n",
    .bit = COMMAND_SMOOTHNESS,
    .operand_names = "DISPARITY IMAGE",
    .operand_count = 2,
    .run = run_smoothness,
};
