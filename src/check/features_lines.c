/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of Laplacians, structure tensors and Canny's edges. */
#include "check/features.h"

#include "base/number.h"

#include <math.h>

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const types[] = {"f32", "f64", "f16", "u8", "u16", "i16"};
/* Words of each of the two, and of each of the three kinds of a structure tensor's line. */
static const char *const operators[] = {"op=central", "op=gaussian:1.3"};
static const char *const responses[] = {"", " harris=k:0.07", " harris=eps:0.01"};
static const int narrow[] = {-140, -100, 100, 126}, wide[] = {-1060, -800, 800, 1022};
enum { BORDERS = 5, TYPES = 6, OPERATORS = 2, RESPONSES = 3, MAGNITUDES = 4 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Of random lines, as every type with every layout is a program of its own. */
static const char *const few_types[] = {"f32", "u8"};
enum { FEW_TYPES = 2 };

static const char *random_name(random_state *random, const char *const *from, int count) {
    return from[random_integer(random, 0, count - 1)];
}

/* Shapes of any rank, one odd extent at least, from one element to beyond a vector. */
static const char *const shapes[] = {"1x1",  "1x40", "40x1",   "2x3",      "3x2",         "17x33",
                                     "9x64", "5x65", "3x7x31", "2x2x9x18", "2x1x2x1x7x19"};

void laplace_systematic_lines(line_batch *batch) {
    for (int op = 0; op < OPERATORS; op++) {
        const char *words = operators[op];
        for (int y = 0; y < BORDERS; y++) {
            for (int x = 0; x < BORDERS; x++) {
                batch_add(batch, "laplace f32 2x9x35 %s border=%s,%s cval=3", words, borders[y], borders[x]);
            }
            for (int type = 0; type < TYPES; type++) {
                batch_add(batch, "laplace %s 2x3x9x20 %s border=%s cval=2 scale=-0.5", types[type], words, borders[y]);
            }
            batch_add(batch, "laplace f32 2x14x45 %s border=%s data=special", words, borders[y]);
            batch_add(batch, "laplace f32 2x7x8x33 %s axes=3 border=%s,%s,default", words, borders[y],
                      borders[(y + 1) % BORDERS]);
            batch_add(batch, "laplace f64 14x45 %s border=%s data=special", words, borders[y]);
        }
        for (int shape = 0; shape < COUNT(shapes); shape++) {
            batch_add(batch, "laplace f32 %s %s border=%s cval=1", shapes[shape], words, borders[shape % BORDERS]);
        }
        for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
            batch_add(batch, "laplace f32 2x3x7x19 %s src_layout=%s dst_layout=%s", words, layout_names[src],
                      layout_names[(src + 3) % LAYOUT_BROADCAST]);
        }
        batch_add(batch, "laplace f16 9x40 %s dst=f32", words);
        batch_add(batch, "laplace f32 8x20 %s border=constant cval=inf", words);
        batch_add(batch, "laplace f32 130x257 %s border=default,periodic", words);
    }
    for (int type = 0; type < TYPES; type++) {
        batch_add(batch, "laplace %s 3x11x37 border=%s cval=3 data=integer scale=2", types[type],
                  borders[type % BORDERS]);
    }
    for (int i = 0; i < MAGNITUDES; i++) {
        batch_add(batch, "laplace f32 67x7x19 border=%s magnitude=%d", borders[i], narrow[i]);
        batch_add(batch, "laplace f32 67x7x19 border=%s scale=0.125 magnitude=%d", borders[i], narrow[i]);
        batch_add(batch, "laplace f64 2x9x35 border=%s scale=0.125 magnitude=%d", borders[i], wide[i]);
        batch_add(batch, "laplace f32 5x7x20 axes=3 border=%s magnitude=%d", borders[i], narrow[i]);
        batch_add(batch, "laplace f32 2x14x45 op=gaussian:1.3 border=%s magnitude=%d", borders[i], narrow[i]);
        batch_add(batch, "laplace f64 2x14x45 op=gaussian:1.3 border=%s magnitude=%d", borders[i], wide[i]);
    }
    batch_add(batch, "laplace f32 14x45 data=special magnitude=127 scale=0.125");
    batch_add(batch, "laplace f32 5x6x7 axes=3 data=integer");
    batch_add(batch, "laplace f32 30x41 op=gaussian:9.5 border=symmetric");
    batch_add(batch, "laplace f32 5x3x2 op=gaussian:2 axes=3 border=periodic");
}

void laplace_small_lines(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "laplace f32 2x5x19 border=%s cval=1", borders[border]);
        batch_add(batch, "laplace f32 9x13 op=gaussian:0.7 border=%s cval=1", borders[border]);
    }
    batch_add(batch, "laplace f32 2x5x19 scale=0.125 magnitude=127");
    batch_add(batch, "laplace u8 3x4x5x9 axes=3 src_layout=mixed");
    batch_add(batch, "laplace f32 4x5x9 op=gaussian:0.5 axes=3 border=symmetric dst_layout=gaps");
}

