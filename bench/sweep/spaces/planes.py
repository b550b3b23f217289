# SPDX-License-Identifier: Apache-2.0
"""Images of f32, kernels of every size: the plain case."""
import draw
from problem import Row, extents, kernel_class, keys

NAME = "conv2d"
SUMMARY = "correlation of f32 images with dense kernels, square, long and even"


def row(shape, kernel, border=None, group=NAME, dtype="f32", dst=None):
    call = f"correlate {dtype}{'' if dst is None else ' to ' + dst}, {kernel_class(*kernel)}"
    return Row(group, call, f"corr {dtype} {extents(*shape)} k={extents(*kernel)}" + keys(border=border, dst=dst))


def listed():
    megapixel = (1024, 1024)
    for taps in (3, 5, 7, 9, 11, 13, 15, 21, 31, 41, 63, 95, 127, 201, 255, 2, 4, 6, 8, 16, 64):
        yield row(megapixel, (taps, taps))
    for taps in (3, 7, 15, 63, 255):
        yield row(megapixel, (1, taps))
        yield row(megapixel, (taps, 1))
    for kernel in ((3, 15), (15, 3), (3, 63), (63, 3), (5, 101)):
        yield row(megapixel, kernel)


def drawn(random):
    shape = draw.plane(random, 1 << 16, 1 << 22)
    height = draw.taps(random, 2, 255)
    kind = random.choice(("square", "square", "square", "row", "column", "free"))
    kernel = {"square": (height, height), "row": (1, height), "column": (height, 1),
              "free": (height, draw.taps(random, 2, 63))}[kind]
    return row(shape, kernel, draw.border(random))
