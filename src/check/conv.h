/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameters of the case lines of convolution, its adjoint and its weights' gradient; properties read and change
 * them.
 */
#ifndef CLF_CHECK_CONV_H
#define CLF_CHECK_CONV_H

#include "check/case.h"
#include "check/reference.h"

/* What the taps hold, if it is not what the data is. TAPS_RANK + n: a sum of n + 1 products of 1-D kernels. */
typedef enum taps_kind { TAPS_AS_DATA, TAPS_SPECIAL, TAPS_SOBEL, TAPS_RANK } taps_kind;

/* Signs that random taps are given: as they are drawn; all one; some 0; round the middle the other; and so on. */
typedef enum signs_kind {
    SIGNS_DRAWN,
    SIGNS_ABOVE,
    SIGNS_BELOW,
    SIGNS_SPARSE,
    SIGNS_RING,
    SIGNS_HALVES,
    SIGNS_STRIPES
} signs_kind;

/* What is computed: the output, or from the output's gradient that of the input or of the weights. */
typedef enum conv_role { CONV_FORWARD, CONV_ADJOINT, CONV_WEIGHTS } conv_role;

typedef struct conv_spec {
    conv_role role;
    bool flipped;                    /* conv, not corr */
    int axes;                        /* axes filtered */
    int axis_count;                  /* axes=, as the descriptor is given it; 0: not said */
    int chosen[CLF_MAX_FILTER_AXES]; /* which axes, from the end; all 0: the last */
    clf_border border[CLF_MAX_FILTER_AXES];
    double cval;
    clf_mode mode;
    int origin[CLF_MAX_FILTER_AXES], stride[CLF_MAX_FILTER_AXES], dilation[CLF_MAX_FILTER_AXES]; /* as in the line */
    bool bank;
    int groups;           /* as in the line */
    bool biased;          /* with a bias; forward, it is the third input */
    bool by_factors;      /* the kernel is given as factors, from the third input on */
    tensor_spec src, dst; /* of the convolution, whatever the role */
    tensor_spec kernel;
    bool kernel_view;
    taps_kind taps;
    signs_kind signs;
    char needs[32], refuses[32]; /* solvers that must take the line, and that must not; empty: none said */
} conv_spec;

extern const test_operation conv_operation, corr_operation, banks_operation;
extern const test_operation conv_adjoint_operation, corr_adjoint_operation;
extern const test_operation conv_weights_operation, corr_weights_operation;

/* The solvers of conv and corr, the one that solves everything first, ended by NULL. */
extern const char *const conv_solvers[];

/* Reading and making a case, in conv_parse.c and conv_fill.c. */
void conv_parse(case_line *line, test_case *test, conv_role role, bool flipped);
void conv_fill(test_case *test);

/* The references, in conv_reference.c: test->expected and test->tolerance. */
void conv_reference(const test_case *test);
void conv_adjoint_reference(const test_case *test);
void conv_weights_reference(const test_case *test);

/* True if every sum is of whole numbers and exact. */
bool conv_is_whole(const test_case *test);

/* Planning, and a run judged, of every role, in conv_plan.c. */
clf_status conv_plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                          const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error);
outcome conv_run(const test_fixture *fixture, const test_case *test, const char *solver, char *why);

/* At least what one execution moves and computes. */
double conv_bytes(const test_case *test);
double conv_flops(const test_case *test);

/*
 * The geometry of a case in one order of axes: batch items, channels, then three filtered axes, the outer ones of
 * extent 1 if there are fewer.
 */
typedef struct conv_form {
    reference_window window; /* planes: batch items times channels of src */
    reference_axis axis[3];
    int64_t out[3];                         /* extents of dst */
    int64_t items, groups, inputs, outputs; /* inputs and outputs: channels of one group */
    int order[CLF_MAX_RANK];                /* the axes of src and dst in this order */
} conv_form;

void conv_form_make(const conv_spec *spec, conv_form *form);

/* The window and axes alone. */
void conv_window(const test_case *test, reference_window *window, reference_axis axis[3]);

/* Where weight `index` (C order of the kernel), or a bias after them all, stands in the output of a weights' case. */
int64_t conv_weight_position(const conv_spec *spec, test_layout memory, int64_t index);

/* Lines, in conv_lines.c. `name` is "conv" or "corr". */
void conv_systematic_lines(line_batch *batch, const char *name);
void conv_small_lines(line_batch *batch, const char *name);
void conv_random_line(line_batch *batch, const char *name, random_state *random);

/* Lines of views whose rows are not contiguous, in conv_view_lines.c. */
void conv_view_lines(line_batch *batch, const char *name);

/* Lines of banks, kernels of low rank and chosen axes, in conv_bank_lines.c. */
void bank_systematic_lines(line_batch *batch);
void bank_small_lines(line_batch *batch);
void bank_random_line(line_batch *batch, const char *name, random_state *random);

/* Lines of adjoints and weights' gradients, in conv_gradient_lines.c. `name` is the operation's. */
void conv_adjoint_systematic_lines(line_batch *batch, const char *name);
void conv_adjoint_small_lines(line_batch *batch, const char *name);
void conv_weights_systematic_lines(line_batch *batch, const char *name);
void conv_weights_small_lines(line_batch *batch, const char *name);
/* Shape, kernel and all the words after them but cval=, kernel= and bias=; true if the kernel is a bank. */
bool conv_gradient_draft(line_draft *draft, random_state *random);
void conv_gradient_random_line(line_batch *batch, const char *name, random_state *random);

#endif
