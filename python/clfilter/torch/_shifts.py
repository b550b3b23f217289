# SPDX-License-Identifier: Apache-2.0
"""Shifts and their adjoint."""

from collections.abc import Sequence
from math import floor

import numpy
import torch
from torch import Tensor

import clfilter

from .._errors import UnsupportedError
from ._tensors import check, join, split

# Along an axis with these borders a shift is a matrix of constant diagonals, symmetric but for the shift itself, so
# that its adjoint is the shift back. The others fold what leaves the axis back into it.
_TURNED_BACK = ("periodic", "constant")


def _borders(border: str, rank: int) -> list[str]:
    words = border.split(",")
    return words * rank if len(words) == 1 else words


def _fold(g, axis: int, by: float, border: str):
    """The adjoint along one axis of whole shifts and of linear interpolation: adding into where elements came from."""
    whole = floor(by)
    part = by - whole
    places = numpy.arange(g.shape[axis])

    def add_back(t):
        return clfilter.put_add(g, clfilter.shift(places, t, border), g.shape[axis], axis)

    return add_back(whole) * (1 - part) + add_back(whole + 1) * part if part else add_back(whole)


@torch.library.custom_op("clfilter::shift", mutates_args=())
def _shift(x: Tensor, by: Sequence[float], border: str, method: str, cval: float) -> Tensor:
    return clfilter.shift(x.detach(), list(by), split(border), method, cval=cval)


@torch.library.custom_op("clfilter::shift_adjoint", mutates_args=())
def _shift_adjoint(g: Tensor, by: Sequence[float], border: str, method: str) -> Tensor:
    words = _borders(border, g.ndim)
    back = [-t if word in _TURNED_BACK else 0.0 for t, word in zip(by, words)]
    found = clfilter.shift(g.detach(), back, split(border), method)
    for axis, (t, word) in enumerate(zip(by, words)):
        if t != 0 and word not in _TURNED_BACK:
            found = _fold(found, axis, t, word)
    return found


@_shift.register_fake
def _(x, by, border, method, cval):
    return x.new_empty(x.shape)


@_shift_adjoint.register_fake
def _(g, by, border, method):
    return g.new_empty(g.shape)


def _save_shift(ctx, inputs, output):
    _, *ctx.options, _ = inputs


def _shift_backward(ctx, g):
    return _shift_adjoint(g, *ctx.options), None, None, None, None


def _save_adjoint(ctx, inputs, output):
    _, *ctx.options = inputs


def _adjoint_backward(ctx, h):
    return _shift(h, *ctx.options, 0.0), None, None, None


torch.library.register_autograd("clfilter::shift", _shift_backward, setup_context=_save_shift)
torch.library.register_autograd("clfilter::shift_adjoint", _adjoint_backward, setup_context=_save_adjoint)


def _refuse_splines(by, border: str) -> None:
    for t, word in zip(by, _borders(border, len(by))):
        if t != floor(t) and word not in _TURNED_BACK:
            raise UnsupportedError(
                f"shift: a cubic spline on a {word} border has no gradient; expected a periodic or constant border, or "
                "method linear"
            )


def shift(x, by, border="reflect", method="whole", *, cval=0.0) -> Tensor:
    """Move a tensor by whole elements or by fractions: :func:`clfilter.shift`, with gradients.

    ::

        y[i] = x~[i - t],  t = by

    Parameters
    ----------
    x : torch.Tensor
        float32 or float64; without gradients any type that clfilter has.
    by, border, method, cval
        As in :func:`clfilter.shift`.

    Returns
    -------
    torch.Tensor
        With a gradient to x, of any order.

    Raises
    ------
    UnsupportedError
        If x requires a gradient and method is cubic, with a fraction along an axis whose border is neither periodic nor
        constant.
    Error
        As :func:`clfilter.shift`; DtypeMismatchError if a gradient of another type is asked for.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    >>> y = clfilter.torch.shift(x, 1)
    >>> y[0].backward()
    >>> y.detach(), x.grad
    (tensor([2., 1., 2., 3.]), tensor([0., 1., 0., 0.]))
    """
    check(x=x)
    by = [float(by)] * x.ndim if isinstance(by, (int, float, numpy.number)) else [float(t) for t in by]
    border = join(border)
    if method == "cubic" and x.requires_grad and torch.is_grad_enabled():
        _refuse_splines(by, border)
    return _shift(x, by, border, method, float(cval))
