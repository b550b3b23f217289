/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of translations' lines. */
#include "ops/shift/words.h"

#define FIELD(name) offsetof(clf_shift_words, name)
static const char *const methods[] = {CLF_SHIFT_METHOD_TABLE(CLF_NAME_OF) NULL};
static const clf_key keys[] = {
    {"by", CLF_KEY_REAL, FIELD(by), "D", "how far to move along each axis, towards higher indices if positive",
     .each_axis = true, .print = CLF_PRINT_ALWAYS},
    {"border", CLF_KEY_BORDER, FIELD(border), "B", "how the input continues beyond its ends"},
    {"cval", CLF_KEY_REAL, FIELD(cval), "V", "the value of a constant border"},
    {"method", CLF_KEY_NAME, FIELD(method), "M", "how values between the samples are found", .names = methods,
     .print = CLF_PRINT_ALWAYS},
    {NULL}};
static const char *const tensors[] = {"src", "dst", NULL};

const clf_line_table clf_shift_line = {.name = "shift",
                                       .shape = "src",
                                       .summary = "translation",
                                       .keys = keys,
                                       .tensors = tensors,
                                       .bytes = sizeof(clf_shift_words)};
