# SPDX-License-Identifier: Apache-2.0
"""Many small matrices at once."""
import draw
from problem import Row, extents

NAME = "matrix"
SUMMARY = "inverses, determinants, solutions and pseudo-inverses of many small matrices"


def row(operation, count, rows, columns, dtype="f32"):
    return Row(NAME, f"{operation} {dtype}", f"{operation} {dtype} {extents(count, rows, columns)}")


def listed():
    for dtype, sizes in (("f32", ((2, 1_000_000), (3, 500_000), (4, 500_000), (6, 100_000), (8, 100_000), (12, 20_000),
                                  (16, 20_000), (3, 100), (16, 100), (4, 1))),
                         ("f64", ((2, 1_000_000), (3, 500_000), (8, 100_000), (16, 20_000)))):
        for side, count in sizes:
            for operation in ("inv", "det", "solve"):
                yield row(operation, count, side, side, dtype)
            yield row("pinv", count if count <= 1000 else max(1000, count // 10), side, side, dtype)
    for rows, columns, count in ((2, 4, 100_000), (4, 2, 100_000), (3, 6, 20_000), (6, 7, 20_000), (4, 16, 20_000),
                                 (16, 4, 20_000)):
        yield row("pinv", count, rows, columns)


def drawn(random):
    operation, dtype = random.choice(("inv", "det", "solve", "pinv", "pinv")), draw.real_dtype(random)
    side = draw.logarithmic(random, 2, 16)
    columns = draw.logarithmic(random, 2, 16) if operation == "pinv" else side
    most = 2_000_000 // (side * columns * (10 if operation == "pinv" else 1))
    return row(operation, draw.extent(random, 1, max(2, most)), side, columns, dtype)
