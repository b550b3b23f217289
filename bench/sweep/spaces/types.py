# SPDX-License-Identifier: Apache-2.0
"""The other element types: what loading and storing them costs."""
import draw
from spaces import planes

NAME = "dtype"
SUMMARY = "correlation of u8, u16, i16, f16 and f64 images, and of integers into f32"


def row(shape, taps, dtype, dst=None, border=None):
    return planes.row(shape, (taps, taps), border, NAME, dtype, dst)


def listed():
    for dtype in ("u8", "u16", "f16", "f64", "i16"):
        for taps in (3, 7, 15) if dtype == "i16" else (3, 5, 7, 9, 15, 31, 127):
            yield row((1024, 1024), taps, dtype)
    for taps in (3, 5, 9, 15):
        yield row((1024, 1024), taps, "u8", "f32")


def drawn(random):
    dtype = random.choice(("u8", "u8", "u16", "f16", "f64", "i16"))
    dst = "f32" if dtype in ("u8", "u16", "i16") and random.random() < 0.3 else None
    return row(draw.plane(random, 1 << 16, 1 << 22), draw.taps(random, 2, 127), dtype, dst, draw.border(random))
