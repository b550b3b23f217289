# SPDX-License-Identifier: Apache-2.0
"""SciPy's arguments: modes, one value an axis, axes, and `output`."""

from __future__ import annotations

import operator
import warnings

import numpy

# SciPy's modes of filters, by the library's borders.
BORDERS = {
    "reflect": "symmetric",
    "grid-mirror": "symmetric",
    "mirror": "reflect",
    "nearest": "replicate",
    "wrap": "periodic",
    "grid-wrap": "periodic",
    "constant": "constant",
    "grid-constant": "constant",
}

_AxisError = getattr(numpy, "exceptions", numpy).AxisError


def array(input) -> numpy.ndarray:
    """The input as an array."""
    if isinstance(input, numpy.ma.MaskedArray):
        raise TypeError("input is a masked array, and what the mask hides would be filtered; fill it first")
    return numpy.asarray(input)


def border(mode) -> str:
    """The library's border for a mode."""
    if not isinstance(mode, str) or mode not in BORDERS:
        raise RuntimeError(f"boundary mode not supported: {mode!r}; expected one of {', '.join(BORDERS)}")
    return BORDERS[mode]


def one_border(mode) -> str:
    """The same where SciPy takes no mode an axis."""
    if not isinstance(mode, str) and numpy.iterable(mode):
        raise RuntimeError("A sequence of modes is not supported")
    return border(mode)


def sequence(value, count: int) -> list:
    """A value for each of so many axes."""
    if isinstance(value, str) or not numpy.iterable(value):
        return [value] * count
    values = list(value)
    if len(values) != count:
        raise RuntimeError(f"sequence argument must have length equal to input rank: {len(values)}, not {count}")
    return values


def one_axis(axis, rank: int) -> int:
    """An axis counted from the front."""
    found = operator.index(axis)
    if not -rank <= found < rank:
        raise _AxisError(found, rank)
    return found % rank


def several_axes(axes, rank: int) -> list[int]:
    """Axes counted from the front, all of them if None."""
    if axes is None:
        return list(range(rank))
    found = [operator.index(axis) for axis in (axes if numpy.iterable(axes) else [axes])]
    for axis in found:
        if not -rank <= axis < rank:
            raise ValueError(f"specified axis: {axis} is out of range")
    found = [axis % rank for axis in found]
    if len(set(found)) != len(found):
        raise ValueError("axes must be unique")
    return found


def check_origin(origin, size: int) -> int:
    """An origin with which the centre lies inside the kernel."""
    found = operator.index(origin)
    if not 0 <= size // 2 + found < size:
        raise ValueError(
            f"Invalid origin; origin must satisfy -(weights.shape[k] // 2) <= origin[k] <= (weights.shape[k]-1) // 2; "
            f"it is {found} for {size} elements"
        )
    return found


def make_output(output, x: numpy.ndarray, complex_result: bool = False) -> numpy.ndarray:
    """The array that receives a result: `output`, or a new one of that type, or of the input's."""
    if output is None:
        dtype = x.dtype.newbyteorder("=")
        return numpy.empty(x.shape, numpy.promote_types(dtype, "complex64") if complex_result else dtype)
    if isinstance(output, (type, numpy.dtype, str)):
        dtype = numpy.dtype(output)
        if isinstance(output, str):
            if dtype.kind not in "biufc":
                raise RuntimeError("output must have numeric dtype")
            if complex_result and dtype.kind != "c":
                raise RuntimeError("output must have complex dtype")
        elif complex_result and dtype.kind != "c":
            warnings.warn("promoting specified output dtype to complex", stacklevel=4)
            dtype = numpy.promote_types(dtype, "complex64")
        return numpy.empty(x.shape, dtype)
    found = numpy.asarray(output)
    if found.shape != x.shape:
        raise RuntimeError(f"output shape not correct: {found.shape}, not {x.shape}")
    if complex_result and found.dtype.kind != "c":
        raise RuntimeError("output must have complex dtype")
    return found