void laplace_random_line(line_batch *batch, random_state *random) {
    static const char *const data[] = {"random", "integer", "special"};
    line_draft draft = {.length = 0};
    draft_add(&draft, "laplace %s", random_name(random, few_types, FEW_TYPES));
    draft_add(&draft, " %d", (int)random_integer(random, 1, 5));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 40));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 80));
    if (random_integer(random, 0, 1) == 1) {
        draft_add(&draft, " op=gaussian:%s5",
                  clf_number_fixed(0.3 + 2 * random_real(random), 2).text); /* no whole one: a tap would be 0 */
    }
    draft_add(&draft, " border=%s", random_name(random, borders, BORDERS));
    draft_add(&draft, ",%s", random_name(random, borders, BORDERS));
    draft_add(&draft, " cval=%d", (int)random_integer(random, -5, 5));
    draft_add(&draft, " scale=%d", (int)random_integer(random, -3, 3));
    draft_add(&draft, " src_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST + 1));
    draft_add(&draft, " dst_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST));
    draft_add(&draft, " data=%s", random_name(random, data, COUNT(data)));
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}

void structure_systematic_lines(line_batch *batch) {
    for (int response = 0; response < RESPONSES; response++) {
        const char *words = responses[response];
        for (int y = 0; y < BORDERS; y++) {
            for (int x = response; x < BORDERS; x += 1 + 2 * response) { /* every pair for the tensor */
                batch_add(batch, "structure f32 2x12x29 border=%s,%s cval=0.5%s", borders[y], borders[x], words);
            }
            /* A window of 5x5, so that much is left between the special values. */
            batch_add(batch, "structure f32 24x45 sigma=0.3 border=%s data=special%s", borders[y], words);
        }
        for (int type = 0; type < TYPES; type++) {
            batch_add(batch, "structure %s 2x3x11x20 sigma=0.8 border=%s cval=2%s", types[type],
                      borders[(type + response) % BORDERS], words);
        }
        for (int shape = 0; shape < COUNT(shapes); shape++) {
            batch_add(batch, "structure f32 %s sigma=1.5 border=%s%s", shapes[shape], borders[shape % BORDERS], words);
        }
        for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
            batch_add(batch, "structure f32 2x3x9x19 src_layout=%s dst_layout=%s%s", layout_names[src],
                      layout_names[(src + 3) % LAYOUT_BROADCAST], words);
        }
        batch_add(batch, "structure f64 24x45 sigma=0.3 data=special%s", words);
        batch_add(batch, "structure f32 40x31 sigma=3%s", words);
        batch_add(batch, "structure f32 70x257 border=default,periodic%s", words);
    }
    /* Tensors as small and as great as the type holds, and responses beyond. */
    static const int small[] = {-140, -70, -30, 30, 58}, large[] = {-1060, -500, -200, 200, 500};
    for (int i = 0; i < COUNT(small); i++) {
        batch_add(batch, "structure f32 2x12x29 border=%s magnitude=%d", borders[i], small[i]);
        batch_add(batch, "structure f32 2x12x29 border=%s harris=k:0.07 magnitude=%d", borders[i], small[i]);
        batch_add(batch, "structure f32 2x12x29 border=%s harris=eps:1e-37 magnitude=%d", borders[i], small[i]);
        batch_add(batch, "structure f64 2x12x29 border=%s harris=k:0.07 magnitude=%d", borders[i], large[i]);
        batch_add(batch, "structure f64 2x12x29 border=%s harris=eps:1e-300 magnitude=%d", borders[i], large[i]);
    }
    batch_add(batch, "structure f32 20x31 border=constant harris=k:0"); /* the defaults */
    batch_add(batch, "structure u8 20x31 border=constant harris=eps:0");
}

void structure_small_lines(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "structure f32 6x19 sigma=0.5 border=%s,%s cval=1%s", borders[border],
                  borders[(border + 1) % BORDERS], responses[border % RESPONSES]);
    }
    batch_add(batch, "structure f32 6x19 sigma=0.5 harris=eps:1e-37 magnitude=-60");
    batch_add(batch, "structure u8 2x3x5x9 sigma=0.4 src_layout=mixed dst_layout=gaps");
}

