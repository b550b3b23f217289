# SPDX-License-Identifier: Apache-2.0
"""Banks of kernels over channels: the layers of networks."""
import draw
from problem import Row, extents, keys

NAME = "cnn"
SUMMARY = "banks of kernels over channels, as networks have them"
# batch, channels, side, outputs, taps, stride, dilation
LAYERS = (
    (1, 3, 224, 64, 7, 2, 1), (1, 64, 56, 64, 1, 1, 1), (1, 64, 56, 256, 1, 1, 1), (1, 256, 56, 64, 1, 1, 1),
    (1, 64, 56, 64, 3, 1, 1), (1, 128, 28, 128, 3, 1, 1), (1, 256, 14, 256, 3, 1, 1), (1, 512, 7, 512, 3, 1, 1),
    (1, 128, 56, 128, 3, 2, 1), (1, 256, 56, 512, 1, 2, 1), (1, 1024, 14, 256, 1, 1, 1), (1, 512, 7, 2048, 1, 1, 1),
    (1, 64, 56, 64, 3, 1, 2), (1, 256, 28, 256, 3, 1, 2), (8, 3, 224, 64, 7, 2, 1), (8, 64, 56, 64, 3, 1, 1),
    (8, 64, 56, 64, 1, 1, 1), (8, 256, 14, 256, 3, 1, 1), (1, 3, 512, 16, 3, 1, 1), (1, 1, 512, 8, 3, 1, 1),
    (1, 1, 512, 8, 5, 1, 1), (1, 3, 512, 3, 3, 1, 1), (1, 16, 256, 16, 3, 1, 1), (1, 32, 256, 32, 5, 1, 1),
    (1, 32, 128, 32, 7, 1, 1), (1, 8, 512, 1, 3, 1, 1), (1, 1, 1024, 32, 11, 1, 1), (1, 1, 512, 16, 31, 1, 1),
    (64, 1, 28, 32, 5, 1, 1), (256, 1, 28, 8, 3, 1, 1), (128, 32, 8, 64, 3, 1, 1), (1, 64, 64, 64, 4, 2, 1),
    (1, 3, 224, 768, 16, 16, 1))


def line(operation, batch, channels, spatial, outputs, taps, stride=1, dilation=1, groups=1, dtype="f32"):
    """The line of a layer whose kernel has as many taps along every spatial axis."""
    shape = extents(batch, channels, *spatial)
    kernel = extents(outputs, channels // groups, *(taps for _ in spatial))
    return f"{operation} {dtype} {shape} k={kernel} border=constant" + keys(
        groups=groups if groups > 1 else None, stride=stride if stride > 1 else None,
        dilation=dilation if dilation > 1 else None, axes=1 if len(spatial) == 1 else None)


def row(batch, channels, spatial, outputs, taps, stride=1, dilation=1, dtype="f32"):
    what = {1: "1-D ", 2: "", 3: "3-D "}[len(spatial)]
    kind = "stride" if stride > 1 else "dilation" if dilation > 1 else "1x1" if taps == 1 else "dense"
    return Row(NAME, f"bank {what}{dtype}, {kind}",
               line("corr", batch, channels, spatial, outputs, taps, stride, dilation, dtype=dtype))


def listed():
    for batch, channels, side, outputs, taps, stride, dilation in LAYERS:
        yield row(batch, channels, (side, side), outputs, taps, stride, dilation)
    yield row(8, 64, (4000,), 64, 3)
    yield row(1, 1, (160_000,), 64, 10, 5)
    yield row(1, 16, (32, 32, 32), 16, 3)
    yield row(1, 64, (56, 56), 64, 3, dtype="f64")
    yield row(1, 64, (56, 56), 64, 3, dtype="f16")


def drawn(random):
    """A layer of at most some 10^9 multiply-adds."""
    while True:
        batch, side = draw.often(random, (1, 3), (8, 1), (32, 1)), draw.extent(random, 7, 256)
        channels, outputs = draw.extent(random, 1, 512), draw.extent(random, 1, 512)
        taps = draw.often(random, (1, 2), (3, 4), (5, 1), (7, 1))
        stride, dilation = draw.often(random, ((1, 1), 4), ((2, 1), 2), ((1, 2), 1))
        products = batch * channels * outputs * taps * taps * side * side / stride**2
        if taps <= side and 1e6 < products < 1e9:
            return row(batch, channels, (side, side), outputs, taps, stride, dilation)
