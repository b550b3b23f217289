# SPDX-License-Identifier: Apache-2.0
"""Convolution and correlation, their adjoints and the gradients of their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from . import _clfilter, _dtypes
from ._array import Array
from ._call import Call, How, operation
from ._errors import InvalidValueError, ShapeMismatchError
from ._options import from_end, output_dtype, per_axis, set_border, set_options

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


def _read_kernel(call: Call, k, factors, bias) -> tuple[int, ...]:
    """Adds the kernel and the bias of a call; returns the kernel's shape."""
    if (k is None) == (factors is None):
        raise InvalidValueError(f"{call.operation}: k and factors are " + ("missing" if k is None else "both given"))
    if factors is not None:
        taps = tuple(_taps(each, "factors") for each in factors)
        call.host("factors", taps)
        return tuple(each.size for each in taps)
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


def _set_geometry(call: Call, rank: int, kernel_rank: int, border, cval, axes, origin, mode, stride, dilation, groups):
    """Sets where windows lie; returns True if outputs have the shape of inputs."""
    count = _filtered(kernel_rank, axes)
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
    kernel_shape = _read_kernel(call, k, factors, bias)
    kernel_rank = len(kernel_shape)
    same = _set_geometry(
        call, src.ndim, kernel_rank, border, cval, axes, origin, mode, stride, dilation, groups
    )
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


def _describe_adjoint(name, g, k, shape, border, axes, origin, mode, stride, dilation, groups, factors, out, how):
    call = Call(name, g, how, "g")
    dst = call.read("dst", g, "g")
    kernel_shape = _read_kernel(call, k, factors, None)
    same = _set_geometry(
        call, dst.ndim, len(kernel_shape), border, 0.0, axes, origin, mode, stride, dilation, groups
    )
    if out is None and shape is None:
        if not same:
            raise ShapeMismatchError(
                f"{name}: the shape of x does not follow from that of g; give shape, or out, where mode, stride or a "
                "bank changes it"
            )
        shape = dst.shape
    call.write("src", shape, dst.dtype, out)
    return call


@operation
def correlate_adjoint(
    g,
    k=None,
    shape=None,
    border="reflect",
    axes=None,
    origin=0,
    mode="same",
    stride=1,
    dilation=1,
    *,
    groups=1,
    factors=None,
    out=None,
    **how: Unpack[How],
) -> Any:
    """The adjoint of :func:`correlate`: its gradient with respect to x.

    <correlate(x), g> = <x, correlate_adjoint(g)> for every x and g, and for every border, mode, origin, stride,
    dilation and number of groups; a constant border's value and a bias have no part in it.

    Parameters
    ----------
    g : array_like
        The gradient with respect to the output: float32, float64 or float16.
    k, border, axes, origin, mode, stride, dilation, groups, factors, out, **how
        As of the correlation.
    shape : tuple of int, optional
        Of x; needed if mode, stride or a bank makes it another than g's.

    Returns
    -------
    array
        The gradient with respect to x, of g's kind and type.

    Raises
    ------
    Error
        As :func:`correlate`; DtypeMismatchError for integers.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.correlate_adjoint(numpy.float32([1, 0, 0, 0]), [1, 1, 1])
    array([1., 2., 0., 0.], dtype=float32)
    """
    return _describe_adjoint(
        "correlate_adjoint", g, k, shape, border, axes, origin, mode, stride, dilation, groups, factors, out, how
    )


@operation
def convolve_adjoint(
    g,
    k=None,
    shape=None,
    border="reflect",
    axes=None,
    origin=0,
    mode="same",
    stride=1,
    dilation=1,
    *,
    groups=1,
    factors=None,
    out=None,
    **how: Unpack[How],
) -> Any:
    """The adjoint of :func:`convolve`: its gradient with respect to x.

    <convolve(x), g> = <x, convolve_adjoint(g)> for every x and g.

    Parameters
    ----------
    g, k, shape, border, axes, origin, mode, stride, dilation, groups, factors, out, **how
        As in :func:`correlate_adjoint`.

    Returns
    -------
    array
        The gradient with respect to x, of g's kind and type.

    Raises
    ------
    Error
        As :func:`correlate_adjoint`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.convolve_adjoint(numpy.float32([0, 0, 1, 0, 0]), [1, 2, 3])
    array([0., 3., 2., 1., 0.], dtype=float32)
    """
    return _describe_adjoint(
        "convolve_adjoint", g, k, shape, border, axes, origin, mode, stride, dilation, groups, factors, out, how
    )


