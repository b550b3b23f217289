/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the properties. */
#include "check/properties.h"

#include "check/fourier.h"

static const char *const borders[] = {"reflect", "periodic", "symmetric", "replicate", "constant"};

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

void impulse_lines(line_batch *batch) {
    static const char *const shapes[] = {"41x57 k=3x3",
                                         "9x18 k=4x2 origin=1,-1",
                                         "9x18 k=4x2 origin=-2,0",
                                         "33 k=9",
                                         "17x40 k=5x5 dilation=2,3",
                                         "7x8x19 k=2x3x4",
                                         "2x3 k=9x6",
                                         "40x70 k=31x31"};
    for (int i = 0; i < COUNT(shapes); i++) {
        batch_add(batch, "impulse conv f32 %s border=constant", shapes[i]);
        batch_add(batch, "impulse corr f32 %s border=constant", shapes[i]);
    }
    batch_add(batch, "impulse conv f64 9x18 k=4x2 border=constant");
    batch_add(batch, "impulse corr f16 9x18 k=4x2 border=constant");
    fourier_property_lines(batch, "impulse", "border=constant");
}

void linearity_lines(line_batch *batch) {
    for (int border = 0; border < COUNT(borders); border++) {
        batch_add(batch, "linearity conv f32 2x13x37 k=5x5 border=%s data=integer", borders[border]);
        batch_add(batch, "linearity corr f32 2x13x37 k=4x2 border=%s data=integer mode=full", borders[border]);
        batch_add(batch, "linearity conv f32 4x9x21 k=6x2x3x3 groups=2 border=%s data=integer", borders[border]);
        batch_add(batch, "linearity conv f32 13x37 k=5x5 taps=rank1 border=%s data=integer", borders[border]);
        batch_add(batch, "linearity corr f64 5x6x18 k=3x3x3 border=%s data=integer", borders[border]);
    }
    batch_add(batch, "linearity conv f32 2x13x37 k=3x3 mode=valid stride=2,1 data=integer");
    fourier_property_lines(batch, "linearity", "border=reflect data=integer");
}

void equivariance_lines(line_batch *batch) {
    static const char *const shapes[] = {"41x57 k=3x3",
                                         "2x9x130 k=5x5",
                                         "9x18 k=4x2 origin=1,-1",
                                         "33 k=9",
                                         "17x40 k=5x5 dilation=2,3",
                                         "7x8x19 k=2x3x4",
                                         "2x3 k=9x6",
                                         "40x70 k=31x31",
                                         "12x36 k=3x3 stride=2,3",
                                         "2x3x64x65 k=3x3 src_layout=interleaved"};
    for (int i = 0; i < COUNT(shapes); i++) {
        batch_add(batch, "equivariance conv f32 %s border=periodic", shapes[i]);
        batch_add(batch, "equivariance corr f32 %s border=periodic", shapes[i]);
    }
    fourier_property_lines(batch, "equivariance", "border=periodic");
    static const char *const others[] = {"reflect", "symmetric", "replicate", "constant", "reflect,periodic"};
    static const char *const inside[] = {"41x57 k=3x3", "20x70 k=5x4 origin=1,-1", "2x40x96 k=3x5 stride=2,3",
                                         "31x44 k=3x3 dilation=3,2"};
    for (int border = 0; border < COUNT(others); border++) {
        for (int i = 0; i < COUNT(inside); i++) {
            batch_add(batch, "equivariance conv f32 %s border=%s cval=0.3", inside[i], others[border]);
            batch_add(batch, "equivariance corr f32 %s border=%s cval=0.3", inside[i], others[border]);
        }
        batch_add(batch, "equivariance gradient f32 2x20x50 op=sobel border=%s cval=2", others[border]);
    }
    batch_add(batch, "equivariance conv u8 20x50 k=3x3 border=periodic");
    batch_add(batch, "equivariance conv f64 20x50 k=3x3 border=periodic");
    batch_add(batch, "equivariance gradient f32 2x20x50 op=central border=periodic");
    batch_add(batch, "equivariance gradient f32 2x28x28 op=sobel border=periodic scale=0.3");
    batch_add(batch, "equivariance gradient f64 20x50 op=sobel border=periodic");
    batch_add(batch, "equivariance conv f32 20x50 k=5x5 taps=rank1 border=periodic");
    batch_add(batch, "equivariance corr f32 20x530 k=5x5 factors=1 border=periodic");
    batch_add(batch, "equivariance corr f32 2x4x12x36 k=6x2x3x3 groups=2 bias=1 border=periodic stride=2,1");
}

void flip_lines(line_batch *batch) {
    for (int border = 0; border < COUNT(borders); border++) {
        batch_add(batch, "flip conv f32 2x13x37 k=5x5 origin=1,-2 border=%s cval=1 data=integer", borders[border]);
        batch_add(batch, "flip conv f32 2x13x37 k=4x2 mode=full border=%s data=integer", borders[border]);
        batch_add(batch, "flip conv f32 4x9x21 k=6x2x3x3 groups=2 bias=1 border=%s data=integer", borders[border]);
        batch_add(batch, "flip corr f32 6x7x18 k=2x3x4 border=%s data=integer", borders[border]);
        batch_add(batch, "flip corr u8 13x37 k=3x3 dst=f32 border=%s data=integer", borders[border]);
    }
    batch_add(batch, "flip corr f32 13x37 k=4x2 mode=valid stride=1,2 dilation=2 data=integer");
}

void repeat_lines(line_batch *batch) {
    batch_add(batch, "repeat conv f32 2x100x257 k=5x5 border=periodic");
    batch_add(batch, "repeat conv f32 100x257 k=31x31 border=symmetric");
    batch_add(batch, "repeat corr f32 2x3x40x50 k=3x3 src_layout=interleaved dst_layout=mixed");
    batch_add(batch, "repeat corr f32 40x50 k=4x2 kernel=view stride=2,2");
    batch_add(batch, "repeat conv f16 40x50 k=3x3 data=special");
    batch_add(batch, "repeat conv f32 40x600 k=5x5 factors=1");
    batch_add(batch, "repeat conv f32 8x20x30 k=9x8x3x3 bias=1");
    batch_add(batch, "repeat conv_adjoint f32 2x3x40x50 k=4x3x3x3 border=replicate stride=2");
    batch_add(batch, "repeat corr_weights f32 5x3x40x50 k=4x3x3x3 bias=1");
    batch_add(batch, "repeat gradient f32 3x90x128 op=sobel border=replicate");
    batch_add(batch, "repeat gradient u8 3x90x128 op=central");
}

void threads_lines(line_batch *batch) {
    batch_add(batch, "threads conv f32 2x100x257 k=5x5 border=periodic");
    batch_add(batch, "threads corr f32 60x70 k=4x2 kernel=view stride=2,1 mode=full");
    batch_add(batch, "threads corr u8 3x60x70 k=3x3 src_layout=interleaved dst_layout=gaps");
    batch_add(batch, "threads corr f32 3x20x30 k=4x3x3x3 bias=1 kernel=view");
    batch_add(batch, "threads conv f32 60x70 k=5x5 factors=1");
    batch_add(batch, "threads conv_adjoint f32 2x3x40x50 k=4x3x3x3 border=replicate stride=2");
    batch_add(batch, "threads gradient f32 3x90x128 op=sobel border=replicate");
}
