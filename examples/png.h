/* SPDX-License-Identifier: Apache-2.0 */
/* PNG files as 8-bit RGB, read and written with libspng. */
#ifndef EXAMPLES_PNG_H
#define EXAMPLES_PNG_H

#include <stdbool.h>
#include <stdint.h>

/* Rows from the top, three bytes per pixel, no gaps. */
typedef struct rgb_image {
    uint32_t width, height;
    uint8_t *pixels; /* owned; release with rgb_image_release */
} rgb_image;

/* A black image; false if memory is short. */
bool rgb_image_create(rgb_image *image, uint32_t width, uint32_t height);
void rgb_image_release(rgb_image *image);

/* Reads any PNG: grey becomes RGB, 16 bits become 8, alpha is dropped. On failure prints a line and returns false. */
bool png_read(const char *path, rgb_image *image);

/* Writes an image. On failure prints a line and returns false. */
bool png_write(const char *path, const rgb_image *image);

#endif
