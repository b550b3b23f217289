/* SPDX-License-Identifier: Apache-2.0 */
/* tiff_file.c: what reading and writing a TIFF share: libtiff on an open file, and what a header says. */
#include "tiff_file.h"

#include <errno.h>
#include <string.h>

/* No codec is trusted to have shrunk an image further than this; without one, pixels are in the file as they are. */
enum { codec_ratio = 1 << 16 };

/* libtiff has its own words for it, "maximum file size exceeded" say, or passes over it. */
static void note_failure(tiff_stream *s) {
    if (s->reason == 0)
        s->reason = errno != 0 ? errno : EIO;
}

static tmsize_t stream_read(thandle_t handle, void *data, tmsize_t size) {
    tiff_stream *s = handle;
    const tmsize_t got = (tmsize_t)fread(data, 1, (size_t)size, s->file);
    if (got < size && ferror(s->file))
        note_failure(s);
    s->cut_short = s->cut_short || got < size;
    return got;
}

static tmsize_t stream_write(thandle_t handle, void *data, tmsize_t size) {
    tiff_stream *s = handle;
    const tmsize_t written = (tmsize_t)fwrite(data, 1, (size_t)size, s->file);
    if (written < size)
        note_failure(s);
    return written;
}

/* Seeking writes what is buffered, so it can find the disk full too. */
static toff_t stream_seek(thandle_t handle, toff_t offset, int whence) {
    tiff_stream *s = handle;
    off_t here = -1;
    errno = 0;
    if (offset <= INT64_MAX && fseeko(s->file, (off_t)offset, whence) == 0)
        here = ftello(s->file);
    if (here < 0 && errno != 0 && errno != EINVAL) /* a damaged file's offsets are none */
        note_failure(s);
    return here < 0 ? (toff_t)-1 : (toff_t)here;
}

static int stream_close(thandle_t handle) {
    (void)handle; /* whoever opened the file closes it */
    return 0;
}

static toff_t stream_size(thandle_t handle) {
    tiff_stream *s = handle;
    if (s->size >= 0)
        return (toff_t)s->size;
    errno = 0;
    const off_t here = ftello(s->file);
    off_t end = -1;
    if (here < 0 || fseeko(s->file, 0, SEEK_END) != 0 || (end = ftello(s->file)) < 0 ||
        fseeko(s->file, here, SEEK_SET) != 0)
        note_failure(s);
    return end < 0 ? 0 : (toff_t)end;
}

static void __attribute__((format(printf, 3, 0)))
keep_complaint(thandle_t handle, const char *module, const char *format, va_list arguments) {
    tiff_stream *s = handle;
    (void)module;
    if (s && !s->complaint[0])
        vsnprintf(s->complaint, sizeof s->complaint, format, arguments);
}

TIFF *tiff_open(tiff_stream *s, const char *mode) {
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    TIFFSetErrorHandlerExt(keep_complaint);
    return TIFFClientOpen("TIFF", mode, s, stream_read, stream_write, stream_seek, stream_close, stream_size, NULL,
                          NULL);
}

bool tiff_say(const tiff_stream *s, const char *doing, cli_error *error) {
    const int code = errno;
    if (s->reason)
        return cli_fail_file(error, doing, s->reason);
    if (code == ENOMEM) /* libtiff says what it wanted memory for */
        return cli_fail(error, "the TIFF cannot be %s: no memory", doing);
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
        return cli_fail(
            error, "the TIFF has %d-bit %s samples; expected 8 or 16 bit unsigned integers, or 32-bit floats", bits,
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
        return cli_fail(error, "the TIFF has no photometric interpretation; expected grey or RGB");
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout->channels);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
    if (photometric != PHOTOMETRIC_MINISBLACK && photometric != PHOTOMETRIC_RGB)
        return cli_fail(error, "the TIFF's colours are %s; expected grey or RGB, or a palette",
                        photometric_name(photometric));
    const int colours = photometric == PHOTOMETRIC_RGB ? 3 : 1;
    if (layout->channels != colours + extras || extras > 1)
        return cli_fail(error,
                        "the TIFF has %d samples per pixel, %d of them extra samples; expected grey or RGB, with or "
                        "without alpha",
                        layout->channels, extras);
    if (extras == 1 && !kinds)
        return cli_fail(error, "the TIFF cannot be read: no memory");
    if (extras == 1 && kinds[0] != EXTRASAMPLE_ASSOCALPHA && kinds[0] != EXTRASAMPLE_UNASSALPHA)
        return cli_fail(error, "the TIFF has an extra sample that is not alpha");
    if (extras == 1)
        layout->alpha = kinds[0] == EXTRASAMPLE_ASSOCALPHA ? IMAGE_ALPHA_PREMULTIPLIED : IMAGE_ALPHA_STRAIGHT;
    return true;
}

