/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of convolution on views whose rows are not contiguous, and some other axis is. */
#include "check/conv.h"

#include "check/tensor.h"

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};
static const char *const modes[] = {"same", "valid", "full"};
enum { BORDERS = 5 };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/*
 * Interleaved channels, few (rows of pixels) and many (rows of channels), round the widths of blocks; with steps,
 * dilations and one filtered axis.
 */
static void add_interleaved(line_batch *batch, const char *name) {
    static const char *const lines[] = {
        "f32 3x9x40 k=3x3",
        "f32 2x4x17x11 k=3x3 taps=rank1",
        "u8 3x9x40 k=3x3 taps=rank1",
        "f32 3x2x2 k=9x6",
        "f32 2x1x1 k=3x3",
        "f32 16x5x33 k=5x5",
        "f32 17x5x33 k=5x5 taps=rank1",
        "f32 40x6x9 k=3x3 stride=2,2",
        "f32 3x12x40 k=3x3 data=special",
        "f32 3x70x90 k=31x31 taps=rank1",
        "f32 2x3x5x40 k=9",
        "f32 20x40 k=9 stride=2",
    };
    static const char *const types[] = {"f64", "f16", "u16", "i16", "u8"};
    for (int border = 0; border < BORDERS; border++) {
        for (int line = 0; line < COUNT(lines); line++)
            batch_add(batch, "%s %s src_layout=interleaved dst_layout=interleaved border=%s cval=1 mode=%s", name,
                      lines[line], borders[border], modes[(border + line) % 2 * 2]);
        batch_add(batch, "%s %s 3x10x70 k=3x3 src_layout=interleaved dst_layout=interleaved border=%s", name,
                  types[border], borders[border]);
        batch_add(batch,
                  "%s f32 3x9x40 k=3x3 stride=2,1 dilation=1,2 origin=1,-1 border=%s,%s cval=2 src_layout="
                  "interleaved dst_layout=interleaved",
                  name, borders[border], borders[(border + 2) % BORDERS]);
    }
    batch_add(batch, "%s f32 3x9x40 k=3x3 mode=valid src_layout=interleaved dst_layout=interleaved", name);
    batch_add(batch, "%s u8 3x9x40 k=3x3 dst=f32 src_layout=interleaved dst_layout=interleaved", name);
    batch_add(batch, "%s f32 3x9x40 k=3x3 kernel=view src_layout=interleaved dst_layout=interleaved", name);
}

/*
 * Images stored by columns, volumes with the first or the middle axis contiguous: the axes are exchanged, and with them
 * all that an axis has. Among them those that must not be: one side by columns, the other by rows.
 */
static void add_columns(line_batch *batch, const char *name) {
    static const char *const lines[] = {
        "f32 40x9 k=3x5 src_strides=1,40 dst_strides=1,40",
        "f32 2x40x9 k=4x3 taps=rank1 src_strides=400,1,40 dst_strides=360,1,40",
        "f32 37x11 k=5x2 src_strides=1,40 dst_strides=1,37 kernel=view",
        "f32 40x9 k=7x3 stride=1,2 dilation=2,1 src_strides=1,40 dst_strides=1,40",
        "f32 40x9 k=3x5 src_strides=1,40 dst_strides=9,1",
        "f32 40x12 k=3x3 data=special src_strides=1,40 dst_strides=1,40",
        "f32 2x3x20x9 k=4x3x3x2 src_strides=540,180,1,20 dst_strides=720,180,1,20",
    };
    static const char *const volumes[] = {"33x5x6 k=3x2x4 src_strides=1,198,33 dst_strides=1,198,33",
                                          "4x33x6 k=2x3x4 src_strides=198,1,33 dst_strides=198,1,33"};
    static const char *const types[] = {"f64", "f16", "u16", "i16", "u8"};
    for (int border = 0; border < BORDERS; border++) {
        for (int line = 0; line < COUNT(lines); line++)
            batch_add(batch, "%s %s border=%s,%s cval=1", name, lines[line], borders[border],
                      borders[(border + line) % BORDERS]);
        batch_add(batch, "%s f32 %s border=%s,%s,default cval=1", name, volumes[border % 2], borders[border],
                  borders[(border + 1) % BORDERS]);
        batch_add(batch, "%s f32 40x9 k=3x4 src_strides=1,40 dst_strides=1,40 origin=1,-2 border=%s,%s cval=2", name,
                  borders[border], borders[(border + 3) % BORDERS]);
        batch_add(batch, "%s %s 40x9 k=3x5 src_strides=1,40 dst_strides=1,40 border=%s", name, types[border],
                  borders[border]);
    }
    batch_add(batch, "%s f32 40x9 k=3x4 mode=valid src_strides=1,40 dst_strides=1,38", name);
}

/* What is copied into dense memory and back: squares that are turned and what is left of them, pixels, far steps. */
static void add_scattered(line_batch *batch, const char *name) {
    static const char *const lines[] = {
        "f32 35x50 k=3x3 border=symmetric src_strides=1,35",
        "f32 35x50 k=3x3 border=symmetric dst_strides=1,40",
        "f64 20x300 k=3x3 border=periodic src_strides=1,20",
        "u8 50x35 k=3x3 src_strides=1,64 dst_strides=2,101",
        "u16 3x17x33 k=3x3 src_strides=561,-33,-1",
        "f32 2x40x20 k=3x3 src_strides=1,2,80",
        "u8 4x9x40 k=3x3 src_layout=interleaved",
        "u8 2x9x40 k=3x3 dst_layout=interleaved",
        "f32 24x9x40 k=3x3 src_layout=interleaved",
        "f32 2x3x9x40 k=4x3x3x3 src_layout=interleaved dst_layout=interleaved",
        "f32 40 k=3 src_strides=3 dst_strides=-2",
        /* several blocks, down and across */
        "f32 300x300 k=3x3 src_strides=1,300 dst_strides=1,301 solver=conv.dense",
        "f32 300x300 k=3x3 src_strides=1,300 solver=conv.dense",
        "u8 3x60x200 k=3x3 src_layout=interleaved dst_layout=interleaved solver=conv.dense",
        "f32 300x200 k=3x3 src_strides=400,2 solver=conv.dense",
    };
    for (int line = 0; line < COUNT(lines); line++)
        batch_add(batch, "%s %s", name, lines[line]);
}

void conv_view_lines(line_batch *batch, const char *name) {
    add_scattered(batch, name);
    add_interleaved(batch, name);
    add_columns(batch, name);
}
