# SPDX-License-Identifier: Apache-2.0
"""Where a pattern is, and how far two images are apart."""
import draw
from problem import Row, extents, kernel_class

NAME = "match"
SUMMARY = "cross-correlation with a pattern; phase correlation of two images"


def pattern(size, taps, dtype="f32"):
    return Row(NAME, f"cross-correlation {dtype}, {kernel_class(*taps)}",
               f"corr {dtype} {extents(*size)} k={extents(*taps)} mode=valid kernel=view")


def phase(size):
    return Row(NAME, "phase correlation", f"phase f32 {extents(*size)}")


def listed():
    for side, taps in ((512, 16), (512, 32), (1024, 8), (1024, 32), (1024, 64), (1024, 128), (1024, 255), (2048, 64),
                       (2048, 200)):
        yield pattern((side, side), (taps, taps))
    yield pattern((1080, 1920), (50, 50))
    for size in ((256, 256), (512, 512), (1024, 1024), (1000, 1000), (1080, 1920), (769, 1023), (2048, 2048),
                 (1009, 997)):
        yield phase(size)


def drawn(random):
    size = draw.plane(random, 1 << 16, 1 << 21)
    if random.random() < 0.4:
        return phase(size)
    limit = min(size) // 2
    taps = draw.logarithmic(random, 6, min(200, limit))
    return pattern(size, (taps, draw.logarithmic(random, max(2, taps // 2), min(2 * taps, limit))))
