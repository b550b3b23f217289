/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: images in memory, and the file formats: their names, and what they hold. */
#include "image.h"

#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct format_row {
    const char *name;
    const char *extensions[2];
} format_row;

static const format_row formats[] = {
    [IMAGE_NPY] = {"an .npy file", {".npy", NULL}},
    [IMAGE_PNG] = {"a PNG", {".png", NULL}},
    [IMAGE_TIFF] = {"a TIFF", {".tif", ".tiff"}},
};

typedef struct magic_row {
    image_format format;
    size_t length;
    const char *bytes;
} magic_row;

static const magic_row magics[] = {
    {IMAGE_NPY, 6, "\x93NUMPY"}, {IMAGE_PNG, 8, "\x89PNG\r\n\x1a\n"},
    {IMAGE_TIFF, 4, "II*\0"},    {IMAGE_TIFF, 4, "MM\0*"},
    {IMAGE_TIFF, 4, "II+\0"},    {IMAGE_TIFF, 4, "MM\0+"},
};

const char *image_format_name(image_format format) {
    return formats[format].name;
}

bool image_format_of_name(const char *path, image_format *format) {
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    if (!dot)
        return false;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        for (int j = 0; j < 2; j++)
            if (formats[i].extensions[j] && strcasecmp(dot, formats[i].extensions[j]) == 0) {
                *format = (image_format)i;
                return true;
            }
    return false;
}

bool image_format_holds(image_format format, const cli_image *like, clf_dtype dtype, cli_error *error) {
    if (format == IMAGE_NPY)
        return true;
    const char *name = image_format_name(format);
    if (image_empty(like->array.rank, like->array.shape))
        return cli_fail(error, "only an .npy holds an array without elements");
    if (!like->interleaved && like->array.rank != 2)
        return cli_fail(error, "%s holds one image; expected an array of rank 2 (rows x columns), not %d", name,
                        like->array.rank);
    const int64_t colours = like->interleaved ? like->array.shape[2] - (like->alpha != IMAGE_ALPHA_NONE) : 1;
    if (colours != 1 && colours != 3)
        return cli_fail(error, "%s holds 1 or 3 colours, not %lld; use .npy", name, (long long)colours);
    if (format == IMAGE_PNG) {
        if (dtype != CLF_U8 && dtype != CLF_U16)
            return cli_fail(error, "a PNG holds 8 or 16 bit unsigned integers (u8, u16), not %s; use .npy or .tif",
                            clf_dtype_name(dtype));
        if (like->alpha == IMAGE_ALPHA_PREMULTIPLIED)
            return cli_fail(error, "a PNG cannot hold premultiplied (associated) alpha; use .tif or .npy");
    } else if (dtype != CLF_U8 && dtype != CLF_U16 && dtype != CLF_F32) {
        return cli_fail(error, "a TIFF is written with u8, u16 or f32 elements, not %s; use .npy",
                        clf_dtype_name(dtype));
    }
    return true;
}

bool image_bytes(int rank, const int64_t *shape, int64_t element_bytes, int64_t *bytes) {
    int64_t product = element_bytes;
    for (int i = 0; i < rank; i++) {
        if (shape[i] < 0 || (shape[i] > 0 && product > INT64_MAX / shape[i]))
            return false;
        product *= shape[i] > 0 ? shape[i] : 1;
    }
    *bytes = image_empty(rank, shape) ? 0 : product;
    return true;
}

bool image_empty(int rank, const int64_t *shape) {
    for (int i = 0; i < rank; i++)
        if (shape[i] == 0)
            return true;
    return false;
}

bool image_create(cli_image *out, clf_dtype dtype, int rank, const int64_t *shape, cli_error *error) {
    int64_t bytes;
    if (!image_bytes(rank, shape, (int64_t)clf_dtype_bytes(dtype), &bytes) || (uint64_t)bytes > SIZE_MAX / 2)
        return cli_fail(error, "an array of these extents does not fit into memory");
    cli_image made = {.array = {.dtype = dtype, .rank = rank}};
    for (int i = 0; i < rank; i++)
        made.array.shape[i] = shape[i];
    made.array.data = malloc(bytes > 0 ? (size_t)bytes : 1);
    if (!made.array.data)
        return cli_fail(error, "no memory for an array of %lld bytes", (long long)bytes);
    *out = made;
    return true;
}

void image_free(cli_image *image) {
    free(image->array.data);
    image->array.data = NULL;
}

bool image_recognise(FILE *file, const char *path, image_format *format, cli_error *error) {
    char head[8];
    const size_t length = fread(head, 1, sizeof head, file);
    if (length == 0)
        return input_fail(file, "the file is empty", error);
    if (ferror(file) || fseeko(file, 0, SEEK_SET) != 0)
        return cli_fail_file(error, "read", errno);
    errno = 0; /* of what comes next it says why */
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (length >= magics[i].length && memcmp(head, magics[i].bytes, magics[i].length) == 0) {
            *format = magics[i].format;
            return true;
        }
    if (image_format_of_name(path, format) && *format == IMAGE_NPY)
        return true; /* its reader says what is missing */
    if (image_format_of_name(path, format))
        return cli_fail(error, "the %s cannot be read: it does not begin as one",
                        *format == IMAGE_PNG ? "PNG" : "TIFF");
    return cli_fail(error, "neither .npy, PNG nor TIFF, judging by its first bytes");
}