/* True of all numbers of a palette: v, of writers that knew no others than 8 bits; v * 257; v * 256. */
static bool holds_bytes(const tiff_layout *layout, int64_t most, int64_t unit) {
    for (int c = 0; c < 3; c++)
        for (int64_t i = 0; i < (int64_t)1 << layout->index_bits; i++)
            if (layout->map[c][i] > most || layout->map[c][i] % unit != 0)
                return false;
    return true;
}

/* Colours of 8 bits where all of the palette's are, else of 16, which is what a palette holds. */
static bool read_palette(TIFF *tiff, tiff_layout *layout, cli_error *error) {
    uint16_t bits = 1, kind = SAMPLEFORMAT_UINT, samples = 1;
    uint16_t *map[3] = {NULL, NULL, NULL};
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &kind);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    if (samples != 1 || kind != SAMPLEFORMAT_UINT || (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16))
        return cli_fail(
            error,
            "the TIFF has a palette and %d sample%s of %d bits per pixel; expected one unsigned index of 1, "
            "2, 4, 8 or 16 bits",
            samples, samples == 1 ? "" : "s", bits);
    if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]) || !map[0] || !map[1] || !map[2])
        return cli_fail(error, "the TIFF has indices of a palette, but no palette");
    for (int c = 0; c < 3; c++)
        layout->map[c] = map[c];
    layout->index_bits = bits;
    layout->channels = 3;
    layout->planar = PLANARCONFIG_CONTIG;
    const bool as_they_are = holds_bytes(layout, UINT8_MAX, 1);
    const bool scaled = holds_bytes(layout, UINT16_MAX, 257) || holds_bytes(layout, UINT16_MAX, 256);
    layout->dtype = as_they_are || scaled ? CLF_U8 : CLF_U16;
    layout->map_shift = scaled && !as_they_are ? 8 : 0;
    return true;
}

void tiff_expand_palette(const tiff_layout *layout, const unsigned char *indices, int64_t count, void *colours) {
    const int bits = layout->index_bits;
    for (int64_t i = 0; i < count; i++) {
        uint16_t index;
        if (bits == 16)
            memcpy(&index, indices + 2 * i, 2);
        else
            index = (uint16_t)(indices[i * bits / 8] >> (8 - bits - i * bits % 8) & ((1 << bits) - 1));
        for (int c = 0; c < 3; c++) {
            const uint16_t colour = (uint16_t)(layout->map[c][index] >> layout->map_shift);
            if (layout->dtype == CLF_U8)
                ((uint8_t *)colours)[3 * i + c] = (uint8_t)colour;
            else
                ((uint16_t *)colours)[3 * i + c] = colour;
        }
    }
}

bool tiff_read_layout(TIFF *tiff, tiff_layout *layout, cli_error *error) {
    uint16_t orientation = ORIENTATION_TOPLEFT, photometric = 0;
    uint32_t depth = 1;
    *layout = (tiff_layout){0};
    if (!TIFFLastDirectory(tiff))
        return cli_fail(error, "the TIFF has more than one page; expected one");
    if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout->width) ||
        !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout->height) || layout->width < 1 || layout->height < 1)
        return cli_fail(error, "the TIFF has no size");
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_IMAGEDEPTH, &depth);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &layout->planar);
    if (orientation != ORIENTATION_TOPLEFT)
        return cli_fail(
            error,
            "the TIFF's orientation is %d; expected 1, the first row at the top and the first column at the "
            "left",
            orientation);
    if (depth != 1)
        return cli_fail(error, "the TIFF is a volume of depth %u; expected a plane", depth);
    if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric) && photometric == PHOTOMETRIC_PALETTE)
        return read_palette(tiff, layout, error);
    return read_sample_type(tiff, layout, error) && read_channels(tiff, layout, error);
}

bool tiff_check_claim(TIFF *tiff, const tiff_layout *layout, int64_t bytes, int64_t size, cli_error *error) {
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    const int64_t ratio = compression == COMPRESSION_NONE ? 1 : codec_ratio;
    const tmsize_t chunk = TIFFIsTiled(tiff) ? TIFFTileSize(tiff) : TIFFScanlineSize(tiff);
    if (bytes / ratio > size || chunk <= 0 || chunk / ratio > size)
        return cli_fail(error, "the TIFF claims %u x %u pixels, more than fit into its %lld bytes", layout->width,
                        layout->height, (long long)size);
    return true;
}
