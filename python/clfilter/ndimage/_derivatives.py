# SPDX-License-Identifier: Apache-2.0
"""Derivatives, Laplacians and gradient magnitudes, by SciPy's names."""

from __future__ import annotations

import numpy

from .. import _convolution, _derivatives, _dtypes
from ._arguments import array, border, make_output, one_axis, sequence, several_axes
from ._linear import filter_passes, gaussian_filter, gaussian_passes
from ._work import Pass, apply, deliver, filter_axes, separable

_DIFFERENCE = numpy.array([-1.0, 0.0, 1.0])
_SECOND_DIFFERENCE = numpy.array([1.0, -2.0, 1.0])
# The library's Gaussian derivatives in one pass, by the number of axes.
_MOST_SIGMA = {2: 128, 3: 8}


def _smoothed_difference(across, input, axis, output, mode, cval):
    x = array(input)
    place = one_axis(axis, x.ndim)
    borders = [border(each) for each in sequence(mode, x.ndim)]
    passes = [Pass(place, _DIFFERENCE, borders[place])]
    passes += [Pass(each, numpy.array(across), borders[each]) for each in range(x.ndim) if each != place]
    return filter_passes(x, passes, make_output(output, x, x.dtype.kind == "c"), cval)


def prewitt(input, axis=-1, output=None, mode="reflect", cval=0.0):
    """The central difference along an axis, summed over three elements along all others.

    Parameters
    ----------
    input, output, cval
        As in :func:`clfilter.ndimage.correlate`.
    axis : int
    mode : str or sequence of str
        One for each axis, or one for all.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.prewitt([[0.0, 1.0, 3.0], [0.0, 1.0, 3.0]])
    array([[3., 9., 6.],
           [3., 9., 6.]])
    """
    return _smoothed_difference([1.0, 1.0, 1.0], input, axis, output, mode, cval)


def sobel(input, axis=-1, output=None, mode="reflect", cval=0.0):
    """The central difference along an axis, smoothed by 1 2 1 along all others.

    Parameters
    ----------
    input, axis, output, mode, cval
        As in :func:`prewitt`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.sobel([[0.0, 1.0, 3.0], [0.0, 1.0, 3.0]])
    array([[ 4., 12.,  8.],
           [ 4., 12.,  8.]])
    """
    return _smoothed_difference([1.0, 2.0, 1.0], input, axis, output, mode, cval)


def _generic(combine, finish, input, derivative, output, mode, cval, arguments, keywords, axes):
    """Combines what `derivative` finds along each axis, in the output's type."""
    x = array(input)
    output = make_output(output, x)
    places = several_axes(axes, x.ndim)
    if not places:
        output[...] = x
        return output
    total = None
    for axis, each in zip(places, sequence(mode, len(places))):
        found = derivative(x, axis, output.dtype, each, cval, *arguments, **(keywords or {}))
        total = combine(total, found)
    output[...] = finish(total)
    return output


def generic_laplace(
    input,
    derivative2,
    output=None,
    mode="reflect",
    cval=0.0,
    extra_arguments=(),
    extra_keywords=None,
    *,
    axes=None,
):
    """The sum of second derivatives along the axes, which a function computes.

    Parameters
    ----------
    input, output, cval, axes
        As in :func:`clfilter.ndimage.correlate`.
    derivative2 : callable
        ``derivative2(input, axis, output, mode, cval, *extra_arguments, **extra_keywords)``, `output` being a type.
    mode : str or sequence of str
        One for each filtered axis, or one for all.
    extra_arguments : sequence
    extra_keywords : dict, optional

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> def second(x, axis, output, mode, cval):
    ...     return ndimage.correlate1d(x, [1, -2, 1], axis, output, mode, cval)
    >>> ndimage.generic_laplace([0.0, 0.0, 1.0, 0.0], second)
    array([ 0.,  1., -2.,  1.])
    """

    def add(total, found):
        return found if total is None else total + found

    return _generic(add, numpy.asarray, input, derivative2, output, mode, cval, extra_arguments, extra_keywords, axes)


