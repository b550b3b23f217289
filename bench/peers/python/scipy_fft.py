# SPDX-License-Identifier: Apache-2.0
"""scipy.fft: the whole image forth, times the taps' spectrum, and back. Periodic, whatever the line says."""
import numpy
from scipy import fft


def prepare(problem):
    problem.only(("conv", "corr"), ("k", "border"))
    source, taps = problem.inputs
    axes = tuple(range(-taps.ndim, 0))
    extents = [source.shape[axis] for axis in axes]
    placed = numpy.zeros(extents, source.dtype)
    placed[tuple(slice(0, extent) for extent in taps.shape)] = taps
    placed = numpy.roll(placed, [-(extent // 2) for extent in taps.shape], axes)
    spectrum = fft.rfftn(placed, axes=axes)
    if problem.operation == "corr":
        spectrum = numpy.conj(spectrum)

    def execute():
        transformed = fft.rfftn(source, axes=axes, workers=problem.threads)
        transformed *= spectrum
        return fft.irfftn(transformed, s=extents, axes=axes, workers=problem.threads, overwrite_x=True)

    return execute
