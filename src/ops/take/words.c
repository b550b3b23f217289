/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of lines of selections and of their adjoint. */
#include "ops/take/words.h"

#define FIELD(name) offsetof(clf_take_words, name)
static const char *const modes[] = {CLF_INDEX_MODE_TABLE(CLF_NAME_OF) NULL};
static const char *const places[] = {"host", "device", NULL};
#define TAKE_KEYS                                                                                                     \
    {"axis",                                                                                                          \
     CLF_KEY_INTEGER,                                                                                                 \
     FIELD(axis),                                                                                                     \
     "A",                                                                                                             \
     "the axis to select along; -1 is the last one",                                                                  \
     .print = CLF_PRINT_ALWAYS},                                                                                      \
        {"count", CLF_KEY_INTEGER, FIELD(count), "N", "number of indices", .standard = 1, .print = CLF_PRINT_ALWAYS}, \
        {"mode",                                                                                                      \
         CLF_KEY_NAME,                                                                                                \
         FIELD(mode),                                                                                                 \
         "M",                                                                                                         \
         "the meaning of an index out of range",                                                                      \
         .names = modes,                                                                                              \
         .print = CLF_PRINT_ALWAYS},                                                                                  \
        {"index",                                                                                                     \
         CLF_KEY_DTYPE,                                                                                               \
         FIELD(index),                                                                                                \
         "T",                                                                                                         \
         "the indices' type, i64 or i32",                                                                             \
         .standard = CLF_I64,                                                                                         \
         .print = CLF_PRINT_ALWAYS},                                                                                  \
    {                                                                                                                 \
        "place", CLF_KEY_NAME, FIELD(place), "P", "where the indices are", .names = places, .print = CLF_PRINT_ALWAYS \
    }
static const clf_key take_keys[] = {TAKE_KEYS, {NULL}};
static const clf_key put_add_keys[] = {
    TAKE_KEYS, {"accumulate", CLF_KEY_INTEGER, FIELD(accumulate), "0|1", "1: dst is added to"}, {NULL}};
static const char *const tensors[] = {"src", "dst", "index", NULL};

const clf_line_table clf_take_line = {.name = "take",
                                      .shape = "src",
                                      .summary = "selection along an axis",
                                      .keys = take_keys,
                                      .tensors = tensors,
                                      .bytes = sizeof(clf_take_words)};
const clf_line_table clf_put_add_line = {.name = "put_add",
                                         .shape = "dst",
                                         .summary = "the adjoint of take: elements are added where they were selected",
                                         .keys = put_add_keys,
                                         .tensors = tensors,
                                         .bytes = sizeof(clf_take_words)};
