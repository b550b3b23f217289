# SPDX-License-Identifier: Apache-2.0
"""Features: structure tensors, corners, edges, and means over a box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from . import _dtypes
from ._call import Call, How, operation
from ._options import one_out_each, output_dtype, per_axis, refuse_zero, set_border, set_options

if TYPE_CHECKING:
    from typing_extensions import Unpack


@operation
def structure(x, sigma=1.0, border="reflect", *, cval=0.0, out=None, **how: Unpack[How]) -> Any:
    """The structure tensor of every plane: products of Sobel derivatives, smoothed by a Gaussian.

    xx = G(dx dx), xy = G(dx dy), yy = G(dy dy): cc, rc and rr of ``skimage.feature.structure_tensor``, whose default
    border is constant.

    Parameters
    ----------
    x : array_like
        (..., H, W): float32, float64, float16, uint8, uint16 or int16.
    sigma : float
        Of the smoothing: above 0, up to 128.
    border : str or sequence of str
        As in :func:`clfilter.correlate`, of the derivatives and of the smoothing.
    cval : float
        The value beyond a constant border.
    out : sequence of three arrays, optional
        Receives xx, xy and yy.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    tuple of arrays
        xx, xy and yy, of x's kind and shape; float64 if x is, else float32.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> x = numpy.tile(numpy.arange(5, dtype="float32"), (5, 1))
    >>> xx, xy, yy = clfilter.structure(x, sigma=0.5)
    >>> round(float(xx[2, 2])), round(float(xy[2, 2])), round(float(yy[2, 2]))
    (64, 0, 0)
    """
    call = Call("structure", x, how)
    src = call.read("src", x, "x")
    refuse_zero("sigma", sigma)
    set_options(call, sigma=sigma)
    set_border(call, border, cval)
    names = ["xx", "xy", "yy"]
    for name, each in zip(names, one_out_each(out, names)):
        call.write(name, src.shape, _dtypes.arithmetic(src.dtype), each)
    return call


@operation
def harris(x, sigma=1.0, method="k", k=0.0, border="reflect", *, cval=0.0, out=None, **how: Unpack[How]) -> Any:
    """Harris's response of every plane, from the determinant and the trace of the structure tensor.

    Method ``"k"`` is det - k trace^2 (Harris and Stephens, 1988), ``"eps"`` 2 det / (trace + k) (Noble, 1989):
    ``skimage.feature.corner_harris``.

    Parameters
    ----------
    x, sigma, border, cval, **how
        As in :func:`structure`.
    method : {"k", "eps"}
    k : float
        k, or eps; 0 means 0.05, or 1e-6.
    out : array, optional
        Receives the response.

    Returns
    -------
    array
        Of x's kind and shape; float64 if x is, else float32.

    Raises
    ------
    Error
        As :func:`structure`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> x = numpy.zeros((16, 16), "float32")
    >>> x[8:, 8:] = 1
    >>> response = clfilter.harris(x)
    >>> bool(response[8, 8] > response[8, 14])
    True
    """
    call = Call("structure", x, how)
    src = call.read("src", x, "x")
    refuse_zero("sigma", sigma)
    set_options(call, sigma=sigma, method=None if method == "k" else method, k=k)
    set_border(call, border, cval)
    call.write("response", src.shape, _dtypes.arithmetic(src.dtype), out)
    return call


@operation
def canny(x, sigma=1.0, low=None, high=None, border="reflect", *, cval=0.0, out=None, **how: Unpack[How]) -> Any:
    """Canny's edges of every plane, as ``skimage.feature.canny`` finds them without a mask.

    Parameters
    ----------
    x : array_like
        (..., H, W): float32, float64, float16, uint8, uint16 or int16.
    sigma : float
        Of the smoothing: above 0, up to 128.
    low, high : float, optional
        Thresholds of the magnitude in x's own units, 0 <= low <= high; default 0.1 and 0.2, times the range of the
        type if x is an integer.
    border : str or sequence of str
        Of the smoothing; skimage's default is ``"constant"``.
    cval : float
        The value beyond a constant border.
    out : array, optional
        Receives the edges.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        Of x's kind and shape, uint8: 255 on edges, 0 elsewhere.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> x = numpy.zeros((12, 12), "float32")
    >>> x[:, 5], x[:, 6:] = 0.5, 1
    >>> int(clfilter.canny(x)[1:-1].sum() // 255)
    10
    """
    call = Call("canny", x, how)
    src = call.read("src", x, "x")
    # Each alone keeps the other's default, which the library has only for both.
    if (low is None) != (high is None):
        scale = {"uint8": 255.0, "uint16": 65535.0, "int16": 65535.0}.get(str(src.dtype), 1.0)
        low, high = (0.1 * scale if low is None else low), (0.2 * scale if high is None else high)
    refuse_zero("sigma", sigma)
    if low == 0 and high == 0:
        high = 5e-324  # two zeros would mean the defaults; no magnitude lies between this and 0
    set_options(call, sigma=sigma, low=low, high=high)
    set_border(call, border, cval)
    call.write("dst", src.shape, _dtypes.UINT8, out)
    return call


@operation
def box(
    x,
    size=3,
    border="reflect",
    *,
    axes=None,
    origin=0,
    cval=0.0,
    out=None,
    dtype=None,
    **how: Unpack[How],
) -> Any:
    """The mean over a window of `size` elements along each of the last axes.

    ::

        y[i] = (1/K) sum_{k<K} x~[i + k - c],  c = K // 2 + origin

    Equal to ``scipy.ndimage.uniform_filter`` of floating point numbers and to ``cv2.blur``. Integers are summed exactly
    and rounded once. On a CPU the time does not grow with the window.

    Parameters
    ----------
    x : array_like
        float32, float64, float16, uint8, uint16 or int16.
    size : int or sequence of int
        K, for every filtered axis or for each, outermost first.
    border : str or sequence of str
        As in :func:`clfilter.correlate`.
    axes : int, optional
        How many of the last axes, 1 to 3; default as many as `size` has numbers, or 2.
    origin : int or sequence of int
        Moves the window's centre.
    cval : float
        The value beyond a constant border.
    out, dtype, **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        Of x's kind, shape and type; float32 if that is asked for.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.box(numpy.float32([0, 0, 3, 0, 0]), 3)
    array([0., 1., 1., 1., 0.], dtype=float32)
    """
    call = Call("box", x, how)
    src = call.read("src", x, "x")
    if axes is None:
        axes = min(2, src.ndim) if isinstance(size, int) else len(size)
    refuse_zero("size", *numpy.ravel(size))
    refuse_zero("axes", axes)
    set_options(call, size=size, axes=axes, origin=per_axis(origin, axes, 0))
    set_border(call, border, cval)
    call.write("dst", src.shape, output_dtype(dtype, out, src.dtype), out)
    return call