def _describe_weights(
    name, x, g, kernel_shape, bias, border, axes, origin, mode, stride, dilation, cval, groups, out, how
):
    call = Call(name, x, how)
    src = call.read("src", x, "x")
    call.read("dst", g, "g")
    kernel_shape = tuple(kernel_shape)
    _set_geometry(call, src.ndim, len(kernel_shape), border, cval, axes, origin, mode, stride, dilation, groups)
    dtype = _dtypes.arithmetic(src.dtype)
    outs = (out if isinstance(out, (tuple, list)) else (out, None)) if out is not None else (None, None)
    call.write("kernel_view", kernel_shape, dtype, outs[0])
    if bias:
        call.write("bias_view", kernel_shape[:1], dtype, outs[1])
    return call


@operation
def correlate_weights(
    x,
    g,
    kernel_shape,
    border="reflect",
    axes=None,
    origin=0,
    mode="same",
    stride=1,
    dilation=1,
    *,
    bias=False,
    cval=0.0,
    groups=1,
    out=None,
    **how: Unpack[How],
) -> Any:
    """The gradient of :func:`correlate` with respect to its weights and its bias.

    ::

        kernel[o, c, k] = sum_b sum_i g[b, o, i] x~[b, c, s i + d (k - centre)],  bias[o] = sum_b sum_i g[b, o, i]

    Parameters
    ----------
    x : array_like
        The input of the correlation: float32, float64 or float16.
    g : array_like
        The gradient with respect to its output.
    kernel_shape : tuple of int
        The kernel's.
    border, axes, origin, mode, stride, dilation, cval, groups, **how
        As of the correlation.
    bias : bool
        Return the gradient with respect to the bias, too.
    out : array or tuple of arrays, optional
        Receives the result, or the two of them.

    Returns
    -------
    array or tuple of arrays
        Of x's kind; float64 if x is, else float32. The same bits in every run on one device.

    Raises
    ------
    Error
        As :func:`correlate`; DtypeMismatchError for integers.

    Examples
    --------
    >>> import clfilter, numpy
    >>> x = numpy.float32([1, 2, 3, 4])
    >>> clfilter.correlate_weights(x, numpy.ones(4, "float32"), (3,), border="constant")
    array([ 6., 10.,  9.], dtype=float32)
    """
    return _describe_weights(
        "correlate_weights",
        x,
        g,
        kernel_shape,
        bias,
        border,
        axes,
        origin,
        mode,
        stride,
        dilation,
        cval,
        groups,
        out,
        how,
    )


@operation
def convolve_weights(
    x,
    g,
    kernel_shape,
    border="reflect",
    axes=None,
    origin=0,
    mode="same",
    stride=1,
    dilation=1,
    *,
    bias=False,
    cval=0.0,
    groups=1,
    out=None,
    **how: Unpack[How],
) -> Any:
    """The gradient of :func:`convolve` with respect to its weights and its bias.

    ::

        kernel[o, c, k] = sum_b sum_i g[b, o, i] x~[b, c, s i - d (k - centre)],  bias[o] = sum_b sum_i g[b, o, i]

    Parameters
    ----------
    x, g, kernel_shape, border, axes, origin, mode, stride, dilation, bias, cval, groups, out, **how
        As in :func:`correlate_weights`.

    Returns
    -------
    array or tuple of arrays
        As of :func:`correlate_weights`.

    Raises
    ------
    Error
        As :func:`correlate_weights`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> x = numpy.float32([1, 2, 3, 4])
    >>> clfilter.convolve_weights(x, numpy.ones(4, "float32"), (3,), border="constant")
    array([ 9., 10.,  6.], dtype=float32)
    """
    return _describe_weights(
        "convolve_weights",
        x,
        g,
        kernel_shape,
        bias,
        border,
        axes,
        origin,
        mode,
        stride,
        dilation,
        cval,
        groups,
        out,
        how,
    )
