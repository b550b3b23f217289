/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c: the functions that a streamed plan reads and writes by, over files. */
#include "stream.h"

#include "base/number.h"
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a run that is streamed unasked takes, and what is certainly small enough for any device. */
static const size_t default_bytes = (size_t)256 << 20;
static const double small_bytes = 33554432;

/* What a streamed run of this input may take; 0: it is filtered whole. */
static bool find_budget(const cli_settings *settings, const cli_image *in, size_t *bytes, cli_error *error) {
    clf_error reason = {0};
    clf_context *context = NULL;
    double elements = 1;
    if (settings->tune && settings->memory > 0)
        return cli_misuse(error, "--memory: tune measures only problems that are filtered whole");
    *bytes = settings->memory;
    for (int i = 0; i < in->array.rank; i++)
        elements *= (double)in->array.shape[i];
    const double width = (double)clf_dtype_bytes(in->array.dtype);
    const double buffer = elements * (width < 4 ? 4 : width); /* outputs may be f32 */
    if (settings->memory > 0 || settings->tune || 2 * buffer < small_bytes)
        return true;
    if (clf_context_create(&(clf_context_desc){.device = settings->device}, &context, &reason))
        return filter_fail_device(settings->device, &reason, error);
    const clf_device_info *device = clf_context_device(context);
    if (buffer > (double)device->max_alloc_bytes || 2 * buffer > (double)device->global_bytes / 2)
        *bytes = default_bytes < device->global_bytes / 4 ? default_bytes : (size_t)(device->global_bytes / 4);
    clf_context_destroy(context);
    return true;
}

bool stream_open_input(const cli_settings *settings, const char *path, slab_source *source, cli_image *in,
                       size_t *bytes, cli_error *error) {
    if (!slabs_open_source(path, source, error) || !find_budget(settings, &source->image, bytes, error))
        return false;
    *in = source->image;
    if (*bytes > 0) {
        in->array.data = NULL;
        return true;
    }
    source->image.array.data = NULL; /* an image held whole is handed on */
    slabs_close_source(source);
    return in->array.data || image_read(path, in, error);
}

/* A run, for the functions that the library calls. Reading and writing may fail at the same time. */
typedef struct streaming {
    slab_source *in;
    slab_source alpha_in; /* the input once more, for alpha that is not filtered */
    slab_sink out;
    const cli_image *made;   /* of the plan's element type */
    cli_image held;          /* slabs of channels that wait for their alpha */
    const alpha_rule *alpha; /* NULL: all channels are filtered, or there are none */
    int from[CLF_MAX_RANK],
        to[CLF_MAX_RANK]; /* the plan's axis i is axis from[i] of the input's, to[i] of the output's */
    cli_error read_error, write_error;
} streaming;

static bool has_alpha(const streaming *s, const cli_image *image) {
    return s->alpha != NULL && image->alpha != IMAGE_ALPHA_NONE;
}

/* Part of the plan's tensor as the file has it. */
static clf_array as_in_file(const int order[CLF_MAX_RANK], const clf_array *part) {
    clf_array array = *part;
    for (int i = 0; i < part->rank; i++) {
        array.shape[order[i]] = part->shape[i];
        array.strides[order[i]] = part->strides[i];
    }
    return array;
}

/* A part of a file in memory: dense, of its own. */
static bool create_part(const cli_image *like, const slab_part *part, cli_image *made, cli_error *error) {
    int64_t shape[CLF_MAX_RANK];
    memcpy(shape, like->array.shape, sizeof shape);
    shape[part->axis] = part->count;
    if (!image_create(made, like->array.dtype, like->array.rank, shape, error))
        return false;
    made->interleaved = like->interleaved;
    made->alpha = like->alpha;
    return true;
}

/* A part that is not laid out otherwise, as it is or its colours without alpha. */
static clf_array colours_of(const cli_image *part, bool alpha) {
    clf_array array = slabs_lay_out(&part->array);
    if (alpha)
        array.shape[array.rank - 1]--;
    return array;
}

/* Reads a part of all channels, as it is filtered. */
static bool read_ready(streaming *s, const slab_part *part, cli_image *ready, cli_error *error) {
    cli_image slab = {0};
    bool ok = create_part(&s->in->image, part, &slab, error) && slabs_read(s->in, part, &slab.array, error);
    if (ok && !s->alpha->premultiplied) {
        *ready = slab;
        return true;
    }
    ok = ok && alpha_prepare(s->alpha, &slab, ready, error);
    image_free(&slab);
    return ok;
}

/* Reads a part with its alpha, and hands on what is filtered. */
static bool read_colours(streaming *s, const slab_part *part, const clf_array *into, cli_error *error) {
    cli_image ready = {0};
    bool ok = read_ready(s, part, &ready, error);
    if (ok) {
        const clf_array colours = colours_of(&ready, !s->alpha->filtered);
        ok = slabs_copy(&colours, into, error);
    }
    image_free(&ready);
    return ok;
}

