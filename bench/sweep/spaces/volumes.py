# SPDX-License-Identifier: Apache-2.0
"""Volumes: dense kernels, Gaussians and boxes."""
import draw
from problem import Row, extents, gaussian_taps, kernel_class, keys
from spaces import boxes

NAME = "3d"
SUMMARY = "volumes: dense kernels, Gaussians and boxes"


def dense(shape, taps, border=None):
    return Row(NAME, f"correlate volume, {kernel_class(taps)}",
               f"corr f32 {extents(*shape)} k={extents(taps, taps, taps)}" + keys(border=border))


def gaussian(shape, sigma):
    taps = gaussian_taps(sigma)
    return Row(NAME, f"gaussian volume, {kernel_class(taps)}",
               f"corr f32 {extents(*shape)} k={extents(taps, taps, taps)} taps=rank1", sigma)


def box(shape, size):
    return boxes.row(shape, "f32", size, axes=3, group=NAME)


def listed():
    for side in (64, 128, 256):
        shape = (side, side, side)
        for taps in (3, 5, 7, 15) if side == 256 else (2, 3, 5, 7, 9, 11, 15):
            yield dense(shape, taps)
        for sigma in (0.8, 1.5, 3, 6):
            yield gaussian(shape, sigma)
        for size in (3, 9, 21):
            yield box(shape, size)


def drawn(random):
    side = draw.extent(random, 24, 160)
    shape = (side, side, side) if random.random() < 0.5 else (
        draw.extent(random, 16, 128), draw.extent(random, 32, 256), draw.extent(random, 32, 256))
    kind = random.choice(("dense", "gaussian", "box"))
    if kind == "gaussian":
        return gaussian(shape, draw.logarithmic(random, 7, 40) / 10)
    if kind == "box":
        return box(shape, draw.taps(random, 3, 21))
    return dense(shape, draw.taps(random, 2, 13), draw.border(random))
