/* SPDX-License-Identifier: Apache-2.0 */
/* npy_header.c: reading an .npy header, a Python dict literal, strictly and without trust. */
#include "npy_header.h"

#include "input.h"

#include <stdlib.h>
#include <string.h>

/* Far above what any array of numbers needs; a longer header is damage or an attack. */
enum { header_limit = 65535, magic_length = 6 };

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static void skip_space(cursor *c) {
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r'))
        c->at++;
}

static bool take(cursor *c, char wanted) {
    skip_space(c);
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_word(cursor *c, const char *word) {
    const size_t length = strlen(word);
    skip_space(c);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
        return false;
    c->at += length;
    return true;
}

/* A quoted string without escapes; cut to what `text` holds, which no accepted word reaches. */
static bool take_string(cursor *c, char *text, size_t capacity) {
    skip_space(c);
    if (c->at == c->end || (*c->at != '\'' && *c->at != '"'))
        return false;
    const char quote = *c->at++;
    size_t length = 0;
    for (; c->at < c->end && *c->at != quote; c->at++) {
        if (*c->at == '\\' || *c->at == '\n')
            return false;
        if (length + 1 < capacity)
            text[length++] = *c->at;
    }
    text[length] = '\0';
    if (c->at == c->end)
        return false;
    c->at++;
    return true;
}

static bool take_extent(cursor *c, int64_t *extent) {
    skip_space(c);
    const char *first = c->at;
    int64_t value = 0;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        const int digit = *c->at - '0';
        if (value > (INT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (c->at == first)
        return false;
    if (c->at < c->end && *c->at == 'L')
        c->at++; /* numpy on Python 2 wrote long integers so */
    *extent = value;
    return true;
}

static bool take_shape(cursor *c, npy_header *header, cli_error *error) {
    static const char damaged[] = "the shape in its .npy header is not a tuple of whole numbers";
    bool comma = true;
    if (!take(c, '('))
        return cli_fail(error, damaged);
    for (header->rank = 0; !take(c, ')'); header->rank++) {
        int64_t extent;
        if (!comma || !take_extent(c, &extent))
            return cli_fail(error, damaged);
        if (header->rank < CLF_MAX_RANK)
            header->shape[header->rank] = extent;
        comma = take(c, ',');
    }
    if (header->rank == 1 && !comma)
        return cli_fail(error, damaged); /* "(3)" is a number, not a tuple */
    return true;
}

static bool take_dtype(cursor *c, npy_header *header, cli_error *error) {
    skip_space(c);
    if (c->at < c->end && *c->at == '[')
        return cli_fail(error, "its dtype is structured; expected one number per element");
    if (!take_string(c, header->descr, sizeof header->descr))
        return cli_fail(error, "its .npy header has no readable dtype");
    const char *text = header->descr;
    const uint16_t probe = 1;
    const bool little = *(const unsigned char *)&probe == 1;
    const char order = strchr("<>=|", *text) && *text ? *text++ : '=';
    header->swapped = order == '<' ? !little : order == '>' ? little : false;
    header->kind = *text;
    header->element_bytes = *text && strlen(text) == 2 ? text[1] - '0' : 0;
    const bool width = header->element_bytes == 1 || header->element_bytes == 2 || header->element_bytes == 4 ||
                       header->element_bytes == 8;
    if (!width || !strchr("fiub", header->kind) || (header->kind == 'f' && header->element_bytes == 1) ||
        (header->kind == 'b' && header->element_bytes != 1) || (order == '|' && header->element_bytes != 1))
        return cli_fail(error, "its dtype is '%s'; expected real numbers of 1, 2, 4 or 8 bytes", header->descr);
    return true;
}

static bool take_order(cursor *c, npy_header *header, cli_error *error) {
    if (take_word(c, "True"))
        header->fortran = true;
    else if (take_word(c, "False"))
        header->fortran = false;
    else
        return cli_fail(error, "fortran_order in its .npy header is neither True nor False");
    return true;
}

static bool parse(const char *text, size_t length, npy_header *header, cli_error *error) {
    static const char *const names[] = {"descr", "fortran_order", "shape"};
    static bool (*const takers[])(cursor *, npy_header *, cli_error *) = {take_dtype, take_order, take_shape};
    static const char damaged[] = "its .npy header is not a dict of descr, fortran_order and shape";
    cursor c = {text, text + length};
    unsigned seen = 0;
    bool comma = true;
    if (!take(&c, '{'))
        return cli_fail(error, damaged);
    while (!take(&c, '}')) {
        char key[16];
        unsigned i = 0;
        if (!comma || !take_string(&c, key, sizeof key) || !take(&c, ':'))
            return cli_fail(error, damaged);
        while (i < 3 && strcmp(key, names[i]) != 0)
            i++;
        if (i == 3 || (seen & 1u << i))
            return cli_fail(error, damaged);
        if (!takers[i](&c, header, error))
            return false;
        seen |= 1u << i;
        comma = take(&c, ',');
    }
    skip_space(&c);
    return (seen == 7 && c.at == c.end) || cli_fail(error, damaged);
}

/* What the header claims against what the file has: after this the claim may be allocated. */
static bool check_extents(npy_header *header, int64_t left, cli_error *error) {
    if (header->rank < 1 || header->rank > CLF_MAX_RANK)
        return cli_fail(error, "its array has rank %d; expected 1 to %d", header->rank, CLF_MAX_RANK);
    if (!image_bytes(header->rank, header->shape, header->element_bytes, &header->data_bytes))
        return cli_fail(error, "its shape is larger than any file");
    if (header->data_bytes > left)
        return cli_fail(error, "truncated: its shape and dtype need %lld bytes of data, but it has %lld",
                        (long long)header->data_bytes, (long long)left);
    if (header->data_bytes < left)
        return cli_fail(error, "its shape and dtype need %lld bytes of data, but it has %lld",
                        (long long)header->data_bytes, (long long)left);
    return true;
}

/* Magic, version and length of the header's text. */
static bool read_prefix(FILE *file, int64_t size, int64_t *prefix, int64_t *length, cli_error *error) {
    unsigned char head[12];
    if (fread(head, 1, magic_length, file) != magic_length || memcmp(head, "\x93NUMPY", magic_length) != 0)
        return input_fail(file, "not an .npy file: it does not start with the bytes 93 4E 55 4D 50 59", error);
    if (fread(head, 1, 2, file) != 2)
        return input_fail(file, "truncated within its .npy header", error);
    if (head[0] < 1 || head[0] > 3 || head[1] != 0)
        return cli_fail(error, "its .npy version is %d.%d; expected 1.0, 2.0 or 3.0", head[0], head[1]);
    const size_t bytes = head[0] == 1 ? 2 : 4;
    if (fread(head, 1, bytes, file) != bytes)
        return input_fail(file, "truncated within its .npy header", error);
    *prefix = magic_length + 2 + (int64_t)bytes;
    *length = 0;
    for (size_t i = bytes; i-- > 0;)
        *length = *length << 8 | head[i];
    if (*length > size - *prefix)
        return cli_fail(error, "truncated: its .npy header should have %lld bytes, but only %lld are left",
                        (long long)*length, (long long)(size - *prefix));
    if (*length > header_limit)
        return cli_fail(error, "its .npy header has %lld bytes; expected at most %d", (long long)*length, header_limit);
    return true;
}

bool npy_read_header(FILE *file, int64_t size, npy_header *header, cli_error *error) {
    int64_t prefix = 0;
    int64_t length = 0;
    if (!read_prefix(file, size, &prefix, &length, error))
        return false;
    char *text = malloc((size_t)length + 1);
    if (!text)
        return cli_fail(error, "no memory for its header");
    *header = (npy_header){0};
    bool ok = fread(text, 1, (size_t)length, file) == (size_t)length;
    if (!ok)
        input_fail(file, "truncated within its .npy header", error);
    ok = ok && parse(text, (size_t)length, header, error) && check_extents(header, size - prefix - length, error);
    free(text);
    return ok;
}

void npy_swap(void *memory, int64_t bytes, int width) {
    unsigned char *data = memory;
    for (int64_t i = 0; i < bytes; i += width)
        for (int a = 0, b = width - 1; a < b; a++, b--) {
            const unsigned char kept = data[i + a];
            data[i + a] = data[i + b];
            data[i + b] = kept;
        }
}

bool npy_read_data(FILE *file, const npy_header *header, void *data, cli_error *error) {
    if (fread(data, 1, (size_t)header->data_bytes, file) != (size_t)header->data_bytes)
        return input_fail(file, "truncated: it became shorter while it was being read", error);
    if (header->swapped)
        npy_swap(data, header->data_bytes, header->element_bytes);
    return true;
}

void npy_strides(const npy_header *header, int64_t strides[CLF_MAX_RANK]) {
    int64_t stride = 1;
    for (int i = 0; i < CLF_MAX_RANK; i++)
        strides[i] = 0;
    for (int i = 0; header->fortran && i < header->rank; i++) {
        strides[i] = stride;
        stride *= header->shape[i];
    }
}
