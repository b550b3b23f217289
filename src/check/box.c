/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mean over a box:
 *
 *   box u8 2x3x28x28 size=5,4 axes=2 origin=0,1 border=reflect,constant cval=3 dst=f32, and the words every line shares
 */
#include "ops/box/box.h"

#include "check/case.h"
#include "check/number.h"
#include "check/reference.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const solvers[] = {"box.each", "box.sums", "box.convolution", NULL};

static void parse(case_line *line, test_case *test) {
    clf_box_words *words = test->spec = calloc(1, sizeof *words);
    if (words == NULL) {
        line_fail(line, LINE_NO_MEMORY);
        return;
    }
    case_parse_common(line, test);
    case_read_keys(line, test, &clf_box_line, words);
    test->axes = words->line.axes;
    if (words->axes < 1 || words->axes > 3 || test->axes > test->input[0].rank) {
        line_fail(line, "axes= must be 1 to 3 of the shape's");
        words->line.axes = test->axes = 1;
    }
}

static void fill(test_case *test) {
    case_fill_input(test, 0, test->data, 256);
}

/* The filtered axes as three, and of each window its size and where it starts. */
typedef struct box_window {
    reference_window window;
    int64_t size[3], start[3], count;
} box_window;

static box_window find_window(const test_case *test) {
    const clf_box_words *words = test->spec;
    const tensor_spec *in = &test->input[0];
    box_window box = {{.planes = spec_count(in), .extent = {1, 1, 1}, .cval = words->cval}, {1, 1, 1}, {0}, 1};
    clf_border borders[CLF_MAX_RANK];
    reference_borders(words->border, test->axes, borders);
    for (int i = 0; i < test->axes; i++) {
        int at = 3 - test->axes + i;
        box.window.extent[at] = in->shape[in->rank - test->axes + i];
        box.window.border[at] = borders[i];
        box.size[at] = words->size[i];
        box.start[at] = -(words->size[i] / 2 + words->origin[i]);
        box.window.planes /= box.window.extent[at];
        box.count *= box.size[at];
    }
    return box;
}

/* The sum over the window of one output; *reaches: it holds the border's constant. */
static double sum_window(const box_window *box, const double *plane, const int64_t at[3], bool *reaches) {
    double sum = 0;
    int64_t index[3];
    for (int64_t k0 = 0; k0 < box->size[0]; k0++) {
        for (int64_t k1 = 0; k1 < box->size[1]; k1++) {
            for (int64_t k2 = 0; k2 < box->size[2]; k2++) {
                const int64_t k[3] = {k0, k1, k2};
                for (int axis = 0; axis < 3; axis++) {
                    index[axis] = at[axis] + box->start[axis] + k[axis];
                    *reaches = *reaches ||
                               reference_extend(index[axis], box->window.extent[axis], box->window.border[axis]) < 0;
                }
                sum += reference_sample(&box->window, plane, index) / (double)box->count;
            }
        }
    }
    return sum;
}

/* A convolution's bound; integers are exact but for the border's constant, which need not be one. */
static double bound_of(const test_case *test, const box_window *box) {
    clf_dtype dtype = test->input[0].dtype;
    double greatest = reference_greatest(test->values[0], spec_count(&test->input[0]));
    greatest = fmax(greatest, isfinite(box->window.cval) ? fabs(box->window.cval) : 0);
    double epsilon = dtype == CLF_F64 ? DBL_EPSILON : (double)FLT_EPSILON;
    double lost = (double)box->count * (dtype == CLF_F64 ? DBL_MIN : (double)FLT_MIN);
    return 2 * (double)box->count * epsilon * greatest + lost;
}

static void reference(const test_case *test) {
    box_window box = find_window(test);
    const int64_t *extent = box.window.extent;
    int64_t size = extent[0] * extent[1] * extent[2], at[3], i = 0;
    double bound = bound_of(test, &box);
    bool integer = !number_is_real(test->input[0].dtype), same = test->output.dtype == test->input[0].dtype;
    for (int64_t plane = 0; plane < box.window.planes; plane++) {
        for (at[0] = 0; at[0] < extent[0]; at[0]++) {
            for (at[1] = 0; at[1] < extent[1]; at[1]++) {
                for (at[2] = 0; at[2] < extent[2]; at[2]++, i++) {
                    bool reaches = false;
                    double mean = sum_window(&box, test->values[0] + plane * size, at, &reaches);
                    bool exact = integer && same && !reaches;
                    /* a sum of whole numbers is one: what division left is taken back */
                    test->expected[i] = exact ? round(mean * (double)box.count) / (double)box.count : mean;
                    test->tolerance[i] = exact ? 0 : bound;
                }
            }
        }
    }
}

static clf_status plan_case(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                            const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error) {
    const clf_box_words *words = test->spec;
    clf_box_desc desc = {.src = inputs[0].view,
                         .dst = output->view,
                         .axes = test->axes,
                         .cval = words->cval,
                         .options = {.solver = solver}};
    for (int i = 0; i < test->axes; i++) {
        desc.size[i] = (int)words->size[i];
        desc.origin[i] = (int)words->origin[i];
        desc.border[i] = words->border[i];
    }
    return clf_plan_box(fixture->context, &desc, plan, error);
}

/* One addition an element of a window of each axis, which is what the operation needs. */
static double flops(const test_case *test) {
    const clf_box_words *words = test->spec;
    double additions = 0;
    for (int i = 0; i < test->axes; i++) {
        additions += (double)words->size[i];
    }
    return additions * (double)spec_count(&test->output);
}

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const types[] = {"f32", "f64", "f16", "u8", "u16", "i16"};
enum { BORDERS = 5, TYPES = 6 };

