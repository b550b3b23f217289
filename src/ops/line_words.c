/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of problem lines share: tensors, borders, lists. */
#include "ops/line.h"

#include <limits.h>
#include <string.h>

static const char *const dtype_names[] = {"f32", "f64", "f16", "u8", "u16", "i16", "i32", "i64", NULL};

clf_status clf_line_check(clf_line *line, clf_error *error) {
    if (clf_line_end(line))
        return CLF_OK;
    return clf_fail(error, CLF_PARSE_ERROR, "clf_plan_from_line: %s", line->error);
}

clf_view clf_line_tensor(clf_line *line) {
    clf_view view = {.rank = 1, .shape = {1}};
    const char *dtype = clf_line_word(line, 1), *shape = clf_line_word(line, 2);
    if (line->count < 3) {
        clf_line_fail(line, "the line ends before its element type and shape");
        return view;
    }
    int found = clf_line_find(line, "element type", dtype, dtype_names);
    view.dtype = found < 0 ? CLF_F32 : (clf_dtype)found;
    int rank = clf_line_numbers(line, shape, 'x', view.shape, CLF_MAX_RANK);
    view.rank = rank > 0 ? rank : 1;
    for (int i = 0; i < rank; i++)
        if (view.shape[i] < 1)
            clf_line_fail(line, "an extent of the shape '%s' is below 1", shape);
    return view;
}

/* A view with negative strides begins so far into its buffer that its least address is 0. */
void clf_line_strides(clf_line *line, const char *key, clf_view *view) {
    int64_t strides[CLF_MAX_RANK];
    int count = clf_line_list(line, key, ',', strides, CLF_MAX_RANK);
    if (count == 0)
        return;
    if (count != view->rank) {
        clf_line_fail(line, "%s= lists %d strides; the tensor has %d axes", key, count, view->rank);
        return;
    }
    for (int i = 0; i < count; i++) {
        int64_t back = 0;
        if (strides[i] < 0 && (__builtin_mul_overflow(strides[i], 1 - view->shape[i], &back) ||
                               __builtin_add_overflow(view->offset, back, &view->offset)))
            clf_line_fail(line, "%s= reaches over more than 2^63 elements", key);
        view->strides[i] = strides[i];
    }
}

clf_dtype clf_line_dtype(clf_line *line, const char *key, clf_dtype fallback) {
    int found = clf_line_choice(line, key, dtype_names, (int)fallback);
    return found < 0 ? fallback : (clf_dtype)found;
}

/* Copies the next item of a list; false at its end, or where it is too long to be any name. */
static bool next_item(const char **at, char item[32]) {
    size_t length = strcspn(*at, ",");
    if (**at == '\0' || length >= 32)
        return false;
    memcpy(item, *at, length);
    item[length] = '\0';
    *at += length + ((*at)[length] == ',');
    return true;
}

void clf_line_borders(clf_line *line, int axes, clf_border *border) {
    const char *text = clf_line_value(line, "border"), *at = text;
    char item[32];
    int axis = 0;
    while (text != NULL && next_item(&at, item))
        if (axis == axes || !clf_border_parse(item, &border[axis++])) {
            clf_line_fail(line, "border=%s is not one border, or one for each of %d axes", text, axes);
            return;
        }
    if (text != NULL && (axis == 0 || *at != '\0'))
        clf_line_fail(line, "border=%s is not one border, or one for each of %d axes", text, axes);
}

void clf_line_ints(clf_line *line, const char *key, int axes, int *values) {
    int64_t read[CLF_MAX_RANK];
    int count = clf_line_list(line, key, ',', read, axes);
    for (int i = 0; i < count; i++) {
        if (read[i] < INT_MIN || read[i] > INT_MAX)
            clf_line_fail(line, "%s=%lld is too large", key, (long long)read[i]);
        else
            values[i] = (int)read[i];
    }
}

unsigned clf_line_names(clf_line *line, const char *key, const char *const *names, unsigned fallback) {
    const char *text = clf_line_value(line, key), *at = text;
    char item[32];
    unsigned found = 0;
    if (text == NULL)
        return fallback;
    while (next_item(&at, item)) {
        int place = clf_line_find(line, key, item, names);
        found |= place < 0 ? 0 : 1U << place;
    }
    if (found == 0 || *at != '\0')
        clf_line_fail(line, "%s=%s is not a list of names", key, text);
    return found;
}
