# SPDX-License-Identifier: Apache-2.0
"""The adjoints of convolution and correlation, and the gradients of their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _dtypes
from ._call import Call, How, operation
from ._convolution import read_kernel, set_geometry
from ._errors import ShapeMismatchError

if TYPE_CHECKING:
    from typing_extensions import Unpack


def _describe_adjoint(name, g, k, shape, border, axes, origin, mode, stride, dilation, groups, factors, out, how):
    call = Call(name, g, how, "g")
    dst = call.read("dst", g, "g")
    kernel_shape = read_kernel(call, k, factors, None)
    same = set_geometry(call, dst.ndim, len(kernel_shape), border, 0.0, axes, origin, mode, stride, dilation, groups)
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
    set_geometry(call, src.ndim, len(kernel_shape), border, cval, axes, origin, mode, stride, dilation, groups)
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
