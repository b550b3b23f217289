/* SPDX-License-Identifier: Apache-2.0 */
/* Views and arrays of descriptors, made of an input's bytes: often such as fit together, at times any. */
#ifndef CLF_TESTS_TENSORS_H
#define CLF_TESTS_TENSORS_H

#include "fuzz.h"

#include <clfilter/ops.h>

enum { MOST_MADE = 16 };

/* What one descriptor is made with. */
typedef struct fuzz_maker {
    fuzz_bytes bytes;
    clf_context *context;
    clf_view like; /* most tensors have its shape and type */
    cl_mem buffers[MOST_MADE];
    int buffer_count;
} fuzz_maker;

/* A shape and a type for most tensors. */
void fuzz_begin(fuzz_maker *maker, const uint8_t *data, size_t size);
void fuzz_end(fuzz_maker *maker);

/* A view that is most often like `shape`, of `rank` extents. */
clf_view fuzz_view(fuzz_maker *maker, int rank, const int64_t *shape, clf_dtype dtype);

/* The same like maker->like, and of its last `axes` extents those given; rank 0, "not given", at times. */
clf_view fuzz_like(fuzz_maker *maker);
clf_view fuzz_perhaps(fuzz_maker *maker);
clf_view fuzz_ending(fuzz_maker *maker, int axes, const int64_t *last, clf_dtype dtype);

/* An array of numbers; whatever its shape and strides say, its memory is there, or NULL where they say too much. */
clf_array fuzz_array(fuzz_maker *maker, int rank, const int64_t *shape, clf_dtype dtype);

clf_dtype fuzz_dtype(fuzz_maker *maker);
clf_border fuzz_border(fuzz_maker *maker);
clf_plan_options fuzz_options(fuzz_maker *maker);

#endif
