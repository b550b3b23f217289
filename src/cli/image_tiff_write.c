/* SPDX-License-Identifier: Apache-2.0 */
/* image_tiff_write.c: writing TIFF images, whole or rows at a time. */
#include "slabs.h"
#include "tiff_file.h"

#include <stdlib.h>

/* An image being written. */
typedef struct writing {
    tiff_stream stream;
    TIFF *tiff;
    size_t row_bytes;
    unsigned char *row;
    int64_t next;
} writing;

static bool set_fields(TIFF *tiff, const cli_image *image, uint16_t channels) {
    const clf_array *array = &image->array;
    const uint16_t alpha = image->alpha == IMAGE_ALPHA_PREMULTIPLIED ? EXTRASAMPLE_ASSOCALPHA : EXTRASAMPLE_UNASSALPHA;
    return TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)array->shape[1]) &&
           TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)array->shape[0]) &&
           TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, (int)(8 * clf_dtype_bytes(array->dtype))) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT,
                        array->dtype == CLF_F32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channels) &&
           TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, channels < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB) &&
           TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
           TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT) &&
           (channels % 2 != 0 || TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha)) &&
           TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff, 0));
}

/* libtiff forgives itself what a file system did not do. */
static bool is_sound(const writing *w) {
    return !w->stream.complaint[0] && !w->stream.reason;
}

/* libtiff does not say that it had no memory for which samples are alpha: OUT would be without. */
static bool knows_alpha(TIFF *tiff, uint16_t channels) {
    uint16_t extras = 0;
    const uint16_t *kinds = NULL;
    return channels % 2 != 0 || (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds) && extras == 1 && kinds);
}

/* Writes the header; `w` all zero before. */
static bool begin(writing *w, FILE *file, const cli_image *image, cli_error *error) {
    const clf_array *array = &image->array;
    const int64_t channels = image->interleaved ? array->shape[2] : 1;
    int64_t bytes;
    if (channels < 1 || channels > 4 || array->shape[0] > INT32_MAX || array->shape[1] > INT32_MAX ||
        !image_bytes(array->rank, array->shape, (int64_t)clf_dtype_bytes(array->dtype), &bytes))
        return cli_fail(error, "a TIFF cannot hold an image of these extents");
    const int64_t classic_limit = (int64_t)4 << 30; /* 32-bit offsets, with room for the directory */
    w->stream = (tiff_stream){.file = file, .size = -1};
    w->row_bytes = (size_t)(bytes / array->shape[0]);
    w->tiff = tiff_open(&w->stream, bytes < classic_limit - (classic_limit >> 4) ? "w" : "w8");
    return (w->tiff && set_fields(w->tiff, image, (uint16_t)channels) && knows_alpha(w->tiff, (uint16_t)channels)) ||
           tiff_say(&w->stream, "written", error);
}

static bool write_row(writing *w, unsigned char *row, cli_error *error) {
    return (TIFFWriteScanline(w->tiff, row, (uint32_t)w->next++, 0) >= 0 && is_sound(w)) ||
           tiff_say(&w->stream, "written", error);
}

/* Closes it; what libtiff holds back is written now. */
static bool end(writing *w, bool ok, cli_error *error) {
    const bool flushed = w->tiff && ok && TIFFFlush(w->tiff) && is_sound(w);
    if (w->tiff)
        TIFFClose(w->tiff);
    w->tiff = NULL;
    return !ok || (flushed && is_sound(w)) || tiff_say(&w->stream, "written", error);
}

bool image_write_tiff(FILE *file, const cli_image *image, cli_error *error) {
    writing w = {0};
    unsigned char *pixels = image->array.data;
    bool ok = begin(&w, file, image, error);
    for (int64_t y = 0; ok && y < image->array.shape[0]; y++)
        ok = write_row(&w, pixels + (size_t)y * w.row_bytes, error);
    return end(&w, ok, error) && ok;
}

/* Parts that are no rows are put together in memory: a file takes rows alone, and each of them in turn. */
static bool hold_part(slab_sink *sink, const slab_part *part, const clf_array *from, cli_error *error) {
    const cli_image like = sink->image;
    if (!sink->image.array.data) {
        if (!image_create(&sink->image, like.array.dtype, like.array.rank, like.array.shape, error))
            return false;
        sink->image.interleaved = like.interleaved;
        sink->image.alpha = like.alpha;
    }
    return slabs_write_held(sink, part, from, error);
}

static bool write_part(slab_sink *sink, const slab_part *part, const clf_array *from, cli_error *error) {
    writing *w = sink->state;
    if (part->axis != 0)
        return hold_part(sink, part, from, error);
    if (part->first != w->next)
        return cli_fail(error, "rows of a TIFF are written in turn: %lld came, not %lld", (long long)part->first,
                        (long long)w->next);
    clf_array row = slabs_lay_out(from);
    clf_array line = {.data = w->row, .dtype = from->dtype, .rank = from->rank, .shape = {1}};
    row.shape[0] = 1;
    for (int i = 1; i < from->rank; i++)
        line.shape[i] = from->shape[i];
    for (int64_t y = 0; y < part->count; y++) {
        row.data = (char *)from->data + y * row.strides[0] * (int64_t)clf_dtype_bytes(from->dtype);
        if (!slabs_copy(&row, &line, error) || !write_row(w, w->row, error))
            return false;
    }
    return true;
}

static bool finish(slab_sink *sink, cli_error *error) {
    writing *w = sink->state;
    unsigned char *held = sink->image.array.data;
    bool ok = true;
    for (int64_t y = 0; ok && held && y < sink->image.array.shape[0]; y++)
        ok = write_row(w, held + (size_t)y * w->row_bytes, error);
    return end(w, ok, error) && ok;
}

static void close_sink(slab_sink *sink) {
    writing *w = sink->state;
    cli_error unheard = {0}; /* it is given up, or has been ended */
    if (!w)
        return;
    end(w, false, &unheard);
    free(w->row);
    free(w);
}

bool tiff_open_sink(slab_sink *sink, cli_error *error) {
    writing *w = sink->state = calloc(1, sizeof *w);
    sink->write = write_part;
    sink->finish = finish;
    sink->close = close_sink;
    if (!w)
        return cli_fail(error, "no memory to write a TIFF");
    if (!begin(w, sink->output.file, &sink->image, error))
        return false;
    w->row = malloc(w->row_bytes + 1); /* never of nothing */
    return w->row || cli_fail(error, "no memory for a row of the TIFF");
}
