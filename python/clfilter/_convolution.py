# SPDX-License-Identifier: Apache-2.0
"""Convolution and correlation, and their kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from . import _clfilter, _dtypes
from ._array import Array
from ._call import Call, How, operation
from ._errors import InvalidValueError
from ._options import from_end, output_dtype, per_axis, refuse_zero, set_border, set_options

if TYPE_CHECKING:
    from typing_extensions import Unpack


def kernel(name: str) -> numpy.ndarray:
    """The taps of a named kernel, in the order in which a correlation reads them.

    Parameters
    ----------
    name : str
        ``"sobel-x"``, ``"sobel-y"``, ``"laplacian"``, ``"box:N"`` (N x N, every tap 1/N^2) or ``"gaussian:SIGMA"``
        (2 R + 1 square, R = floor(4 SIGMA + 0.5), normalised to a sum of 1).

    Returns
    -------
    numpy.ndarray
        Of two axes, float32.

    Raises
    ------
    ParseError
        If there is no such kernel.
    InvalidValueError
        If N is not 1 to 4096, or SIGMA not above 0 and up to 512.

    Examples
    --------
    >>> import clfilter
    >>> clfilter.kernel("sobel-x")
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]], dtype=float32)
    """
    taps = numpy.empty(_clfilter.kernel_shape(name), "float32")
    _clfilter.read_kernel(name, taps)
    return taps


def _taps(value, name: str) -> numpy.ndarray:
    """Weights as the library reads them when planning: float32 or float64."""
    if isinstance(value, str):
        return kernel(value)
    if type(value).__module__.partition(".")[0] == "torch":
        value = value.detach()
    elif isinstance(value, numpy.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; fill it first")
    taps = numpy.asarray(value)
    if taps.dtype == _dtypes.FLOAT32 or taps.dtype == _dtypes.FLOAT64:
        return taps if taps.flags.c_contiguous and taps.flags.aligned else numpy.array(taps, order="C")
    if taps.dtype.kind not in "iufb" or taps.dtype.itemsize > 8:
        _dtypes.refuse(name, taps.dtype)
    return taps.astype(_dtypes.FLOAT64)


def _on_device(value) -> bool:
    return isinstance(value, _clfilter.DeviceArray)


def read_kernel(call: Call, k, factors, bias) -> tuple[int, ...]:
    """Adds the kernel and the bias of a call; returns the kernel's shape."""
    if (k is None) == (factors is None):
        raise InvalidValueError(f"{call.operation}: k and factors are " + ("missing" if k is None else "both given"))
    if factors is not None:
        lines = tuple(_taps(each, "factors") for each in factors)
        call.host("factors", lines)
        return tuple(each.size for each in lines)
    if _on_device(k):
        if not call.place.on_device:
            k = Array(k).numpy()
        else:
            view = call.read("kernel_view", k, "k")
            if bias is not None:
                call.read("bias_view", bias, "bias")
            return view.shape
    taps = _taps(k, "k")
    call.host("kernel", taps)
    if bias is not None:
        call.host("bias", _taps(Array(bias).numpy() if _on_device(bias) else bias, "bias"))
    return taps.shape


def _filtered(kernel_rank: int, axes) -> int:
    """How many axes are filtered by a kernel of so many axes."""
    if axes is not None:
        return 1 if numpy.ndim(axes) == 0 else len(axes)
    return kernel_rank if kernel_rank <= 3 else kernel_rank - 2


def set_geometry(call: Call, rank: int, kernel_rank: int, border, cval, axes, origin, mode, stride, dilation, groups):
    """Sets where windows lie; returns True if outputs have the shape of inputs."""
    count = _filtered(kernel_rank, axes)
    refuse_zero("groups", groups)
    if axes is not None:
        call.options["axes"] = from_end(axes, rank)
        call.options["axis_count"] = count
    set_border(call, border, cval)
    set_options(
        call,
        origin=per_axis(origin, count, 0),
        stride=per_axis(stride, count, 1),
        dilation=per_axis(dilation, count, 1),
        groups=None if groups == 1 else groups,
        mode=None if mode == "same" else mode,
    )
    return mode == "same" and "stride" not in call.options and kernel_rank == count


def _describe(name, x, k, border, axes, origin, mode, stride, dilation, cval, groups, bias, factors, out, dtype, how):
    call = Call(name, x, how)
    src = call.read("src", x, "x")
    kernel_shape = read_kernel(call, k, factors, bias)
    kernel_rank = len(kernel_shape)
    same = set_geometry(call, src.ndim, kernel_rank, border, cval, axes, origin, mode, stride, dilation, groups)
    shape = src.shape
    if out is None and not same:
        shape = _clfilter.convolve_shape(call.context, name, call.inputs, call.options)
    call.write("dst", shape, output_dtype(dtype, out, src.dtype), out)
    return call


