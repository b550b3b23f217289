/* SPDX-License-Identifier: Apache-2.0 */
/* image_npy.c: arrays as numpy's .npy files. */
#include "image.h"
#include "npy_header.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct dtype_row {
    clf_dtype dtype;
    char kind;
    int bytes;
} dtype_row;

static const dtype_row dtypes[] = {
    {CLF_F16, 'f', 2}, {CLF_F32, 'f', 4}, {CLF_F64, 'f', 8}, {CLF_U8, 'u', 1}, {CLF_U16, 'u', 2}, {CLF_I16, 'i', 2},
};
enum { dtype_count = sizeof dtypes / sizeof *dtypes };

bool npy_find_dtype(const npy_header *header, clf_dtype *dtype, cli_error *error) {
    int row = 0;
    while (row < dtype_count && (dtypes[row].kind != header->kind || dtypes[row].bytes != header->element_bytes))
        row++;
    if (row == dtype_count)
        return cli_fail(error, "its dtype is '%s'; expected f2, f4, f8, u1, u2 or i2", header->descr);
    *dtype = dtypes[row].dtype;
    return true;
}

bool image_read_npy(FILE *file, int64_t size, cli_image *out, cli_error *error) {
    npy_header header;
    cli_image made;
    clf_dtype dtype;
    if (!npy_read_header(file, size, &header, error) || !npy_find_dtype(&header, &dtype, error) ||
        !image_create(&made, dtype, header.rank, header.shape, error))
        return false;
    if (!npy_read_data(file, &header, made.array.data, error)) {
        image_free(&made);
        return false;
    }
    npy_strides(&header, made.array.strides);
    *out = made;
    return true;
}

/* An image of one channel is written rows x columns, as image libraries that make arrays do. */
static int written_rank(const cli_image *image) {
    const int rank = image->array.rank;
    return image->interleaved && image->array.shape[rank - 1] == 1 ? rank - 1 : rank;
}

static char native_order(const dtype_row *row) {
    const uint16_t probe = 1;
    if (row->bytes == 1)
        return '|';
    return *(const unsigned char *)&probe == 1 ? '<' : '>';
}

bool npy_write_header(FILE *file, const cli_image *image, cli_error *error) {
    enum { prefix = 10, unit = 64 };
    char text[512] = {0};
    int row = 0;
    while (row < dtype_count && dtypes[row].dtype != image->array.dtype)
        row++;
    if (row == dtype_count)
        return cli_fail(error, "an array of %s elements cannot be written", clf_dtype_name(image->array.dtype));
    size_t length = (size_t)snprintf(text, sizeof text, "{'descr': '%c%c%d', 'fortran_order': False, 'shape': (",
                                     native_order(&dtypes[row]), dtypes[row].kind, dtypes[row].bytes);
    const int rank = written_rank(image);
    for (int i = 0; i < rank; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%lld,%s", (long long)image->array.shape[i],
                                   i + 1 < rank ? " " : "");
    length += (size_t)snprintf(text + length, sizeof text - length, "), }");
    while ((prefix + length + 1) % unit != 0) /* the data begins on a multiple of 64 bytes, as numpy's does */
        text[length++] = ' ';
    text[length++] = '\n';
    const unsigned char head[prefix] = {
        0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (unsigned char)length, (unsigned char)(length >> 8)};
    if (fwrite(head, 1, prefix, file) != prefix || fwrite(text, 1, length, file) != length)
        return cli_fail_file(error, "written", errno);
    return true;
}

bool image_write_npy(FILE *file, const cli_image *image, cli_error *error) {
    int64_t bytes;
    if (!image_bytes(image->array.rank, image->array.shape, (int64_t)clf_dtype_bytes(image->array.dtype), &bytes))
        return cli_fail(error, "an array of these extents cannot be written");
    if (!npy_write_header(file, image, error))
        return false;
    if (bytes > 0 && fwrite(image->array.data, 1, (size_t)bytes, file) != (size_t)bytes)
        return cli_fail_file(error, "written", errno);
    return true;
}