void structure_random_line(line_batch *batch, random_state *random) {
    line_draft draft = {.length = 0};
    draft_add(&draft, "structure %s", random_name(random, few_types, FEW_TYPES));
    draft_add(&draft, " %d", (int)random_integer(random, 1, 4));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 30));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 60));
    draft_add(&draft, " sigma=%s", clf_number_fixed(0.2 + 1.5 * random_real(random), 2).text);
    draft_add(&draft, "%s", random_name(random, responses, RESPONSES));
    draft_add(&draft, " border=%s", random_name(random, borders, BORDERS));
    draft_add(&draft, ",%s", random_name(random, borders, BORDERS));
    draft_add(&draft, " cval=%d", (int)random_integer(random, -2, 2));
    draft_add(&draft, " src_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST + 1));
    draft_add(&draft, " dst_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST));
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}

/* Thresholds that some maxima of noise reach, others not, after a Gaussian of about 1. */
static const char *threshold_words(int type) {
    static const char *const words[] = {"low=0.4 high=1.1", "low=50 high=140", "low=13000 high=36000"};
    return words[type < 3 ? 0 : type == 3 ? 1 : 2];
}

void canny_systematic_lines(line_batch *batch) {
    for (int y = 0; y < BORDERS; y++) {
        for (int x = 0; x < BORDERS; x++) {
            batch_add(batch, "canny f32 2x24x39 border=%s,%s cval=0.5 low=0.4 high=1.1", borders[y], borders[x]);
        }
        for (int type = 0; type < TYPES; type++) {
            batch_add(batch, "canny %s 2x2x21x30 sigma=0.9 border=%s %s", types[type], borders[y],
                      threshold_words(type));
        }
    }
    for (int type = 0; type < TYPES; type++) {
        batch_add(batch, "canny %s 40x61", types[type]); /* the default thresholds */
        /* Beside a mean as large as u8's and u16's, the small derivatives of a smooth image are less sure. */
        bool centred = type < 3 || type == 5;
        batch_add(batch, "canny %s 40x61 sigma=%s low=0.01 high=0.05", types[type], centred ? "2.5" : "1.5");
    }
    for (int shape = 0; shape < COUNT(shapes); shape++) {
        batch_add(batch, "canny f32 %s border=%s low=0.4 high=1.1", shapes[shape], borders[shape % BORDERS]);
    }
    for (int src = LAYOUT_DENSE; src <= LAYOUT_BROADCAST; src++) {
        batch_add(batch, "canny f32 2x3x19x20 src_layout=%s dst_layout=%s low=0.4 high=1.1", layout_names[src],
                  layout_names[(src + 3) % LAYOUT_BROADCAST]);
    }
    for (int i = 0; i < MAGNITUDES; i++) { /* the edges are those of magnitude 1 */
        const int exponent = narrow[i] < -100 ? 0 : narrow[i], wide_exponent = wide[i] < -800 ? 0 : wide[i];
        batch_add(batch, "canny f32 2x24x39 border=%s low=%s high=%s magnitude=%d", borders[i],
                  clf_number_exact(ldexp(0.4, exponent)).text, clf_number_exact(ldexp(1.1, exponent)).text, exponent);
        batch_add(batch, "canny f64 24x39 border=%s low=%s high=%s magnitude=%d", borders[i],
                  clf_number_exact(ldexp(0.4, wide_exponent)).text, clf_number_exact(ldexp(1.1, wide_exponent)).text,
                  wide_exponent);
    }
    batch_add(batch, "canny f32 3x3 low=0.01 high=0.01");
    batch_add(batch, "canny f32 70x257 sigma=0.5 border=default,periodic low=1 high=4");
    batch_add(batch, "canny f32 130x131 low=0.2 high=2.2"); /* few begin an edge, many go on with it */
    batch_add(batch, "canny f32 60x61 low=0 high=1");       /* all maxima */
    batch_add(batch, "canny f32 60x61 low=1 high=1");       /* no hysteresis */
    batch_add(batch, "canny u8 60x61 low=1e9 high=1e9");    /* nothing */
}

void canny_small_lines(line_batch *batch) {
    for (int border = 0; border < BORDERS; border++) {
        batch_add(batch, "canny f32 9x17 sigma=0.5 border=%s,%s cval=1 low=1 high=3", borders[border],
                  borders[(border + 1) % BORDERS]);
    }
    batch_add(batch, "canny u8 2x7x9 sigma=0.4 src_layout=mixed dst_layout=gaps");
}

void canny_random_line(line_batch *batch, random_state *random) {
    line_draft draft = {.length = 0};
    int type = (int)random_integer(random, 0, TYPES - 1);
    draft_add(&draft, "canny %s", types[type]);
    draft_add(&draft, " %d", (int)random_integer(random, 1, 3));
    draft_add(&draft, "x%d", (int)random_integer(random, 10, 50));
    draft_add(&draft, "x%d", (int)random_integer(random, 10, 80));
    /* Smoothed more, noise keeps so few strong candidates that long chains hang on a tie at one of them. */
    draft_add(&draft, " sigma=%s", clf_number_fixed(0.5 + 0.5 * random_real(random), 2).text);
    draft_add(&draft, " %s", threshold_words(type));
    draft_add(&draft, " border=%s", random_name(random, borders, BORDERS));
    draft_add(&draft, ",%s", random_name(random, borders, BORDERS));
    draft_add(&draft, " src_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST + 1));
    draft_add(&draft, " dst_layout=%s", random_name(random, layout_names, LAYOUT_BROADCAST));
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}
