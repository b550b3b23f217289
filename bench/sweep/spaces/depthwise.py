# SPDX-License-Identifier: Apache-2.0
"""Banks whose channels are kept apart, one by one or in groups."""
import draw
from problem import Row
from spaces import banks

NAME = "depthwise"
SUMMARY = "banks with a kernel a channel, and with groups of channels"


def row(batch, channels, side, taps, stride=1, groups=None):
    call = "bank of groups" if groups else "depthwise, stride" if stride > 1 else "depthwise"
    return Row(NAME, call, banks.line("corr", batch, channels, (side, side), channels, taps, stride,
                                      groups=groups or channels))


def listed():
    for batch, channels, side, taps, stride in (
            (1, 32, 112, 3, 1), (1, 96, 112, 3, 2), (1, 144, 56, 3, 1), (1, 384, 14, 3, 1), (1, 576, 14, 5, 1),
            (8, 128, 28, 3, 1), (1, 96, 56, 7, 1), (1, 960, 7, 5, 1), (1, 64, 128, 11, 1), (1, 64, 128, 31, 1)):
        yield row(batch, channels, side, taps, stride)
    for channels, side, groups in ((128, 56, 32), (256, 28, 32), (64, 56, 2)):
        yield row(1, channels, side, 3, groups=groups)


def drawn(random):
    side, taps = draw.extent(random, 7, 160), draw.often(random, (3, 4), (5, 2), (7, 2), (11, 1))
    channels = 8 * draw.logarithmic(random, 1, 96)
    groups = channels // random.choice((2, 4, 8)) if random.random() < 0.3 else None
    batch = 8 if side < 64 and random.random() < 0.3 else 1
    return row(batch, channels, max(side, taps), taps, random.choice((1, 1, 2)), groups)
