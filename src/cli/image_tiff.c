/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image_tiff.c: reading TIFF images of one page, whole or rows at a time, from strips or tiles. Compressed strips can
 * only be read forwards, so rows that are asked for twice are kept from the time before.
 */
#include "slabs.h"
#include "tiff_file.h"

#include <stdlib.h>
#include <string.h>

/* An image being read. */
typedef struct reading {
    tiff_stream stream;
    TIFF *tiff;
    tiff_layout layout;
    size_t row_bytes;     /* of the image's rows, channels together */
    unsigned char *chunk; /* a scanline or a tile, as libtiff gives it */
    uint16_t next_plane;  /* the scanline behind the last that was read */
    int64_t next_row;
    unsigned char *band;                 /* of a tiled image: one row of tiles, put together */
    int64_t band_first, band_rows;       /* none: 0 rows */
    unsigned char *kept;                 /* the rows asked for last */
    int64_t kept_first, kept_rows, room; /* room: rows that fit */
} reading;

/* Puts `count` pixels, whose channels are together, into a row of the image. */
static void put_pixels(const tiff_layout *layout, unsigned char *to, const unsigned char *from, int64_t count) {
    if (layout->index_bits > 0)
        tiff_expand_palette(layout, from, count, to);
    else
        memcpy(to, from, (size_t)count * layout->channels * clf_dtype_bytes(layout->dtype));
}

/* Puts `count` samples, `step` samples apart from each other, into a row of the image. */
static void scatter(unsigned char *to, const unsigned char *from, int64_t count, int64_t step, size_t bytes) {
    for (int64_t i = 0; i < count; i++)
        memcpy(to + (size_t)(i * step) * bytes, from + (size_t)i * bytes, bytes);
}

/* A compressed strip is read row by row: passes over those before `row` that have not been read yet. */
static bool pass_over(reading *r, uint16_t plane, int64_t row) {
    uint16_t compression = COMPRESSION_NONE;
    uint32_t strip_rows = 0;
    TIFFGetFieldDefaulted(r->tiff, TIFFTAG_COMPRESSION, &compression);
    TIFFGetFieldDefaulted(r->tiff, TIFFTAG_ROWSPERSTRIP, &strip_rows);
    if (compression == COMPRESSION_NONE || strip_rows < 1)
        return true;
    const int64_t begin = row / strip_rows * strip_rows;
    const bool ahead = plane == r->next_plane && r->next_row > begin && r->next_row <= row;
    for (int64_t y = ahead ? r->next_row : begin; y < row; y++)
        if (TIFFReadScanline(r->tiff, r->chunk, (uint32_t)y, plane) < 0)
            return false;
    return true;
}

/* A plane is all the channels where they are stored together, one of them where they are stored apart. */
static bool read_strips(reading *r, uint16_t plane, int64_t first, int64_t count, unsigned char *to) {
    const tiff_layout *layout = &r->layout;
    const size_t bytes = clf_dtype_bytes(layout->dtype);
    if (count > 0 && !pass_over(r, plane, first))
        return false;
    for (int64_t y = 0; y < count; y++) {
        if (TIFFReadScanline(r->tiff, r->chunk, (uint32_t)(first + y), plane) < 0)
            return false;
        unsigned char *row = to + (size_t)y * r->row_bytes;
        if (layout->planar == PLANARCONFIG_CONTIG)
            put_pixels(layout, row, r->chunk, layout->width);
        else
            scatter(row + plane * bytes, r->chunk, layout->width, layout->channels, bytes);
    }
    r->next_plane = plane;
    r->next_row = first + count;
    return true;
}

/* One tile of a plane, into the band. */
static bool read_tile(reading *r, uint16_t plane, uint32_t left, uint32_t width) {
    const tiff_layout *layout = &r->layout;
    const size_t bytes = clf_dtype_bytes(layout->dtype);
    const bool together = layout->planar == PLANARCONFIG_CONTIG;
    const uint32_t columns = layout->width - left < width ? layout->width - left : width;
    const size_t row_bytes = (size_t)TIFFTileRowSize(r->tiff);
    if (TIFFReadTile(r->tiff, r->chunk, left, (uint32_t)r->band_first, 0, plane) < 0)
        return false;
    for (int64_t y = 0; y < r->band_rows; y++) {
        unsigned char *to = r->band + (size_t)y * r->row_bytes + (left * (size_t)layout->channels + plane) * bytes;
        const unsigned char *from = r->chunk + (size_t)y * row_bytes;
        if (together)
            put_pixels(layout, to, from, columns);
        else
            scatter(to, from, columns, layout->channels, bytes);
    }
    return true;
}

