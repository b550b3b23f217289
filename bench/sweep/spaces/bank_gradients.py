# SPDX-License-Identifier: Apache-2.0
"""What training asks of a convolution: its gradients with respect to the input and to the weights."""
import draw
from problem import Row, extents, keys
from spaces import banks

NAME = "bankgrad"
SUMMARY = "gradients of convolutions, of banks and of single kernels"
OPERATIONS = {"input": "corr_adjoint", "weights": "corr_weights"}


def row(what, batch, channels, side, outputs, taps, stride=1):
    line = banks.line(OPERATIONS[what], batch, channels, (side, side), outputs, taps, stride)
    return Row(NAME, f"bank's gradient, {what}", line + (" kernel=view" if what == "weights" else ""))


def plain(what, size, taps, border="constant"):
    line = f"{OPERATIONS[what]} f32 {extents(*size)} k={extents(taps, taps)} border={border}"
    return Row(NAME, f"kernel's gradient, {what}", line + keys(kernel="view" if what == "weights" else None))


def listed():
    for what in OPERATIONS:
        for batch, channels, side, outputs, taps, stride in (
                (8, 64, 56, 64, 3, 1), (1, 3, 224, 64, 7, 2), (8, 64, 56, 64, 1, 1), (1, 256, 14, 256, 3, 1),
                (8, 3, 64, 16, 3, 1)):
            yield row(what, batch, channels, side, outputs, taps, stride)
        for taps in (3, 9):
            yield plain(what, (1024, 1024), taps)
    for taps in (3, 9):
        yield plain("input", (1024, 1024), taps, "reflect")


def drawn(random):
    what = random.choice(tuple(OPERATIONS))
    if random.random() < 0.3:
        border = random.choice(("constant", "reflect")) if what == "input" else "constant"
        return plain(what, draw.plane(random, 1 << 14, 1 << 20), draw.taps(random, 3, 15), border)
    while True:
        batch, side, taps = random.choice((1, 4, 8)), draw.extent(random, 7, 128), random.choice((1, 3, 3, 5))
        channels, outputs, stride = draw.extent(random, 1, 256), draw.extent(random, 1, 256), random.choice((1, 1, 2))
        if taps <= side and batch * channels * outputs * taps * taps * side * side < 3e8:
            return row(what, batch, channels, side, outputs, taps, stride)
