# SPDX-License-Identifier: Apache-2.0
"""SciPy: ndimage."""
import numpy
from scipy import ndimage

from peers.registry import peer

MODES = {"reflect": "mirror", "periodic": "grid-wrap", "symmetric": "reflect", "replicate": "nearest",
         "constant": "constant"}
MOST_PRODUCTS = 4e7  # more of them take longer than anyone waits


def leading(case, value):
    """A value for every filtered axis, and the one that leaves an axis alone for those before."""
    untouched = 0 if isinstance(value, float) else 1
    return (untouched,) * (case.source.ndim - case.axes) + (value,) * case.axes


@peer("ndimage.correlate", "correlate")
def correlate(case):
    if case.dtype == "f16" or case.products > MOST_PRODUCTS or case.stride > 1 or case.dilation > 1:
        return None
    source, mode = case.source, MODES[case.border]
    kernel = case.kernel.reshape((1,) * (source.ndim - case.kernel.ndim) + case.kernel.shape)
    return lambda: ndimage.correlate(source, kernel, mode=mode)


@peer("ndimage.correlate1d", "correlate")
def correlate_lines(case):
    """Taps along one axis only."""
    along = [axis for axis, extent in enumerate(case.kernel.shape) if extent > 1]
    if case.dtype == "f16" or len(along) != 1 or case.kernel.size > 129 or case.stride > 1 or case.dilation > 1:
        return None
    source, mode, taps = case.source, MODES[case.border], case.kernel.ravel()
    axis = along[0] - case.kernel.ndim
    return lambda: ndimage.correlate1d(source, taps, axis=axis, mode=mode)


@peer("ndimage.gaussian_filter", "gaussian")
def gaussian(case):
    if case.dtype == "f16":
        return None
    source, mode, sigma = case.source, MODES[case.border], leading(case, float(case.sigma))
    return lambda: ndimage.gaussian_filter(source, sigma, mode=mode)


@peer("ndimage.uniform_filter", "box")
def uniform(case):
    if case.dtype == "f16":
        return None
    source, mode, size = case.source, MODES[case.border], leading(case, case.problem.integer("size", 3))
    return lambda: ndimage.uniform_filter(source, size, mode=mode)


@peer("numpy.gradient", "gradient")
def central(case):
    if case.problem.word("op", "central") != "central" or case.problem.word("out", "magnitude") != "magnitude":
        return None
    source, axes = case.source.astype(numpy.float32), tuple(range(-case.axes, 0))
    return lambda: numpy.sqrt(sum(part * part for part in numpy.gradient(source, axis=axes)))


@peer("ndimage, magnitude", "gradient")
def gradient(case):
    operator = case.problem.word("op", "central").split(":")[0]
    if case.source.ndim != case.axes or case.problem.word("out", "magnitude") != "magnitude":
        return None
    source, sigma = case.source.astype(numpy.float32), case.sigma
    if operator == "gaussian":
        return lambda: ndimage.gaussian_gradient_magnitude(source, sigma)
    if operator == "sobel":
        return lambda: numpy.sqrt(sum(ndimage.sobel(source, axis) ** 2 for axis in range(source.ndim)))
    return None


@peer("ndimage.laplace", "laplace")
def laplace(case):
    if case.source.ndim != case.axes:
        return None
    source, sigma = case.source.astype(numpy.float32), case.sigma
    if case.problem.word("op", "central") == "central":
        return lambda: ndimage.laplace(source)
    return lambda: ndimage.gaussian_laplace(source, sigma)


@peer("ndimage.shift", "shift")
def shift(case):
    orders = {"whole": 0, "linear": 1, "cubic": 3}
    method = case.problem.word("method", "whole")
    if case.dtype == "f16" or method not in orders or case.problem.count > 2e6:
        return None
    source, by, mode = case.source, case.problem.numbers("by"), MODES[case.border]
    return lambda: ndimage.shift(source, by, order=orders[method], mode=mode)
