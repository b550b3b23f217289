# SPDX-License-Identifier: Apache-2.0
"""Derivatives and what is made of them."""
import draw
from problem import Row, extents, keys

NAME = "feat"
SUMMARY = "derivatives, Laplacians, structure tensors, Harris corners, Canny edges"
# What is called, and the words of its line.
CALLS = {
    "sobel magnitude": "gradient op=sobel", "sobel dx": "gradient op=sobel out=dx",
    "sobel dx, dy": "gradient op=sobel out=dx,dy", "scharr magnitude": "gradient op=scharr",
    "orientation": "gradient op=sobel out=orientation",
    "magnitude, orientation": "gradient op=sobel out=magnitude,orientation",
    "central magnitude": "gradient op=central", "gaussian magnitude": "gradient op=gaussian:SIGMA",
    "laplacian": "laplace", "laplacian of gaussian": "laplace op=gaussian:SIGMA",
    "structure tensor": "structure sigma=SIGMA", "harris": "structure sigma=SIGMA harris=k:0.05"}
VOLUMES = {"sobel magnitude": "gradient op=sobel", "laplacian": "laplace",
           "gaussian magnitude": "gradient op=gaussian:SIGMA"}


def row(call, shape, dtype="f32", sigma=1.0, axes=2):
    operation, *words = (VOLUMES if axes == 3 else CALLS)[call].replace("SIGMA", f"{sigma:g}").split()
    line = " ".join([operation, dtype, extents(*shape), *words]) + keys(axes=3 if axes == 3 else None)
    return Row(NAME, f"{call}{' volume' if axes == 3 else ''} {dtype}", line, sigma)


def canny(shape, sigma=1.0):
    return Row(NAME, "canny u8", f"canny u8 {extents(*shape)} sigma={sigma:g}", sigma)


def listed():
    for side in (256, 1024, 2048):
        for dtype in ("f32", "u8"):
            for call in CALLS:
                yield row(call, (side, side), dtype, 2.0 if "gaussian" in call else 1.0)
    for side in (512, 1024, 2048):
        yield canny((side, side))
    for batch, side in ((1, 1024), (64, 128), (1000, 28)):
        yield row("sobel magnitude", (batch, side, side))
    for side in (64, 128):
        for call in VOLUMES:
            yield row(call, (side, side, side), sigma=1.5, axes=3)


def drawn(random):
    sigma = draw.logarithmic(random, 7, 40) / 10
    kind = random.random()
    if kind < 0.1:
        side = draw.extent(random, 24, 144)
        return row(random.choice(tuple(VOLUMES)), (side, side, side), sigma=sigma, axes=3)
    shape = draw.plane(random, 1 << 14, 1 << 22)
    if kind < 0.2:
        return canny(shape, sigma)
    return row(random.choice(tuple(CALLS)), shape, draw.often(random, ("f32", 2), ("u8", 2), ("u16", 1)), sigma)
