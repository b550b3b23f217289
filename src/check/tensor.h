/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tensors that know what lies round them: a view in any layout, a device buffer with guard elements either side,
 * and what the whole buffer held before. Transfers go through OpenCL itself, so that cases depend on no other part of
 * the library than the operation they test.
 */
#ifndef CLF_CHECK_TENSOR_H
#define CLF_CHECK_TENSOR_H

#include "check/fixture.h"

/* How a tensor lies in its buffer, as X(enumerator, name). */
#define LAYOUT_TABLE(X)                                                                     \
    X(LAYOUT_DENSE, "dense")             /* C order, strides left at 0 */                   \
    X(LAYOUT_OFFSET, "offset")           /* C order, at an odd element */                   \
    X(LAYOUT_CROP, "crop")               /* a part of a larger tensor */                    \
    X(LAYOUT_GAPS, "gaps")               /* every third element */                          \
    X(LAYOUT_PERMUTED, "permuted")       /* axes in reverse order in memory */              \
    X(LAYOUT_INTERLEAVED, "interleaved") /* the axis before the last two innermost: NHWC */ \
    X(LAYOUT_FLIPPED, "flipped")         /* every axis backwards */                         \
    X(LAYOUT_MIXED, "mixed")             /* a permuted crop, every other axis backwards */  \
    X(LAYOUT_BROADCAST, "broadcast")     /* first axis of stride 0; inputs only */          \
    X(LAYOUT_STRIDES, "strides")         /* by tensor_spec.strides */

typedef enum test_layout {
#define LAYOUT_ENUMERATOR(name, text) name,
    LAYOUT_TABLE(LAYOUT_ENUMERATOR)
#undef LAYOUT_ENUMERATOR
} test_layout;

/* The layouts' names, ended by NULL. */
extern const char *const layout_names[];

typedef struct tensor_spec {
    clf_dtype dtype;
    int rank;
    int64_t shape[CLF_MAX_RANK];
    test_layout layout;
    int64_t strides[CLF_MAX_RANK]; /* of LAYOUT_STRIDES */
    int64_t lead;                  /* elements between the guard and the memory of the layout */
} tensor_spec;

typedef struct test_tensor {
    clf_view view;                 /* what the library is given */
    int64_t strides[CLF_MAX_RANK]; /* the view's, dense ones written out */
    bool dense;                    /* C order without gaps, wherever it begins */
    int64_t count;                 /* elements of the view */
    int64_t elements;              /* elements of the buffer, guards included */
    size_t bytes;                  /* bytes of the buffer */
    unsigned char *sent;           /* the buffer as it was last sent */
    unsigned char *back;           /* the buffer as it was last fetched */
} test_tensor;

int64_t spec_count(const tensor_spec *spec);

/* Makes `values` what a tensor holds after they were written to it: elements that coincide become equal. */
bool spec_settle(const tensor_spec *spec, double *values);

/* Makes the tensor with every element poisoned. False, and `why`, if it cannot; destroy it in any case. */
bool tensor_create(const test_fixture *fixture, const tensor_spec *spec, test_tensor *out, char *why);
void tensor_destroy(test_tensor *tensor);

/*
 * Fills the copy that is sent: guards and gaps with a pattern (NaN in real types), elements with `values` if not NULL.
 */
void tensor_fill(test_tensor *tensor, const double *values);

bool tensor_send(const test_fixture *fixture, test_tensor *tensor, char *why);
bool tensor_fetch(const test_fixture *fixture, test_tensor *tensor, char *why);

/* Element of the buffer at which C-order index `linear` of the view lies. */
int64_t tensor_position(const test_tensor *tensor, int64_t linear);

/* C-order index `linear` of what was last fetched. */
double tensor_value(const test_tensor *tensor, int64_t linear);

/* True if that element still holds the pattern, that is, was never written. */
bool tensor_is_unwritten(const test_tensor *tensor, int64_t linear);

/* Every byte as it was sent; false, and `why`, if one is not. */
bool tensor_unchanged(const test_tensor *tensor, const char *name, char *why);

/* As tensor_unchanged, but only what is outside the view: guards and gaps. */
bool tensor_outside_unchanged(const test_tensor *tensor, const char *name, char *why);

/* Writes C-order index `linear` as "[i, j, k]". */
void tensor_index_text(const int64_t *shape, int rank, int64_t linear, char *text, size_t size);

/* The same tensor as a host array: the copy that is sent. */
clf_array tensor_array(const test_tensor *tensor);

#endif
