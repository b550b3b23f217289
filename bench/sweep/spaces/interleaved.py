# SPDX-License-Identifier: Apache-2.0
"""Colour images as files hold them: the channels of a pixel side by side. A line says so by strides."""
import draw
from problem import Row, extents, kernel_class
from spaces import boxes, gaussians

NAME = "nhwc"
SUMMARY = "images whose channels are interleaved"
HD = (1080, 1920)


def strides(width, channels):
    """The words that say that both tensors of a line are interleaved."""
    steps = f"1,{width * channels},{channels}"
    return f" src_strides={steps} dst_strides={steps}"


def dense(size, channels, dtype, taps):
    shape = extents(channels, *size)
    return Row(NAME, f"correlate interleaved {dtype}, {kernel_class(taps)}",
               f"corr {dtype} {shape} k={extents(taps, taps)}{strides(size[1], channels)}")


def gaussian(size, channels, dtype, sigma):
    return gaussians.row((channels, *size), dtype, sigma, NAME, strides(size[1], channels))


def box(size, channels, dtype, taps):
    return boxes.row((channels, *size), dtype, taps, group=NAME, layout=strides(size[1], channels))


def listed():
    for dtype in ("u8", "f32", "u16"):
        for taps in (3, 5, 9, 15, 31):
            yield dense(HD, 3, dtype, taps)
        for sigma in (1, 3, 10):
            yield gaussian(HD, 3, dtype, sigma)
        for taps in (3, 15, 51):
            yield box(HD, 3, dtype, taps)
    for taps in (3, 15):
        yield dense((512, 512), 4, "u8", taps)


def drawn(random):
    size = draw.plane(random, 1 << 14, 1 << 21)
    channels = draw.often(random, (3, 4), (4, 2), (2, 1))
    dtype = draw.dtype(random)
    kind = random.choice(("dense", "gaussian", "box"))
    if kind == "gaussian":
        return gaussian(size, channels, dtype, draw.logarithmic(random, 7, 120) / 10)
    return (dense if kind == "dense" else box)(size, channels, dtype, draw.taps(random, 2, 51))
