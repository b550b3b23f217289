# SPDX-License-Identifier: Apache-2.0
"""The edge-aware smoothness loss of disparities, and its gradients."""
import draw
from problem import Row, extents, keys

NAME = "smooth"
SUMMARY = "the smoothness loss, alone and with both gradients"
GRADIENTS = "loss,grad_disparity,grad_image"


def row(shape, gradients):
    return Row(NAME, "smoothness, gradients" if gradients else "smoothness loss",
               f"smoothness f32 {extents(*shape)}" + keys(**{"with": GRADIENTS if gradients else None}))


def listed():
    for batch, channels, side in ((1, 3, 256), (8, 3, 256), (4, 3, 512), (1, 1, 1024)):
        for gradients in (False, True):
            yield row((batch, channels, side, side), gradients)


def drawn(random):
    height, width = draw.plane(random, 1 << 12, 1 << 18)
    return row((draw.extent(random, 1, 8), random.choice((1, 3)), height, width), random.random() < 0.5)
