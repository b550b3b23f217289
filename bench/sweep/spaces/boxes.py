# SPDX-License-Identifier: Apache-2.0
"""Means over a box."""
import draw
from problem import Row, extents, kernel_class, keys

NAME = "box"
SUMMARY = "means over a box, in images of every type and in volumes"


def row(shape, dtype, size, axes=2, group=NAME, layout=""):
    where = "interleaved " if layout else "volume " if axes == 3 else ""
    return Row(group, f"box {where}{dtype}, {kernel_class(size)}",
               f"box {dtype} {extents(*shape)} size={size}{keys(axes=axes if axes != 2 else None)}{layout}")


def listed():
    for dtype in ("f32", "u8", "u16", "f64"):
        for size in (3, 5, 11, 15, 31, 51, 101, 201) if dtype in ("f32", "u8") else (3, 11, 51):
            yield row((1024, 1024), dtype, size)
    for dtype in ("f32", "u8"):
        for size in (3, 15, 51):
            yield row((4096, 4096), dtype, size)


def drawn(random):
    if random.random() < 0.2:
        side = draw.extent(random, 32, 160)
        return row((side, side, side), draw.real_dtype(random), draw.taps(random, 3, 21), axes=3)
    return row(draw.plane(random, 1 << 14, 1 << 24), draw.dtype(random), draw.taps(random, 3, 255))
