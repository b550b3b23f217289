# SPDX-License-Identifier: Apache-2.0
"""Gaussian blurs, as the sums of products that users hand in."""
import draw
from problem import Row, extents, gaussian_taps, kernel_class

NAME = "gauss"
SUMMARY = "Gaussian blurs of images of every type"


def row(shape, dtype, sigma, group=NAME, layout=""):
    """`layout` follows the line: strides of interleaved images."""
    taps = gaussian_taps(sigma)
    kernel = extents(*(taps for _ in shape[-2:]))
    return Row(group, f"gaussian {'interleaved ' if layout else ''}{dtype}, {kernel_class(taps)}",
               f"corr {dtype} {extents(*shape)} k={kernel} taps=rank1{layout}", sigma)


def listed():
    for dtype in ("f32", "u8", "u16", "f64", "f16"):
        for sigma in (0.8, 1, 2, 3, 5, 10, 20, 30, 50) if dtype in ("f32", "u8") else (1, 3, 10, 30):
            yield row((1024, 1024), dtype, sigma)
    for side in (256, 4096):
        for sigma in (1, 3, 10):
            for dtype in ("f32", "u8"):
                yield row((side, side), dtype, sigma)


def drawn(random):
    return row(draw.plane(random, 1 << 14, 1 << 22), draw.dtype(random), draw.logarithmic(random, 7, 300) / 10)
