/* SPDX-License-Identifier: Apache-2.0 */
/** @file tiff_file.h What reading and writing a TIFF share: libtiff on an open file, and what a header says. */
#ifndef CLFILTER_CLI_TIFF_FILE_H
#define CLFILTER_CLI_TIFF_FILE_H

#include "image.h"

#include <tiffio.h>

/* What libtiff's callbacks are handed: its errors come here rather than to stderr. */
typedef struct tiff_stream {
    FILE *file;
    int64_t size;
    bool cut_short;      /* something was to be read that the file does not have */
    int reason;          /* why the first call of the C library that failed did so, an errno; 0: none failed */
    char complaint[256]; /* the first error */
} tiff_stream;

typedef struct tiff_layout {
    uint32_t width;
    uint32_t height;
    uint16_t channels;
    uint16_t planar;
    clf_dtype dtype;
    image_alpha alpha;
    int index_bits;         /* of a palette's indices, which the file holds instead of 3 channels; 0: there is none */
    int map_shift;          /* the palette's numbers are the colours after a shift to the right by so much */
    const uint16_t *map[3]; /* red, green, blue; libtiff's, until TIFFClose */
} tiff_layout;

/** Opens a TIFF on a stream, which must outlive it. NULL: tiff_say tells why. Close with TIFFClose. */
TIFF *tiff_open(tiff_stream *s, const char *mode);

/**
 * Records that the TIFF cannot be read or written: the C library's reason, else libtiff's first words. Ask at
 * once: errno is part of the answer. Always false.
 */
bool tiff_say(const tiff_stream *s, const char *doing, cli_error *error);

/** Reads what the header says, and refuses what is not filtered. */
bool tiff_read_layout(TIFF *tiff, tiff_layout *layout, cli_error *error);

/** Makes colours of `count` indices of a row of a palette image, from its beginning, a whole number of bytes. */
void tiff_expand_palette(const tiff_layout *layout, const unsigned char *indices, int64_t count, void *colours);

/** Holds what the header claims against what the file has: after this the claim may be allocated. */
bool tiff_check_claim(TIFF *tiff, const tiff_layout *layout, int64_t bytes, int64_t size, cli_error *error);

#endif
