/* SPDX-License-Identifier: Apache-2.0 */
/* image_tiff.c: TIFF images of one page, through libtiff. */
#include "image.h"

#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

/* No codec is trusted to have shrunk an image further than this; without one, pixels are in the file as they are. */
enum { codec_ratio = 1 << 16 };

/* What libtiff's callbacks are handed: its errors come here rather than to stderr. */
typedef struct stream {
    FILE *file;
    int64_t size;
    bool cut_short;      /* something was to be read that the file does not have */
    char complaint[256]; /* the first error */
} stream;

typedef struct tiff_layout {
    uint32_t width;
    uint32_t height;
    uint16_t channels;
    uint16_t planar;
    clf_dtype dtype;
    image_alpha alpha;
} tiff_layout;

static tmsize_t stream_read(thandle_t handle, void *data, tmsize_t size) {
    stream *s = handle;
    const tmsize_t got = (tmsize_t)fread(data, 1, (size_t)size, s->file);
    s->cut_short = s->cut_short || got < size;
    return got;
}

static tmsize_t stream_write(thandle_t handle, void *data, tmsize_t size) {
    return (tmsize_t)fwrite(data, 1, (size_t)size, ((stream *)handle)->file);
}

static toff_t stream_seek(thandle_t handle, toff_t offset, int whence) {
    FILE *file = ((stream *)handle)->file;
    if (offset > INT64_MAX || fseeko(file, (off_t)offset, whence) != 0)
        return (toff_t)-1;
    return (toff_t)ftello(file);
}

static int stream_close(thandle_t handle) {
    (void)handle; /* whoever opened the file closes it */
    return 0;
}

static toff_t stream_size(thandle_t handle) {
    stream *s = handle;
    if (s->size >= 0)
        return (toff_t)s->size;
    const off_t here = ftello(s->file);
    fseeko(s->file, 0, SEEK_END);
    const off_t end = ftello(s->file);
    fseeko(s->file, here, SEEK_SET);
    return (toff_t)end;
}

static void __attribute__((format(printf, 3, 0)))
keep_complaint(thandle_t handle, const char *module, const char *format, va_list arguments) {
    stream *s = handle;
    (void)module;
    if (s && !s->complaint[0])
        vsnprintf(s->complaint, sizeof s->complaint, format, arguments);
}

static TIFF *open_stream(stream *s, const char *mode) {
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    TIFFSetErrorHandlerExt(keep_complaint);
    return TIFFClientOpen("TIFF", mode, s, stream_read, stream_write, stream_seek, stream_close, stream_size, NULL,
                          NULL);
}

static bool say(const stream *s, const char *doing, cli_error *error) {
    return cli_fail(error, "the TIFF cannot be %s: %s", doing, s->complaint[0] ? s->complaint : "the file is damaged");
}

static const char *photometric_name(uint16_t photometric) {
    static const char *const names[] = {"white-is-zero grey", "grey", "RGB",   "palette colour",
                                        "transparency mask",  "CMYK", "YCbCr", "other",
                                        "CIE L*a*b*"};
    return photometric < sizeof names / sizeof *names ? names[photometric] : "other";
}

static bool read_sample_type(TIFF *tiff, tiff_layout *layout, cli_error *error) {
    uint16_t bits = 1;
    uint16_t kind = SAMPLEFORMAT_UINT;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &kind);
    if (kind == SAMPLEFORMAT_UINT && bits == 8)
        layout->dtype = CLF_U8;
    else if (kind == SAMPLEFORMAT_UINT && bits == 16)
        layout->dtype = CLF_U16;
    else if (kind == SAMPLEFORMAT_IEEEFP && bits == 32)
        layout->dtype = CLF_F32;
    else
        return cli_fail(error,
                        "the TIFF has %d bit %s samples; 8 and 16 bit unsigned integers and 32 bit floats are filtered",
                        bits,
                        kind == SAMPLEFORMAT_UINT     ? "unsigned"
                        : kind == SAMPLEFORMAT_INT    ? "signed"
                        : kind == SAMPLEFORMAT_IEEEFP ? "floating point"
                                                      : "other");
    return true;
}

