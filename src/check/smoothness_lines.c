/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the smoothness loss. */
#include "check/smoothness.h"

#include <stdio.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const char *const norms[] = {CLF_SMOOTHNESS_NORM_TABLE(CLF_NAME_OF)};
static const char *const reductions[] = {CLF_SMOOTHNESS_REDUCTION_TABLE(CLF_NAME_OF)};
static const char *const outputs[] = {"loss", "grad_disparity", "grad_image", "loss,grad_disparity,grad_image"};

static void add_outputs(line_batch *batch, const char *rest) {
    for (int out = 0; out < COUNT(outputs); out++) {
        batch_add(batch, "smoothness %s with=%s", rest, outputs[out]);
    }
}

/* Disparity and image at magnitudes apart from each other, and edge weights that bring them together again. */
static void add_magnitudes(line_batch *batch) {
    static const int narrow[] = {-140, -100, 0, 100, 126}, wide[] = {-1060, -800, 0, 800, 1022};
    char rest[160];
    for (int i = 0; i < 25 * 4 * 4; i++) {
        int pair = i / 16, order = 1 + i / 4 % 2, norm = i / 8 % 2, reduction = i % 4;
        (void)snprintf(rest, sizeof rest, "f32 1x2x4x37 magnitude=%d image_magnitude=%d order=%d norm=%s reduction=%s",
                       narrow[pair / 5], narrow[pair % 5], order, norms[norm], reductions[reduction]);
        add_outputs(batch, rest);
        (void)snprintf(rest, sizeof rest, "f64 1x2x4x21 magnitude=%d image_magnitude=%d order=%d norm=%s reduction=%s",
                       wide[pair / 5], wide[pair % 5], order, norms[norm], reductions[(reduction + i / 16) % 4]);
        batch_add(batch, "smoothness %s with=%s", rest, outputs[(i + i / 16) % COUNT(outputs)]);
    }
    for (int norm = 0; norm < 2; norm++) {
        static const char *const weights[] = {"1e-37", "1e-30", "1e37", "1e42"};
        static const int images[] = {126, 100, -126, -140}, disparities[] = {60, 60, -60, -60};
        for (int i = 0; i < 4; i++) {
            (void)snprintf(rest, sizeof rest, "f32 1x3x4x37 weight=%s magnitude=%d image_magnitude=%d norm=%s",
                           weights[i], disparities[i], images[i], norms[norm]);
            add_outputs(batch, rest);
        }
        batch_add(batch, "smoothness f64 1x3x4x37 weight=1e-300 image_magnitude=1000 norm=%s with=grad_image",
                  norms[norm]);
        batch_add(batch, "smoothness f64 1x3x4x37 weight=1e300 image_magnitude=-1000 norm=%s with=grad_image",
                  norms[norm]);
    }
    add_outputs(batch, "f32 1x3x4x37 image=u8 weight=0.02 magnitude=126 reduction=per-axis-mean");
    add_outputs(batch, "f32 1x3x4x37 image=f16 magnitude=-140 src_layout=crop image_layout=interleaved");
    add_outputs(batch, "f32 1x3x4x37 weight=0 magnitude=126 image_magnitude=126");
    batch_add(batch, "smoothness f32 2x3x300x300 magnitude=126 image_magnitude=-100");
}

void smoothness_systematic_lines(line_batch *batch) {
    char rest[160];
    for (int order = 1; order <= 2; order++) {
        for (int norm = 0; norm < 2; norm++) {
            for (int reduction = 0; reduction < 4; reduction++) {
                (void)snprintf(rest, sizeof rest, "f32 2x3x9x37 order=%d norm=%s reduction=%s", order, norms[norm],
                               reductions[reduction]);
                add_outputs(batch, rest);
            }
            (void)snprintf(rest, sizeof rest, "f64 2x2x7x21 order=%d norm=%s weight=2.5", order, norms[norm]);
            add_outputs(batch, rest);
        }
        static const int extents[][2] = {{1, 1}, {1, 17}, {17, 1}, {2, 2}, {3, 2}, {2, 33}, {5, 16}, {4, 18}, {33, 64}};
        for (int i = 0; i < COUNT(extents); i++) {
            (void)snprintf(rest, sizeof rest, "f32 2x3x%dx%d order=%d reduction=%s", extents[i][0], extents[i][1],
                           order, reductions[i % 4]);
            add_outputs(batch, rest);
        }
        (void)snprintf(rest, sizeof rest, "f32 2x3x9x37 order=%d data=integer", order);
        add_outputs(batch, rest);
    }
    add_outputs(batch, "f32 1x3x16x40 image=u8 weight=0.02 reduction=sum");
    add_outputs(batch, "f32 1x1x16x40 image=f16 reduction=sum");
    add_outputs(batch, "f16 1x2x16x40 reduction=sum");
    add_outputs(batch, "f32 1x3x16x40 weight=0");
    add_outputs(batch, "f32 1x3x16x40 weight=30 order=2 reduction=per-axis-mean");
    add_outputs(batch, "f32 2x3x9x19 src_layout=mixed image_layout=interleaved dst_layout=permuted reduction=none");
    add_outputs(batch, "f32 2x3x9x19 src_layout=crop image_layout=crop dst_layout=offset reduction=none");
    batch_add(batch, "smoothness f32 1x3x14x45 reduction=none data=special");
    batch_add(batch, "smoothness f32 4x3x300x300");
    add_magnitudes(batch);
}

void smoothness_small_lines(line_batch *batch) {
    for (int order = 1; order <= 2; order++) {
        char rest[160];
        (void)snprintf(rest, sizeof rest, "f32 2x2x5x19 order=%d norm=%s", order, norms[order - 1]);
        add_outputs(batch, rest);
        (void)snprintf(rest, sizeof rest, "f64 1x2x4x9 order=%d reduction=none src_layout=mixed", order);
        add_outputs(batch, rest);
        (void)snprintf(rest, sizeof rest, "f32 1x2x3x19 order=%d norm=%s magnitude=126 image_magnitude=-100", order,
                       norms[order - 1]);
        add_outputs(batch, rest);
    }
}

void smoothness_random_line(line_batch *batch, random_state *random) {
    line_draft draft = {.length = 0};
    draft_add(&draft, "smoothness f32 %d", (int)random_integer(random, 1, 3));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 4));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 30));
    draft_add(&draft, "x%d", (int)random_integer(random, 1, 60));
    draft_add(&draft, " order=%d", (int)random_integer(random, 1, 2));
    draft_add(&draft, " norm=%s", norms[random_integer(random, 0, 1)]);
    draft_add(&draft, " reduction=%s", reductions[random_integer(random, 0, 3)]);
    draft_add(&draft, " with=%s", outputs[random_integer(random, 0, COUNT(outputs) - 1)]);
    draft_add(&draft, " seed=%d", (int)random_integer(random, 1, 1000000));
    batch_add(batch, "%s", draft.text);
}
