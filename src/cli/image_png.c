/* SPDX-License-Identifier: Apache-2.0 */
/* image_png.c: PNG images, through libspng. */
#include "image.h"

#include "input.h"

#include <errno.h>
#include <spng.h>
#include <string.h>

/* Deflate cannot shrink data by more than this: what a file claims beyond it is not there. */
enum { deflate_ratio = 1032, chunk_limit = 64 << 20 };

typedef struct png_layout {
    int format; /* how libspng is to hand the pixels over */
    int channels;
    int depth; /* bits of a channel as handed over */
    int flags;
} png_layout;

/* Grey below 8 bits is expanded to 8, a palette to colours, a transparent colour to an alpha channel. */
static png_layout layout_of(const struct spng_ihdr *header, bool transparent) {
    const bool deep = header->bit_depth == 16;
    png_layout layout = {SPNG_FMT_PNG, 1, deep ? 16 : 8, 0};
    switch (header->color_type) {
    case SPNG_COLOR_TYPE_GRAYSCALE:
        if (!deep)
            layout.format = SPNG_FMT_G8;
        if (transparent)
            layout.format = deep ? SPNG_FMT_GA16 : SPNG_FMT_GA8;
        layout.channels = transparent ? 2 : 1;
        break;
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA: layout.channels = 2; break;
    case SPNG_COLOR_TYPE_TRUECOLOR:
        if (transparent)
            layout.format = deep ? SPNG_FMT_RGBA16 : SPNG_FMT_RGBA8;
        layout.channels = transparent ? 4 : 3;
        break;
    case SPNG_COLOR_TYPE_INDEXED:
        layout.format = transparent ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8;
        layout.channels = transparent ? 4 : 3;
        break;
    default: /* with alpha */ layout.channels = 4; break;
    }
    if (transparent)
        layout.flags = SPNG_DECODE_TRNS;
    return layout;
}

/* What the C library has to say of a file comes first. Ask at once: errno is part of the answer. */
static bool say(FILE *file, int code, const char *doing, cli_error *error) {
    const int reason = errno;
    if (ferror(file))
        return cli_fail_file(error, doing, reason);
    return cli_fail(error, "the PNG cannot be %s: %s", doing, reason == ENOMEM ? "no memory" : spng_strerror(code));
}

static bool decode(spng_ctx *context, FILE *file, int64_t size, cli_image *out, cli_error *error) {
    struct spng_ihdr header;
    struct spng_trns transparency;
    size_t raw;
    size_t bytes;
    int code = spng_get_ihdr(context, &header);
    if (code)
        return say(file, code, "read", error);
    code = spng_get_trns(context, &transparency);
    if (code && code != SPNG_ECHUNKAVAIL)
        return say(file, code, "read", error);
    const png_layout layout = layout_of(&header, code == 0 && header.color_type != SPNG_COLOR_TYPE_TRUECOLOR_ALPHA &&
                                                     header.color_type != SPNG_COLOR_TYPE_GRAYSCALE_ALPHA);
    if ((code = spng_decoded_image_size(context, SPNG_FMT_RAW, &raw)) ||
        (code = spng_decoded_image_size(context, layout.format, &bytes)))
        return say(file, code, "read", error);
    if (raw / deflate_ratio > (uint64_t)size)
        return cli_fail(error, "the PNG claims %u x %u pixels, more than fit into its %lld bytes", header.width,
                        header.height, (long long)size);
    const int64_t shape[] = {header.height, header.width, layout.channels};
    const int64_t expected = shape[0] * shape[1] * shape[2] * (layout.depth / 8);
    if (bytes != (uint64_t)expected)
        return cli_fail(error, "the PNG has an unknown layout");
    if (!image_create(out, layout.depth == 16 ? CLF_U16 : CLF_U8, 3, shape, error))
        return false;
    out->interleaved = true;
    out->alpha = layout.channels % 2 == 0 ? IMAGE_ALPHA_STRAIGHT : IMAGE_ALPHA_NONE;
    code = spng_decode_image(context, out->array.data, bytes, layout.format, layout.flags);
    if (!code)
        code = spng_decode_chunks(context);
    if (!code)
        return true;
    say(file, code, "read", error);
    image_free(out);
    return false;
}

/* libspng forgives an end that lacks its checksum: a file cut there is a damaged file all the same. */
static bool check_end(FILE *file, cli_error *error) {
    static const char expected[8] = {'I', 'E', 'N', 'D', '\xae', '\x42', '\x60', '\x82'};
    char end[sizeof expected];
    if (fseeko(file, -(off_t)sizeof end, SEEK_CUR) != 0)
        return cli_fail_file(error, "read", errno);
    return (fread(end, 1, sizeof end, file) == sizeof end && memcmp(end, expected, sizeof end) == 0) ||
           input_fail(file, "the PNG cannot be read: it is truncated at its end", error);
}

bool image_read_png(FILE *file, int64_t size, cli_image *out, cli_error *error) {
    cli_image made = {0};
    spng_ctx *context = spng_ctx_new(0);
    if (!context)
        return cli_fail(error, "no memory to read a PNG");
    const int code = spng_set_png_file(context, file);
    bool ok = code ? say(file, code, "read", error) : true;
    /* Of the chunks beside the pixels none is wanted; a limit keeps a compressed one from filling memory. */
    ok = ok && spng_set_chunk_limits(context, chunk_limit, chunk_limit) == 0 &&
         decode(context, file, size, &made, error);
    spng_ctx_free(context);
    if (ok && check_end(file, error)) {
        *out = made;
        return true;
    }
    image_free(&made);
    return false;
}

bool image_write_png(FILE *file, const cli_image *image, cli_error *error) {
    static const uint8_t types[] = {0, SPNG_COLOR_TYPE_GRAYSCALE, SPNG_COLOR_TYPE_GRAYSCALE_ALPHA,
                                    SPNG_COLOR_TYPE_TRUECOLOR, SPNG_COLOR_TYPE_TRUECOLOR_ALPHA};
    const clf_array *array = &image->array;
    const int64_t channels = image->interleaved ? array->shape[2] : 1;
    const int64_t element = (int64_t)clf_dtype_bytes(array->dtype);
    int64_t bytes;
    if (channels < 1 || channels > 4 || array->shape[0] > INT32_MAX || array->shape[1] > INT32_MAX ||
        !image_bytes(array->rank, array->shape, element, &bytes))
        return cli_fail(error, "a PNG cannot hold an image of these extents");
    struct spng_ihdr header = {.width = (uint32_t)array->shape[1],
                               .height = (uint32_t)array->shape[0],
                               .bit_depth = (uint8_t)(8 * element),
                               .color_type = types[channels]};
    spng_ctx *context = spng_ctx_new(SPNG_CTX_ENCODER);
    if (!context)
        return cli_fail(error, "no memory to write a PNG");
    int code = spng_set_png_file(context, file);
    if (!code)
        code = spng_set_ihdr(context, &header);
    if (!code)
        code = spng_encode_image(context, array->data, (size_t)bytes, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
    const bool ok = (!code && !ferror(file)) || say(file, code, "written", error);
    spng_ctx_free(context);
    return ok;
}
