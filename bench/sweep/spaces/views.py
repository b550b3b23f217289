# SPDX-License-Identifier: Apache-2.0
"""Inputs that are parts of others, read where they lie: crops, transposes, every second column, mirror images."""
import draw
from problem import Row, extents, kernel_class, numbers

NAME = "views"
SUMMARY = "inputs that are not dense: crops, transposes, every second column, flipped"


def row(kind, size, taps, dtype="f32"):
    height, width = size
    steps = {"crop": (2 * width, 1), "transpose": (1, height), "every second column": (2 * width, 2),
             "flipped": (width, -1)}[kind]
    return Row(NAME, f"correlate {kind} {dtype}, {kernel_class(taps)}",
               f"corr {dtype} {extents(*size)} k={extents(taps, taps)} src_strides={numbers(steps)}")


KINDS = ("crop", "transpose", "every second column", "flipped")


def listed():
    for taps in (3, 9, 15, 31):
        for kind in KINDS:
            yield row(kind, (1024, 1024), taps)


def drawn(random):
    dtype = draw.often(random, ("f32", 3), ("u8", 2), ("u16", 1))
    return row(random.choice(KINDS), draw.plane(random, 1 << 14, 1 << 21), draw.taps(random, 2, 63), dtype)
