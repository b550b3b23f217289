/* SPDX-License-Identifier: Apache-2.0 */
/** @file npy_header.h The header of an .npy file (numpy's format, versions 1.0, 2.0 and 3.0). */
#ifndef CLFILTER_CLI_NPY_HEADER_H
#define CLFILTER_CLI_NPY_HEADER_H

#include "image.h"

/** What an .npy file says of its array, checked against the file's size: its data can be allocated. */
typedef struct npy_header {
    char descr[24];    /**< numpy's dtype text, "<f4" say */
    char kind;         /**< f, i, u or b */
    int element_bytes; /**< 1, 2, 4 or 8 */
    bool swapped;      /**< the bytes of an element stand in the other order than this machine's */
    bool fortran;      /**< the first axis is contiguous */
    int rank;          /**< 1 to CLF_MAX_RANK */
    int64_t shape[CLF_MAX_RANK];
    int64_t data_bytes; /**< exactly what is left of the file after the header */
} npy_header;

/** Reads the header and leaves the file at the first element. */
bool npy_read_header(FILE *file, int64_t size, npy_header *header, cli_error *error);

/** The element type that a header tells; refuses those that are not filtered. */
bool npy_find_dtype(const npy_header *header, clf_dtype *dtype, cli_error *error);

/** Writes the header of an image; an image file's with one channel becomes rows x columns. */
bool npy_write_header(FILE *file, const cli_image *image, cli_error *error);

/** Reads the elements and puts their bytes in this machine's order. `data` has room for header->data_bytes. */
bool npy_read_data(FILE *file, const npy_header *header, void *data, cli_error *error);

/** Puts the bytes of `bytes / width` elements in the other order. */
void npy_swap(void *data, int64_t bytes, int width);

/** Strides of the array as it lies in memory: all 0 for C order. */
void npy_strides(const npy_header *header, int64_t strides[CLF_MAX_RANK]);

#endif