static bool read_channels(TIFF *tiff, tiff_layout *layout, cli_error *error) {
    uint16_t photometric = PHOTOMETRIC_MINISWHITE;
    uint16_t extras = 0;
    const uint16_t *kinds = NULL;
    if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric))
        return cli_fail(error, "the TIFF does not say what its colours are (no photometric interpretation)");
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout->channels);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
    if (photometric != PHOTOMETRIC_MINISBLACK && photometric != PHOTOMETRIC_RGB)
        return cli_fail(error, "the TIFF's colours are %s; grey and RGB are filtered", photometric_name(photometric));
    const int colours = photometric == PHOTOMETRIC_RGB ? 3 : 1;
    if (layout->channels != colours + extras || extras > 1)
        return cli_fail(error,
                        "the TIFF has %d samples a pixel, %d of them beside its colours; grey or RGB, with or "
                        "without alpha, is filtered",
                        layout->channels, extras);
    if (extras == 1 && kinds[0] != EXTRASAMPLE_ASSOCALPHA && kinds[0] != EXTRASAMPLE_UNASSALPHA)
        return cli_fail(error, "the TIFF has a sample beside its colours that is not alpha");
    if (extras == 1)
        layout->alpha = kinds[0] == EXTRASAMPLE_ASSOCALPHA ? IMAGE_ALPHA_PREMULTIPLIED : IMAGE_ALPHA_STRAIGHT;
    return true;
}

static bool read_layout(TIFF *tiff, tiff_layout *layout, cli_error *error) {
    uint16_t orientation = ORIENTATION_TOPLEFT;
    uint32_t depth = 1;
    *layout = (tiff_layout){0};
    if (!TIFFLastDirectory(tiff))
        return cli_fail(error, "the TIFF has more than one page; one is expected");
    if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout->width) ||
        !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout->height) || layout->width < 1 || layout->height < 1)
        return cli_fail(error, "the TIFF does not say how large it is");
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_IMAGEDEPTH, &depth);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &layout->planar);
    if (orientation != ORIENTATION_TOPLEFT)
        return cli_fail(error,
                        "the TIFF's orientation is %d; only 1, first row at the top and first column at the left, is "
                        "filtered",
                        orientation);
    if (depth != 1)
        return cli_fail(error, "the TIFF is a volume of depth %u; a plane is expected", depth);
    return read_sample_type(tiff, layout, error) && read_channels(tiff, layout, error);
}

/* What the header claims against what the file has: after this the claim may be allocated. */
static bool check_claim(TIFF *tiff, const tiff_layout *layout, int64_t bytes, int64_t size, cli_error *error) {
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    const int64_t ratio = compression == COMPRESSION_NONE ? 1 : codec_ratio;
    const tmsize_t chunk = TIFFIsTiled(tiff) ? TIFFTileSize(tiff) : TIFFScanlineSize(tiff);
    if (bytes / ratio > size || chunk <= 0 || chunk / ratio > size)
        return cli_fail(error, "the TIFF claims %u x %u pixels, more than its %lld bytes can hold", layout->width,
                        layout->height, (long long)size);
    return true;
}

/* Puts `count` samples, `step` samples apart from each other, into a row of the image. */
static void scatter(unsigned char *to, const unsigned char *from, int64_t count, int64_t step, size_t bytes) {
    for (int64_t i = 0; i < count; i++)
        memcpy(to + (size_t)(i * step) * bytes, from + (size_t)i * bytes, bytes);
}

/* A plane is all the channels where they are stored together, one of them where they are stored apart. */
static bool read_strips(TIFF *tiff, const tiff_layout *layout, uint16_t plane, unsigned char *buffer,
                        unsigned char *image) {
    const size_t bytes = clf_dtype_bytes(layout->dtype);
    const bool together = layout->planar == PLANARCONFIG_CONTIG;
    const size_t row_bytes = (size_t)layout->width * layout->channels * bytes;
    for (uint32_t y = 0; y < layout->height; y++) {
        if (TIFFReadScanline(tiff, buffer, y, plane) < 0)
            return false;
        unsigned char *row = image + y * row_bytes;
        if (together)
            memcpy(row, buffer, row_bytes);
        else
            scatter(row + plane * bytes, buffer, layout->width, layout->channels, bytes);
    }
    return true;
}

static bool read_tiles(TIFF *tiff, const tiff_layout *layout, uint16_t plane, unsigned char *buffer,
                       unsigned char *image) {
    const size_t bytes = clf_dtype_bytes(layout->dtype);
    const bool together = layout->planar == PLANARCONFIG_CONTIG;
    const int64_t inner = together ? layout->channels : 1;
    uint32_t tile_width = 0;
    uint32_t tile_height = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tile_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tile_height);
    if (tile_width < 1 || tile_height < 1)
        return false;
    for (uint64_t top = 0; top < layout->height; top += tile_height)
        for (uint64_t left = 0; left < layout->width; left += tile_width) {
            if (TIFFReadTile(tiff, buffer, (uint32_t)left, (uint32_t)top, 0, plane) < 0)
                return false;
            const uint64_t rows = layout->height - top < tile_height ? layout->height - top : tile_height;
            const uint64_t columns = layout->width - left < tile_width ? layout->width - left : tile_width;
            for (uint64_t y = 0; y < rows; y++) {
                unsigned char *to = image + (((top + y) * layout->width + left) * layout->channels + plane) * bytes;
                const unsigned char *from = buffer + (size_t)y * tile_width * (size_t)inner * bytes;
                if (together)
                    memcpy(to, from, (size_t)columns * layout->channels * bytes);
                else
                    scatter(to, from, (int64_t)columns, layout->channels, bytes);
            }
        }
    return true;
}

