/* SPDX-License-Identifier: Apache-2.0 */
/* kernel.c: numbers from a file or from rows of text; taps from these, or by name. */
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

static bool convert(const npy_header *header, const void *data, double *numbers, cli_error *error) {
    const int64_t count = header->data_bytes / header->element_bytes;
    for (int64_t i = 0; i < count; i++) {
        numbers[i] = number_at(header, data, i);
        if (!isfinite(numbers[i]))
            return cli_fail(error, "expected finite numbers; one of these is NaN or infinite");
    }
    return true;
}

static bool read_npy(FILE *file, int64_t size, clf_array *numbers, char *kind, cli_error *error) {
    npy_header header;
    if (!npy_read_header(file, size, &header, error))
        return false;
    const int64_t count = header.data_bytes / header.element_bytes;
    const bool fits = (uint64_t)count < SIZE_MAX / sizeof(double);    /* no element is wider than that */
    void *data = fits ? malloc((size_t)header.data_bytes + 1) : NULL; /* never of nothing */
    double *converted = fits ? malloc(((size_t)count + 1) * sizeof *converted) : NULL;
    bool ok = data && converted;
    if (!ok)
        cli_fail(error, "no memory for %lld numbers", (long long)count);
    ok = ok && npy_read_data(file, &header, data, error) && convert(&header, data, converted, error);
    free(data);
    if (!ok) {
        free(converted);
        return false;
    }
    *kind = header.kind;
    *numbers = (clf_array){.data = converted, .dtype = CLF_F64, .rank = header.rank};
    memcpy(numbers->shape, header.shape, sizeof header.shape);
    npy_strides(&header, numbers->strides);
    return true;
}

static bool read_file(const char *path, clf_array *numbers, char *kind, cli_error *error) {
    input_file input;
    if (!input_open(path, &input, error))
        return cli_blame(error, path);
    const bool ok = read_npy(input.file, input.size, numbers, kind, error);
    fclose(input.file);
    return ok || cli_blame(error, path);
}

/* One row up to its ';' or the end of the text, where *at is left. False if cell number *cells is wrong. */
static bool read_row(const char **at, double *numbers, int64_t *cells) {
    for (*cells = 0;;) {
        double *number = &numbers[(*cells)++];
        if (!value_number_prefix(*at, number, at) || !isfinite(*number))
            return false;
        *at += strspn(*at, " ");
        if (**at == ';' || !**at)
            return true;
        if (**at != ',')
            return false;
        ++*at;
    }
}

static bool read_rows(const char *operand, const char *text, clf_array *numbers, cli_error *error) {
    double *cells = malloc((strlen(text) / 2 + 1) * sizeof *cells); /* every cell but the last has a separator */
    const char *at = text;
    int64_t columns = 0;
    int64_t rows = 0;
    if (!cells)
        return cli_fail(error, "%s: no memory for its numbers", operand);
    for (bool more = true; more; rows++) {
        int64_t found;
        const bool right = read_row(&at, cells + rows * columns, &found);
        if (rows == 0)
            columns = found;
        if (!right || found != columns) {
            free(cells);
            if (!right)
                return cli_misuse(error, "%s '%s': number %lld of row %lld is not a finite number", operand, text,
                                  (long long)found, (long long)rows + 1);
            return cli_misuse(error, "%s '%s': row %lld has %lld number%s; the first has %lld", operand, text,
                              (long long)rows + 1, (long long)found, found == 1 ? "" : "s", (long long)columns);
        }
        more = *at == ';';
        at += more;
    }
    *numbers = (clf_array){.data = cells, .dtype = CLF_F64, .rank = rows > 1 ? 2 : 1, .shape = {rows, columns}};
    if (rows == 1)
        numbers->shape[0] = columns;
    return true;
}

static bool read_kernel_file(const char *path, clf_array *taps, cli_error *error) {
    char kind;
    if (!read_file(path, taps, &kind, error))
        return false;
    for (int i = 0; i < taps->rank; i++)
        if (taps->shape[i] == 0) {
            free(taps->data);
            taps->data = NULL;
            return cli_fail(error, "%s: its array has an extent of 0 along axis %d", path, i);
        }
    if (taps->rank <= most_rank)
        return true;
    free(taps->data);
    taps->data = NULL;
    return cli_fail(error, "%s: a kernel has rank 1 to %d, a bank of kernels 4 or 5, not %d", path, CLF_MAX_FILTER_AXES,
                    taps->rank);
}

/* A sentence of the library's without the name that it begins with, which ours says already. */
static const char *without(const char *name, const char *sentence) {
    const size_t length = strlen(name);
    const bool begins = strncmp(sentence, name, length) == 0 && strncmp(sentence + length, ": ", 2) == 0;
    return begins ? sentence + length + 2 : sentence;
}

static bool read_name(const char *name, clf_array *taps, cli_error *error) {
    static const char expected[] = "expected an .npy file, rows such as \"1,0,-1;2,0,-2;1,0,-1\", or sobel-x, sobel-y, "
                                   "laplacian, box:N, gaussian:SIGMA";
    clf_error reason = {0};
    int64_t shape[2];
    if (clf_kernel_by_name(name, NULL, 0, shape, &reason))
        return reason.code == CLF_PARSE_ERROR
                   ? cli_misuse(error, "kernel '%s': %s", name, expected)
                   : cli_misuse(error, "kernel '%s': %s", name, without(name, reason.message));
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

static bool is_npy(const char *text) {
    const size_t length = strlen(text);
    return length >= 4 && strcmp(text + length - 4, ".npy") == 0;
}

/* "gaussian:1,5" is a name, if a wrong one. */
static bool is_rows(const char *text) {
    return !strchr(text, ':') && (strpbrk(text, ",;") || strspn(text, " +-.0123456789") > 0);
}

bool kernel_read(const char *text, clf_array *taps, cli_error *error) {
    return is_npy(text)    ? read_kernel_file(text, taps, error)
           : is_rows(text) ? read_rows("kernel", text, taps, error)
                           : read_name(text, taps, error);
}

bool numbers_read(const char *operand, const char *text, clf_array *numbers, char *kind, cli_error *error) {
    *kind = 'f';
    return is_npy(text) ? read_file(text, numbers, kind, error)
           : is_rows(text)
               ? read_rows(operand, text, numbers, error)
               : cli_misuse(error, "%s '%s': expected an .npy file, or a list such as 0,2,-1", operand, text);
}
