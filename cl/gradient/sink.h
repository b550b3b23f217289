/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where work-items that make rows put their results, run by run: a run is a row, several that lie one behind the other,
 * or a part of one. Constants: those of outputs.h and
 *   PAST      0: results are stored where they belong. 1: outputs, dense and alike, are gathered in private memory
 *               and stored past the cache in whole cache lines
 *   CONTIGUOUS  1 where the outputs' x strides are 1
 */
#ifndef CLF_GRADIENT_SINK_H
#define CLF_GRADIENT_SINK_H

#include "make.h"
#include "past.h"
#include "walk.h"

#define COLUMNS 1024 /* the most elements of a run */
#define STAGE 1024   /* elements gathered before they go out */
#if PAST
#define STAGE_ROOM (STAGE + COLUMNS + 2 * VECTOR)
#else
#define STAGE_ROOM 1
#endif

typedef struct gradient_sink {
    REAL (*stage)[STAGE_ROOM]; /* for each output */
    long staged;               /* elements in it */
    long sent;                 /* elements before them, of the dense output */
    bool aligned;              /* sent elements end with a cache line */
    bool direct;               /* a run goes out as it comes */
    long at[OUTPUTS], stride[OUTPUTS];
} gradient_sink;

static inline void store_columns(realv v, int count, global DST_T *y, long at, long stride) {
#if CONTIGUOUS
    (void)stride; /* 1 */
    if (count == VECTOR)
        store_lanes(v, y, at);
    else
        store_some(v, count, y, at);
#else
    REAL lanes[VECTOR];
    store_line(v, lanes);
    for (int lane = 0; lane < count; lane++)
        store_one(lanes[lane], y, at + lane * stride);
#endif
}

#if PAST
/* Stores whole vectors and moves the rest to the front; gives back how many are left. */
static inline long flush(REAL *stage, long count, global DST_T *y, bool aligned, bool all) {
    long vectors = count / VECTOR;
    for (long i = 0; i < vectors; i++) {
        if (aligned)
            store_past_cache(load_line(stage + i * VECTOR), y + i * VECTOR);
        else
            store_lanes(load_line(stage + i * VECTOR), y, i * VECTOR);
    }
    long left = count - vectors * VECTOR;
    if (all)
        for (long i = 0; i < left; i++)
            y[vectors * VECTOR + i] = stage[vectors * VECTOR + i];
    else
        store_line(load_line(stage + vectors * VECTOR), stage);
    return left;
}
#endif

/* The sink of a work-item whose first result is number `first` of all. */
static inline gradient_sink begin_sink(FOR_EACH_OUTPUT(PARAMETER) constant const long *g, REAL (*stage)[STAGE_ROOM],
                                       long first) {
    gradient_sink sink = {.stage = stage, .staged = 0, .sent = first, .aligned = true, .direct = false};
#define BEGIN(o, what)                                                                                \
    sink.aligned = sink.aligned && (((size_t)(y##o + g[GRADIENT_DST_OFFSET + o] + first)) & 63) == 0; \
    sink.stride[o] = g[GRADIENT_DST_STRIDE + 3 * o + 2];
    FOR_EACH_OUTPUT(BEGIN)
    return sink;
}

/* Begins a run of `count` elements, at column `first` of a row. */
static inline void begin_run(gradient_sink *sink, constant const long *g, const gradient_row *row, long first,
                             long count) {
    sink->direct = sink->aligned && sink->staged == 0 && count % VECTOR == 0;
#pragma unroll
    for (int o = 0; o < OUTPUTS; o++)
        sink->at[o] = PAST ? g[GRADIENT_DST_OFFSET + o] + sink->sent
                             : row->offset[1 + o] + row->z * g[GRADIENT_DST_STRIDE + 3 * o] +
                                   row->i * g[GRADIENT_DST_STRIDE + 3 * o + 1] + first * sink->stride[o];
}

/* Puts the first `lanes` of what was made, from element f of the run on. */
static inline void put_lanes(const gradient_sink *sink, FOR_EACH_OUTPUT(PARAMETER) const gradient_made *made, long f,
                             int lanes) {
#if PAST
    (void)lanes; /* more may be gathered: the next run covers them */
#define PUT(o, what)                                             \
    if (sink->direct)                                            \
        store_past_cache(made->output[o], y##o + sink->at[o] + f); \
    else                                                         \
        store_line(made->output[o], sink->stage[o] + sink->staged + f);
#else
#define PUT(o, what) store_columns(made->output[o], lanes, y##o, sink->at[o] + f * sink->stride[o], sink->stride[o]);
#endif
    FOR_EACH_OUTPUT(PUT)
}

/* Ends a run of `count` elements; `last`: there is no further one. */
static inline void end_run(gradient_sink *sink, FOR_EACH_OUTPUT(PARAMETER) constant const long *g, long count,
                           bool last) {
#if PAST
    sink->staged += sink->direct ? 0 : count;
    sink->sent += sink->direct ? count : 0;
    if (sink->staged < STAGE && !last)
        return;
    long left = sink->staged;
#define FLUSH(o, what) \
    left = flush(sink->stage[o], sink->staged, y##o + g[GRADIENT_DST_OFFSET + o] + sink->sent, sink->aligned, last);
    FOR_EACH_OUTPUT(FLUSH)
    sink->sent += sink->staged - left;
    sink->staged = left;
#else
    (void)sink, (void)g, (void)count, (void)last;
#define UNUSED(o, what) (void)y##o;
    FOR_EACH_OUTPUT(UNUSED)
#endif
}

#endif