/* Channels that are filtered times alpha, which is another channel: read row after row with it. */
static bool read_channels(streaming *s, const slab_part *part, const clf_array *into, cli_error *error) {
    bool ok = true;
    for (int64_t y = 0; ok && y < s->in->image.array.shape[0]; y++) {
        cli_image ready = {0};
        if (!read_ready(s, &(slab_part){0, y, 1}, &ready, error))
            return false;
        clf_array from = slabs_lay_out(&ready.array), to = *into;
        from.shape[2] = part->count;
        from.data = (float *)ready.array.data + part->first;
        to.shape[0] = 1;
        to.data = (float *)into->data + y * into->strides[0];
        ok = slabs_copy(&from, &to, error);
        image_free(&ready);
    }
    return ok;
}

static clf_status read_part(void *user, const clf_part *part, const clf_array *into, clf_error *reason) {
    streaming *s = user;
    const slab_part slab = {s->from[part->axis], part->first, part->count};
    const clf_array array = as_in_file(s->from, into);
    (void)reason;
    bool ok;
    if (has_alpha(s, &s->in->image) && slab.axis != 2)
        ok = read_colours(s, &slab, &array, &s->read_error);
    else if (has_alpha(s, &s->in->image) && s->alpha->premultiplied)
        ok = read_channels(s, &slab, &array, &s->read_error);
    else
        ok = slabs_read(s->in, &slab, &array, &s->read_error);
    return ok ? CLF_OK : CLF_FILE_ERROR;
}

/* The alpha of a part of the output, each row's from the row of the input that belongs to it. */
static bool pass_alpha(streaming *s, const slab_part *part, cli_image *slab, cli_error *error) {
    const int64_t rows = s->in->image.array.shape[0], count = slab->array.shape[0];
    const int64_t top = part->axis == 0 ? part->first : 0, left = part->axis == 1 ? part->first : 0;
    const image_step *from = s->alpha->from, columns = {from[1].first + left * from[1].step, from[1].step};
    for (int64_t y = 0; y < count; y++) {
        cli_image line = {0};
        cli_image to = *slab;
        int64_t row = from[0].first + (top + y) * from[0].step;
        row = row < 0 ? 0 : row < rows ? row : rows - 1;
        const slab_part one = {0, row, 1};
        bool ok = create_part(&s->in->image, &one, &line, error) && slabs_read(&s->alpha_in, &one, &line.array, error);
        to.array.shape[0] = 1;
        to.array.data = (char *)slab->array.data +
                        (size_t)(y * to.array.shape[1] * to.array.shape[2]) * clf_dtype_bytes(to.array.dtype);
        if (ok)
            image_pass_alpha(&line, (image_step[]){{0, 1}, columns}, &to);
        image_free(&line);
        if (!ok)
            return false;
    }
    return true;
}

/* Where slabs are channels, alpha is a slab of its own after the last of them. */
static bool write_alpha_channel(streaming *s, int64_t channel, cli_error *error) {
    const slab_part part = {2, channel, 1};
    cli_image slab = {0};
    bool ok = create_part(&s->out.image, &part, &slab, error) && pass_alpha(s, &part, &slab, error);
    if (ok) {
        const clf_array whole = slabs_lay_out(&slab.array);
        ok = slabs_write(&s->out, &part, &whole, error);
    }
    image_free(&slab);
    return ok;
}

/* A part of all channels that were filtered times alpha, on its way to the file. */
static bool write_finished(streaming *s, const slab_part *part, cli_image *slab, cli_error *error) {
    if (!s->alpha->filtered && !pass_alpha(s, part, slab, error))
        return false;
    alpha_finish(s->alpha, slab);
    if (!image_convert(slab, s->out.image.array.dtype, error))
        return false;
    const clf_array whole = slabs_lay_out(&slab->array);
    return slabs_write(&s->out, part, &whole, error);
}

static bool write_premultiplied(streaming *s, const slab_part *part, const clf_array *from, cli_error *error) {
    cli_image slab = {0};
    bool ok = create_part(s->made, part, &slab, error);
    if (ok) {
        const clf_array colours = colours_of(&slab, !s->alpha->filtered);
        ok = slabs_copy(from, &colours, error) && write_finished(s, part, &slab, error);
    }
    image_free(&slab);
    return ok;
}

/* Where slabs are channels, colours wait until all of them and alpha are there. */
static bool hold_channels(streaming *s, const slab_part *part, const clf_array *from, cli_error *error) {
    const slab_part all = {0, 0, s->made->array.shape[0]};
    const int64_t planes = s->made->array.shape[2] - !s->alpha->filtered;
    if (!s->held.array.data && !create_part(s->made, &all, &s->held, error))
        return false;
    clf_array to = slabs_lay_out(&s->held.array);
    to.shape[2] = part->count;
    to.data = (float *)s->held.array.data + part->first;
    if (!slabs_copy(from, &to, error))
        return false;
    return part->first + part->count < planes || write_finished(s, &all, &s->held, error);
}

