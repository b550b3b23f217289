/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of lines of convolutions, of their adjoints and of matching. */
#include "ops/conv/words.h"

#define FIELD(name) offsetof(clf_conv_words, name)
static const char *const modes[] = {CLF_MODE_TABLE(CLF_NAME_OF) NULL};
static const char *const places[] = {"host", "view", NULL};
static const char *const kinds[] = {"full", "rank1", "rank2", "rank3", "rank4", "special", NULL};
static const clf_key keys[] = {
    {"k", CLF_KEY_EXTENTS, FIELD(k), "EXTENTS", "of the kernel, such as 3x3; a bank has outputs and inputs in front",
     .print = CLF_PRINT_ALWAYS},
    {"groups", CLF_KEY_INTEGER, FIELD(groups), "G", "groups of channels, for a bank", .standard = 1},
    {"axes", CLF_KEY_INTEGER, FIELD(axes), "N", "number of filtered axes, if the kernel's rank does not say"},
    {"bias", CLF_KEY_INTEGER, FIELD(bias), "0|1", "1: a bank has biases"},
    {"kernel", CLF_KEY_NAME, FIELD(kernel), "P", "where the weights are: in host memory or a view", .names = places},
    {"taps", CLF_KEY_NAME, FIELD(taps), "T",
     "a sum of that many products of a column and a row; special: not all finite", .names = kinds},
    {"border", CLF_KEY_BORDER, FIELD(border), "B", "how src continues beyond its ends"},
    {"cval", CLF_KEY_REAL, FIELD(cval), "V", "the value of a constant border"},
    {"mode", CLF_KEY_NAME, FIELD(mode), "M", "which outputs there are along an axis", .names = modes},
    {"origin", CLF_KEY_INTEGER, FIELD(origin), "O", "the kernel's centre, relative to tap K/2", .each_axis = true},
    {"stride", CLF_KEY_INTEGER, FIELD(stride), "S", "distance between windows", .standard = 1, .each_axis = true},
    {"dilation", CLF_KEY_INTEGER, FIELD(dilation), "D", "distance between taps", .standard = 1, .each_axis = true},
    {"dst", CLF_KEY_DTYPE, FIELD(dst), "T", "the output's type, if it is not src's", .standard = -1},
    {"slab", CLF_KEY_INTEGER, FIELD(slab), "0", "1: a part of a streamed tensor; written in wisdom, never read"},
    {NULL}};
static const clf_key no_keys[] = {{NULL}};
static const char *const tensors[] = {"src", "dst", NULL};

static void count_axes(void *read) {
    clf_conv_words *words = read;
    int rank = words->k.rank;
    words->line.axes = words->axes > 0 && words->axes <= CLF_MAX_FILTER_AXES ? (int)words->axes
                       : rank > CLF_MAX_FILTER_AXES                          ? rank - 2
                                                                             : rank;
}

const clf_line_table clf_phase_line = {"phase", "image", "phase correlation", no_keys, tensors, sizeof(clf_conv_words)};
#define LINE(name, summary) \
    const clf_line_table clf_##name##_line = {#name, "src", summary, keys, tensors, sizeof(clf_conv_words), count_axes};
LINE(conv, "convolution")
LINE(corr, "correlation")
LINE(conv_adjoint, "the adjoint of conv: the gradient with respect to its input")
LINE(corr_adjoint, "the adjoint of corr")
LINE(conv_weights, "the gradient of conv with respect to its weights")
LINE(corr_weights, "the gradient of corr with respect to its weights")
LINE(normalised, "normalised matching of a pattern as large as k")
