# SPDX-License-Identifier: Apache-2.0
"""NumPy's batched form of the pseudo-inverse of matrices of full row rank: A' (A A')^-1."""
import numpy


def prepare(problem):
    problem.only(("pinv",), ())
    matrices = problem.inputs[0]
    if matrices.shape[-2] > matrices.shape[-1]:
        raise ValueError("only matrices with no more rows than columns")
    transposed = numpy.swapaxes(matrices, -1, -2)
    return lambda: transposed @ numpy.linalg.inv(matrices @ transposed)