def generic_gradient_magnitude(
    input,
    derivative,
    output=None,
    mode="reflect",
    cval=0.0,
    extra_arguments=(),
    extra_keywords=None,
    *,
    axes=None,
):
    """The square root of the sum of squared derivatives along the axes, which a function computes.

    Parameters
    ----------
    input, output, mode, cval, extra_arguments, extra_keywords, axes
        As in :func:`generic_laplace`.
    derivative : callable
        ``derivative(input, axis, output, mode, cval, *extra_arguments, **extra_keywords)``, `output` being a type.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.generic_gradient_magnitude([[0.0, 0.0, 1.0]], ndimage.sobel)
    array([[0., 4., 4.]])
    """

    def add(total, found):
        squared = found * found
        return squared if total is None else total + squared

    return _generic(add, numpy.sqrt, input, derivative, output, mode, cval, extra_arguments, extra_keywords, axes)


def _on_last(function, x, axes, out, **options):
    """Calls a function of the library that derives along the last axes."""
    ends = range(-len(axes), 0)
    moved = None if out is None else numpy.moveaxis(out, axes, ends)
    result = function(numpy.moveaxis(x, axes, ends), axes=len(axes), out=moved, **options)
    return numpy.moveaxis(result, ends, axes)


def _sum_of(x, dtype, out, cval, lists: list[list[Pass]]):
    """The sum of several filters."""
    wide = _dtypes.arithmetic(x.dtype)
    total = separable(x, lists[0], wide, None, cval)
    for passes in lists[1:]:
        total += separable(x, passes, wide, None, cval)
    return deliver(total, dtype, out)


def _cross(count: int) -> numpy.ndarray:
    """The second differences along so many axes, as one kernel."""
    taps = numpy.zeros((3,) * count)
    for axis in range(count):
        numpy.moveaxis(taps, axis, -1)[(1,) * (count - 1)] += _SECOND_DIFFERENCE
    return taps


def laplace(input, output=None, mode="reflect", cval=0.0, *, axes=None):
    """The sum of second differences along the axes.

    Parameters
    ----------
    input, output, cval, axes
        As in :func:`clfilter.ndimage.correlate`.
    mode : str or sequence of str
        One for each filtered axis, or one for all.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.laplace([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    array([[ 0.,  1.,  0.],
           [ 1., -4.,  1.],
           [ 0.,  1.,  0.]])
    """
    x = array(input)
    output = make_output(output, x, x.dtype.kind == "c")
    places = several_axes(axes, x.ndim)
    if not places:
        output[...] = x
        return output
    borders = [border(each) for each in sequence(mode, len(places))]

    def compute(x, dtype, out, cval):
        if len(places) <= 3:
            taps = _cross(len(places))
            return filter_axes(_convolution.correlate, x, taps, borders, places, [0] * len(places), dtype, out, cval)
        lists = [[Pass(axis, _SECOND_DIFFERENCE, each)] for axis, each in zip(places, borders)]
        return _sum_of(x, dtype, out, cval, lists)

    return apply(x, output, compute, cval)


def _one_pass_sigma(places, sigmas, modes, cval, options) -> float | None:
    """The sigma with which the library derives along all axes in one pass as SciPy does; None if it does not."""
    sigma = sigmas[0]
    alike = all(each == sigma for each in sigmas) and all(each == modes[0] for each in modes)
    inside = border(modes[0]) != "constant" or cval == 0
    if len(places) not in _MOST_SIGMA or options or not alike or not inside:
        return None
    return float(sigma) if 1e-15 < sigma <= _MOST_SIGMA[len(places)] else None


