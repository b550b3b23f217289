/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of words: an operation, an element type, a shape, then key=value words in any order:
 *
 *   conv f32 8x3x48x64 k=5x5 border=reflect,periodic
 *
 * A reader asks for the words it knows; a word nobody asked for, or a value that does not parse, is a mistake.
 */
#ifndef CLF_BASE_LINE_H
#define CLF_BASE_LINE_H

#include <stdbool.h>
#include <stdint.h>

/* A line has room for the longest problem: eight tensors, each with eight strides of any length. */
enum { CLF_LINE_SIZE = 2560, CLF_LINE_WORDS = 48, CLF_LINE_ERROR_SIZE = 256 };

typedef struct clf_line {
    char text[CLF_LINE_SIZE]; /* the words, each ended by a zero */
    char *words[CLF_LINE_WORDS];
    bool used[CLF_LINE_WORDS];
    int count;
    char error[CLF_LINE_ERROR_SIZE]; /* the first mistake; empty: none */
} clf_line;

/* Splits `text` into words. A mistake is left in line->error. */
void clf_line_split(const char *text, clf_line *line);

/* Records a mistake, as people read it, truncated if it is long; the first stays. */
__attribute__((format(printf, 2, 3))) void clf_line_fail(clf_line *line, const char *format, ...);

/* Word `index`, marked as used; "" if there is none. */
const char *clf_line_word(clf_line *line, int index);

/* Forgets the first word. */
void clf_line_drop_first(clf_line *line);

/* The text after "key=", or NULL. */
const char *clf_line_value(clf_line *line, const char *key);

/* Whole numbers separated by `separator` ('x' or ','); returns how many, 0 if the key is absent. */
int clf_line_list(clf_line *line, const char *key, char separator, int64_t *values, int capacity);

/* The whole numbers of `text` itself. */
int clf_line_numbers(clf_line *line, const char *text, char separator, int64_t *values, int capacity);

/* Numbers separated by commas; returns how many, 0 if the key is absent. */
int clf_line_reals(clf_line *line, const char *key, double *values, int capacity);

int64_t clf_line_integer(clf_line *line, const char *key, int64_t fallback);
double clf_line_real(clf_line *line, const char *key, double fallback);

/* Position of the value in `names`, which ends in NULL; the fallback without a value, or with a mistaken one. */
int clf_line_choice(clf_line *line, const char *key, const char *const *names, int fallback);

/* Position of `text` in `names`; -1, and a mistake, if it is none. */
int clf_line_find(clf_line *line, const char *what, const char *text, const char *const *names);

/* True if nothing was wrong and every word was asked for. */
bool clf_line_end(clf_line *line);

#endif
