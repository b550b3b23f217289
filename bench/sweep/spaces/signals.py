# SPDX-License-Identifier: Apache-2.0
"""Signals, and batches of them, with few taps and with thousands."""
import draw
from problem import Row, extents, kernel_class, keys

NAME = "1d"
SUMMARY = "correlation of signals, one or a batch"


def row(shape, taps, dtype="f32", border=None):
    what = "signal" if len(shape) == 1 else "signals"
    return Row(NAME, f"correlate {what} {dtype}, {kernel_class(taps)}",
               f"corr {dtype} {extents(*shape)} k={taps}" + keys(border=border))


def listed():
    for taps in (3, 5, 9, 33, 65, 129, 257, 513, 1001, 2049, 10001):
        yield row((1_000_000,), taps)
    for taps in (3, 33, 257, 1001, 10001):
        yield row((10_000_000,), taps)
    for taps in (3, 33, 129, 513, 1001, 10001):
        yield row((1_000_000,), taps, "f64")
    for shape in ((64, 16384), (1000, 1000), (8, 1_000_000)):
        for taps in (3, 31, 257, 1001):
            if taps <= shape[1]:
                yield row(shape, taps)


def drawn(random):
    if random.random() < 0.5:
        shape = (draw.extent(random, 10_000, 5_000_000),)
    else:
        shape = (draw.extent(random, 2, 1000), draw.extent(random, 500, 5000))
    return row(shape, draw.taps(random, 2, min(10_000, shape[-1])), draw.real_dtype(random), draw.border(random))
