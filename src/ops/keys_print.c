/* SPDX-License-Identifier: Apache-2.0 */
/* Problem lines written by an operation's table of keys. */
#include "base/number.h"
#include "ops/keys.h"
#include "plan/view.h"

#include <string.h>

static const void *field_of(const void *words, const clf_key *key) {
    return (const char *)words + key->offset;
}

/* True where every one of the values is the key's standard. */
static bool is_standard(const clf_key *key, const clf_words *words, const void *field) {
    int count = key->each_axis ? words->axes : 1;
    bool same = true;
    switch (key->kind) {
    case CLF_KEY_REAL:
        for (int i = 0; i < count; i++)
            same = same && ((const double *)field)[i] == key->standard;
        return same;
    case CLF_KEY_INTEGER:
        for (int i = 0; i < count; i++)
            same = same && ((const int64_t *)field)[i] == (int64_t)key->standard;
        return same;
    case CLF_KEY_NAME: return *(const int *)field == (int)key->standard;
    case CLF_KEY_SET: return *(const unsigned *)field == (unsigned)key->standard;
    case CLF_KEY_CALL: return ((const clf_call_word *)field)->name == (int)key->standard;
    case CLF_KEY_DTYPE:
        return *(const clf_dtype *)field == (key->standard < 0 ? words->dtype : (clf_dtype)key->standard);
    case CLF_KEY_BORDER: return *(const clf_border *)field == CLF_BORDER_DEFAULT;
    case CLF_KEY_EXTENTS: return ((const clf_extents *)field)->rank == 0;
    }
    return true;
}

static void add_set(const clf_key *key, unsigned set, clf_text *text) {
    const char *between = "";
    for (int i = 0; key->names[i] != NULL; i++)
        if (set & 1U << i) {
            clf_text_add(text, "%s%s", between, key->names[i]);
            between = ",";
        }
}

/* One border where all are the same. */
static void add_borders(const clf_border *borders, int axes, clf_text *text) {
    bool same = true;
    for (int i = 1; i < axes; i++)
        same = same && borders[i] == borders[0];
    for (int i = 0; i < (same ? 1 : axes); i++)
        clf_text_add(text, i ? ",%s" : "%s", clf_border_name(borders[i]));
}

static void add_value(const clf_key *key, const clf_words *words, const void *field, clf_text *text) {
    int count = key->each_axis ? words->axes : 1;
    switch (key->kind) {
    case CLF_KEY_REAL:
        for (int i = 0; i < count; i++)
            clf_text_add(text, i ? ",%s" : "%s", clf_number_exact(((const double *)field)[i]).text);
        return;
    case CLF_KEY_INTEGER: clf_text_add_values(text, count, field); return;
    case CLF_KEY_NAME: clf_text_add(text, "%s", key->names[*(const int *)field]); return;
    case CLF_KEY_SET: add_set(key, *(const unsigned *)field, text); return;
    case CLF_KEY_CALL: {
        const clf_call_word *call = field;
        clf_text_add(text, "%s", key->names[call->name]);
        if (key->parameters & 1U << call->name)
            clf_text_add(text, ":%s", clf_number_exact(call->parameter).text);
        return;
    }
    case CLF_KEY_DTYPE: clf_text_add(text, "%s", clf_dtype_name(*(const clf_dtype *)field)); return;
    case CLF_KEY_BORDER: add_borders(field, words->axes, text); return;
    case CLF_KEY_EXTENTS: {
        const clf_extents *extents = field;
        clf_text_add_extents(text, extents->rank, extents->extent);
        return;
    }
    }
}

void clf_words_print(const clf_line_table *table, const void *words, clf_text *text) {
    const clf_words *common = words;
    clf_text_add(text, "%s %s ", table->name, clf_dtype_name(common->dtype));
    clf_text_add_extents(text, common->shape.rank, common->shape.extent);
    for (const clf_key *key = table->keys; key->name != NULL; key++) {
        const void *field = field_of(words, key);
        if (key->print == CLF_PRINT_NEVER || (key->print == CLF_PRINT_OTHER && is_standard(key, common, field)))
            continue;
        clf_text_add(text, " %s=", key->name);
        add_value(key, common, field, text);
    }
    for (int i = 0; table->tensors[i] != NULL; i++)
        if (common->strides[i].rank > 0) {
            clf_text_add(text, " %s_strides=", table->tensors[i]);
            clf_text_add_values(text, common->strides[i].rank, common->strides[i].extent);
        }
}

void clf_words_set_shape(void *words, const clf_view *view) {
    clf_words *common = words;
    common->dtype = view->dtype;
    common->axes = common->shape.rank = view->rank;
    memcpy(common->shape.extent, view->shape, sizeof view->shape);
}

void clf_words_set_strides(void *words, int tensor, const clf_view *view) {
    clf_extents *strides = &((clf_words *)words)->strides[tensor];
    if (clf_strides_dense(view->rank, view->shape, view->strides))
        return;
    strides->rank = view->rank;
    memcpy(strides->extent, view->strides, sizeof view->strides);
}
