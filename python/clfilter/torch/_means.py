# SPDX-License-Identifier: Apache-2.0
"""Means over a box. Their adjoint is that of the correlation with the same window."""

from collections.abc import Sequence

import numpy
import torch
from torch import Tensor

import clfilter

from ._tensors import check, join, per_axis, split


@torch.library.custom_op("clfilter::box", mutates_args=())
def _box(x: Tensor, size: Sequence[int], border: str, origin: Sequence[int], cval: float) -> Tensor:
    return clfilter.box(x.detach(), list(size), split(border), origin=list(origin), cval=cval)


@torch.library.custom_op("clfilter::box_adjoint", mutates_args=())
def _box_adjoint(g: Tensor, size: Sequence[int], border: str, origin: Sequence[int]) -> Tensor:
    factors = [numpy.full(count, 1 / count) for count in size]
    return clfilter.correlate_adjoint(g.detach(), factors=factors, border=split(border), origin=list(origin))


@_box.register_fake
def _(x, size, border, origin, cval):
    return x.new_empty(x.shape)


@_box_adjoint.register_fake
def _(g, size, border, origin):
    return g.new_empty(g.shape)


def _save_box(ctx, inputs, output):
    _, *ctx.options, _ = inputs


def _box_backward(ctx, g):
    return _box_adjoint(g, *ctx.options), None, None, None, None


def _save_adjoint(ctx, inputs, output):
    _, *ctx.options = inputs


def _adjoint_backward(ctx, h):
    return _box(h, *ctx.options, 0.0), None, None, None


torch.library.register_autograd("clfilter::box", _box_backward, setup_context=_save_box)
torch.library.register_autograd("clfilter::box_adjoint", _adjoint_backward, setup_context=_save_adjoint)


def box(x, size=3, border="reflect", *, axes=None, origin=0, cval=0.0) -> Tensor:
    """The mean over a window of `size` elements along each of the last axes: :func:`clfilter.box`, with gradients.

    Parameters
    ----------
    x : torch.Tensor
        float32 or float64; without gradients also float16, uint8, uint16 or int16.
    size, border, axes, origin, cval
        As in :func:`clfilter.box`.

    Returns
    -------
    torch.Tensor
        With a gradient to x, of any order. The time of the gradient grows with the window.

    Raises
    ------
    Error
        As :func:`clfilter.box`; DtypeMismatchError if a gradient of another type is asked for.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> x = torch.tensor([0.0, 0.0, 3.0, 0.0, 0.0], requires_grad=True)
    >>> y = clfilter.torch.box(x, 3)
    >>> y[0].backward()
    >>> y.detach(), x.grad
    (tensor([0., 1., 1., 1., 0.]), tensor([0.3333, 0.6667, 0.0000, 0.0000, 0.0000]))
    """
    check(x=x)
    if axes is None:
        axes = min(2, x.ndim) if isinstance(size, (int, numpy.integer)) else len(size)
    return _box(x, per_axis(size, axes), join(border), per_axis(origin, axes), float(cval))
