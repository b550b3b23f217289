# SPDX-License-Identifier: Apache-2.0
"""Correlation and convolution, means and Gaussians, by SciPy's names."""

from __future__ import annotations

import functools
import numbers
import operator

import numpy

from .. import _convolution
from ._arguments import array, border, check_origin, make_output, one_axis, one_border, sequence, several_axes
from ._work import Pass, apply, filter_axes, separable


def _check_cval(x, cval) -> None:
    if type(cval) is not float and x.dtype.kind != "c" and numpy.iscomplexobj(cval):
        raise ValueError("Cannot provide a complex-valued cval when the input is real.")


def _with_parts(x, weights, output, cval, filter_real):
    """Calls ``filter_real(x, weights, output, cval)``, for complex weights once a part."""
    if weights.dtype.kind != "c":
        output = make_output(output, x, x.dtype.kind == "c")
        filter_real(x, weights, output, cval)
        return output
    output = make_output(output, x, True)
    if x.dtype.kind != "c":
        real, imaginary = (make_output(output.real.dtype, x) for _ in range(2))
        filter_real(x, weights.real, real, cval)
        filter_real(x, weights.imag, imaginary, cval)
        output.real, output.imag = real, imaginary
        return output
    by_real, by_imaginary = (make_output(output.dtype, x, True) for _ in range(2))
    filter_real(x, weights.real, by_real, cval)
    filter_real(x, weights.imag, by_imaginary, cval)
    output[...] = by_real + 1j * by_imaginary
    return output


def _kernel_axes(weights, rank: int, axes, origin) -> tuple[numpy.ndarray, list[int], list[int]]:
    """A kernel without axes along which it has one tap, the axes that the others belong to, and their origins. As in
    SciPy, the kernel's axes are those of the input in ascending order."""
    places = several_axes(axes, rank)
    origins = sequence(origin, len(places))
    if weights.ndim != len(places):
        raise RuntimeError(f"weights.ndim ({weights.ndim}) must match len(axes) ({len(places)})")
    if weights.size == 0:
        raise RuntimeError("no filter weights given")
    if len(places) < rank:
        origins = [each for _, each in sorted(zip(places, origins))]
    origins = [check_origin(each, size) for each, size in zip(origins, weights.shape)]
    places = sorted(places)
    if not places:
        return weights.reshape(1), [rank - 1], [0]
    kept = [i for i, size in enumerate(weights.shape) if size > 1] or [weights.ndim - 1]
    if len(kept) > 3:
        raise NotImplementedError(f"a kernel with taps along {len(kept)} axes; clfilter filters at most 3 at once")
    shape = [weights.shape[i] for i in kept]
    return weights.reshape(shape), [places[i] for i in kept], [origins[i] for i in kept]


def _along_axes(function, input, weights, output, mode, cval, origin, axes):
    """Filters by the library's correlate or convolve."""
    x, weights = array(input), numpy.asarray(weights)
    _check_cval(x, cval)
    continued = one_border(mode)

    def filter_real(x, weights, output, cval):
        if x.ndim == 0 and weights.ndim == 0:
            x, weights, output = x.reshape(1), weights.reshape(1), output.reshape(1)
        taps, places, origins = _kernel_axes(weights.astype("float64", copy=False), x.ndim, axes, origin)

        def compute(x, dtype, out, cval):
            return filter_axes(function, x, taps, [continued] * len(places), places, origins, dtype, out, cval)

        apply(x, output, compute, cval)

    return _with_parts(x, weights, output, cval, filter_real)


def _conjugate(weights) -> numpy.ndarray:
    weights = numpy.asarray(weights)
    return weights.conj() if weights.dtype.kind == "c" else weights


