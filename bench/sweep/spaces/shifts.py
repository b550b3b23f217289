# SPDX-License-Identifier: Apache-2.0
"""Images moved by whole and by broken distances."""
import draw
from problem import Row, extents, keys, numbers

NAME = "shift"
SUMMARY = "translations: whole, linear, cubic and Fourier"


def row(shape, by, method="whole", border="constant", dtype="f32"):
    batch = " of a batch" if len(shape) > 2 else ""
    call = f"{method} shift{batch} {dtype}" + (f", {border}" if method == "whole" else "")
    return Row(NAME, call, f"shift {dtype} {extents(*shape)} by={numbers(by)}"
               + keys(border=border, method=None if method == "whole" else method))


def listed():
    for side in (512, 1024, 2048):
        shape = (side, side)
        for dtype in ("f32", "u8"):
            yield row(shape, (17, -250), "whole", "periodic", dtype)
            yield row(shape, (17, -250), "whole", "constant", dtype)
            yield row(shape, (3.25, -2.5), "linear", "constant", dtype)
            yield row(shape, (0, -2.5), "linear", "reflect", dtype)
            yield row(shape, (3.25, -2.5), "cubic", "reflect", dtype)
    for shape in ((512, 512), (1000, 1000), (1023, 769), (2048, 2048), (997, 1009)):
        yield row(shape, (3.25, -2.5), "fourier", "periodic")
    for shape in ((64, 128, 128), (1000, 28, 28)):
        yield row(shape, (0, 3, -2), "whole", "periodic")
        yield row(shape, (0, 3.5, -2.5), "linear", "constant")
        yield row(shape, (0, 3.5, -2.5), "cubic", "reflect")


def drawn(random):
    method = random.choice(("whole", "linear", "cubic", "fourier"))
    side = draw.extent(random, 16, 128)
    shape = draw.plane(random, 1 << 14, 1 << 22)
    if method != "fourier" and random.random() < 0.25:
        shape = (draw.extent(random, 8, 500), side, side)
    limit = min(shape[-2:]) // 2
    by = [random.randrange(-limit, limit + 1) for _ in range(2)]
    if method != "whole":
        by = [distance / 8 + 1 / 16 for distance in by]
    border = "periodic" if method == "fourier" else random.choice(("constant", "reflect", "periodic"))
    dtype = "f32" if method == "fourier" else draw.often(random, ("f32", 2), ("u8", 2), ("u16", 1))
    return row(shape, [0] * (len(shape) - 2) + by, method, border, dtype)
