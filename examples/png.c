/* SPDX-License-Identifier: Apache-2.0 */
/* PNG files as 8-bit RGB; see png.h. */
#include "png.h"

#include <errno.h>
#include <spng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_SIDE = 32768, LARGEST_CHUNK = 64 << 20 };

bool rgb_image_create(rgb_image *image, uint32_t width, uint32_t height) {
    *image = (rgb_image){width, height, calloc((size_t)width * height, 3)};
    return image->pixels != NULL;
}

void rgb_image_release(rgb_image *image) {
    free(image->pixels);
    *image = (rgb_image){0};
}

/* Reports on stderr what went wrong with a file; `code` is libspng's, or 0 for errno. Always false. */
static bool complain(const char *path, int code) {
    fprintf(stderr, "%s: %s\n", path, code ? spng_strerror(code) : strerror(errno));
    return false;
}

static int decode(spng_ctx *decoder, FILE *file, rgb_image *image) {
    struct spng_ihdr header;
    size_t bytes = 0;
    int code = spng_set_image_limits(decoder, LONGEST_SIDE, LONGEST_SIDE);
    code = code ? code : spng_set_chunk_limits(decoder, LARGEST_CHUNK, LARGEST_CHUNK);
    code = code ? code : spng_set_png_file(decoder, file);
    code = code ? code : spng_get_ihdr(decoder, &header);
    code = code ? code : spng_decoded_image_size(decoder, SPNG_FMT_RGB8, &bytes);
    if (code)
        return code;
    if (!rgb_image_create(image, header.width, header.height))
        return SPNG_EMEM;
    return spng_decode_image(decoder, image->pixels, bytes, SPNG_FMT_RGB8, 0);
}

bool png_read(const char *path, rgb_image *image) {
    *image = (rgb_image){0};
    FILE *file = fopen(path, "rb");
    if (!file)
        return complain(path, 0);
    spng_ctx *decoder = spng_ctx_new(0);
    int code = decoder ? decode(decoder, file, image) : SPNG_EMEM;
    spng_ctx_free(decoder);
    fclose(file);
    if (!code)
        return true;
    rgb_image_release(image);
    return complain(path, code);
}

static int encode(spng_ctx *encoder, FILE *file, const rgb_image *image) {
    struct spng_ihdr header = {
        .width = image->width, .height = image->height, .bit_depth = 8, .color_type = SPNG_COLOR_TYPE_TRUECOLOR};
    int code = spng_set_png_file(encoder, file);
    code = code ? code : spng_set_ihdr(encoder, &header);
    size_t bytes = (size_t)image->width * image->height * 3;
    return code ? code : spng_encode_image(encoder, image->pixels, bytes, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
}

bool png_write(const char *path, const rgb_image *image) {
    FILE *file = fopen(path, "wb");
    if (!file)
        return complain(path, 0);
    spng_ctx *encoder = spng_ctx_new(SPNG_CTX_ENCODER);
    int code = encoder ? encode(encoder, file, image) : SPNG_EMEM;
    spng_ctx_free(encoder);
    bool closed = fclose(file) == 0;
    if (!code && closed)
        return true;
    complain(path, code);
    remove(path);
    return false;
}
