# SPDX-License-Identifier: Apache-2.0
"""NumPy."""
import numpy

from peers.registry import peer


@peer("numpy.convolve", "correlate")
def convolve(case):
    if case.source.ndim != 1 or not case.is_real or case.kernel.size > 1001:
        return None
    source, taps = case.source, case.kernel[::-1].copy()
    return lambda: numpy.convolve(source, taps, "same")


@peer("numpy.roll", "shift")
def roll(case):
    if case.problem.word("method", "whole") != "whole" or case.border != "periodic":
        return None
    source, by = case.source, tuple(int(distance) for distance in case.problem.numbers("by"))
    return lambda: numpy.roll(source, by, tuple(range(len(by))))


@peer("numpy, slices", "shift")
def slices(case):
    """Zeros, and the part that stays inside copied."""
    if case.problem.word("method", "whole") != "whole" or case.border != "constant":
        return None
    source, by = case.source, [int(distance) for distance in case.problem.numbers("by")]
    into = tuple(slice(max(0, step), min(0, step) or None) for step in by)
    out_of = tuple(slice(max(0, -step), min(0, -step) or None) for step in by)

    def move():
        moved = numpy.zeros_like(source)
        moved[into] = source[out_of]
        return moved
    return move


@peer("numpy.take", "take")
def take(case):
    source, axis, indices = case.source, case.problem.integer("axis", 0), indices_of(case)
    return lambda: numpy.take(source, indices, axis)


def indices_of(case):
    """The indices, whether in a tensor or, as lines have them in host memory, each i modulo the extent."""
    if "indices_view" in case.arrays:
        return case.arrays["indices_view"]
    extent = case.problem.shape[case.problem.integer("axis", 0)]
    return numpy.arange(case.problem.integer("count", 1)) % extent


@peer("numpy.add.at", "put_add")
def add_at(case):
    source, axis, indices = case.source, case.problem.integer("axis", 0), indices_of(case)
    if source.size > 3e6:
        return None
    sums, where = numpy.zeros(case.problem.shape, source.dtype), (slice(None),) * axis + (indices,)

    def add():
        sums[...] = 0
        numpy.add.at(sums, where, source)
    return add


@peer("numpy.bincount", "put_add")
def count(case):
    if case.source.ndim != 1:
        return None
    source, indices, length = case.source, indices_of(case), case.problem.shape[0]
    return lambda: numpy.bincount(indices, source, length)


@peer("numpy.linalg", "inv", "det", "solve", "pinv")
def linear_algebra(case):
    matrices, right = case.source, case.arrays.get("right")
    if case.kind == "solve":
        return lambda: numpy.linalg.solve(matrices, right)
    function = getattr(numpy.linalg, case.kind)
    return lambda: function(matrices)


@peer("numpy, adjugate", "inv")
def adjugate(case):
    """The inverse of 2 x 2 matrices, written out."""
    if case.source.shape[1:] != (2, 2):
        return None
    matrices = case.source

    def invert():
        a, b, c, d = matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 1, 0], matrices[:, 1, 1]
        return numpy.stack([d, -b, -c, a], -1).reshape(matrices.shape) / (a * d - b * c)[:, None, None]
    return invert


@peer("numpy, normal equations", "pinv")
def normal_equations(case):
    """A' (A A')^-1 for wide matrices of full rank, (A' A)^-1 A' for tall ones."""
    matrices = case.source
    rows, columns = matrices.shape[1:]
    transposed = matrices.transpose(0, 2, 1)
    if rows == columns:
        return None
    if rows < columns:
        return lambda: transposed @ numpy.linalg.inv(matrices @ transposed)
    return lambda: numpy.linalg.inv(transposed @ matrices) @ transposed