static bool read_pixels(TIFF *tiff, const tiff_layout *layout, const stream *s, cli_image *out, cli_error *error) {
    const bool tiled = TIFFIsTiled(tiff);
    const bool together = layout->planar == PLANARCONFIG_CONTIG;
    const int64_t samples = (int64_t)layout->width * (together ? layout->channels : 1);
    const tmsize_t chunk = tiled ? TIFFTileSize(tiff) : TIFFScanlineSize(tiff);
    if (chunk < 1 || (!tiled && chunk != samples * (int64_t)clf_dtype_bytes(layout->dtype)))
        return cli_fail(error, "the TIFF has rows of a layout that is not known");
    unsigned char *buffer = malloc((size_t)chunk);
    if (!buffer)
        return cli_fail(error, "no memory to read a TIFF");
    bool ok = true;
    for (uint16_t plane = 0; ok && plane < (together ? 1 : layout->channels); plane++)
        ok = (tiled ? read_tiles : read_strips)(tiff, layout, plane, buffer, out->array.data);
    free(buffer);
    return ok || say(s, "read", error);
}

static bool decode(TIFF *tiff, const stream *s, cli_image *out, cli_error *error) {
    tiff_layout layout;
    int64_t bytes;
    if (!read_layout(tiff, &layout, error))
        return false;
    const int64_t shape[] = {layout.height, layout.width, layout.channels};
    if (!image_bytes(3, shape, (int64_t)clf_dtype_bytes(layout.dtype), &bytes))
        return cli_fail(error, "the TIFF claims more pixels than memory can hold");
    if (!check_claim(tiff, &layout, bytes, s->size, error) || !image_create(out, layout.dtype, 3, shape, error))
        return false;
    out->interleaved = true;
    out->alpha = layout.alpha;
    if (read_pixels(tiff, &layout, s, out, error))
        return true;
    image_free(out);
    return false;
}

bool image_read_tiff(FILE *file, int64_t size, cli_image *out, cli_error *error) {
    stream s = {.file = file, .size = size};
    cli_image made = {0};
    TIFF *tiff = open_stream(&s, "r");
    if (!tiff)
        return say(&s, "read", error);
    bool ok = decode(tiff, &s, &made, error);
    TIFFClose(tiff);
    /* libtiff forgives a directory that ends too early; what is cut short may lack more than it shows. */
    if (ok && s.cut_short)
        ok = cli_fail(error, "the TIFF cannot be read: it is cut short");
    if (ok)
        *out = made;
    else
        image_free(&made);
    return ok;
}

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

bool image_write_tiff(FILE *file, const cli_image *image, cli_error *error) {
    const clf_array *array = &image->array;
    const int64_t channels = image->interleaved ? array->shape[2] : 1;
    int64_t bytes;
    if (channels < 1 || channels > 4 || array->shape[0] > INT32_MAX || array->shape[1] > INT32_MAX ||
        !image_bytes(array->rank, array->shape, (int64_t)clf_dtype_bytes(array->dtype), &bytes))
        return cli_fail(error, "a TIFF cannot hold an image of these extents");
    const int64_t classic_limit = (int64_t)4 << 30; /* 32-bit offsets, with room for the directory */
    stream s = {.file = file, .size = -1};
    TIFF *tiff = open_stream(&s, bytes < classic_limit - (classic_limit >> 4) ? "w" : "w8");
    if (!tiff)
        return say(&s, "written", error);
    bool ok = set_fields(tiff, image, (uint16_t)channels);
    const size_t row_bytes = (size_t)(bytes / array->shape[0]);
    unsigned char *pixels = array->data;
    for (int64_t y = 0; ok && y < array->shape[0]; y++)
        ok = TIFFWriteScanline(tiff, pixels + (size_t)y * row_bytes, (uint32_t)y, 0) >= 0;
    ok = ok && TIFFFlush(tiff) && !s.complaint[0];
    TIFFClose(tiff);
    return (ok && !s.complaint[0]) || say(&s, "written", error);
}