def gaussian_laplace(input, sigma, output=None, mode="reflect", cval=0.0, *, axes=None, **kwargs):
    """The Laplacian by second derivatives of a Gaussian.

    Parameters
    ----------
    input, output, cval, axes
        As in :func:`clfilter.ndimage.correlate`.
    sigma : float or sequence of float
        One for each filtered axis, or one for all.
    mode : str or sequence of str
        Likewise. As in SciPy an axis' mode is that of its derivative, in which it continues all axes.
    **kwargs
        Others of :func:`clfilter.ndimage.gaussian_filter`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> import numpy
    >>> from clfilter import ndimage
    >>> x = numpy.zeros((7, 7))
    >>> x[3, 3] = 1
    >>> ndimage.gaussian_laplace(x, 1)[3].round(4)
    array([ 0.0131,  0.0431, -0.0965, -0.3183, -0.0965,  0.0431,  0.0131])
    """
    x = array(input)
    output = make_output(output, x, x.dtype.kind == "c")
    places = several_axes(axes, x.ndim)
    if not places:
        output[...] = x
        return output
    sigmas, modes = sequence(sigma, len(places)), sequence(mode, len(places))
    of_axis = [0.0] * x.ndim
    for axis, each in zip(places, sigmas):
        of_axis[axis] = each
    lists = []
    for axis, each in zip(places, modes):
        order = [2 if other == axis else 0 for other in range(x.ndim)]
        lists.append(gaussian_passes(x.ndim, of_axis, order, each, **kwargs))

    def compute(x, dtype, out, cval):
        common = _one_pass_sigma(places, sigmas, modes, cval, kwargs)
        if common is None:
            return _sum_of(x, dtype, out, cval, lists)
        each = border(modes[0])
        return _on_last(_derivatives.laplace, x, places, out, border=each, sigma=common, dtype=dtype)

    return apply(x, output, compute, cval, integers=False)


def _gaussian_derivative(input, axis, output, mode, cval, sigma, **kwargs):
    order = [1 if each == axis else 0 for each in range(input.ndim)]
    return gaussian_filter(input, sigma, order, output, mode, cval, **kwargs)


def gaussian_gradient_magnitude(input, sigma, output=None, mode="reflect", cval=0.0, *, axes=None, **kwargs):
    """The magnitude of the gradient by derivatives of a Gaussian.

    Parameters
    ----------
    input, output, cval
        As in :func:`clfilter.ndimage.correlate`.
    sigma : float or sequence of float
        One for each axis, or one for all.
    mode : str or sequence of str
        As in :func:`gaussian_laplace`.
    axes : int or sequence of int, optional
        The derived axes; as in SciPy all axes are smoothed.
    **kwargs
        Others of :func:`clfilter.ndimage.gaussian_filter`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> import numpy
    >>> from clfilter import ndimage
    >>> x = numpy.zeros((7, 7))
    >>> x[3, 3] = 1
    >>> ndimage.gaussian_gradient_magnitude(x, 1)[3].round(4)
    array([0.0051, 0.0431, 0.0965, 0.    , 0.0965, 0.0431, 0.0051])
    """
    x = array(input)
    output = make_output(output, x)
    places = several_axes(axes, x.ndim)
    if not places or x.dtype.kind == "c":
        return generic_gradient_magnitude(x, _gaussian_derivative, output, mode, cval, (sigma,), kwargs, axes=places)
    sigmas, modes = sequence(sigma, x.ndim), sequence(mode, len(places))
    lists = []
    for axis, each in zip(places, modes):
        order = [1 if other == axis else 0 for other in range(x.ndim)]
        lists.append(gaussian_passes(x.ndim, sigmas, order, each, **kwargs))

    def compute(x, dtype, out, cval):
        common = _one_pass_sigma(places, sigmas, modes, cval, kwargs) if len(places) == x.ndim else None
        if common is not None:
            each = border(modes[0])
            options = {"op": "gaussian", "border": each, "sigma": common, "dtype": dtype}
            return _on_last(_derivatives.gradient_magnitude, x, places, out, **options)
        wide = _dtypes.arithmetic(x.dtype)
        total = numpy.abs(separable(x, lists[0], wide, None, cval))
        for passes in lists[1:]:
            numpy.hypot(total, separable(x, passes, wide, None, cval), out=total)
        return deliver(total, dtype, out)

    return apply(x, output, compute, cval, integers=False)
