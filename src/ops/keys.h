/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Problem lines by tables. A line is an operation's name, an element type, a shape and KEY=VALUE words
 * (clfilter/line.h). Each operation has one table of its keys, and that table prints a line, reads it, fills the
 * program's help and gives the tests their words: there is no second list.
 *
 * Between a line and an operation stand its words: a struct of its own that begins with a clf_words and holds one field
 * for each key. say() fills them from a problem, plan() makes a descriptor of them.
 */
#ifndef CLF_OPS_KEYS_H
#define CLF_OPS_KEYS_H

#include "base/line.h"
#include "base/status.h"
#include "base/text.h"

#include <clfilter/line.h>
#include <clfilter/ops.h>

/* An enumeration's names, from its table: {CLF_MODE_TABLE(CLF_NAME_OF) NULL}. */
#define CLF_NAME_OF(enumerator, value, text) text,

/* What a key's value is, and the field that holds it. */
typedef enum clf_key_kind {
    CLF_KEY_REAL,    /* double; for each axis: double[CLF_MAX_RANK] */
    CLF_KEY_INTEGER, /* int64_t; for each axis: int64_t[CLF_MAX_RANK] */
    CLF_KEY_NAME,    /* int: its place among the names */
    CLF_KEY_SET,     /* unsigned: bits by place among the names */
    CLF_KEY_CALL,    /* clf_call_word: a name, with a parameter behind a colon where it takes one */
    CLF_KEY_DTYPE,   /* clf_dtype */
    CLF_KEY_BORDER,  /* clf_border[CLF_MAX_RANK] */
    CLF_KEY_EXTENTS  /* clf_extents: 3x3 */
} clf_key_kind;

typedef struct clf_call_word {
    int name; /* its place among the names; -1: not said */
    double parameter;
} clf_call_word;

typedef struct clf_extents {
    int rank; /* 0: not said */
    int64_t extent[CLF_MAX_RANK];
} clf_extents;

/* Which values a line leaves out. */
typedef enum clf_key_print {
    CLF_PRINT_OTHER, /* the default */
    CLF_PRINT_ALWAYS,
    CLF_PRINT_NEVER /* read, but never part of a canonical line */
} clf_key_print;

typedef struct clf_key {
    const char *name;
    clf_key_kind kind;
    size_t offset;            /* of its field in the words */
    const char *value, *help; /* for help: what a value is called, and a sentence */
    double standard;          /* the value of a line without the key */
    const char *const *names; /* of NAME, SET and CALL, NULL-terminated */
    unsigned parameters;      /* of CALL: bits by place, set for the names that a parameter follows */
    bool each_axis;           /* one for each axis, or one for all */
    clf_key_print print;
} clf_key;

enum { CLF_MOST_TENSORS = 10 };

/* What every line says; the beginning of each operation's words. */
typedef struct clf_words {
    const char *name; /* the operation's */
    clf_dtype dtype;
    clf_extents shape;
    int axes;                              /* which each-axis keys speak of */
    clf_extents strides[CLF_MOST_TENSORS]; /* by the table's tensors; rank 0: dense */
} clf_words;

/* How lines of one name are read and written. */
typedef struct clf_line_table {
    const char *name;
    const char *shape;          /* whose shape and dtype follow the name */
    const char *summary;        /* for help */
    const clf_key *keys;        /* ended by a NULL name */
    const char *const *tensors; /* NAME_strides are keys; NULL-terminated */
    size_t bytes;               /* of the words */
    void (*count_axes)(
        void *words); /* sets words.axes before the first each-axis key is read; NULL: the shape's rank */
} clf_line_table;

/* An operation as lines know it: a row of the registry. */
typedef struct clf_operation_row {
    const clf_line_table *line;
    /* Plans what was read; a mistake that only shows now goes to `line`. */
    clf_status (*plan)(clf_context *context, clf_line *line, void *words, const clf_plan_options *options,
                       clf_plan **plan, clf_error *error);
} clf_operation_row;

/* Reads a line into zeroed words: its shape, its keys, and the tensors' strides. Mistakes are left in `line`. */
void clf_words_read(const clf_line_table *table, clf_line *line, void *words);

/* The keys alone, into words whose shape is there: for those who have words of their own for shapes and layouts. */
void clf_words_read_keys(const clf_line_table *table, clf_line *line, void *words);

/* Says what is wrong with a line, or that a word means nothing; CLF_OK if all of it was read. */
clf_status clf_words_end(clf_line *line, clf_error *error);

/* Writes the line. */
void clf_words_print(const clf_line_table *table, const void *words, clf_text *text);

/* Notes a tensor's dtype and shape as the line's, and a tensor's strides where it is not dense. `view` is resolved. */
void clf_words_set_shape(void *words, const clf_view *view);
void clf_words_set_strides(void *words, int tensor, const clf_view *view);

/* The line's tensor, without a buffer, dense. */
clf_view clf_words_tensor(const void *words);

/* Gives a view the strides that were read for a tensor of the table, where any were. */
void clf_words_give_strides(const clf_line_table *table, clf_line *line, const void *words, int tensor, clf_view *view);

#endif
