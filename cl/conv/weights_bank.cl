/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conv_weights.bank: the gradient of a bank with respect to its weights and biases, as products of matrices: outputs
 * times columns, of which each tap of each input channel is one, summed over the pixels. A work-item takes some input
 * channels, some panels of PANEL outputs, and a slice of the rectangles that bank_cut.h cuts the pixels into. Of a
 * rectangle it copies the input nearby, as conv_bank_staged does, and turns the gradient of one panel so that the
 * outputs of a pixel are neighbours; then a pixel's outputs, one load, serve COLUMNS columns, a broadcast each.
 *   gw[o][c][k] = sum_b sum_i g[b][o][i] * x~[b][c][step*i + start + dilation*k],   gb[o] = sum_b sum_i g[b][o][i]
 *
 * Floor: a multiply-add for each pixel, output, input and tap; outputs fill panels. COLUMNS of them take COLUMNS + 1
 * loads, PANEL lanes each.
 * Runs of rows, up to some 2 pixels for each of a row's, are summed as they come; the runs are added with compensation.
 *
 * Constants: those of real.h (SRC_T is x's type); GRAD_T and GRAD_IS_HALF the gradient's; PANEL.
 */
// checks share cpu: float -DVECTOR=8 -DPANEL=16 -DGRAD_T=float -DGRAD_IS_HALF=0
// check cpu:
// check cpu: -D__AVX512F__
// check cpu: -DPANEL=8
// check cpu: -DVECTOR=4 -DPANEL=8 -DGRAD_T=double double
// check cpu: -DGRAD_T=half -DGRAD_IS_HALF=1 half
// check cpu: plain
// check gpu: float -DVECTOR=4 -DPANEL=4 -DGRAD_T=float -DGRAD_IS_HALF=0
#include "real.h"
#include "body.h"
#include "batch.h"
#include "geometry.h"
#include "careful_sum.h"
#include "gradient_load.h"
#include "stage.h"
#include "turn.h"

/* A panel's outputs of one pixel, in one register or two; as many columns as leave their sums in registers. */
typedef PASTE(REAL, PANEL) outputs;
#if defined(__AVX512F__) || PANEL == VECTOR
#define COLUMNS 12
#else
#define COLUMNS 6
#endif
#define LEFT_COLUMNS 2 /* where fewer are left */

/* What a work-item works on: its group, its panels, its input channels; where the first of those begin. */
typedef struct {
    long group;
    int first, last, channel, channels, slice;
} share;

static inline share find_share(constant const long *g, constant const int *cut, long part, long slice) {
    int chunks = ((int)g[CONV_INPUTS] + cut[BANK_CHUNK] - 1) / cut[BANK_CHUNK];
    share at;
    at.slice = (int)slice;
    at.channel = (int)(part % chunks) * cut[BANK_CHUNK];
    at.channels = min(cut[BANK_CHUNK], (int)g[CONV_INPUTS] - at.channel);
    part /= chunks;
    at.first = (int)(part % cut[BANK_PARTS]) * cut[BANK_PART];
    at.last = min(at.first + cut[BANK_PART], cut[BANK_BLOCKS]);
    at.group = part / cut[BANK_PARTS];
    return at;
}

/* Where a column's sums of a panel stand among the partial ones: PANEL sums, then what they lost. */
static inline long place_of(constant const long *g, constant const int *cut, share at, int panel, int column) {
    long columns = g[CONV_INPUTS] * cut[BANK_TAPS] + 1; /* the last is the bias's */
    return (((at.slice * g[CONV_GROUPS] + at.group) * cut[BANK_BLOCKS] + panel) * columns + column) * 2 * PANEL;
}

static inline outputs load_outputs(local const REAL *p) {
    return PASTE(vload, PANEL)(0, p);
}

/* Adds a run's sum to a partial one (Knuth: which is greater need not be known). */
static inline void add_run(outputs value, global REAL *partial) {
    outputs sum = PASTE(vload, PANEL)(0, partial), lost = PASTE(vload, PANEL)(1, partial);
    outputs total = sum + value, part = total - sum;
    lost += (sum - (total - part)) + (value - part);
    PASTE(vstore, PANEL)(total, 0, partial);
    PASTE(vstore, PANEL)(lost, 1, partial);
}

/* Copies a row of `count` pixels of one panel's gradient, `apart` from each other: outputs become neighbours. */
static inline void turn_row(global const GRAD_T *y, long channel, int live, long apart, int count,
                            local REAL *panel) {
    int c = 0;
#if !GRAD_IS_HALF
    if (channel == 1 && live == PANEL) { /* they are */
        for (; c < count; c++)
            for (int o = 0; o < PANEL; o += VECTOR)
                store_near(load_gradients(y, c * apart + o), panel + c * PANEL + o);
    }
    for (; apart == 1 && count >= VECTOR && c < count; c += VECTOR) {
        int begin = min(c, count - VECTOR); /* the last square moves back over pixels already there */
        for (int first = 0; first < PANEL; first += VECTOR) {
            realv square[VECTOR];
#pragma unroll
            for (int k = 0; k < VECTOR; k++)
                square[k] = first + k < live ? load_gradients(y, (first + k) * channel + begin) : (realv)(0);
            turn_square(square);
#pragma unroll
            for (int k = 0; k < VECTOR; k++)
                store_near(square[k], panel + (begin + k) * PANEL + first);
        }
    }
#endif
#pragma unroll 1
    for (; c < count; c++)
        for (int o = 0; o < PANEL; o++)
            panel[c * PANEL + o] = o < live ? load_gradient(y, o * channel + c * apart) : (REAL)0;
}

/* The gradient of a rectangle of one panel, which begins at `y`. */
static inline void turn_panel(global const GRAD_T *y, int live, rectangle at, constant const long *g,
                              local REAL *panel) {
    long down = g[CONV_DST_STRIDE + 1], apart = g[CONV_DST_STRIDE + 2];
    bool flat = down == at.columns * apart; /* the rows are one */
    int rows = flat ? 1 : at.rows, columns = flat ? at.rows * at.columns : at.columns;
    for (int r = 0; r < rows; r++)
        turn_row(y + r * down, g[CONV_DST_CHANNEL], live, apart, columns, panel + r * columns * PANEL);
}

/*
 * Adds the products of COUNT columns, `live` of them to be kept, to their partial sums: `distance` says how far from
 * its pixel's place in `lines` each of them reads. Runs have `run` rows.
 */
ALWAYS_INLINE void add_columns(const int COUNT, local const REAL *lines, constant const int *distance, int live,
                               rectangle at, int pitch, int run, local const REAL *panel, global REAL *partial) {
    local const REAL *from[COLUMNS];
    for (int n = 0; n < COUNT; n++)
        from[n] = lines + distance[min(n, live - 1)];
#pragma unroll 1
    for (int r = 0; r < at.rows;) {
        outputs sums[COLUMNS];
#pragma unroll
        for (int n = 0; n < COUNT; n++)
            sums[n] = 0;
        int end = min(r + run, at.rows);
#pragma unroll 1
        for (; r < end; r++) {
#pragma unroll 1
            for (int c = 0; c < at.columns; c++, panel += PANEL) {
                outputs v = load_outputs(panel);
#pragma unroll
                for (int n = 0; n < COUNT; n++)
                    sums[n] = MULTIPLY_ADD((outputs)(from[n][c]), v, sums[n]);
            }
#pragma unroll
            for (int n = 0; n < COUNT; n++)
                from[n] += pitch;
        }
#pragma unroll
        for (int n = 0; n < COUNT; n++)
            if (n < live)
                add_run(sums[n], partial + n * 2 * PANEL);
    }
}

/* The biases' part of a rectangle. */
static inline void add_biases(rectangle at, int run, local const REAL *panel, global REAL *partial) {
    for (int r = 0; r < at.rows; r += run) {
        outputs sum = 0;
        for (int n = min(run, at.rows - r) * at.columns; n > 0; n--, panel += PANEL)
            sum += load_outputs(panel);
        add_run(sum, partial);
    }
}

/* All that one rectangle adds to the work-item's sums; its tensors begin at `src` and `dst`. */
static inline void add_rectangle(global const SRC_T *x, long src, global const GRAD_T *y, long dst, rectangle pixels,
                                 share at, constant const long *g, constant const int *cut, int run, REAL cval,
                                 local REAL *lines, local REAL *panel, global REAL *partial) {
    stage_channels(x, src + at.channel * g[CONV_SRC_CHANNEL], at.channels, pixels, g, cut, cval, lines);
    constant const int *distance = cut + cut[BANK_DISTANCES];
    int count = at.channels * cut[BANK_TAPS], pitch = cut[BANK_PITCH];
    for (int p = at.first; p < at.last; p++) {
        int live = min(PANEL, (int)g[CONV_OUTPUTS] - p * PANEL), n = 0;
        turn_panel(y + dst + p * PANEL * g[CONV_DST_CHANNEL], live, pixels, g, panel);
        global REAL *sums = partial + place_of(g, cut, at, p, at.channel * cut[BANK_TAPS]);
        for (; n + COLUMNS <= count; n += COLUMNS)
            add_columns(COLUMNS, lines, distance + n, COLUMNS, pixels, pitch, run, panel, sums + n * 2 * PANEL);
        for (; n < count; n += LEFT_COLUMNS)
            add_columns(LEFT_COLUMNS, lines, distance + n, count - n, pixels, pitch, run, panel, sums + n * 2 * PANEL);
        if (at.channel == 0)
            add_biases(pixels, run, panel,
                       partial + place_of(g, cut, at, p, (int)g[CONV_INPUTS] * cut[BANK_TAPS]));
    }
}

/* Where the weights and the biases belong. */
typedef struct {
    long offset, output, input, tap[3], bias_offset, bias;
} target;

/* Adds the slices of one column of a panel and stores it where its weights, or the biases, belong. */
static inline void store_column(global const REAL *partial, long slices, share at, int panel, int column,
                                target to, constant const long *g, constant const int *cut, global REAL *weights,
                                global REAL *biases) {
    int taps = cut[BANK_TAPS], input = column / taps, tap = column % taps;
    int k2 = tap % (int)g[CONV_TAPS + 2], rest = tap / (int)g[CONV_TAPS + 2];
    int k1 = rest % (int)g[CONV_TAPS + 1], k0 = rest / (int)g[CONV_TAPS + 1];
    bool bias = input == (int)g[CONV_INPUTS];
    global REAL *out = bias ? biases + to.bias_offset
                            : weights + to.offset + input * to.input + k0 * to.tap[0] + k1 * to.tap[1] + k2 * to.tap[2];
    for (int o = 0; o < PANEL && panel * PANEL + o < (int)g[CONV_OUTPUTS]; o++) {
        REAL sum = 0, lost = 0;
        for (at.slice = 0; at.slice < (int)slices; at.slice++) {
            global const REAL *from = partial + place_of(g, cut, at, panel, column) + o;
            sum = add(sum, from[0], &lost);
            lost += from[PANEL];
        }
        long output = at.group * g[CONV_OUTPUTS] + panel * PANEL + o;
        out[output * (bias ? to.bias : to.output)] = isfinite(sum) ? sum + lost : sum;
    }
}

/* What this work-item alone has summed. */
static inline void store_share(global const REAL *partial, share at, int biased, target to, constant const long *g,
                               constant const int *cut, global REAL *weights, global REAL *biases) {
    int first = at.channel * cut[BANK_TAPS], last = first + at.channels * cut[BANK_TAPS];
    for (int p = at.first; p < at.last; p++) {
        for (int n = first; n < last; n++)
            store_column(partial, 1, at, p, n, to, g, cut, weights, biases);
        if (biased && at.channel == 0)
            store_column(partial, 1, at, p, (int)g[CONV_INPUTS] * cut[BANK_TAPS], to, g, cut, weights, biases);
    }
}

BODY conv_weights_bank_body(global const SRC_T *restrict x, global const GRAD_T *restrict y,
                            global REAL *restrict partial, global REAL *restrict weights, global REAL *restrict biases,
                            constant const long *restrict g, constant const int *restrict cut, REAL cval, long slices,
                            int run, int biased, target to, local REAL *restrict lines, local REAL *restrict panel,
                            work_item id) {
    share at = find_share(g, cut, id.z, id.y);
    int columns = at.channels * cut[BANK_TAPS];
    for (int p = at.first; p < at.last; p++) {
        global REAL *sums = partial + place_of(g, cut, at, p, at.channel * cut[BANK_TAPS]);
        for (int n = 0; n < columns * 2 * PANEL; n++)
            sums[n] = 0;
        sums = partial + place_of(g, cut, at, p, (int)g[CONV_INPUTS] * cut[BANK_TAPS]);
        for (int n = 0; n < 2 * PANEL && at.channel == 0; n++)
            sums[n] = 0;
    }
    long across = (g[CONV_OUT + 2] + cut[BANK_COLUMNS] - 1) / cut[BANK_COLUMNS];
    long down = (g[CONV_OUT + 1] + cut[BANK_ROWS] - 1) / cut[BANK_ROWS];
    long all = across * down * g[CONV_OUT] * g[CONV_ITEMS];
    for (long n = all * id.y / slices; n < all * (id.y + 1) / slices; n++) {
        long plane = n / (across * down);
        rectangle pixels = find_rectangle(g, cut, plane % g[CONV_OUT], n / across % down, n % across);
        long offset[2] = {g[CONV_SRC_OFFSET] + at.group * g[CONV_INPUTS] * g[CONV_SRC_CHANNEL],
                          g[CONV_DST_OFFSET] + at.group * g[CONV_OUTPUTS] * g[CONV_DST_CHANNEL]};
        batch_offsets(g + CONV_BATCH, plane / g[CONV_OUT], 2, offset);
        add_rectangle(x, offset[0], y, offset[1] + first_pixel(g, pixels), pixels, at, g, cut, run, cval, lines, panel,
                      partial);
    }
    if (slices == 1)
        store_share(partial, at, biased, to, g, cut, weights, biases);
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_weights_bank(global const SRC_T *restrict x, global const GRAD_T *restrict y, global REAL *restrict partial,
                  global REAL *restrict weights, global REAL *restrict biases, constant const long *restrict g,
                  constant const int *restrict cut, REAL cval, long slices, int run, int biased, long offset,
                  long output_stride, long input_stride, long stride0, long stride1, long stride2, long bias_offset,
                  long bias_stride, local REAL *restrict lines, local REAL *restrict panel) {
    target to = {offset, output_stride, input_stride, {stride0, stride1, stride2}, bias_offset, bias_stride};
    conv_weights_bank_body(x, y, partial, weights, biases, g, cut, cval, slices, run, biased, to, lines, panel,
                           this_item());
}

/* Of several slices: work-item (column, panel, group) stores the sums of one column of a panel. */
BODY conv_weights_bank_join_body(global const REAL *restrict partial, global REAL *restrict weights,
                                 global REAL *restrict biases, constant const long *restrict g,
                                 constant const int *restrict cut, long slices, target to, work_item id) {
    share at = {id.z, 0, 0, 0, 0, 0};
    store_column(partial, slices, at, (int)id.y, (int)id.x, to, g, cut, weights, biases);
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
conv_weights_bank_join(global const REAL *restrict partial, global REAL *restrict weights,
                       global REAL *restrict biases, constant const long *restrict g,
                       constant const int *restrict cut, long slices, long offset, long output_stride,
                       long input_stride, long stride0, long stride1, long stride2, long bias_offset,
                       long bias_stride) {
    target to = {offset, output_stride, input_stride, {stride0, stride1, stride2}, bias_offset, bias_stride};
    conv_weights_bank_join_body(partial, weights, biases, g, cut, slices, to, this_item());
}
