# SPDX-License-Identifier: Apache-2.0
"""Convolution and correlation: an operator, its adjoint and its gradient of weights, each a derivative of the others.

With A(x, k) the filter, A'(g, k) its adjoint and W(x, g) the gradient of its weights: <A(x, k), g> = <x, A'(g, k)> =
<k, W(x, g)>, up to the constant that the border's value and the bias add.
"""

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor

import clfilter

from .._errors import ShapeMismatchError
from ._tensors import arithmetic, check, check_passes_gradients, join, per_axis, split


def _execute(call, anew: bool):
    """Weights that change from call to call are operands of a plan rather than parts of it."""
    for field in ("kernel", "bias"):
        if anew and field in call.inputs:
            call.inputs[f"{field}_view"] = call.inputs.pop(field)
    return call.execute()


def _geometry(border, axes, origin, mode, stride, dilation, groups) -> dict:
    return dict(
        border=split(border),
        axes=list(axes),
        origin=list(origin),
        mode=mode,
        stride=list(stride),
        dilation=list(dilation),
        groups=groups,
    )


@torch.library.custom_op("clfilter::filter", mutates_args=())
def _filter(
    operation: str,
    x: Tensor,
    k: Tensor,
    bias: Optional[Tensor],
    anew: bool,
    border: str,
    axes: Sequence[int],
    origin: Sequence[int],
    mode: str,
    stride: Sequence[int],
    dilation: Sequence[int],
    groups: int,
    cval: float,
) -> Tensor:
    geometry = _geometry(border, axes, origin, mode, stride, dilation, groups)
    if bias is not None:
        bias = bias.detach()
    prepare = getattr(clfilter, operation).prepare
    return _execute(prepare(x.detach(), k.detach(), bias=bias, cval=cval, **geometry), anew)


