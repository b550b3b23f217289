# SPDX-License-Identifier: Apache-2.0
"""Extents that suit no transform and no vector, with kernels that are long for them."""
import draw
from spaces import planes

NAME = "odd"
SUMMARY = "correlation of images of odd and prime extents, and of 4096^2"
SIZES = ((1000, 1000), (1023, 769), (997, 1009), (4999, 3001), (4096, 4096))


def row(shape, taps, border=None):
    return planes.row(shape, (taps, taps), border, NAME)


def listed():
    for shape in SIZES:
        for taps in (3, 15, 31, 127, 255) if shape[0] > 2000 else (3, 9, 15, 31, 63, 127, 255, 401):
            yield row(shape, taps)
        for border in ("periodic", "constant"):
            yield row(shape, 63, border)


def drawn(random):
    sides = [draw.logarithmic(random, 300, 3000) for _ in range(2)]
    shape = tuple(draw.next_prime(side) if random.random() < 0.5 else side | 1 for side in sides)
    return row(shape, draw.taps(random, 3, 255), draw.border(random))
