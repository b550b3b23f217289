/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file image.h
 * An array or image in host memory, and the files it is read from and written to.
 *
 * An .npy file is an array of any rank. A PNG or TIFF file is an interleaved image: always rank 3, rows x columns x
 * channels, the last channel alpha where `alpha` says so.
 */
#ifndef CLFILTER_CLI_IMAGE_H
#define CLFILTER_CLI_IMAGE_H

#include "error.h"

#include <clfilter/tensor.h>
#include <stdio.h>

typedef enum image_format { IMAGE_NPY, IMAGE_PNG, IMAGE_TIFF } image_format;

typedef enum image_alpha {
    IMAGE_ALPHA_NONE,
    IMAGE_ALPHA_STRAIGHT,     /**< colours are stored as they are; what a PNG holds */
    IMAGE_ALPHA_PREMULTIPLIED /**< colours are stored times alpha; TIFF calls it associated */
} image_alpha;

typedef struct cli_image {
    clf_array array;  /**< its data is owned by the image; strides are 0 (dense) but for an .npy in Fortran order */
    bool interleaved; /**< rows x columns x channels, from or for an image file */
    image_alpha alpha;
} cli_image;

/** "an .npy file", "a PNG", "a TIFF". Static text. */
const char *image_format_name(image_format format);

/** The format that a file's name asks for: .npy, .png, .tif or .tiff, whatever its case. False if it is none. */
bool image_format_of_name(const char *path, image_format *format);

/**
 * The format that the first bytes tell; a file that tells none is left to the reader its name asks for, which then says
 * what is wrong with it. `file` stands at its beginning, before and after.
 */
bool image_recognise(FILE *file, const char *path, image_format *format, cli_error *error);

/** True if `format` can hold what `like` is, with elements of `dtype`; else `error` says what it can hold. */
bool image_format_holds(image_format format, const cli_image *like, clf_dtype dtype, cli_error *error);

/** Makes a dense image; the data is not set. Returned with ownership; release with image_free. */
bool image_create(cli_image *out, clf_dtype dtype, int rank, const int64_t *shape, cli_error *error);

/** Releases the data. An image all zero is allowed. */
void image_free(cli_image *image);

/** Bytes of elements over `rank` extents; false if one is < 0 or the product of those above 0 passes INT64_MAX. */
bool image_bytes(int rank, const int64_t *shape, int64_t element_bytes, int64_t *bytes);

/** True if an extent is 0: there are no elements. */
bool image_empty(int rank, const int64_t *shape);

/**
 * Reads a file of any of the formats, recognised by its first bytes whatever its name.
 * Returned with ownership; release with image_free. On failure `out` is untouched and `error` names the file.
 */
bool image_read(const char *path, cli_image *out, cli_error *error);

/** Writes `path` by its extension: all of it, or nothing and whatever was there before stays. */
bool image_write(const char *path, const cli_image *image, cli_error *error);

/* One file a format. `size` is the whole file's, from its current position at its beginning. */
bool image_read_npy(FILE *file, int64_t size, cli_image *out, cli_error *error);
bool image_read_png(FILE *file, int64_t size, cli_image *out, cli_error *error);
bool image_read_tiff(FILE *file, int64_t size, cli_image *out, cli_error *error);
bool image_write_npy(FILE *file, const cli_image *image, cli_error *error);
bool image_write_png(FILE *file, const cli_image *image, cli_error *error);
bool image_write_tiff(FILE *file, const cli_image *image, cli_error *error);

#endif
