# SPDX-License-Identifier: Apache-2.0
"""What all operators do with their tensors and options. Operators take flat lists of numbers and words only."""

import numpy
import torch

from .. import _places
from .._errors import DtypeMismatchError

_DIFFERENTIABLE = (torch.float32, torch.float64)


def check(**tensors) -> None:
    """Refuses what is no tensor in host memory, and types that have no gradients where one is asked for."""
    for name, x in tensors.items():
        if not isinstance(x, torch.Tensor):
            raise TypeError(f"{name} is a {type(x).__name__}; expected a torch.Tensor")
        if x.device.type not in ("cpu", "meta"):
            _places._check_torch(torch, x.detach(), name)
        if x.requires_grad and torch.is_grad_enabled() and x.dtype not in _DIFFERENTIABLE:
            _refuse_gradient(f"{name} requires a gradient and has", x)


def check_passes_gradients(name: str, x: torch.Tensor) -> None:
    """Refuses an x through which the gradients of other arguments do not pass."""
    if x.dtype not in _DIFFERENTIABLE:
        _refuse_gradient(f"a gradient is required, and {name} has", x)


def _refuse_gradient(what: str, x: torch.Tensor):
    raise DtypeMismatchError(f"{what} elements of type {x.dtype}; expected float32 or float64")


def arithmetic(x: torch.Tensor) -> torch.dtype:
    """The type of what is computed from a tensor."""
    return torch.float64 if x.dtype == torch.float64 else torch.float32


def per_axis(value, count: int) -> list[int]:
    """A number for every filtered axis."""
    return [int(value)] * count if isinstance(value, (int, numpy.integer)) else list(value)


def join(words) -> str:
    """One word, or one for each axis, as the one text that an operator takes."""
    return words if isinstance(words, str) else ",".join(words)


def split(text: str):
    words = text.split(",")
    return words[0] if len(words) == 1 else words
