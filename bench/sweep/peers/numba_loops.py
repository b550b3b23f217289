# SPDX-License-Identifier: Apache-2.0
"""Numba: loops as one writes them, compiled."""
import math

import numba
import numpy

from peers.registry import peer


def use_threads(threads):
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))


@numba.njit(fastmath=True)
def step(disparity, image, n, y, x, down, right):
    """The weighted difference between a place and its neighbour."""
    squares = numpy.float32(0)
    for channel in range(image.shape[1]):
        difference = image[n, channel, y + down, x + right] - image[n, channel, y, x]
        squares += difference * difference
    return abs(disparity[n, 0, y + down, x + right] - disparity[n, 0, y, x]) * math.exp(-math.sqrt(squares))


@numba.njit(fastmath=True)
def loss(disparity, image):
    batch, _, height, width = image.shape
    along_x, along_y = 0.0, 0.0
    for n in range(batch):
        for y in range(height):
            for x in range(width):
                if x + 1 < width:
                    along_x += step(disparity, image, n, y, x, 0, 1)
                if y + 1 < height:
                    along_y += step(disparity, image, n, y, x, 1, 0)
    return along_x / (batch * height * (width - 1)) + along_y / (batch * (height - 1) * width)


@peer("numba loops", "smoothness")
def smoothness(case):
    if "with" in case.problem.keys:
        return None
    disparity, image = case.arrays["disparity"], case.arrays["image"]
    return lambda: loss(disparity, image)