/* The row of tiles that holds an image's row. */
static bool read_band(reading *r, int64_t row) {
    const tiff_layout *layout = &r->layout;
    const int planes = layout->planar == PLANARCONFIG_CONTIG ? 1 : layout->channels;
    uint32_t width = 0;
    uint32_t height = 0;
    TIFFGetField(r->tiff, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(r->tiff, TIFFTAG_TILELENGTH, &height);
    if (width < 1 || height < 1)
        return false;
    if (!r->band) {
        const size_t rows = height < layout->height ? height : layout->height;
        if (!(r->band = calloc(rows, r->row_bytes))) /* which counts what rows of tiles may come to */
            return false;
    }
    r->band_first = row / height * height;
    r->band_rows = layout->height - r->band_first < height ? layout->height - r->band_first : height;
    for (int plane = 0; plane < planes; plane++)
        for (uint64_t left = 0; left < layout->width; left += width)
            if (!read_tile(r, (uint16_t)plane, (uint32_t)left, width)) {
                r->band_rows = 0;
                return false;
            }
    return true;
}

static bool read_tiles(reading *r, int64_t first, int64_t count, unsigned char *to) {
    for (int64_t y = 0; y < count;) {
        const int64_t row = first + y;
        const bool there = row >= r->band_first && row < r->band_first + r->band_rows;
        if (!there && !read_band(r, row))
            return false;
        const int64_t behind = row - r->band_first;
        const int64_t rows = r->band_rows - behind < count - y ? r->band_rows - behind : count - y;
        memcpy(to + (size_t)y * r->row_bytes, r->band + (size_t)behind * r->row_bytes, (size_t)rows * r->row_bytes);
        y += rows;
    }
    return true;
}

/* Rows of the image, channels together, into memory for them. */
static bool read_rows(reading *r, int64_t first, int64_t count, unsigned char *to, cli_error *error) {
    const int planes = r->layout.planar == PLANARCONFIG_CONTIG ? 1 : r->layout.channels;
    bool ok = true;
    if (TIFFIsTiled(r->tiff))
        ok = read_tiles(r, first, count, to);
    else
        for (int plane = 0; ok && plane < planes; plane++)
            ok = read_strips(r, (uint16_t)plane, first, count, to);
    return ok || tiff_say(&r->stream, "read", error);
}

/* Bytes of a row as it is stored, but for compression. */
static int64_t stored_row(const reading *r) {
    const int64_t bits = r->layout.index_bits * (int64_t)r->layout.width;
    return bits > 0 ? (bits + 7) / 8 : (int64_t)r->row_bytes;
}

static bool make_chunk(reading *r, cli_error *error) {
    const tiff_layout *layout = &r->layout;
    const bool tiled = TIFFIsTiled(r->tiff);
    const int planes = layout->planar == PLANARCONFIG_CONTIG ? 1 : layout->channels;
    const tmsize_t bytes = tiled ? TIFFTileSize(r->tiff) : TIFFScanlineSize(r->tiff);
    if (bytes < 1 || (!tiled && bytes != stored_row(r) / planes))
        return cli_fail(error, "the TIFF has rows of an unknown layout");
    r->chunk = malloc((size_t)bytes);
    return r->chunk || cli_fail(error, "no memory to read a TIFF");
}

/* Reads the header, and makes an image without data. */
static bool begin(reading *r, FILE *file, int64_t size, cli_image *image, cli_error *error) {
    int64_t bytes;
    r->stream = (tiff_stream){.file = file, .size = size};
    if (!(r->tiff = tiff_open(&r->stream, "r")))
        return tiff_say(&r->stream, "read", error);
    if (!tiff_read_layout(r->tiff, &r->layout, error))
        return false;
    const tiff_layout *layout = &r->layout;
    *image = (cli_image){
        .array = {.dtype = layout->dtype, .rank = 3, .shape = {layout->height, layout->width, layout->channels}},
        .interleaved = true,
        .alpha = layout->alpha};
    if (!image_bytes(3, image->array.shape, (int64_t)clf_dtype_bytes(layout->dtype), &bytes) ||
        (uint64_t)(bytes / layout->height) > SIZE_MAX / 2)
        return cli_fail(error, "the TIFF claims more pixels than fit into memory");
    r->row_bytes = (size_t)(bytes / layout->height);
    return tiff_check_claim(r->tiff, layout, stored_row(r) * layout->height, size, error) && make_chunk(r, error);
}

static void end(reading *r) {
    if (r->tiff)
        TIFFClose(r->tiff);
    free(r->chunk);
    free(r->band);
    free(r->kept);
}

/* libtiff forgives a directory that ends too early; what is cut short may lack more than it shows. */
static bool whole(const reading *r, cli_error *error) {
    if (r->stream.reason)
        return tiff_say(&r->stream, "read", error);
    return !r->stream.cut_short || cli_fail(error, "the TIFF cannot be read: it is truncated");
}

bool image_read_tiff(FILE *file, int64_t size, cli_image *out, cli_error *error) {
    reading r = {0};
    cli_image like = {0};
    cli_image made = {0};
    bool ok = begin(&r, file, size, &like, error) &&
              image_create(&made, like.array.dtype, 3, like.array.shape, error) &&
              read_rows(&r, 0, like.array.shape[0], made.array.data, error);
    end(&r);
    ok = ok && whole(&r, error);
    made.interleaved = true;
    made.alpha = like.alpha;
    if (ok)
        *out = made;
    else
        image_free(&made);
    return ok;
}

/* Makes the rows kept those asked for; of these, the ones that are there already are not read again. */
static bool keep_rows(reading *r, int64_t first, int64_t count, cli_error *error) {
    const int64_t skipped = first - r->kept_first;
    int64_t there = skipped >= 0 && skipped < r->kept_rows ? r->kept_rows - skipped : 0;
    there = there < count ? there : count;
    if (count > r->room) {
        const bool fits = (uint64_t)count <= SIZE_MAX / r->row_bytes;
        unsigned char *grown = fits ? realloc(r->kept, (size_t)count * r->row_bytes) : NULL;
        if (!grown)
            return cli_fail(error, "no memory for %lld rows of the TIFF", (long long)count);
        r->kept = grown;
        r->room = count;
    }
    if (there > 0)
        memmove(r->kept, r->kept + (size_t)skipped * r->row_bytes, (size_t)there * r->row_bytes);
    r->kept_first = first;
    r->kept_rows = 0;
    if (!read_rows(r, first + there, count - there, r->kept + (size_t)there * r->row_bytes, error) || !whole(r, error))
        return false;
    r->kept_rows = count;
    return true;
}

static bool read_part(slab_source *source, const slab_part *part, const clf_array *into, cli_error *error) {
    reading *r = source->state;
    /* Of parts that are no rows, every row is read, one after the other: memory holds one, however many there are. */
    const int64_t rows = part->axis == 0 ? part->count : source->image.array.shape[0];
    const int64_t at_once = part->axis == 0 ? rows : 1;
    clf_array from = slabs_lay_out(&source->image.array), to = slabs_lay_out(into);
    const int64_t skipped = part->axis == 0 ? 0 : part->first * from.strides[part->axis];
    from.shape[part->axis] = part->count;
    from.shape[0] = to.shape[0] = at_once;
    for (int64_t y = 0; y < rows; y += at_once) {
        if (!keep_rows(r, part->axis == 0 ? part->first : y, at_once, error))
            return false;
        from.data = r->kept + (size_t)skipped * clf_dtype_bytes(from.dtype);
        to.data = (char *)into->data + y * to.strides[0] * (int64_t)clf_dtype_bytes(to.dtype);
        if (!slabs_copy(&from, &to, error))
            return false;
    }
    return true;
}

static void close_source(slab_source *source) {
    if (source->state)
        end(source->state);
    free(source->state);
}

bool tiff_open_source(slab_source *source, cli_error *error) {
    reading *r = source->state = calloc(1, sizeof *r);
    source->read = read_part;
    source->close = close_source;
    if (!r)
        return cli_fail(error, "no memory to read a TIFF");
    return begin(r, source->input.file, source->input.size, &source->image, error) && whole(r, error);
}