def correlate(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    """Correlate an array with a kernel.

    ``scipy.ndimage.correlate``; complex weights are conjugated. The taps lie along at most three axes; axes along which
    the kernel has one tap do not count.

    Parameters
    ----------
    input : array_like
    weights : array_like
        As many axes as the input, or as `axes` has.
    output : array or dtype, optional
        Receives the result, or its type; default the input's.
    mode : str
        ``"reflect"``, ``"constant"``, ``"nearest"``, ``"mirror"``, ``"wrap"`` or their aliases.
    cval : scalar
        The value beyond the ends, with mode ``"constant"``.
    origin : int or sequence of int
        Moves the window's centre.
    axes : int or sequence of int, optional
        The filtered axes; default all.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    RuntimeError, ValueError
        As SciPy.
    NotImplementedError
        If the taps lie along more than three axes.

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.correlate([1.0, 2.0, 4.0], [0.0, 1.0, 1.0])
    array([3., 6., 8.])
    """
    return _along_axes(_convolution.correlate, input, _conjugate(weights), output, mode, cval, origin, axes)


def convolve(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    """Convolve an array with a kernel: :func:`correlate` with the kernel turned round.

    Parameters
    ----------
    input, weights, output, mode, cval, origin, axes
        As in :func:`correlate`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.convolve([1.0, 2.0, 4.0], [0.0, 1.0, 1.0])
    array([2., 3., 6.])
    """
    return _along_axes(_convolution.convolve, input, weights, output, mode, cval, origin, axes)


def _along_axis(function, input, weights, axis, output, mode, cval, origin):
    x, weights = array(input), numpy.asarray(weights)
    _check_cval(x, cval)
    if weights.ndim != 1 or weights.size == 0:
        raise RuntimeError("no filter weights given")
    return _along_axes(function, x, weights, output, mode, cval, origin, one_axis(axis, x.ndim))


def correlate1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    """Correlate an array with taps along one axis.

    Parameters
    ----------
    input, output, mode, cval
        As in :func:`correlate`.
    weights : array_like
        Of one axis.
    axis : int
    origin : int

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.correlate1d([2, 8, 0, 4, 1, 9, 9, 0], weights=[1, 3])
    array([ 8, 26,  8, 12,  7, 28, 36,  9])
    """
    return _along_axis(_convolution.correlate, input, _conjugate(weights), axis, output, mode, cval, origin)


def convolve1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    """Convolve an array with taps along one axis.

    Parameters
    ----------
    input, weights, axis, output, mode, cval, origin
        As in :func:`correlate1d`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.convolve1d([2, 8, 0, 4, 1, 9, 9, 0], weights=[1, 3])
    array([14, 24,  4, 13, 12, 36, 27,  0])
    """
    return _along_axis(_convolution.convolve, input, weights, axis, output, mode, cval, origin)


def filter_passes(x, passes: list[Pass], output, cval):
    """Fills `output` by filters along one axis after the other."""
    return apply(x, output, lambda x, dtype, out, cval: separable(x, passes, dtype, out, cval), cval)


def uniform_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    """The mean over `size` elements along one axis.

    Parameters
    ----------
    input, axis, output, mode, cval, origin
        As in :func:`correlate1d`.
    size : int

    Returns
    -------
    numpy.ndarray
        Integers are rounded to nearest even, where SciPy cuts.

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.uniform_filter1d([2, 8, 0, 4, 1, 9, 9, 0], size=3)
    array([4, 3, 4, 2, 5, 6, 6, 3])
    """
    x = array(input)
    place = one_axis(axis, x.ndim)
    size = operator.index(size)
    if size < 1:
        raise RuntimeError("incorrect filter size")
    output = make_output(output, x, x.dtype.kind == "c")
    return filter_passes(x, [Pass(place, size, border(mode), check_origin(origin, size))], output, cval)


def uniform_filter(input, size=3, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    """The mean over a box.

    Parameters
    ----------
    input, output, cval, axes
        As in :func:`correlate`.
    size, mode, origin
        One value, or one for each filtered axis.

    Returns
    -------
    numpy.ndarray
        Integers are summed exactly and rounded once, where SciPy cuts after every axis.

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.uniform_filter([[0.0, 9.0, 0.0], [0.0, 0.0, 0.0]])
    array([[2., 2., 2.],
           [1., 1., 1.]])
    """
    x = array(input)
    output = make_output(output, x, x.dtype.kind == "c")
    places = several_axes(axes, x.ndim)
    sizes, origins, modes = (sequence(each, len(places)) for each in (size, origin, mode))
    passes = [
        Pass(axis, int(size), border(mode), check_origin(origin, int(size)))
        for axis, size, origin, mode in zip(places, sizes, origins, modes)
        if size > 1
    ]
    return filter_passes(x, passes, output, cval)


@functools.lru_cache(maxsize=64)
def _gaussian_taps(sigma: float, order: int, radius: int) -> numpy.ndarray:
    """Derivatives of a Gaussian that was sampled and normalised, as a correlation reads them."""
    if order < 0:
        raise ValueError("order must be non-negative")
    variance = sigma * sigma
    t = numpy.arange(-radius, radius + 1)
    taps = numpy.exp(-0.5 / variance * t**2)
    taps /= taps.sum()
    # The derivative of p(t) exp(-t^2/2v) is (p'(t) - p(t) t/v) exp(-t^2/2v).
    p = numpy.ones(1)
    for _ in range(order):
        derived = numpy.zeros(len(p) + 1)
        derived[: len(p) - 1] = p[1:] * numpy.arange(1, len(p))
        derived[1:] -= p / variance
        p = derived
    return (taps * numpy.polyval(p[::-1], t))[::-1].copy()


def _gaussian_pass(axis: int, sigma, order, mode, truncate, radius) -> Pass:
    radius = int(truncate * float(sigma) + 0.5) if radius is None else radius
    if not isinstance(radius, numbers.Integral) or radius < 0:
        raise ValueError("Radius must be a nonnegative integer.")
    return Pass(axis, _gaussian_taps(float(sigma), order, int(radius)), border(mode))


def gaussian_passes(rank: int, sigma, order=0, mode="reflect", truncate=4.0, *, radius=None, axes=None) -> list[Pass]:
    """What :func:`gaussian_filter` does along each axis; nothing where sigma is 0."""
    places = several_axes(axes, rank)
    sigmas, orders, modes, radii = (sequence(each, len(places)) for each in (sigma, order, mode, radius))
    return [
        _gaussian_pass(axis, sigma, order, mode, truncate, radius)
        for axis, sigma, order, mode, radius in zip(places, sigmas, orders, modes, radii)
        if sigma > 1e-15
    ]


def gaussian_filter1d(
    input, sigma, axis=-1, order=0, output=None, mode="reflect", cval=0.0, truncate=4.0, *, radius=None
):
    """Smooth by a Gaussian along one axis, or convolve with its derivative.

    Parameters
    ----------
    input, axis, output, mode, cval
        As in :func:`correlate1d`.
    sigma : float
        In elements.
    order : int
        Of the derivative; 0 smooths.
    truncate : float
        The kernel ends at so many sigma.
    radius : int, optional
        Or at so many elements.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.gaussian_filter1d([1.0, 2.0, 3.0, 4.0, 5.0], 1).round(4)
    array([1.427 , 2.0678, 3.    , 3.9322, 4.573 ])
    """
    x = array(input)
    each = _gaussian_pass(one_axis(axis, x.ndim), sigma, order, mode, truncate, radius)
    return filter_passes(x, [each], make_output(output, x, x.dtype.kind == "c"), cval)


def gaussian_filter(
    input, sigma, order=0, output=None, mode="reflect", cval=0.0, truncate=4.0, *, radius=None, axes=None
):
    """Smooth by a Gaussian, or convolve with its derivatives.

    Parameters
    ----------
    input, output, cval, axes
        As in :func:`correlate`.
    sigma, order, mode, radius
        As in :func:`gaussian_filter1d`: one value, or one for each filtered axis.
    truncate : float

    Returns
    -------
    numpy.ndarray
        Integers are rounded once, where SciPy cuts after every axis.

    Examples
    --------
    >>> import numpy
    >>> from clfilter import ndimage
    >>> x = numpy.zeros((5, 5))
    >>> x[2, 2] = 1
    >>> ndimage.gaussian_filter(x, 1)[2].round(4)
    array([0.0233, 0.0966, 0.1592, 0.0966, 0.0233])
    """
    x = array(input)
    output = make_output(output, x, x.dtype.kind == "c")
    passes = gaussian_passes(x.ndim, sigma, order, mode, truncate, radius=radius, axes=axes)
    return filter_passes(x, passes, output, cval)
