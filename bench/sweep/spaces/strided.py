# SPDX-License-Identifier: Apache-2.0
"""What is neither plain nor rare: outputs at every second place, dilated kernels, derivatives and shifts of interleaved
images."""
import draw
from problem import Row, extents, kernel_class, keys
from spaces import interleaved

NAME = "extra"
SUMMARY = "stride and dilation; derivatives and shifts of interleaved images"


def convolution(size, dtype, taps, stride=None, dilation=None, rank=None):
    what = "stride" if stride else "dilation"
    return Row(NAME, f"correlate {dtype} by {what}, {kernel_class(taps)}",
               f"corr {dtype} {extents(*size)} k={extents(taps, taps)}"
               + keys(taps=rank, stride=stride, dilation=dilation))


def colour(operation, size, channels, dtype, words):
    name = {"gradient": "sobel magnitude", "laplace": "laplacian", "shift": "shift"}[operation]
    return Row(NAME, f"{name} interleaved {dtype}",
               f"{operation} {dtype} {extents(channels, *size)}{words}{interleaved.strides(size[1], channels)}")


def colours(size, channels, dtype, by=(3.25, -2.5), whole=(17, -250)):
    yield colour("gradient", size, channels, dtype, " op=sobel")
    yield colour("laplace", size, channels, dtype, "")
    yield colour("shift", size, channels, dtype, f" by=0,{by[0]:g},{by[1]:g} border=constant method=linear")
    yield colour("shift", size, channels, dtype, f" by=0,{whole[0]},{whole[1]} border=periodic")


def listed():
    for dtype in ("f32", "u8"):
        for taps, stride in ((5, 2), (3, 2), (9, 4), (2, 2), (8, 8), (25, 2)):
            yield convolution((1024, 1024), dtype, taps, stride=stride)
        yield convolution((1024, 1024), dtype, 5, stride=2, rank="rank1")
        for taps, dilation in ((3, 2), (9, 2), (3, 8)):
            yield convolution((1024, 1024), dtype, taps, dilation=dilation)
        yield from colours((1080, 1920), 3, dtype)


def drawn(random):
    size, dtype = draw.plane(random, 1 << 16, 1 << 22), draw.often(random, ("f32", 2), ("u8", 2), ("u16", 1))
    kind = random.choice(("stride", "dilation", "colour"))
    if kind == "stride":
        rank = "rank1" if random.random() < 0.3 else None
        return convolution(size, dtype, draw.taps(random, 2, 31, 0.4), stride=draw.logarithmic(random, 2, 8), rank=rank)
    if kind == "dilation":
        return convolution(size, dtype, draw.taps(random, 3, 11), dilation=draw.logarithmic(random, 2, 8))
    size = (size[0] // 2, size[1] // 2)
    by = (random.randrange(-40, 41) / 8 + 1 / 16, random.randrange(-40, 41) / 8)
    whole = (random.randrange(1, size[0] // 2), -random.randrange(1, size[1] // 2))
    return random.choice(list(colours(size, random.choice((3, 4)), dtype, by, whole)))