@torch.library.custom_op("clfilter::filter_adjoint", mutates_args=())
def _adjoint(
    operation: str,
    g: Tensor,
    k: Tensor,
    shape: Sequence[int],
    anew: bool,
    border: str,
    axes: Sequence[int],
    origin: Sequence[int],
    mode: str,
    stride: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    geometry = _geometry(border, axes, origin, mode, stride, dilation, groups)
    prepare = getattr(clfilter, f"{operation}_adjoint").prepare
    return _execute(prepare(g.detach(), k.detach(), shape=tuple(shape), **geometry), anew)


@torch.library.custom_op("clfilter::filter_weights", mutates_args=())
def _weights(
    operation: str,
    x: Tensor,
    g: Tensor,
    kernel_shape: Sequence[int],
    bias: bool,
    border: str,
    axes: Sequence[int],
    origin: Sequence[int],
    mode: str,
    stride: Sequence[int],
    dilation: Sequence[int],
    groups: int,
    cval: float,
) -> tuple[Tensor, Tensor]:
    geometry = _geometry(border, axes, origin, mode, stride, dilation, groups)
    function = getattr(clfilter, f"{operation}_weights")
    result = function(x.detach(), g.detach(), tuple(kernel_shape), bias=bias, cval=cval, **geometry)
    return result if bias else (result, x.new_empty((0,)))


def _channel_axis(rank: int, axes) -> int:
    """The last axis that is not filtered."""
    return max(axis for axis in range(-rank, 0) if axis not in axes)


def _extent(extent, taps, mode, stride, dilation):
    if mode == "same":
        return (extent + stride - 1) // stride
    reach = dilation * (taps - 1)
    return (extent + (reach if mode == "full" else -reach) - 1) // stride + 1


@_filter.register_fake
def _(operation, x, k, bias, anew, border, axes, origin, mode, stride, dilation, groups, cval):
    shape = list(x.shape)
    for axis, taps, s, d in zip(axes, k.shape[k.ndim - len(axes) :], stride, dilation):
        shape[axis] = _extent(shape[axis], taps, mode, s, d)
    if k.ndim > len(axes):
        shape[_channel_axis(x.ndim, axes)] = k.shape[0]
    return x.new_empty(shape)


@_adjoint.register_fake
def _(operation, g, k, shape, anew, *geometry):
    return g.new_empty(shape)


@_weights.register_fake
def _(operation, x, g, kernel_shape, bias, *geometry):
    dtype = arithmetic(x)
    made = x.new_empty(kernel_shape, dtype=dtype)
    return made, x.new_empty((kernel_shape[0] if bias else 0,), dtype=dtype)


def _save_filter(ctx, inputs, output):
    ctx.operation, x, k, bias, ctx.anew, *ctx.geometry, ctx.cval = inputs
    ctx.has_bias = bias is not None
    ctx.shape, ctx.kernel_shape = x.shape, k.shape
    weights = ctx.needs_input_grad[2] or ctx.needs_input_grad[3]
    ctx.save_for_backward(x if weights else None, k if ctx.needs_input_grad[1] else None)


def _filter_backward(ctx, g):
    x, k = ctx.saved_tensors
    of_x = of_k = of_bias = None
    if ctx.needs_input_grad[1]:
        of_x = _adjoint(ctx.operation, g, k, ctx.shape, ctx.anew, *ctx.geometry)
    if x is not None:
        of_k, of_bias = _weights(ctx.operation, x, g, ctx.kernel_shape, ctx.has_bias, *ctx.geometry, ctx.cval)
    return None, of_x, of_k, of_bias if ctx.has_bias else None, *[None] * 9


def _save_adjoint(ctx, inputs, output):
    ctx.operation, g, k, _, ctx.anew, *ctx.geometry = inputs
    ctx.kernel_shape = k.shape
    ctx.save_for_backward(g if ctx.needs_input_grad[2] else None, k if ctx.needs_input_grad[1] else None)


def _adjoint_backward(ctx, h):
    g, k = ctx.saved_tensors
    of_g = of_k = None
    if k is not None:
        of_g = _filter(ctx.operation, h, k, None, ctx.anew, *ctx.geometry, 0.0)
    if g is not None:
        of_k, _ = _weights(ctx.operation, h, g, ctx.kernel_shape, False, *ctx.geometry, 0.0)
    return None, of_g, of_k, *[None] * 9


def _save_weights(ctx, inputs, output):
    ctx.operation, x, g, _, ctx.has_bias, *ctx.geometry, ctx.cval = inputs
    ctx.shape = x.shape
    ctx.save_for_backward(x if ctx.needs_input_grad[2] else None, g if ctx.needs_input_grad[1] else None)


def _weights_backward(ctx, h, of_bias):
    x, g = ctx.saved_tensors
    of_x = of_g = None
    if g is not None:
        of_x = _adjoint(ctx.operation, g, h, ctx.shape, True, *ctx.geometry)
    if x is not None:
        of_g = _filter(ctx.operation, x, h, of_bias if ctx.has_bias else None, True, *ctx.geometry, ctx.cval)
    return None, of_x, of_g, *[None] * 10


torch.library.register_autograd("clfilter::filter", _filter_backward, setup_context=_save_filter)
torch.library.register_autograd("clfilter::filter_adjoint", _adjoint_backward, setup_context=_save_adjoint)
torch.library.register_autograd("clfilter::filter_weights", _weights_backward, setup_context=_save_weights)


def _read_kernel(x, k) -> Tensor:
    """Weights as a tensor of x's arithmetic."""
    if isinstance(k, str):
        k = torch.from_numpy(clfilter.kernel(k))
    elif not isinstance(k, Tensor):
        k = torch.as_tensor(k)
    return k.to(arithmetic(x))


def _filtered_axes(rank: int, kernel_rank: int, axes) -> list[int]:
    """The filtered axes, counted from the end."""
    if axes is None:
        return list(range(-(kernel_rank if kernel_rank <= 3 else kernel_rank - 2), 0))
    axes = [axes] if isinstance(axes, int) else list(axes)
    return [axis - rank if axis >= 0 else axis for axis in axes]


def _apply(operation, x, k, border, axes, origin, mode, stride, dilation, cval, groups, bias) -> Tensor:
    check(x=x)
    k = _read_kernel(x, k)
    bias = None if bias is None else _read_kernel(x, bias)
    check(k=k, **({} if bias is None else {"bias": bias}))
    axes = _filtered_axes(x.ndim, k.ndim, axes)
    count = len(axes)
    if k.ndim not in (count, count + 2) or x.ndim < k.ndim - (k.ndim > count):
        raise ShapeMismatchError(
            f"{operation}: k has {k.ndim} axes and x has {x.ndim}, of which {count} are filtered; "
            f"expected {count}, or {count + 2} for a bank and an x with channels"
        )
    trained = torch.is_grad_enabled() and (k.requires_grad or (bias is not None and bias.requires_grad))
    if trained:
        check_passes_gradients("x", x)
    numbers = (per_axis(origin, count), mode, per_axis(stride, count), per_axis(dilation, count))
    return _filter(operation, x, k, bias, trained, join(border), axes, *numbers, groups, float(cval))


def correlate(
    x,
    k,
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
) -> Tensor:
    """Correlate a tensor with a kernel or a bank of kernels: :func:`clfilter.correlate`, with gradients.

    ::

        y[i] = sum_k w[k] x~[s i + d (k - c)],  c = K // 2 + origin

    ``torch.nn.functional.conv2d(x, k, padding=1)`` is ``correlate(x, k, "constant")`` with a kernel (O, I, 3, 3).

    Parameters
    ----------
    x : torch.Tensor
        float32 or float64; without gradients also float16, uint8, uint16 or int16.
    k : torch.Tensor, array_like or str
        A kernel of 1 to 3 axes, or a bank (O, I/groups, k...), or the name of a kernel. It is converted to x's type.
        If it requires a gradient, its contents may change from call to call without a new plan.
    border, axes, origin, mode, stride, dilation, cval, groups
        As in :func:`clfilter.correlate`.
    bias : torch.Tensor, optional
        (O), of a bank.

    Returns
    -------
    torch.Tensor
        With gradients to x, k and bias, of any order.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`; DtypeMismatchError if a gradient of another type is asked for.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> k = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> clfilter.torch.correlate(torch.tensor([1.0, 0.0, 0.0, 2.0]), k, "constant").sum().backward()
    >>> k.grad
    tensor([1., 3., 2.])
    """
    return _apply("correlate", x, k, border, axes, origin, mode, stride, dilation, cval, groups, bias)


def convolve(
    x,
    k,
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
) -> Tensor:
    """Convolve a tensor with a kernel or a bank of kernels: :func:`clfilter.convolve`, with gradients.

    ::

        y[i] = sum_k w[k] x~[s i - d (k - c)],  c = K // 2 + origin

    Parameters
    ----------
    x, k, border, axes, origin, mode, stride, dilation, cval, groups, bias
        As in :func:`correlate`.

    Returns
    -------
    torch.Tensor
        As of :func:`correlate`.

    Raises
    ------
    Error
        As :func:`correlate`.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> clfilter.torch.convolve(torch.tensor([0.0, 0.0, 1.0, 0.0, 0.0]), [1, 2, 3])
    tensor([0., 1., 2., 3., 0.])
    """
    return _apply("convolve", x, k, border, axes, origin, mode, stride, dilation, cval, groups, bias)
