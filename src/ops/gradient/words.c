/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of lines of derivatives and of the features built on them. */
#include "ops/gradient/words.h"

#define FIELD(name) offsetof(clf_gradient_words, name)
#define BORDER \
    { "border", CLF_KEY_BORDER, FIELD(border), "B", "how src continues beyond its ends" }
#define CVAL \
    { "cval", CLF_KEY_REAL, FIELD(cval), "V", "the value of a constant border" }

static const char *const operators[] = {CLF_GRADIENT_OPERATOR_TABLE(CLF_NAME_OF) NULL};
static const char *const outputs[] = {"magnitude", "dx", "dy", "dz", "squared", "l1", "orientation", NULL};
static const char *const sources[] = {"like", "f32", "f64", "f16", "u8", "u16", "i16", "none", NULL};
#define STENCIL                                                                                                      \
    {"op",                                                                                                           \
     CLF_KEY_CALL,                                                                                                   \
     FIELD(op),                                                                                                      \
     "OP",                                                                                                           \
     "the derivative; SIGMA is the width of the Gaussian",                                                           \
     .names = operators,                                                                                             \
     .parameters = 1U << CLF_GRADIENT_GAUSSIAN,                                                                      \
     .print = CLF_PRINT_ALWAYS},                                                                                     \
        {"axes", CLF_KEY_INTEGER, FIELD(axes), "2|3", "number of last axes to derive along", .standard = 2}, BORDER, \
        CVAL, {                                                                                                      \
        "scale", CLF_KEY_REAL, FIELD(scale), "S", "factor for the derivatives", .standard = 1                        \
    }
#define EPS \
    { "eps", CLF_KEY_REAL, FIELD(eps), "E", "added under the square root of the magnitude" }
#define DST_TYPE                                                                                                \
    {                                                                                                           \
        "dst", CLF_KEY_DTYPE, FIELD(dst), "T", "the output's type: f16, of f16; the arithmetic's if not given", \
            .standard = CLF_F32                                                                                 \
    }

static const clf_key gradient_keys[] = {
    STENCIL,
    EPS,
    {"out", CLF_KEY_SET, FIELD(out), "LIST", "which outputs", .standard = 1, .names = outputs},
    DST_TYPE,
    {NULL}};
static const char *const gradient_tensors[] = {"src", "dst", "dx", "dy", "dz", "squared", "l1", "orientation", NULL};
static const clf_key laplace_keys[] = {STENCIL, DST_TYPE, {NULL}};
static const char *const laplace_tensors[] = {"src", "dst", NULL};
/* The gradients handed in are the tensors of their names. */
static const char *const backward_tensors[] = {"src",          "grad_dst", "grad_dx",          "grad_dy",  "grad_dz",
                                               "grad_squared", "grad_l1",  "grad_orientation", "grad_src", NULL};
static const char *const handed[] = {"grad_dst",     "grad_dx", "grad_dy",          "grad_dz",
                                     "grad_squared", "grad_l1", "grad_orientation", NULL};
static const clf_key backward_keys[] = {STENCIL,
                                        EPS,
                                        {"of", CLF_KEY_SET, FIELD(out), "LIST", "which gradients are given",
                                         .standard = 1, .names = handed, .print = CLF_PRINT_ALWAYS},
                                        {"src", CLF_KEY_NAME, FIELD(src), "T",
                                         "src's type, if it is not grad_src's; none: there is no src",
                                         .names = sources},
                                        {NULL}};
static void count_axes(void *words) {
    clf_gradient_words *w = words;
    w->line.axes = w->axes == 3 ? 3 : 2;
}

static const char *const structure_operators[] = {"sobel", NULL};
static const char *const responses[] = {"k", "eps", NULL};
static const clf_key structure_keys[] = {
    {"op", CLF_KEY_CALL, FIELD(op), "OP", "the derivative", .names = structure_operators, .print = CLF_PRINT_ALWAYS},
    BORDER,
    CVAL,
    {"sigma", CLF_KEY_REAL, FIELD(sigma), "S", "the Gaussian's width; 0: 1", .print = CLF_PRINT_ALWAYS},
    {"harris", CLF_KEY_CALL, FIELD(harris), "K", "k:K or eps:E, the response; without it the tensor", .standard = -1,
     .names = responses, .parameters = 3},
    {NULL}};
static const char *const structure_tensors[] = {"src", "dst", "xy", "yy", NULL};
static const clf_key canny_keys[] = {
    {"sigma", CLF_KEY_REAL, FIELD(sigma), "S", "the Gaussian's width; 0: 1", .print = CLF_PRINT_ALWAYS},
    {"low", CLF_KEY_REAL, FIELD(low), "T", "the lower threshold", .print = CLF_PRINT_ALWAYS},
    {"high", CLF_KEY_REAL, FIELD(high), "T", "the upper threshold", .print = CLF_PRINT_ALWAYS},
    BORDER,
    CVAL,
    {NULL}};
static const char *const canny_tensors[] = {"src", "dst", NULL};

static void two_axes(void *words) {
    ((clf_words *)words)->axes = 2;
}

const clf_line_table clf_gradient_line = {"gradient",
                                          "src",
                                          "derivatives, their magnitude, orientation and the like",
                                          gradient_keys,
                                          gradient_tensors,
                                          sizeof(clf_gradient_words),
                                          count_axes};
const clf_line_table clf_gradient_backward_line = {
    "gradient_backward",        "grad_src", "the backward pass of gradient", backward_keys, backward_tensors,
    sizeof(clf_gradient_words), count_axes};
const clf_line_table clf_laplace_line = {
    "laplace", "src", "Laplacians", laplace_keys, laplace_tensors, sizeof(clf_gradient_words), count_axes};
const clf_line_table clf_structure_line = {"structure",
                                           "src",
                                           "structure tensors and Harris's response",
                                           structure_keys,
                                           structure_tensors,
                                           sizeof(clf_gradient_words),
                                           two_axes};
const clf_line_table clf_canny_line = {
    "canny", "src", "Canny's edges", canny_keys, canny_tensors, sizeof(clf_gradient_words), two_axes};
