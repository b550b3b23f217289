# SPDX-License-Identifier: Apache-2.0
"""Many small matrices at once."""

import torch
from torch import Tensor

import clfilter

from ._tensors import check


@torch.library.custom_op("clfilter::pinv", mutates_args=())
def _pinv(x: Tensor, rcond: float) -> Tensor:
    return clfilter.pinv(x.detach(), rcond)


@torch.library.custom_op("clfilter::pinv_backward", mutates_args=())
def _pinv_backward(x: Tensor, pinv: Tensor, grad: Tensor) -> Tensor:
    return clfilter.pinv_backward(x.detach(), pinv.detach(), grad.detach())


@torch.library.custom_op("clfilter::inv", mutates_args=())
def _inv(x: Tensor) -> Tensor:
    return clfilter.inv(x.detach())


@torch.library.custom_op("clfilter::inv_backward", mutates_args=())
def _inv_backward(inverse: Tensor, grad: Tensor) -> Tensor:
    return clfilter.inv_backward(inverse.detach(), grad.detach())


@torch.library.custom_op("clfilter::det", mutates_args=())
def _det(x: Tensor) -> Tensor:
    return clfilter.det(x.detach())


@torch.library.custom_op("clfilter::solve", mutates_args=())
def _solve(matrix: Tensor, right: Tensor) -> Tensor:
    return clfilter.solve(matrix.detach(), right.detach())


@_pinv.register_fake
def _(x, rcond):
    return x.new_empty((*x.shape[:-2], x.shape[-1], x.shape[-2]))


@_pinv_backward.register_fake
def _(x, pinv, grad):
    return x.new_empty(x.shape)


@_inv.register_fake
def _(x):
    return x.new_empty(x.shape)


@_inv_backward.register_fake
def _(inverse, grad):
    return inverse.new_empty(inverse.shape)


@_det.register_fake
def _(x):
    return x.new_empty(x.shape[:-2] if x.ndim > 2 else (1,))


@_solve.register_fake
def _(matrix, right):
    return right.new_empty((*matrix.shape[:-2], matrix.shape[-1], right.shape[-1]))


def _save_both(ctx, inputs, output):
    ctx.save_for_backward(inputs[0], output)


def _save_output(ctx, inputs, output):
    ctx.save_for_backward(output)


def _of_pinv(ctx, g):
    return _pinv_backward(*ctx.saved_tensors, g), None


def _of_inv(ctx, g):
    return _inv_backward(*ctx.saved_tensors, g)


def _of_det(ctx, g):
    x, found = ctx.saved_tensors
    return (g * found).reshape((*x.shape[:-2], 1, 1)) * _inv(x).mT


def _of_solve(ctx, g):
    matrix, found = ctx.saved_tensors
    of_right = _solve(matrix.mT, g)
    return -of_right @ found.mT if ctx.needs_input_grad[0] else None, of_right


torch.library.register_autograd("clfilter::pinv", _of_pinv, setup_context=_save_both)
torch.library.register_autograd("clfilter::inv", _of_inv, setup_context=_save_output)
torch.library.register_autograd("clfilter::det", _of_det, setup_context=_save_both)
torch.library.register_autograd("clfilter::solve", _of_solve, setup_context=_save_both)


def pinv(x, rcond=0.0) -> Tensor:
    """The Moore-Penrose inverse of every matrix: :func:`clfilter.pinv`, with gradients.

    Parameters
    ----------
    x : torch.Tensor
        (..., m, n), float32 or float64, 1 to 16 rows and columns, any strides: matrices stored as (2, 4, N) are read in
        place through ``x.permute(2, 0, 1)``.
    rcond : float
        Singular values of at most rcond times the largest count as 0; 0 means max(m, n) eps.

    Returns
    -------
    torch.Tensor
        (..., n, m). The gradient is that at a constant rank.

    Raises
    ------
    Error
        As :func:`clfilter.pinv`.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> clfilter.torch.pinv(torch.tensor([[2.0, 0.0], [0.0, 4.0], [0.0, 0.0]]))
    tensor([[0.5000, 0.0000, 0.0000],
            [0.0000, 0.2500, 0.0000]])
    """
    check(x=x)
    return _pinv(x, float(rcond))


def inv(x) -> Tensor:
    """The inverse of every square matrix: :func:`clfilter.inv`, with gradients.

    Parameters
    ----------
    x : torch.Tensor
        (..., n, n), float32 or float64, 1 <= n <= 16.

    Returns
    -------
    torch.Tensor
        NaN for a matrix that is exactly singular, for itself alone.

    Raises
    ------
    Error
        As :func:`clfilter.inv`.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> clfilter.torch.inv(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    check(x=x)
    return _inv(x)


def det(x) -> Tensor:
    """The determinant of every square matrix: :func:`clfilter.det`, with gradients.

    Parameters
    ----------
    x : torch.Tensor
        (..., n, n), float32 or float64, 1 <= n <= 16.

    Returns
    -------
    torch.Tensor
        (...), without axes for one matrix. The gradient is det A times the transpose of A's inverse: NaN for a matrix
        that is exactly singular, for itself alone.

    Raises
    ------
    Error
        As :func:`clfilter.det`.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> clfilter.torch.det(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor(8.)
    """
    check(x=x)
    found = _det(x)
    return found.reshape(()) if x.ndim == 2 else found


def solve(matrix, right) -> Tensor:
    """Solve A X = B for every square matrix: :func:`clfilter.solve`, with gradients.

    Parameters
    ----------
    matrix : torch.Tensor
        A, (..., n, n), float32 or float64, 1 <= n <= 16.
    right : torch.Tensor
        B, (..., n, r), A's type.

    Returns
    -------
    torch.Tensor
        X, (..., n, r). NaN for a matrix that is exactly singular, for itself alone.

    Raises
    ------
    Error
        As :func:`clfilter.solve`.

    Examples
    --------
    >>> import clfilter.torch, torch
    >>> clfilter.torch.solve(torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([[2.0], [2.0]]))
    tensor([[1.0000],
            [0.5000]])
    """
    check(matrix=matrix, right=right)
    return _solve(matrix, right)
