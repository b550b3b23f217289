/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of any operation, executed whole and in slabs: the same bytes must come of both. */
#ifndef CLF_TESTS_STREAMS_H
#define CLF_TESTS_STREAMS_H

#include "unit.h"

/* Plans what `about` describes over views without buffers, with this options.stream_bytes. */
typedef clf_status (*streams_planner)(clf_context *context, const void *about, size_t bytes, clf_plan **plan,
                                      clf_error *error);

/* A planner over a descriptor of this type. */
#define STREAMS_PLANNER(name, type, call)                                                                              \
    static clf_status name(clf_context *context, const void *about, size_t bytes, clf_plan **plan, clf_error *error) { \
        type desc = *(const type *)about;                                                                              \
        desc.options.stream_bytes = bytes;                                                                             \
        return call(context, &desc, plan, error);                                                                      \
    }

/* What the slabs of a comparison were. */
typedef struct streams_seen {
    unsigned axes; /* bit a: axis a was cut */
    int uneven;    /* plans whose last slab had less to write than the others */
    int least;     /* outputs of a slab at the least budget */
} streams_seen;

/*
 * Executes a plan whole and, on several budgets beginning with the least, in slabs, with the slots at once and one
 * after the other, on random inputs; fails the test where a byte differs. Adds to *seen.
 */
void streams_compare(clf_context *context, streams_planner planner, const void *about, streams_seen *seen);

/* The budget that a refusal names as the least. */
size_t streams_least_bytes(const clf_error *error);

/* A view without a buffer in whose memory `axis` is the outermost, and the others are in C order. */
clf_view streams_outermost(clf_dtype dtype, int rank, const int64_t *shape, int axis);

/* A host array of a view's shape and strides. */
clf_array streams_array(const clf_view *view, void *values);

/* The next of a series of numbers between -1 and 1. */
float streams_random(uint32_t *state);

#endif
