# SPDX-License-Identifier: Apache-2.0
"""How arrays of any type reach the library's functions, and how filters of any number of axes become few calls."""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy

from .. import _dtypes
from .._convolution import correlate
from .._features import box

_FLOATS = (_dtypes.FLOAT32, _dtypes.FLOAT64)
# Types that the library lacks and whose values one of its own holds.
_HELD_BY = {"bool": "uint8", "int8": "int16"}
_MOST_AXES = 3


class Pass(NamedTuple):
    """A filter along one axis: its taps as a correlation reads them, or the size of a mean."""

    axis: int
    taps: numpy.ndarray | int
    border: str
    origin: int = 0

    @property
    def size(self) -> int:
        return self.taps if isinstance(self.taps, int) else len(self.taps)

    @property
    def keeps_constants(self) -> bool:
        return isinstance(self.taps, int) or abs(self.taps.sum() - 1) < 1e-12


@functools.lru_cache(maxsize=64)
def _types(source: numpy.dtype, target: numpy.dtype, integers: bool) -> tuple[numpy.dtype, numpy.dtype]:
    """What to read elements as, and to compute results as: types of few bits as they are, all others float64."""
    source = source.newbyteorder("=")
    if source.kind not in "biuf" or source.itemsize > 8:
        _dtypes.refuse("input", source)
    if all(each == _dtypes.FLOAT32 or each.itemsize <= 2 for each in (source, target)):
        read = numpy.dtype(_HELD_BY.get(source.name, source.name))
        return read, read if read == target and (integers or read.kind == "f") else _dtypes.FLOAT32
    return _dtypes.FLOAT64, _dtypes.FLOAT64


def stored(values: numpy.ndarray, dtype: numpy.dtype) -> numpy.ndarray:
    """Values in a type: in an integer type rounded to nearest even and saturated, NaN as 0. Overwrites `values`."""
    if dtype.kind not in "biu" or values.dtype.kind != "f":
        return values
    least, most = (0, 1) if dtype.kind == "b" else (numpy.iinfo(dtype).min, numpy.iinfo(dtype).max)
    if dtype.itemsize > 2:
        values = values.astype("float64", copy=False)
    numpy.rint(values, out=values)
    nan = numpy.isnan(values)
    if nan.any():
        values[nan] = 0
    if dtype.itemsize < 8:
        return numpy.clip(values, least, most, out=values).astype(dtype)
    # 2^63 - 1 is no float64, and 2^63 no int64.
    beyond = values >= float(most)
    values[beyond] = 0
    result = numpy.clip(values, float(least), None, out=values).astype(dtype)
    result[beyond] = most
    return result


def apply(x: numpy.ndarray, output: numpy.ndarray, compute, cval=0.0, integers: bool = True) -> numpy.ndarray:
    """Fill `output` by ``compute(x, dtype, out, cval)``, which returns its result, or writes it to `out` if that is not
    None, in the type `dtype`: the input's, or a floating point type; always that if not `integers`."""
    if x.dtype.kind == "c":
        cval = complex(cval)
        apply(x.real, output.real, compute, cval.real, integers)
        apply(x.imag, output.imag, compute, cval.imag, integers)
        return output
    read, dtype = _types(x.dtype, output.dtype, integers)
    if x.size == 0:
        return output
    flags = output.flags
    in_place = dtype == output.dtype and flags.writeable and flags.aligned and not numpy.may_share_memory(x, output)
    result = compute(x.astype(read, copy=False), dtype, output if in_place else None, float(cval))
    if not in_place:
        output[...] = stored(result, output.dtype)
    return output


