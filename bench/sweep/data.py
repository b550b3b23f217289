# SPDX-License-Identifier: Apache-2.0
"""What the tensors of a problem hold: random numbers, but for matrices, which have inverses, indices, which exist, and
what edges are looked for in, which is a picture."""
import os

import numpy

PICTURE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/data/astronaut.png")


def memory_of(problem, operand, random):
    """Flat memory for an operand, filled."""
    if operand.output:
        return numpy.zeros(operand.span, operand.dtype)
    if operand.name.startswith("indices"):
        return indices(problem, operand, random)
    if problem.operation == "canny":
        return picture(operand.shape).astype(operand.dtype).ravel()
    if problem.operation in ("inv", "det", "solve", "pinv") and len(operand.shape) == 3:
        return matrices(operand, random).ravel()
    if operand.name == "pattern" and problem.dtype not in ("f32", "f64"):  # weights that an integer image could hold
        return values(numpy.dtype(numpy.uint8), operand.span, random).astype(operand.dtype)
    return values(operand.dtype, operand.span, random)


def values(dtype, count, random):
    if dtype.kind == "f":
        return random.random(count, dtype=numpy.float32).astype(dtype)
    return random.integers(0, 256, count).astype(dtype)


def matrices(operand, random):
    """Square ones with a heavy diagonal, which elimination divides by; others as they come."""
    made = random.standard_normal(operand.shape)
    if operand.shape[1] == operand.shape[2]:
        made += operand.shape[1] * numpy.eye(operand.shape[1])
    return made.astype(operand.dtype)


def indices(problem, operand, random):
    """Each at most once where there are enough to go round."""
    extent = problem.shape[problem.integer("axis", 0)]
    count = operand.span
    made = random.permutation(extent)[:count] if count <= extent else random.integers(0, extent, count)
    return made.astype(operand.dtype)


def picture(shape):
    """A photograph in grey, as often beside and below itself as it takes."""
    try:
        import cv2
        grey = cv2.imread(PICTURE, cv2.IMREAD_GRAYSCALE)
    except ImportError:
        grey = None
    if grey is None:
        rows, columns = numpy.mgrid[0:512, 0:512]
        grey = (128 + 90 * numpy.sin(rows / 17.0) * numpy.cos(columns / 23.0)).astype(numpy.uint8)
    times = [-(-extent // size) for extent, size in zip(shape, grey.shape)]
    return numpy.ascontiguousarray(numpy.tile(grey, times)[:shape[0], :shape[1]])


def taps(problem):
    """The kernel of a line as clf_plan_from_line makes it (clfilter/line.h)."""
    extents = problem.extents("k")
    if problem.word("taps") == "rank1":
        column = numpy.sin(1 + numpy.arange(numpy.prod(extents[:-1], dtype=int), dtype=float) ** 2)
        row = numpy.sin(2 + numpy.arange(extents[-1], dtype=float) ** 2)
        return numpy.outer(column, row).reshape(extents)
    return numpy.sin(1 + numpy.arange(numpy.prod(extents), dtype=float) ** 2).reshape(extents)
