/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of smoothness losses' lines. */
#include "ops/smoothness/words.h"

#define FIELD(name) offsetof(clf_smoothness_words, name)
static const char *const norms[] = {CLF_SMOOTHNESS_NORM_TABLE(CLF_NAME_OF) NULL};
static const char *const reductions[] = {CLF_SMOOTHNESS_REDUCTION_TABLE(CLF_NAME_OF) NULL};
static const char *const tensors[] = {"disparity", "image", "grad_loss", "loss", "grad_disparity", "grad_image", NULL};
static const clf_key keys[] = {
    {"norm", CLF_KEY_NAME, FIELD(norm), "N", "norm of an image difference over its channels", .names = norms,
     .print = CLF_PRINT_ALWAYS},
    {"reduction", CLF_KEY_NAME, FIELD(reduction), "R", "how the terms are reduced", .names = reductions,
     .print = CLF_PRINT_ALWAYS},
    {"order", CLF_KEY_INTEGER, FIELD(order), "O", "order of the differences, 1 or 2", .standard = 1,
     .print = CLF_PRINT_ALWAYS},
    {"weight", CLF_KEY_REAL, FIELD(weight), "A", "weight of the image's edges; 0 ignores the image", .standard = 1,
     .print = CLF_PRINT_ALWAYS},
    {"image", CLF_KEY_DTYPE, FIELD(image), "T", "the image's type, if it is not the disparity's", .standard = -1},
    {"with", CLF_KEY_SET, FIELD(with), "LIST", "what else is given or requested", .standard = 2,
     .names = tensors + CLF_SMOOTHNESS_WITH, .print = CLF_PRINT_ALWAYS},
    {NULL}};

const clf_line_table clf_smoothness_line = {.name = "smoothness",
                                            .shape = "image",
                                            .summary = "the edge-aware smoothness loss of a disparity, its gradients",
                                            .keys = keys,
                                            .tensors = tensors,
                                            .bytes = sizeof(clf_smoothness_words)};
