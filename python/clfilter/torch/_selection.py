# SPDX-License-Identifier: Apache-2.0
"""Selection along an axis, and its adjoint."""

import torch
from torch import Tensor

import clfilter

from ._tensors import check


@torch.library.custom_op("clfilter::take", mutates_args=())
def _take(x: Tensor, indices: Tensor, axis: int, mode: str) -> Tensor:
    return clfilter.take(x.detach(), indices, axis, mode)


@torch.library.custom_op("clfilter::put_add", mutates_args=())
def _put_add(x: Tensor, indices: Tensor, extent: int, axis: int, mode: str) -> Tensor:
    return clfilter.put_add(x.detach(), indices, extent, axis, mode)


def _with_extent(x, axis, extent):
    shape = list(x.shape)
    shape[axis] = extent
    return x.new_empty(shape)


@_take.register_fake
def _(x, indices, axis, mode):
    return _with_extent(x, axis, indices.shape[0])


@_put_add.register_fake
def _(x, indices, extent, axis, mode):
    return _with_extent(x, axis, extent)


def _save_take(ctx, inputs, output):
    x, indices, ctx.axis, ctx.mode = inputs
    ctx.extent = x.shape[ctx.axis]
    ctx.save_for_backward(indices)


def _take_backward(ctx, g):
    return _put_add(g, *ctx.saved_tensors, ctx.extent, ctx.axis, ctx.mode), None, None, None


def _save_put_add(ctx, inputs, output):
    _, indices, _, ctx.axis, ctx.mode = inputs
    ctx.save_for_backward(indices)


def _put_add_backward(ctx, g):
    return _take(g, *ctx.saved_tensors, ctx.axis, ctx.mode), None, None, None, None


torch.library.register_autograd("clfilter::take", _take_backward, setup_context=_save_take)
torch.library.register_autograd("clfilter::put_add", _put_add_backward, setup_context=_save_put_add)


def _read_indices(indices) -> Tensor:
    if not isinstance(indices, Tensor):
        indices = torch.as_tensor(indices)
        indices = indices if indices.numel() else indices.to(torch.int64)
    check(indices=indices)
    return indices.reshape(1) if indices.ndim == 0 else indices


def take(x, indices, axis=0, mode="strict") -> Tensor:
    """Select indices along an axis: :func:`clfilter.take`, whose gradient is :func:`put_add`.

    Parameters
    ----------
    x : torch.Tensor
        float32 or float64; without gradients any type that clfilter has.
    indices : torch.Tensor or sequence of int
        Of one axis.
    axis, mode
        As in :func:`clfilter.take`.

    Returns
    -------
    torch.Tensor
        With a gradient to x, summed in the order of the indices: the same bits in every run.

    Raises
    ------
    Error
        As :func:`clfilter.take`; DtypeMismatchError if a gradient of another type is asked for.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> clfilter.torch.take(x, [2, 0, 2]).sum().backward()
    >>> x.grad
    tensor([1., 0., 2.])
    """
    check(x=x)
    return _take(x, _read_indices(indices), axis, mode)


def put_add(x, indices, extent, axis=0, mode="strict") -> Tensor:
    """Add into the selected places of zeros: :func:`clfilter.put_add`, whose gradient is :func:`take`.

    Parameters
    ----------
    x : torch.Tensor
        float32 or float64; without gradients also float16.
    indices : torch.Tensor or sequence of int
        As many as x has along the axis.
    extent : int
        Of the result along the axis.
    axis, mode
        As in :func:`clfilter.put_add`.

    Returns
    -------
    torch.Tensor
        With a gradient to x.

    Raises
    ------
    Error
        As :func:`clfilter.put_add`; DtypeMismatchError if a gradient of another type is asked for.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> clfilter.torch.put_add(torch.tensor([1.0, 2.0, 3.0]), [0, 2, 0], 4)
    tensor([4., 0., 2., 0.])
    """
    check(x=x)
    return _put_add(x, _read_indices(indices), extent, axis, mode)