def pad_with_nan(x: numpy.ndarray, axes, sizes, borders) -> tuple[numpy.ndarray, list[str], tuple[slice, ...]]:
    """For a cval of NaN, which the library does not have: the input with so many NaN beyond its constant borders,
    borders that they keep out of reach, and the place of the input."""
    widths = [(0, 0)] * x.ndim
    inner = [slice(None)] * x.ndim
    for axis, size, border in zip(axes, sizes, borders):
        if border == "constant":
            widths[axis] = (size, size)
            inner[axis] = slice(size, size + x.shape[axis])
    x = x if x.dtype in _FLOATS else x.astype("float32")
    padded = numpy.pad(x, widths, constant_values=numpy.nan)
    return padded, ["symmetric" if each == "constant" else each for each in borders], tuple(inner)


def is_nan_beyond(borders, cval: float) -> bool:
    return math.isnan(cval) and "constant" in borders


def deliver(result: numpy.ndarray, dtype: numpy.dtype, out):
    """A result of another type than was asked for."""
    if out is None:
        return result
    out[...] = stored(result, dtype)
    return out


def _options(rank: int, axes, borders, origins, dtype, out, cval) -> dict:
    """Options of a call, left out where they are the default: it reads them faster."""
    options = {"border": borders[0] if all(each == borders[0] for each in borders) else borders}
    if axes is not None and list(axes) != list(range(rank - len(axes), rank)):
        options["axes"] = axes
    if any(origins):
        options["origin"] = origins
    if "constant" in borders:
        options["cval"] = cval
    options.update({"dtype": dtype} if out is None else {"out": out})
    return options


def filter_axes(function, x, taps, borders, axes, origins, dtype, out, cval):
    """The library's correlate or convolve along up to three axes."""
    if is_nan_beyond(borders, cval):
        padded, borders, inner = pad_with_nan(x, axes, taps.shape, borders)
        return deliver(function(padded, taps, borders, axes, origins)[inner], dtype, out)
    return function(x, taps, **_options(x.ndim, axes, borders, origins, dtype, out, cval))


def _filter(x, passes: list[Pass], dtype, out, cval):
    """Up to three passes in one call."""
    axes, borders = [each.axis for each in passes], [each.border for each in passes]
    origins = [each.origin for each in passes]
    if is_nan_beyond(borders, cval):
        padded, borders, inner = pad_with_nan(x, axes, [each.size for each in passes], borders)
        passes = [each._replace(border=border) for each, border in zip(passes, borders)]
        return deliver(_filter(padded, passes, padded.dtype, None, 0.0)[inner], dtype, out)
    if not all(isinstance(each.taps, int) for each in passes):
        taps = [numpy.full(each.taps, 1 / each.taps) if isinstance(each.taps, int) else each.taps for each in passes]
        return correlate(x, factors=taps, **_options(x.ndim, axes, borders, origins, dtype, out, cval))
    ends = range(-len(axes), 0)
    moved = None if out is None else numpy.moveaxis(out, axes, ends)
    sizes = [each.taps for each in passes]
    options = _options(x.ndim, None, borders, origins, dtype, moved, cval)
    result = box(numpy.moveaxis(x, axes, ends), sizes, **options)
    return numpy.moveaxis(result, ends, axes)


def _groups(passes: list[Pass], cval: float) -> list[list[Pass]]:
    """Passes that one call computes. SciPy continues what a pass has made with cval, where one call continues the
    input: the same only if constants were kept until there."""
    groups: list[list[Pass]] = [[]]
    for each in passes:
        group = groups[-1]
        differs = each.border == "constant" and cval != 0 and not all(before.keeps_constants for before in group)
        if len(group) == _MOST_AXES or differs:
            groups.append([])
        groups[-1].append(each)
    return groups


def separable(x, passes: list[Pass], dtype, out, cval):
    """All passes, one after the other, rounded once."""
    groups = _groups(passes, cval)
    if not passes:
        result = x.astype(dtype)
        return result if out is None else deliver(result, dtype, out)
    if len(groups) == 1:
        return _filter(x, passes, dtype, out, cval)
    wide = _dtypes.arithmetic(x.dtype)
    for group in groups:
        x = _filter(x, group, wide, None, cval)
    return deliver(x, dtype, out)
