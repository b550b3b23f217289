/* SPDX-License-Identifier: Apache-2.0 */
/* Problem lines read by an operation's table of keys. */
#include "base/checked.h"
#include "base/number.h"
#include "ops/keys.h"

#include <limits.h>
#include <string.h>

static const char *const dtype_names[] = {
#define NAME_OF(enumerator, value, text, bytes) text,
    CLF_DTYPE_TABLE(NAME_OF)
#undef NAME_OF
        NULL};

static void *field_of(void *words, const clf_key *key) {
    return (char *)words + key->offset;
}

/* Copies the next item of a list; false at its end, or if it is too long to be any name. */
static bool next_item(const char **at, char item[32]) {
    size_t length = strcspn(*at, ",");
    if (**at == '\0' || length >= 32)
        return false;
    memcpy(item, *at, length);
    item[length] = '\0';
    *at += length + ((*at)[length] == ',');
    return true;
}

/* Says whether `count` values suit a key that wants one for each axis, or one for all. */
static bool check_count(clf_line *line, const clf_key *key, int count, int axes) {
    if (count == 1 || count == axes)
        return true;
    clf_line_fail(line, "%s= lists %d values; expected one, or one for each of %d axes", key->name, count, axes);
    return false;
}

static void read_reals(clf_line *line, const clf_key *key, int axes, double *values) {
    double read[CLF_MAX_RANK];
    if (!key->each_axis) {
        *values = clf_line_real(line, key->name, key->standard);
        return;
    }
    int count = clf_line_reals(line, key->name, read, CLF_MAX_RANK);
    for (int i = 0; i < CLF_MAX_RANK; i++)
        values[i] = key->standard;
    if (count == 0 || !check_count(line, key, count, axes))
        return;
    for (int i = 0; i < axes; i++)
        values[i] = read[count == 1 ? 0 : i];
}

static void read_integers(clf_line *line, const clf_key *key, int axes, int64_t *values) {
    int64_t read[CLF_MAX_RANK];
    if (!key->each_axis) {
        *values = clf_line_integer(line, key->name, (int64_t)key->standard);
        return;
    }
    int count = clf_line_list(line, key->name, ',', read, CLF_MAX_RANK);
    for (int i = 0; i < CLF_MAX_RANK; i++)
        values[i] = (int64_t)key->standard;
    if (count == 0 || !check_count(line, key, count, axes))
        return;
    for (int i = 0; i < axes; i++)
        values[i] = read[count == 1 ? 0 : i];
}

static void read_set(clf_line *line, const clf_key *key, unsigned *set) {
    const char *text = clf_line_value(line, key->name), *at = text;
    char item[32];
    *set = text == NULL ? (unsigned)key->standard : 0;
    while (text != NULL && next_item(&at, item)) {
        int place = clf_line_find(line, key->name, item, key->names);
        *set |= place < 0 ? 0 : 1U << place;
    }
    if (text != NULL && (*set == 0 || *at != '\0'))
        clf_line_fail(line, "%s=%s is not a list of names", key->name, text);
}

/* The place of the name that a text begins with, before a colon; -1 if it is none. */
static int find_call(const clf_key *key, const char *text, size_t length) {
    for (int i = 0; key->names[i] != NULL; i++)
        if (strlen(key->names[i]) == length && strncmp(key->names[i], text, length) == 0)
            return i;
    return -1;
}

/* NAME, or NAME:PARAMETER if the name takes one. */
static void read_call(clf_line *line, const clf_key *key, clf_call_word *call) {
    const char *text = clf_line_value(line, key->name);
    *call = (clf_call_word){(int)key->standard, 0};
    if (text == NULL)
        return;
    size_t length = strcspn(text, ":");
    int place = find_call(key, text, length);
    bool takes = place >= 0 && (key->parameters & 1U << place) != 0;
    if (place >= 0 && takes == (text[length] == ':') &&
        (!takes || clf_number_parse(text + length + 1, &call->parameter))) {
        call->name = place;
        return;
    }
    char names[160];
    clf_text list = clf_text_begin(names, sizeof names);
    for (int i = 0; key->names[i] != NULL; i++)
        clf_text_add(&list, "%s%s%s", i ? ", " : "", key->names[i], key->parameters & 1U << i ? ":NUMBER" : "");
    clf_text_close(&list);
    clf_line_fail(line, "%s=%s is not one of %s", key->name, text, names);
}

static void read_borders(clf_line *line, const clf_key *key, int axes, clf_border *borders) {
    const char *text = clf_line_value(line, key->name), *at = text;
    clf_border read[CLF_MAX_RANK];
    char item[32];
    int count = 0;
    bool good = true;
    for (int i = 0; i < CLF_MAX_RANK; i++)
        borders[i] = CLF_BORDER_DEFAULT;
    if (text == NULL)
        return;
    while (good && next_item(&at, item))
        good = count < CLF_MAX_RANK && clf_border_parse(item, &read[count++]);
    if (!good || count == 0 || *at != '\0' || (count != 1 && count != axes)) {
        clf_line_fail(line, "%s=%s is not one border, or one for each of %d axes", key->name, text, axes);
        return;
    }
    for (int i = 0; i < axes; i++)
        borders[i] = read[count == 1 ? 0 : i];
}

