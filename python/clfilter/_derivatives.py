# SPDX-License-Identifier: Apache-2.0
"""Derivatives, what is made of them in one pass, and their backward pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _dtypes
from ._call import Call, How, operation
from ._errors import NullArgumentError
from ._options import named_outputs, one_out_each, output_dtype, refuse_zero, set_border, set_options

if TYPE_CHECKING:
    from typing_extensions import Unpack

# What a gradient computes, and the field of its descriptor.
_OUTPUTS = {
    "magnitude": "dst",
    "dx": "dx",
    "dy": "dy",
    "dz": "dz",
    "squared": "squared",
    "l1": "l1",
    "orientation": "orientation",
}


def _set_derivative(call: Call, op, sigma, axes, scale, eps) -> None:
    refuse_zero("axes", axes)
    refuse_zero("scale", scale)
    set_options(call, op=None if op == "central" else op, sigma=sigma, axes=axes, eps=eps)
    set_options(call, scale=None if scale == 1 else scale)


def _describe(x, names, op, sigma, axes, border, cval, scale, eps, out, dtype, how) -> Call:
    call = Call("gradient", x, how)
    src = call.read("src", x, "x")
    _set_derivative(call, op, sigma, axes, scale, eps)
    set_border(call, border, cval)
    default = _dtypes.arithmetic(src.dtype)
    for name, each in zip(names, one_out_each(out, names)):
        call.write(_OUTPUTS[name], src.shape, output_dtype(dtype, each, default), each)
    return call


@operation
def gradient(
    x,
    outputs=("dx", "dy"),
    op="central",
    border="reflect",
    *,
    sigma=0.0,
    axes=2,
    cval=0.0,
    scale=1.0,
    eps=0.0,
    out=None,
    dtype=None,
    **how: Unpack[How],
) -> Any:
    """Derivatives along the last two or three axes, and what is made of them, in one pass over x.

    ::

        dx = scale D_x x~,  dy = scale D_y x~,  dz = scale D_z x~
        squared = dx^2 + dy^2 + dz^2 + eps,  magnitude = sqrt(squared),  l1 = |dx| + |dy| + |dz|
        orientation = atan2(dy, dx), in radians, y pointing down

    Parameters
    ----------
    x : array_like
        (..., H, W) or (..., D, H, W): float32, float64, float16, uint8, uint16 or int16.
    outputs : str or sequence of str
        Which of ``"dx"`` (along the last axis), ``"dy"``, ``"dz"``, ``"magnitude"``, ``"squared"``, ``"l1"`` and
        ``"orientation"``.
    op : {"central", "sobel", "forward", "backward", "scharr", "prewitt", "gaussian"}
        D: x~[j+1] - x~[j-1], which scale 0.5 makes the derivative; the same smoothed across by 1 2 1, 3 10 3 or 1 1 1,
        not normalised; the differences to one side; the derivative of a Gaussian of `sigma`.
    border : str or sequence of str
        As in :func:`clfilter.correlate`, for every derived axis or for each, outermost first.
    sigma : float
        Of the Gaussian, in elements.
    axes : {2, 3}
        How many of the last axes.
    cval, scale, eps : float
        The value beyond a constant border; the factor of the derivatives; what is added to the squares.
    out : array or sequence of arrays, optional
        Receives the outputs, in their order.
    dtype : optional
        Of the outputs: float64 if x is, else float32; float16 may be asked for if x is float16.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array or tuple of arrays
        Of x's kind and shape, in the order of `outputs`.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> dx, dy = clfilter.gradient(numpy.float32([[0, 1, 4], [0, 1, 4]]))
    >>> dx
    array([[0., 4., 0.],
           [0., 4., 0.]], dtype=float32)
    """
    names = named_outputs(outputs, tuple(_OUTPUTS))
    return _describe(x, names, op, sigma, axes, border, cval, scale, eps, out, dtype, how)


@operation
def gradient_magnitude(
    x,
    op="central",
    border="reflect",
    *,
    sigma=0.0,
    axes=2,
    cval=0.0,
    scale=1.0,
    eps=0.0,
    out=None,
    dtype=None,
    **how: Unpack[How],
) -> Any:
    """The magnitude of the gradient, sqrt(dx^2 + dy^2 + dz^2 + eps), in one pass over x.

    Parameters
    ----------
    x, op, border, sigma, axes, cval, scale, eps, out, dtype, **how
        As in :func:`gradient`.

    Returns
    -------
    array
        Of x's kind and shape.

    Raises
    ------
    Error
        As :func:`gradient`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> x = numpy.float32([[0, 0, 0], [0, 0, 3], [0, 4, 0]])
    >>> float(clfilter.gradient_magnitude(x, border="constant")[1, 1])
    5.0
    """
    return _describe(x, ["magnitude"], op, sigma, axes, border, cval, scale, eps, out, dtype, how)


@operation
def gradient_backward(
    x,
    grad_dst=None,
    *,
    grad_dx=None,
    grad_dy=None,
    grad_dz=None,
    grad_squared=None,
    grad_l1=None,
    grad_orientation=None,
    op="central",
    border="reflect",
    sigma=0.0,
    axes=2,
    cval=0.0,
    scale=1.0,
    eps=0.0,
    out=None,
    **how: Unpack[How],
) -> Any:
    """The backward pass of :func:`gradient`: from gradients with respect to its outputs to that with respect to x.

    ::

        grad = D_x'(grad_dx + grad_dst dx/magnitude + grad_squared 2 dx + grad_l1 sign(dx)
                    - grad_orientation dy/(dx^2 + dy^2)) scale + the same along y (and z)

    D' is the adjoint of the derivative with its border. The term of the magnitude is 0 where the magnitude is 0.

    Parameters
    ----------
    x : array_like or None
        The input of the forward pass; may be None if only `grad_dx`, `grad_dy` and `grad_dz` are given.
    grad_dst, grad_dx, grad_dy, grad_dz, grad_squared, grad_l1, grad_orientation : array_like, optional
        Gradients with respect to the magnitude and the other outputs; at least one.
    op, border, sigma, axes, cval, scale, eps
        As in the forward pass.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        Of the gradients' kind, shape and type.

    Raises
    ------
    Error
        As :func:`gradient`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> g = numpy.float32([[0, 0, 0, 0], [0, 1, 0, 0]])
    >>> clfilter.gradient_backward(None, grad_dx=g, op="forward")
    array([[ 0.,  0.,  0.,  0.],
           [ 0., -1.,  1.,  0.]], dtype=float32)
    """
    given = {
        "grad_dst": grad_dst,
        "grad_dx": grad_dx,
        "grad_dy": grad_dy,
        "grad_dz": grad_dz,
        "grad_squared": grad_squared,
        "grad_l1": grad_l1,
        "grad_orientation": grad_orientation,
    }
    given = {name: each for name, each in given.items() if each is not None}
    if not given:
        raise NullArgumentError("gradient_backward: no gradient is given; expected grad_dst, grad_dx or others")
    call = Call("gradient_backward", next(iter(given.values())), how, next(iter(given)))
    for name, each in given.items():
        tensor = call.read(name, each)
    call.read("src", x, "x")
    _set_derivative(call, op, sigma, axes, scale, eps)
    set_border(call, border, cval)
    call.write("grad_src", tensor.shape, tensor.dtype, out)
    return call


@operation
def laplace(
    x,
    border="reflect",
    *,
    sigma=0.0,
    axes=2,
    cval=0.0,
    scale=1.0,
    out=None,
    dtype=None,
    **how: Unpack[How],
) -> Any:
    """The Laplacian along the last two or three axes: scale (D_xx x~ + D_yy x~ [+ D_zz x~]).

    Parameters
    ----------
    x : array_like
        (..., H, W) or (..., D, H, W): float32, float64, float16, uint8, uint16 or int16.
    border : str or sequence of str
        As in :func:`clfilter.correlate`.
    sigma : float
        0: D is 1 -2 1 along its axis (``scipy.ndimage.laplace``). Above 0: the second derivative of a Gaussian, as in
        ``scipy.ndimage.gaussian_laplace``.
    axes : {2, 3}
        How many of the last axes.
    cval, scale : float
        The value beyond a constant border; a factor.
    out, dtype, **how
        As in :func:`gradient`.

    Returns
    -------
    array
        Of x's kind and shape; float64 if x is, else float32, or float16 if that is asked for and x is.

    Raises
    ------
    Error
        As :func:`gradient`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.laplace(numpy.float32([[0, 0, 0], [0, 1, 0], [0, 0, 0]]))
    array([[ 0.,  2.,  0.],
           [ 2., -4.,  2.],
           [ 0.,  2.,  0.]], dtype=float32)
    """
    call = Call("laplace", x, how)
    src = call.read("src", x, "x")
    _set_derivative(call, "central", sigma, axes, scale, 0)
    set_border(call, border, cval)
    call.write("dst", src.shape, output_dtype(dtype, out, _dtypes.arithmetic(src.dtype)), out)
    return call
