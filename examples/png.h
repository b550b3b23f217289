/* SPDX-License-Identifier: Apache-2.0 */
/* PNG files as 8-bit RGB, read and written with libspng. */
#ifndef EXAMPLES_PNG_H
#define EXAMPLES_PNG_H

#include <stdbool.h>
#include <stdint.h>

/* Rows from the top, three bytes a pixel, no gaps. */
typedef struct rgb_image {
    uint32_t width, height;
    uint8_t *pixels; /* owned; release with rgb_image_release */
} rgb_image;

/* A black image; false where memory is short. */
bool rgb_image_create(rgb_image *image, uint32_t width, uint32_t height);
void rgb_image_release(rgb_image *image);

/* Reads any PNG: grey becomes RGB, 16 bits 8, alpha is dropped. False, after a line on stderr, where it cannot. */
bool png_read(const char *path, rgb_image *image);

/* Writes an image. False, after a line on stderr, where it cannot. */
bool png_write(const char *path, const rgb_image *image);

#endif