/* Converts a part, and gives it alpha, on its way to the file. */
static bool write_converted(streaming *s, const slab_part *part, const clf_array *from, cli_error *error) {
    cli_image slab = {0};
    const bool alpha = has_alpha(s, s->made) && part->axis != 2;
    const int64_t end = part->first + part->count;
    bool ok = create_part(s->made, part, &slab, error);
    if (ok) {
        const clf_array colours = colours_of(&slab, alpha);
        ok = slabs_copy(from, &colours, error);
    }
    ok = ok && image_convert(&slab, s->out.image.array.dtype, error) && (!alpha || pass_alpha(s, part, &slab, error));
    if (ok) {
        const clf_array whole = slabs_lay_out(&slab.array);
        ok = slabs_write(&s->out, part, &whole, error);
    }
    image_free(&slab);
    if (ok && has_alpha(s, s->made) && !alpha && end == s->made->array.shape[2] - 1)
        return write_alpha_channel(s, end, error);
    return ok;
}

static clf_status write_part(void *user, const clf_part *part, const clf_array *from, clf_error *reason) {
    streaming *s = user;
    const slab_part slab = {s->to[part->axis], part->first, part->count};
    const clf_array array = as_in_file(s->to, from);
    const bool as_it_is = !has_alpha(s, s->made) && s->made->array.dtype == s->out.image.array.dtype;
    (void)reason;
    bool ok;
    if (as_it_is)
        ok = slabs_write(&s->out, &slab, &array, &s->write_error);
    else if (has_alpha(s, s->made) && s->alpha->premultiplied)
        ok = (slab.axis == 2 ? hold_channels : write_premultiplied)(s, &slab, &array, &s->write_error);
    else
        ok = write_converted(s, &slab, &array, &s->write_error);
    return ok ? CLF_OK : CLF_FILE_ERROR;
}

static void show_progress(void *user, int64_t done, int64_t total) {
    (void)user;
    progress_share((double)done / (double)total);
}

static bool execute(streaming *s, cli_filter *filter, const cli_settings *settings, cli_error *error) {
    clf_error reason = {0};
    const clf_host_desc desc = {.read = read_part, .write = write_part, .progress = show_progress, .user = s};
    double seconds = 0;
    if (settings->explain && !settings->quiet)
        fprintf(stderr, "problem: %s\nplan: %s\n", clf_plan_problem(filter->plan), clf_plan_describe(filter->plan));
    progress_begin("filtering", settings->quiet);
    const double begun = filter_now();
    const clf_status status = clf_execute_host(filter->plan, &desc, &reason);
    seconds = filter_now() - begun;
    progress_end();
    if (status && (s->read_error.exit_status || s->write_error.exit_status)) {
        *error = s->read_error.exit_status ? s->read_error : s->write_error;
        return false;
    }
    if (status)
        return filter_fail(filter, settings, &reason, error);
    if (settings->runs > 0 && !settings->quiet)
        fprintf(stderr, "time: %s ms of 1 run, files included, %s GB/s\n", clf_number_fixed(1e3 * seconds, 3).text,
                clf_number_general(clf_plan_get_cost(filter->plan).bytes / seconds * 1e-9, 3).text);
    return true;
}

/* From one file to the other: everything but `out` is set, and released here. */
static bool run(streaming *s, cli_filter *filter, const cli_settings *settings, clf_dtype dtype, cli_error *error) {
    cli_image written = *s->made;
    written.array.dtype = dtype;
    bool ok = !has_alpha(s, &s->in->image) || slabs_open_source(s->in->path, &s->alpha_in, error);
    ok = ok && slabs_open_sink(settings->output, &written, &s->out, error) && execute(s, filter, settings, error) &&
         slabs_commit(&s->out, error);
    slabs_abandon(&s->out);
    slabs_close_source(&s->alpha_in);
    image_free(&s->held);
    return ok;
}

bool stream_run(cli_filter *filter, const cli_settings *settings, slab_source *in, const cli_image *out,
                clf_dtype dtype, const alpha_rule *alpha, cli_error *error) {
    static const int planes[] = {2, 0, 1}; /* channels x rows x columns */
    streaming s = {.in = in, .made = out, .alpha = alpha};
    for (int i = 0; i < CLF_MAX_RANK; i++)
        s.from[i] = s.to[i] = in->image.interleaved && i < 3 ? planes[i] : i;
    return run(&s, filter, settings, dtype, error);
}

bool stream_finish(cli_filter *filter, const cli_settings *settings, slab_source *in, const int *order, cli_image *out,
                   cli_error *error) {
    if (filter->stream_bytes == 0)
        return filter_run(filter, settings, out, error) && image_write(settings->output, out, error);
    streaming s = {.in = in, .made = out};
    for (int i = 0; i < CLF_MAX_RANK; i++) {
        s.from[i] = order && i < in->image.array.rank ? order[i] : i;
        s.to[i] = i;
    }
    return run(&s, filter, settings, out->array.dtype, error);
}

void stream_close(stream_work *work) {
    filter_close(&work->filter);
    slabs_close_source(&work->source);
    image_free(&work->in);
    image_free(&work->out);
}
