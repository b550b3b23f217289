# SPDX-License-Identifier: Apache-2.0
"""The edge-aware smoothness loss."""

from typing import Optional

import torch
from torch import Tensor

import clfilter

from ._tensors import arithmetic, check


@torch.library.custom_op("clfilter::smoothness", mutates_args=())
def _smoothness(
    disparity: Tensor,
    image: Tensor,
    norm: str,
    reduction: str,
    order: int,
    edge_weight: float,
    ignore_image: bool,
) -> Tensor:
    return clfilter.smoothness(
        disparity.detach(), image.detach(), "loss", norm, reduction, order, edge_weight, ignore_image=ignore_image
    )


@torch.library.custom_op("clfilter::smoothness_backward", mutates_args=())
def _smoothness_backward(
    disparity: Tensor,
    image: Tensor,
    grad_loss: Optional[Tensor],
    to_disparity: bool,
    to_image: bool,
    norm: str,
    reduction: str,
    order: int,
    edge_weight: float,
    ignore_image: bool,
) -> list[Tensor]:
    outputs = ["grad_disparity"] * to_disparity + ["grad_image"] * to_image
    options = dict(ignore_image=ignore_image, grad_loss=None if grad_loss is None else grad_loss.detach())
    found = clfilter.smoothness(
        disparity.detach(), image.detach(), outputs, norm, reduction, order, edge_weight, **options
    )
    return [found] if len(outputs) == 1 else list(found)


@_smoothness.register_fake
def _(disparity, image, norm, reduction, *options):
    shape = disparity.shape if reduction == "none" else (1,)
    return disparity.new_empty(shape, dtype=arithmetic(disparity))


@_smoothness_backward.register_fake
def _(disparity, image, grad_loss, to_disparity, to_image, *options):
    dtype = arithmetic(disparity)
    return [x.new_empty(x.shape, dtype=dtype) for x in [disparity] * to_disparity + [image] * to_image]


def _save(ctx, inputs, output):
    disparity, image, *ctx.options = inputs
    ctx.save_for_backward(disparity, image)


def _backward(ctx, g):
    wanted = ctx.needs_input_grad[:2]
    found = iter(_smoothness_backward(*ctx.saved_tensors, g, *wanted, *ctx.options))
    return *(next(found) if each else None for each in wanted), *[None] * 5


torch.library.register_autograd("clfilter::smoothness", _backward, setup_context=_save)


def smoothness(
    disparity, image, norm="l2", reduction="mean", order=1, edge_weight=1.0, *, ignore_image=False
) -> Tensor:
    """The edge-aware smoothness loss of a disparity map: :func:`clfilter.smoothness`, with gradients.

    ::

        sum(|dx d| exp(-a |dx I|) + |dy d| exp(-a |dy I|)) / (N H W)

    Parameters
    ----------
    disparity : torch.Tensor
        d, (N, 1, H, W): float32 or float64; without gradients also float16.
    image : torch.Tensor
        I, (N, C, H, W): disparity's type or, with float32 and without gradients, float16, uint8, uint16 or int16.
    norm, reduction, order, edge_weight, ignore_image
        As in :func:`clfilter.smoothness`.

    Returns
    -------
    torch.Tensor
        Without axes or, with reduction none, (N, 1, H, W). Gradients to both inputs, sign(0) = 0, and the gradient of a
        norm at 0 is 0.

    Raises
    ------
    Error
        As :func:`clfilter.smoothness`; DtypeMismatchError if a gradient of another type is asked for.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> d = torch.tensor([0.0, 1.0, 3.0]).reshape(1, 1, 1, 3).requires_grad_()
    >>> loss = clfilter.torch.smoothness(d, torch.zeros(1, 3, 1, 3), reduction="sum")
    >>> loss.backward()
    >>> loss.item(), d.grad.flatten()
    (3.0, tensor([-1.,  0.,  1.]))
    """
    check(disparity=disparity, image=image)
    loss = _smoothness(disparity, image, norm, reduction, order, float(edge_weight), ignore_image)
    return loss if reduction == "none" else loss.reshape(())
