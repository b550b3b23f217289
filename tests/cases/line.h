/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Case lines: an operation, an element type, a shape, then key=value words in any order:
 *
 *   conv f32 8x3x48x64 k=5x5 border=reflect,periodic seed=7
 *
 * A reader asks for the keys it knows; a word nobody asked for, or a value that does not parse, is an error.
 */
#ifndef CLF_TESTS_LINE_H
#define CLF_TESTS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_LENGTH 512
#define LINE_WORDS 32

typedef struct case_line {
    char text[LINE_LENGTH]; /* the words, each ended by a zero */
    char *words[LINE_WORDS];
    bool used[LINE_WORDS];
    int count;
    char error[LINE_LENGTH]; /* the first mistake; empty: none */
} case_line;

/* Splits `text` into words. A mistake is left in line->error. */
void line_split(const char *text, case_line *line);

/* Records a mistake; the first stays. */
__attribute__((format(printf, 2, 3))) void line_fail(case_line *line, const char *format, ...);

/* Word `index`, marked as used; "" where there is none. */
const char *line_word(case_line *line, int index);

/* Forgets the first word. */
void line_drop_first(case_line *line);

/* The text after "key=", or NULL. */
const char *line_value(case_line *line, const char *key);

/* Numbers separated by `separator` ('x' or ','); returns how many, 0 where the key is absent. */
int line_list(case_line *line, const char *key, char separator, int64_t *values, int capacity);

/* The numbers of `text` itself. */
int line_numbers(case_line *line, const char *text, char separator, int64_t *values, int capacity);

int64_t line_integer(case_line *line, const char *key, int64_t fallback);
double line_real(case_line *line, const char *key, double fallback);

/* Position of the value in `names`, which ends in NULL. */
int line_choice(case_line *line, const char *key, const char *const *names, int fallback);

/* Position of `text` in `names`; -1, and a mistake, where it is none. */
int line_find(case_line *line, const char *what, const char *text, const char *const *names);

/* True where nothing was wrong and every word was asked for. */
bool line_end(case_line *line);

#endif
