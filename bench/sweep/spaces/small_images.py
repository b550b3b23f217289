# SPDX-License-Identifier: Apache-2.0
"""Small images, one or a batch of them: what a call costs by itself."""
import draw
from problem import Row, extents, kernel_class

NAME = "small"
SUMMARY = "small images, single and in batches of a thousand"


def row(shape, taps, dtype="f32"):
    what = "small images" if len(shape) == 3 else "small image"
    return Row(NAME, f"correlate {what} {dtype}, {kernel_class(taps)}",
               f"corr {dtype} {extents(*shape)} k={extents(taps, taps)}")


def listed():
    for side in (16, 32, 64, 128, 256):
        for taps in (3, 7, 15):
            yield row((side, side), taps)
        yield row((side, side), 3, "u8")
    for side in (16, 28, 64, 128):
        for taps in (3, 5) if side == 128 else (3, 5, 9, 15):
            yield row((1000, side, side), taps)


def drawn(random):
    dtype = draw.often(random, ("f32", 3), ("u8", 2), ("u16", 1))
    if random.random() < 0.5:
        side = draw.extent(random, 8, 300)
        return row((side, draw.extent(random, max(4, side // 2), 2 * side)), draw.taps(random, 2, 31), dtype)
    side = draw.extent(random, 8, 96)
    return row((draw.extent(random, 50, 2000), side, side), draw.taps(random, 2, 15), dtype)