static void systematic(line_batch *batch) {
    static const char *const shapes[] = {"5x18", "2x5x18", "3x2x5x18", "2x1x3x5x18", "2x1x2x1x2x3x5x18"};
    for (int y = 0; y < BORDERS; y++) {
        for (int x = 0; x < BORDERS; x++) {
            batch_add(batch, "box f32 2x9x19 size=3,4 border=%s,%s cval=0.4", borders[y], borders[x]);
        }
        for (int type = 0; type < TYPES; type++) {
            batch_add(batch, "box %s 2x3x9x20 size=3 border=%s cval=2.5", types[type], borders[y]);
            batch_add(batch, "box %s 4x7x9 axes=3 size=2,3,4 origin=-1,1,0 border=%s data=integer", types[type],
                      borders[y]);
            batch_add(batch, "box %s 3x2 size=7,9 border=%s cval=1", types[type], borders[y]); /* larger than src */
        }
        batch_add(batch, "box u8 9x37 size=5 border=%s dst=f32", borders[y]);
        batch_add(batch, "box i16 9x37 size=4,3 border=%s dst=f32", borders[y]);
        batch_add(batch, "box f32 3x40 axes=1 size=31 border=%s", borders[y]);
        batch_add(batch, "box f32 14x45 size=3 border=%s data=special", borders[y]);
        batch_add(batch, "box f16 14x45 size=3,2 border=%s data=special", borders[y]);
    }
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        for (int dst = LAYOUT_DENSE; dst < LAYOUT_BROADCAST; dst++) {
            batch_add(batch, "box f32 2x3x7x19 size=3,5 src_layout=%s dst_layout=%s border=%s", layout_names[src],
                      layout_names[dst], borders[(src + dst) % BORDERS]);
        }
    }
    for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; shape++) {
        batch_add(batch, "box f32 %s size=2 src_layout=mixed dst_layout=permuted", shapes[shape]);
    }
    static const int f32[] = {-140, -100, 100, 127}, f64[] = {-1060, -800, 800, 1023};
    for (int i = 0; i < 4; i++) {
        batch_add(batch, "box f32 9x37 size=5,4 border=%s magnitude=%d", borders[i], f32[i]);
        batch_add(batch, "box f64 9x37 size=5,4 border=%s magnitude=%d", borders[i], f64[i]);
    }
    /* rows in segments, blocks across, pixels of few channels and of many, dense and apart */
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "box f32 3x2600 axes=1 size=31 border=%s", borders[border]);
        batch_add(batch, "box u8 2x1500 axes=1 size=601 border=%s cval=9", borders[border]);
        batch_add(batch, "box %s 70x140 size=65,101 border=%s", types[border], borders[border]);
        batch_add(batch, "box i16 3x70x40 size=9 border=%s src_layout=interleaved dst_layout=interleaved",
                  borders[border]);
        batch_add(batch, "box u8 4x30x400 size=5 border=%s src_layout=interleaved dst_layout=interleaved",
                  borders[border]);
        batch_add(batch, "box f32 9x20x33 size=4 border=%s src_layout=interleaved", borders[border]);
        batch_add(batch, "box u16 2x20x33 size=11 border=%s cval=70000 dst_layout=interleaved", borders[border]);
        batch_add(batch, "box f64 5x6x70 axes=3 size=4,1,9 border=%s data=special", borders[border]);
    }
    batch_add(batch, "box u16 20x33 size=11 border=constant cval=-1e9");
    batch_add(batch, "box f32 40 size=5");
    batch_add(batch, "box f64 1x1x1 axes=3 size=3");
    batch_add(batch, "box u16 300x41 size=61,3"); /* sums beyond 2^24 */
}

static void small(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "box f32 2x5x9 size=3,4 origin=0,1 border=%s,%s cval=1", borders[border],
                  borders[(border + 1) % BORDERS]);
        batch_add(batch, "box u8 3x4x5 axes=3 size=3,2,3 border=%s cval=1.5", borders[border]);
    }
    batch_add(batch, "box f64 7 size=5");
    batch_add(batch, "box i16 2x6x9 size=2,3 dst=f32 src_layout=mixed dst_layout=gaps");
}

static void random_line(line_batch *batch, random_state *random) {
    line_draft draft = {.length = 0};
    int axes = (int)random_integer(random, 1, 3);
    draft_add(&draft, "box %s ", types[random_integer(random, 0, TYPES - 1)]);
    draft_add(&draft, "%dx", (int)random_integer(random, 1, 3));
    draft_add(&draft, "%dx", (int)random_integer(random, 1, 12));
    draft_add(&draft, "%d", (int)random_integer(random, 1, 50));
    draft_add(&draft, " axes=%d size=", axes);
    for (int i = 0; i < axes; i++) {
        draft_add(&draft, i > 0 ? ",%d" : "%d", (int)random_integer(random, 1, 7));
    }
    draft_add(&draft, " border=%s", borders[random_integer(random, 0, BORDERS - 1)]);
    draft_add(&draft, " cval=%d", (int)random_integer(random, -3, 300));
    draft_add(&draft, " src_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST)]);
    draft_add(&draft, " dst_layout=%s", layout_names[random_integer(random, 0, LAYOUT_BROADCAST - 1)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}

const test_operation box_operation = {"box",      solvers,    parse, fill,       reference, plan_case,
                                      case_judge, case_bytes, flops, systematic, small,     random_line};