static void read_key(clf_line *line, const clf_key *key, int axes, void *field) {
    switch (key->kind) {
    case CLF_KEY_REAL: read_reals(line, key, axes, field); return;
    case CLF_KEY_INTEGER: read_integers(line, key, axes, field); return;
    case CLF_KEY_SET: read_set(line, key, field); return;
    case CLF_KEY_CALL: read_call(line, key, field); return;
    case CLF_KEY_BORDER: read_borders(line, key, axes, field); return;
    case CLF_KEY_NAME: *(int *)field = clf_line_choice(line, key->name, key->names, (int)key->standard); return;
    case CLF_KEY_DTYPE:
        *(clf_dtype *)field = (clf_dtype)clf_line_choice(line, key->name, dtype_names, (int)key->standard);
        return;
    case CLF_KEY_EXTENTS: {
        clf_extents *extents = field;
        extents->rank = clf_line_list(line, key->name, 'x', extents->extent, CLF_MAX_RANK);
        return;
    }
    }
}

void clf_words_read_keys(const clf_line_table *table, clf_line *line, void *words) {
    clf_words *common = words;
    common->name = table->name;
    common->axes = common->shape.rank;
    bool counted = table->count_axes == NULL;
    for (const clf_key *key = table->keys; key->name != NULL; key++) {
        clf_key read = *key;
        if (key->kind == CLF_KEY_DTYPE && key->standard < 0) /* the line's own */
            read.standard = common->dtype;
        if ((key->each_axis || key->kind == CLF_KEY_BORDER) && !counted) {
            table->count_axes(words);
            counted = true;
        }
        read_key(line, &read, common->axes, field_of(words, key));
    }
}

static void read_shape(clf_line *line, clf_words *words) {
    const char *dtype = clf_line_word(line, 1), *shape = clf_line_word(line, 2);
    words->shape = (clf_extents){.rank = 1, .extent = {1}};
    if (line->count < 3) {
        clf_line_fail(line, "the line ends before its element type and shape");
        return;
    }
    int found = clf_line_find(line, "element type", dtype, dtype_names);
    words->dtype = found < 0 ? CLF_F32 : (clf_dtype)found;
    int rank = clf_line_numbers(line, shape, 'x', words->shape.extent, CLF_MAX_RANK);
    words->shape.rank = rank > 0 ? rank : 1;
    for (int i = 0; i < rank; i++)
        if (words->shape.extent[i] < 0)
            clf_line_fail(line, "an extent of the shape '%s' is below 0", shape);
}

void clf_words_read(const clf_line_table *table, clf_line *line, void *words) {
    clf_words *common = words;
    read_shape(line, common);
    clf_words_read_keys(table, line, words);
    for (int i = 0; table->tensors[i] != NULL; i++) {
        char name[64];
        clf_text key = clf_text_begin(name, sizeof name);
        clf_text_add(&key, "%s_strides", table->tensors[i]);
        if (key.truncated)
            clf_line_fail(line, "the key %s_strides is too long", table->tensors[i]);
        common->strides[i].rank = clf_line_list(line, name, ',', common->strides[i].extent, CLF_MAX_RANK);
    }
}

clf_status clf_words_end(clf_line *line, clf_error *error) {
    if (clf_line_end(line))
        return CLF_OK;
    return clf_fail(error, CLF_PARSE_ERROR, "clf_plan_from_line: %s", line->error);
}

clf_view clf_words_tensor(const void *words) {
    const clf_words *common = words;
    clf_view view = {.dtype = common->dtype, .rank = common->shape.rank};
    memcpy(view.shape, common->shape.extent, sizeof view.shape);
    return view;
}

/* A view with negative strides begins so far into its buffer that its least address is 0. */
void clf_words_give_strides(const clf_line_table *table, clf_line *line, const void *words, int tensor,
                            clf_view *view) {
    const clf_extents *strides = &((const clf_words *)words)->strides[tensor];
    const char *name = table->tensors[tensor];
    if (strides->rank == 0)
        return;
    if (strides->rank != view->rank) {
        clf_line_fail(line, "%s_strides= lists %d strides; the tensor has %d axes", name, strides->rank, view->rank);
        return;
    }
    for (int i = 0; i < view->rank; i++) {
        int64_t stride = strides->extent[i];
        int64_t last = view->shape[i] > 0 ? view->shape[i] - 1 : 0;
        if (stride < 0 && !clf_multiply_add(stride, -last, view->offset, &view->offset))
            clf_line_fail(line, "%s_strides= reaches over more than 2^63 elements", name);
        view->strides[i] = stride;
    }
}
