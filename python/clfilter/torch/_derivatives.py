# SPDX-License-Identifier: Apache-2.0
"""Derivatives and what is made of them. The backward pass computes the derivatives again rather than keeping them."""

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor

import clfilter

from .._derivatives import _OUTPUTS
from .._options import named_outputs
from ._tensors import arithmetic, check, join, split

_LINEAR = ("dx", "dy", "dz")


@torch.library.custom_op("clfilter::gradient", mutates_args=())
def _gradient(
    x: Tensor, outputs: str, op: str, border: str, sigma: float, axes: int, cval: float, scale: float, eps: float
) -> list[Tensor]:
    options = dict(op=op, border=split(border), sigma=sigma, axes=axes, cval=cval, scale=scale, eps=eps)
    names = outputs.split(",")
    found = clfilter.gradient(x.detach(), names, **options)
    return [found] if len(names) == 1 else list(found)


@torch.library.custom_op("clfilter::gradient_backward", mutates_args=())
def _gradient_backward(
    x: Optional[Tensor],
    grads: Sequence[Tensor],
    outputs: str,
    op: str,
    border: str,
    sigma: float,
    axes: int,
    cval: float,
    scale: float,
    eps: float,
) -> Tensor:
    options = dict(op=op, border=split(border), sigma=sigma, axes=axes, cval=cval, scale=scale, eps=eps)
    for name, g in zip(outputs.split(","), grads):
        options["grad_dst" if name == "magnitude" else f"grad_{name}"] = g.detach()
    return clfilter.gradient_backward(None if x is None else x.detach(), **options)


@_gradient.register_fake
def _(x, outputs, *options):
    return [x.new_empty(x.shape, dtype=arithmetic(x)) for _ in outputs.split(",")]


@_gradient_backward.register_fake
def _(x, grads, *options):
    return grads[0].new_empty(grads[0].shape)


def _save(ctx, inputs, output):
    x, outputs, *ctx.options = inputs
    ctx.names = outputs.split(",")
    ctx.set_materialize_grads(False)
    ctx.save_for_backward(None if all(name in _LINEAR for name in ctx.names) else x)


def _backward(ctx, grads):
    (x,) = ctx.saved_tensors
    given = {name: g for name, g in zip(ctx.names, grads) if g is not None}
    if not given:
        return None, *[None] * 8
    return _gradient_backward(x, list(given.values()), ",".join(given), *ctx.options), *[None] * 8


torch.library.register_autograd("clfilter::gradient", _backward, setup_context=_save)


def gradient(
    x, outputs=("dx", "dy"), op="central", border="reflect", *, sigma=0.0, axes=2, cval=0.0, scale=1.0, eps=0.0
):
    """Derivatives along the last axes, and what is made of them: :func:`clfilter.gradient`, with gradients.

    Parameters
    ----------
    x : torch.Tensor
        (..., H, W) or (..., D, H, W): float32 or float64; without gradients also float16, uint8, uint16 or int16.
    outputs, op, border, sigma, axes, cval, scale, eps
        As in :func:`clfilter.gradient`.

    Returns
    -------
    torch.Tensor or tuple of torch.Tensor
        In the order of `outputs`. The gradient of the magnitude is 0 where the magnitude is 0.

    Raises
    ------
    Error
        As :func:`clfilter.gradient`; DtypeMismatchError if a gradient of another type is asked for.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> dx, dy = clfilter.torch.gradient(torch.tensor([[0.0, 1.0, 4.0], [0.0, 1.0, 4.0]]))
    >>> dx
    tensor([[0., 4., 0.],
            [0., 4., 0.]])
    """
    check(x=x)
    words = ",".join(named_outputs(outputs, tuple(_OUTPUTS)))
    numbers = (float(sigma), axes, float(cval), float(scale), float(eps))
    found = _gradient(x, words, op, join(border), *numbers)
    return found[0] if len(found) == 1 else tuple(found)


def gradient_magnitude(x, op="central", border="reflect", *, sigma=0.0, axes=2, cval=0.0, scale=1.0, eps=0.0) -> Tensor:
    """The magnitude, sqrt(dx^2 + dy^2 + dz^2 + eps): :func:`clfilter.gradient_magnitude`, with gradients.

    Parameters
    ----------
    x, op, border, sigma, axes, cval, scale, eps
        As in :func:`gradient`.

    Returns
    -------
    torch.Tensor
        Its gradient is 0 where it is 0.

    Raises
    ------
    Error
        As :func:`gradient`.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> x = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 3.0], [0.0, 4.0, 0.0]])
    >>> clfilter.torch.gradient_magnitude(x, border="constant")[1, 1]
    tensor(5.)
    """
    return gradient(x, "magnitude", op, border, sigma=sigma, axes=axes, cval=cval, scale=scale, eps=eps)
