/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of cl/shift/shift.cl, for rows that are short beside what a store past the cache should hold: they are put
 * together in private memory, placed in its lines as they will be in dst's, and go out in whole lines. Constants: as
 * there.
 */
#ifndef CLF_SHIFT_STAGE_H
#define CLF_SHIFT_STAGE_H

#define STAGE (4096 / (long)sizeof(ELEMENT))    /* elements gathered before they go out */
#define ROW_MOST (1024 / (long)sizeof(ELEMENT)) /* of a row: src/ops/shift/whole.c says so too */

typedef struct __attribute__((packed)) packed_piece {
    uint4 words;
} packed_piece;
#define PIECE_ELEMENTS (16 / (long)sizeof(ELEMENT))

/* Lines under way: elements begin..end are there; the first line is `to`. */
typedef struct row_stage {
    ELEMENT *elements;
    long begin, end;
    global ELEMENT *to;
} row_stage;

/* Copies in lines or in pieces of a line, the last of which moves back over elements that are there already. */
static inline void stage_run(global const ELEMENT *from, ELEMENT *to, long count) {
    if (count >= LINE_ELEMENTS) {
        for (long i = 0; i < count; i += LINE_ELEMENTS) {
            long at = min(i, count - LINE_ELEMENTS);
            FETCH_AHEAD(from + at + STAGE);
            ((packed_line *)(to + at))->words = ((global const packed_line *)(from + at))->words;
        }
    } else if (count >= PIECE_ELEMENTS) {
        FETCH_AHEAD(from + STAGE);
        for (long i = 0; i < count; i += PIECE_ELEMENTS) {
            long at = min(i, count - PIECE_ELEMENTS);
            ((packed_piece *)(to + at))->words = ((global const packed_piece *)(from + at))->words;
        }
    } else {
        for (long i = 0; i < count; i++)
            to[i] = from[i];
    }
}

/* One row of outputs: a run begin..end, and at its sides what columns[j], or -1 for the constant, says of output j. */
static inline void stage_row(global const ELEMENT *from, ELEMENT *to, const short *columns, long begin, long end,
                             long by, long extent, int border, ELEMENT fill) {
    if (border == BORDER_PERIODIC) { /* 0 <= by < extent: the end comes round in one run */
        stage_run(from + (extent - by), to, begin);
    } else {
        for (long j = 0; j < begin; j++)
            to[j] = columns[j] < 0 ? fill : from[columns[j]];
    }
    stage_run(from + (begin - by), to + begin, end - begin);
    for (long j = end; j < extent; j++)
        to[j] = columns[j] < 0 ? fill : from[columns[j]];
}

/* Stores the whole lines, and with `all` what is left; else that moves to the front. */
static inline void flush_stage(row_stage *stage, bool all) {
    long i = 0;
    if (stage->begin > 0) {
        i = min(LINE_ELEMENTS, stage->end);
        for (long j = stage->begin; j < i; j++)
            stage->to[j] = stage->elements[j];
        stage->begin = 0;
    }
    for (; i + LINE_ELEMENTS <= stage->end; i += LINE_ELEMENTS)
        STORE_PAST_CACHE(*(const uint16 *)(stage->elements + i), (global uint16 *)(stage->to + i));
    if (all) {
        for (; i < stage->end; i++)
            stage->to[i] = stage->elements[i];
    } else if (i > 0) {
        *(uint16 *)stage->elements = *(const uint16 *)(stage->elements + i);
    }
    stage->to += i;
    stage->end -= i;
}

#endif
