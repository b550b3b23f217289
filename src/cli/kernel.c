/* SPDX-License-Identifier: Apache-2.0 */
/* kernel.c: taps from a file, from rows of numbers, or by name. */
#include "kernel.h"

#include "base/half.h"
#include "input.h"
#include "npy_header.h"
#include "values.h"

#include <clfilter/ops.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_rank = 2 + CLF_MAX_FILTER_AXES };

static double number_at(const npy_header *header, const void *data, int64_t i) {
    const int bytes = header->element_bytes;
    if (header->kind == 'f')
        return bytes == 2   ? clf_half_to_double(((const uint16_t *)data)[i])
               : bytes == 4 ? (double)((const float *)data)[i]
                            : ((const double *)data)[i];
    if (header->kind == 'i')
        return bytes == 1   ? ((const int8_t *)data)[i]
               : bytes == 2 ? ((const int16_t *)data)[i]
               : bytes == 4 ? ((const int32_t *)data)[i]
                            : (double)((const int64_t *)data)[i];
    return bytes == 1   ? ((const uint8_t *)data)[i]
           : bytes == 2 ? ((const uint16_t *)data)[i]
           : bytes == 4 ? ((const uint32_t *)data)[i]
                        : (double)((const uint64_t *)data)[i];
}

static bool convert_taps(const npy_header *header, const void *data, double *taps, cli_error *error) {
    const int64_t count = header->data_bytes / header->element_bytes;
    for (int64_t i = 0; i < count; i++) {
        taps[i] = number_at(header, data, i);
        if (!isfinite(taps[i]))
            return cli_fail(error, "a kernel's taps must be finite; one of these is NaN or infinite");
    }
    return true;
}

static bool read_npy(FILE *file, int64_t size, clf_array *taps, cli_error *error) {
    npy_header header;
    if (!npy_read_header(file, size, &header, error))
        return false;
    if (header.rank > most_rank)
        return cli_fail(error, "a kernel has rank 1 to %d, a bank of kernels 4 or 5, not %d", CLF_MAX_FILTER_AXES,
                        header.rank);
    const size_t count = (size_t)(header.data_bytes / header.element_bytes);
    void *data = malloc((size_t)header.data_bytes);
    double *converted = count <= SIZE_MAX / sizeof *converted ? malloc(count * sizeof *converted) : NULL;
    bool ok = data && converted;
    if (!ok)
        cli_fail(error, "no memory for a kernel of %zu taps", count);
    ok = ok && npy_read_data(file, &header, data, error) && convert_taps(&header, data, converted, error);
    free(data);
    if (!ok) {
        free(converted);
        return false;
    }
    *taps = (clf_array){.data = converted, .dtype = CLF_F64, .rank = header.rank};
    memcpy(taps->shape, header.shape, sizeof header.shape);
    npy_strides(&header, taps->strides);
    return true;
}

static bool read_file(const char *path, clf_array *taps, cli_error *error) {
    input_file input;
    if (!input_open(path, &input, error))
        return cli_blame(error, path);
    const bool ok = read_npy(input.file, input.size, taps, error);
    fclose(input.file);
    return ok || cli_blame(error, path);
}

/* One row up to its ';' or the text's end; *at is left there. Returns its cells, 0 where one of them is wrong. */
static int64_t read_row(const char **at, double *taps) {
    for (int64_t cells = 0;;) {
        if (!value_number_prefix(*at, &taps[cells], at) || !isfinite(taps[cells]))
            return 0;
        cells++;
        *at += strspn(*at, " ");
        if (**at == ';' || !**at)
            return cells;
        if (**at != ',')
            return 0;
        ++*at;
    }
}

static bool read_rows(const char *text, clf_array *taps, cli_error *error) {
    double *cells = malloc((strlen(text) / 2 + 1) * sizeof *cells); /* every cell but the last has a separator */
    const char *at = text;
    int64_t columns = 0;
    int64_t rows = 0;
    if (!cells)
        return cli_fail(error, "kernel: no memory for its taps");
    for (bool more = true; more; rows++) {
        const int64_t found = read_row(&at, cells + rows * columns);
        if (rows == 0)
            columns = found;
        if (found == 0 || found != columns) {
            free(cells);
            if (found == 0)
                return cli_misuse(error, "kernel '%s': row %lld has a cell that is no finite number", text,
                                  (long long)rows + 1);
            return cli_misuse(error, "kernel '%s': row %lld has %lld cells where the first has %lld", text,
                              (long long)rows + 1, (long long)found, (long long)columns);
        }
        more = *at == ';';
        at += more;
    }
    *taps = (clf_array){.data = cells, .dtype = CLF_F64, .rank = rows > 1 ? 2 : 1, .shape = {rows, columns}};
    if (rows == 1)
        taps->shape[0] = columns;
    return true;
}

static bool read_name(const char *name, clf_array *taps, cli_error *error) {
    static const char expected[] = "expected an .npy file, rows such as \"1,0,-1;2,0,-2;1,0,-1\", or sobel-x, sobel-y, "
                                   "laplacian, box:N, gaussian:SIGMA";
    clf_error reason = {0};
    int64_t shape[2];
    if (clf_kernel_by_name(name, NULL, 0, shape, &reason))
        return reason.code == CLF_PARSE_ERROR ? cli_misuse(error, "kernel '%s': %s", name, expected)
                                              : cli_misuse(error, "kernel '%s': %s", name, reason.message);
    const size_t count = (size_t)(shape[0] * shape[1]);
    float *data = malloc(count * sizeof *data);
    if (!data)
        return cli_fail(error, "kernel '%s': no memory for its taps", name);
    if (clf_kernel_by_name(name, data, count, shape, &reason)) {
        free(data);
        return cli_fail(error, "kernel '%s': %s", name, reason.message);
    }
    *taps = (clf_array){.data = data, .dtype = CLF_F32, .rank = 2, .shape = {shape[0], shape[1]}};
    return true;
}

bool kernel_read(const char *text, clf_array *taps, cli_error *error) {
    const size_t length = strlen(text);
    if (length >= 4 && strcmp(text + length - 4, ".npy") == 0)
        return read_file(text, taps, error);
    if (strpbrk(text, ",;") || strspn(text, " +-.0123456789") > 0)
        return read_rows(text, taps, error);
    return read_name(text, taps, error);
}
