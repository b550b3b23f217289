# SPDX-License-Identifier: Apache-2.0
"""What several operations do with their arguments."""

from __future__ import annotations

import operator

import numpy

from . import _dtypes
from ._errors import InvalidValueError, OutOfRangeError, ShapeMismatchError


def set_border(call, border, cval) -> None:
    """One border for every filtered axis, or one for each, and the constant's value."""
    if border != "reflect":
        call.options["border"] = border
    if cval != 0:
        call.options["cval"] = cval


def set_options(call, **options) -> None:
    """Those that are neither None nor 0, which are the library's defaults."""
    for name, value in options.items():
        if value is not None and not (type(value) in (int, float) and value == 0):
            call.options[name] = value


def refuse_zero(name: str, *values) -> None:
    """Zeros, which would mean the default in C, where they were meant."""
    if any(value == 0 for value in values):
        raise InvalidValueError(f"{name} is 0; expected another number")


def per_axis(value, count: int, default: int):
    """A number for every filtered axis as a list; None if all are the default."""
    if type(value) is int and value == default:
        return None
    numbers = [operator.index(value)] * count if numpy.ndim(value) == 0 else list(value)
    if default != 0:
        refuse_zero("stride or dilation", *numbers)
    return numbers


def from_end(axes, rank: int) -> list[int]:
    """Axes counted from the end, as the library wants them."""
    found = []
    for axis in [axes] if numpy.ndim(axes) == 0 else axes:
        axis = operator.index(axis)
        if not -rank <= axis < rank:
            raise OutOfRangeError(f"axes has {axis}; expected {-rank} to {rank - 1}")
        found.append(axis if axis < 0 else axis - rank)
    return found


def output_dtype(dtype, out, default: numpy.dtype) -> numpy.dtype:
    """The element type of a result: as asked for, else the default."""
    if dtype is None:
        return default
    found = _dtypes.find(dtype)
    if out is not None and str(out.dtype).removeprefix("torch.") != str(found):
        raise InvalidValueError(f"dtype is {found}, and out has elements of type {out.dtype}; give one of them")
    return found


def named_outputs(outputs, known: tuple[str, ...]) -> list[str]:
    """The outputs asked for, in the order asked."""
    names = [outputs] if isinstance(outputs, str) else list(outputs)
    for name in names:
        if name not in known:
            raise InvalidValueError(f"outputs has {name!r}; expected some of {', '.join(known)}")
    if len(set(names)) != len(names) or not names:
        raise InvalidValueError("outputs is empty or names one twice")
    return names


def one_out_each(out, names: list[str]) -> list:
    """The array given for each output, or None."""
    if out is None:
        return [None] * len(names)
    outs = list(out) if isinstance(out, (tuple, list)) else [out]
    if len(outs) != len(names):
        raise ShapeMismatchError(f"out has {len(outs)} arrays for {len(names)} outputs")
    return outs
