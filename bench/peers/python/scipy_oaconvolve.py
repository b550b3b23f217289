# SPDX-License-Identifier: Apache-2.0
"""scipy.signal.oaconvolve: overlap and add. Zeros beyond the border, whatever the line says."""
import numpy
from scipy import signal


def prepare(problem):
    problem.only(("conv", "corr"), ("k", "border"))
    source, taps = problem.inputs
    if any(extent % 2 == 0 for extent in taps.shape):
        raise ValueError("an even kernel has another centre there")
    if problem.operation == "corr":
        taps = numpy.flip(taps)
    taps = taps.reshape((1,) * (source.ndim - taps.ndim) + taps.shape)
    return lambda: signal.oaconvolve(source, taps, mode="same", axes=tuple(range(-problem.inputs[1].ndim, 0)))