@operation
def correlate(
    x,
    k=None,
    border="reflect",
    axes=None,
    origin=0,
    mode="same",
    stride=1,
    dilation=1,
    *,
    cval=0.0,
    groups=1,
    bias=None,
    factors=None,
    out=None,
    dtype=None,
    **how: Unpack[How],
) -> Any:
    """Correlate an array with a kernel, along one, two or three axes.

    With K taps w along an axis, centre c = K // 2 + origin, stride s and dilation d::

        y[i] = sum_k w[k] x~[s i + d (k - c)]

    and with several axes the sum runs over all of them; x~ is x continued by its border. It is
    ``scipy.ndimage.correlate``, torch's ``conv2d`` and OpenCV's ``filter2D``; ``padding="same"`` of torch with an even
    kernel is origin -1 here.

    Parameters
    ----------
    x : array_like
        float32, float64, float16, uint8, uint16 or int16; of at least the kernel's axes.
    k : array_like, str or Array
        The taps, applied along as many of the last axes as it has (1 to 3), or along `axes`. A kernel of shape
        (O, I/groups, k...) with two or three axes k is a bank: it mixes the channels of x (..., I, spatial...) into
        (..., O, spatial...), as conv2d does. A str is a name that :func:`kernel` knows. If x and k are arrays on a
        device, k is read anew at every execution.
    border : str or sequence of str
        How x continues beyond its ends, for every filtered axis or for each: ``"reflect"`` (d c b | a b c d | c b a),
        ``"periodic"``, ``"symmetric"`` (c b a | a b c d | d c b), ``"replicate"`` or ``"constant"``.
    axes : int or sequence of int, optional
        The filtered axes, in the kernel's order; default the last ones. A bank along one axis needs it.
    origin : int or sequence of int
        Moves the centre; 0 in the modes valid and full.
    mode : {"same", "valid", "full"}
        The outputs: ceil(N / s) along an axis of N, or those whose windows lie inside x, or touch it.
    stride, dilation : int or sequence of int
        s and d.
    cval : float
        The value beyond a constant border.
    groups : int
        Of a bank.
    bias : array_like, optional
        One number an output channel of a bank.
    factors : sequence of array_like, optional
        Instead of k: one array of taps a filtered axis, outermost first; the kernel is their outer product.
    out : array, optional
        Receives the result.
    dtype : optional
        Of the result: x's (the default), or float32 if x is not float64.
    **how
        ``solver``, ``effort``, ``stream_bytes``, ``progress`` and ``context``; see :class:`clfilter.How`.

    Returns
    -------
    array
        Of x's kind. Integers are rounded to nearest even and saturated. float32 and float64 are within
        2 K eps (sum |w|) (max |x~|) of the formula.

    Raises
    ------
    InvalidViewError, ShapeMismatchError, DtypeMismatchError, InvalidValueError, InvalidOriginError
        If the arguments do not fit each other.
    KernelTooLargeError
        In valid mode, if the kernel is larger than x.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.correlate(numpy.float32([0, 0, 0, 1, 1, 1]), [-1, 0, 1])
    array([0., 0., 1., 1., 0., 0.], dtype=float32)
    """
    return _describe(
        "correlate", x, k, border, axes, origin, mode, stride, dilation, cval, groups, bias, factors, out, dtype, how
    )


@operation
def convolve(
    x,
    k=None,
    border="reflect",
    axes=None,
    origin=0,
    mode="same",
    stride=1,
    dilation=1,
    *,
    cval=0.0,
    groups=1,
    bias=None,
    factors=None,
    out=None,
    dtype=None,
    **how: Unpack[How],
) -> Any:
    """Convolve an array with a kernel: :func:`correlate` with the kernel turned round.

    With K taps w along an axis, centre c = K // 2 + origin, stride s and dilation d::

        y[i] = sum_k w[k] x~[s i - d (k - c)]

    It is ``scipy.ndimage.convolve``. ``scipy.signal.convolve2d(mode="same")`` centres an even kernel one tap earlier,
    which is origin -1 here.

    Parameters
    ----------
    x, k, border, axes, origin, mode, stride, dilation, cval, groups, bias, factors, out, dtype, **how
        As in :func:`correlate`.

    Returns
    -------
    array
        As of :func:`correlate`.

    Raises
    ------
    Error
        As :func:`correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.convolve(numpy.float32([0, 0, 1, 0, 0]), [1, 2, 3])
    array([0., 1., 2., 3., 0.], dtype=float32)
    """
    return _describe(
        "convolve", x, k, border, axes, origin, mode, stride, dilation, cval, groups, bias, factors, out, dtype, how
    )
