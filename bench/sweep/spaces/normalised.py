# SPDX-License-Identifier: Apache-2.0
"""Template matching that does not mind brightness and contrast."""
import draw
from problem import Row, extents, kernel_class, keys

NAME = "norm"
SUMMARY = "normalised template matching"


def row(size, taps, dtype="f32"):
    dst = None if dtype == "f32" else "f32"
    return Row(NAME, f"normalised match {dtype}, {kernel_class(*taps)}",
               f"normalised {dtype} {extents(*size)} k={extents(*taps)} mode=valid kernel=view" + keys(dst=dst))


def listed():
    for size, taps in (((512, 512), 16), ((1024, 1024), 8), ((1024, 1024), 32), ((1024, 1024), 64),
                       ((1024, 1024), 255), ((2048, 2048), 64), ((1080, 1920), 50)):
        for dtype in ("f32", "u8"):
            yield row(size, (taps, taps), dtype)


def drawn(random):
    size = draw.plane(random, 1 << 16, 1 << 21)
    limit = min(size) // 2
    taps = draw.logarithmic(random, 6, min(200, limit))
    return row(size, (taps, draw.logarithmic(random, max(2, taps // 2), min(2 * taps, limit))),
               draw.often(random, ("f32", 1), ("u8", 1)))
