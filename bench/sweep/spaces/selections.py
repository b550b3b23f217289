# SPDX-License-Identifier: Apache-2.0
"""Elements, rows and columns by index, and the sums that go back to them."""
import draw
from problem import Row, extents

NAME = "take"
SUMMARY = "selection by indices, and its adjoint, which adds"


def row(operation, shape, axis, count, dtype="f32", place="device"):
    what = "elements" if len(shape) == 1 else "rows" if axis == 0 else "columns" if axis == len(shape) - 1 else "slices"
    return Row(NAME, f"{operation} {what} {dtype}",
               f"{operation} {dtype} {extents(*shape)} axis={axis} count={count} place={place}")


def listed():
    for shape, axis, count, dtype in (
            ((100_000, 64), 0, 100_000, "f32"), ((100_000, 4), 0, 100_000, "f32"), ((1_000_000,), 0, 1_000_000, "f32"),
            ((1000,), 0, 1_000_000, "f32"), ((4096, 4096), 1, 4096, "f32"), ((1000, 1000), 1, 10, "f32"),
            ((100, 100), 0, 10, "f32"), ((64, 1000, 64), 1, 500, "f32"), ((10_000, 256), 0, 5000, "f64"),
            ((30_000, 768), 0, 2048, "f32")):
        for operation in ("take", "put_add"):
            yield row(operation, shape, axis, count, dtype)
    yield row("take", (100_000, 64), 0, 100_000, "u8")
    for operation in ("take", "put_add"):
        yield row(operation, (100_000, 64), 0, 100_000, place="host")


def drawn(random):
    operation = random.choice(("take", "put_add"))
    kind = random.choice(("elements", "rows", "columns", "slices"))
    shape, axis = {
        "elements": ((draw.extent(random, 1000, 1_000_000),), 0),
        "rows": ((draw.extent(random, 100, 100_000), draw.extent(random, 2, 64)), 0),
        "columns": ((draw.extent(random, 100, 2000), draw.extent(random, 10, 2000)), 1),
        "slices": ((draw.extent(random, 2, 64), draw.extent(random, 10, 500), draw.extent(random, 2, 64)), 1)}[kind]
    dtype = draw.often(random, ("f32", 3), ("f64", 1), ("u8", 1 if operation == "take" else 0))
    return row(operation, shape, axis, draw.extent(random, 1, 2 * shape[axis]), dtype)
