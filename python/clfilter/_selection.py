# SPDX-License-Identifier: Apache-2.0
"""Shifts, selection along an axis, and its adjoint."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy

from . import _clfilter, _dtypes
from ._array import Array
from ._call import Call, How, operation
from ._errors import NullArgumentError, OutOfRangeError, ShapeMismatchError
from ._options import set_border, set_options

if TYPE_CHECKING:
    from typing_extensions import Unpack

# Longer lists are read anew at every execution: a plan is then found again whatever they are.
_MOST_PLANNED_INDICES = 1024


@operation
def shift(x, by, border="reflect", method="whole", *, cval=0.0, out=None, **how: Unpack[How]) -> Any:
    """Move an array by whole elements or by fractions: y[i] = x~[i - t], t = `by`, along every axis.

    Positive numbers move the content towards higher indices. With a periodic border and whole numbers it is
    ``numpy.roll``, with a constant one a plain translation.

    Parameters
    ----------
    x : array_like
        Any type with method whole; else float32, float64, float16, uint8, uint16 or int16.
    by : float or sequence of float
        t: for each axis, outermost first, or one number for all.
    border : str or sequence of str
        As in :func:`clfilter.correlate`, for every axis or for each; periodic with method fourier.
    method : {"whole", "linear", "cubic", "fourier"}
        Between the samples: nothing, so `by` must be whole; linear interpolation; the cubic spline through the samples;
        the trigonometric polynomial through them (``scipy.ndimage.shift`` with orders 1 and 3, and ``fourier_shift``).
    cval : float
        The value beyond a constant border.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        Of x's kind, shape and type.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.shift(numpy.float32([1, 2, 3, 4]), 1, "periodic")
    array([4., 1., 2., 3.], dtype=float32)
    """
    call = Call("shift", x, how)
    src = call.read("src", x, "x")
    amounts = [by] * src.ndim if numpy.ndim(by) == 0 else list(by)
    if len(amounts) != src.ndim:
        raise ShapeMismatchError(f"by has {len(amounts)} numbers for an array of {src.ndim} axes")
    set_options(call, by=amounts or None, method=None if method == "whole" else method)
    set_border(call, border, cval)
    call.write("dst", src.shape, src.dtype, out)
    return call


def _read_indices(call: Call, indices) -> int:
    """Adds the indices of a call; returns how many there are."""
    if isinstance(indices, _clfilter.DeviceArray):
        if call.place.on_device:
            return call.read("indices_view", indices, "indices").size
        indices = Array(indices).numpy()
    found = numpy.asarray(indices)
    if found.size == 0 and not isinstance(indices, numpy.ndarray):
        found = found.astype("int64")
    if found.dtype.kind not in "iu":
        raise TypeError(f"indices have elements of type {found.dtype}; expected whole numbers")
    if found.dtype != numpy.int32 and found.dtype != numpy.int64:
        found = found.astype("int64")
    found = numpy.ascontiguousarray(found.astype(found.dtype.newbyteorder("="), copy=False))
    if found.ndim == 0:
        found = found.reshape(1)
    if call.place.on_device or found.size <= _MOST_PLANNED_INDICES:
        call.host("indices", found)
    else:
        call.inputs["indices_view"] = found
    return found.size


def _axis(axis, rank: int) -> int:
    found = operator.index(axis)
    if not -rank <= found < rank:
        raise OutOfRangeError(f"axis is {found}; expected {-rank} to {rank - 1}")
    return found % rank


def _as_stored(x):
    """Elements that are only moved, as ones of the same size that the library has; and how to see them as they were."""
    if isinstance(x, numpy.ndarray) and x.dtype not in _dtypes.NAMES and x.dtype.isnative:
        name = {"b1": "u1", "i1": "u1", "u4": "i4", "u8": "i8"}.get(x.dtype.str[1:])
        if name is not None:
            return x.view(name), x.dtype
    return x, None


def _seen_as(result, dtype):
    return result if dtype is None else result.view(dtype)


@operation
def take(x, indices, axis=0, mode="strict", *, out=None, **how: Unpack[How]) -> Any:
    """Select indices along an axis: y[.., k, ..] = x[.., indices[k], ..], other axes in place and in order.

    It is ``numpy.take(x, indices, axis)``. (``x[n, :, indices, :]`` in NumPy moves the selected axis to the front,
    because a slice separates two indices; this never moves it.)

    Parameters
    ----------
    x : array_like
        Any type; elements are moved bit for bit.
    indices : array_like of int
        Of one axis. On a device they are checked there, and the call waits for the verdict.
    axis : int
    mode : {"strict", "wrap", "clamp"}
        Indices outside 0..n-1. Strict: -n..-1 count from the end, and any other is an error; wrap: modulo n; clamp: to
        the nearest.
    out : array, optional
        Receives the result; it may be a view into a larger array.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        Of x's kind and type.

    Raises
    ------
    OutOfRangeError
        If there is no such axis, or a strict index is out of range; nothing is written.
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.take(numpy.arange(12, dtype="int32").reshape(3, 4), [2, 0, -1], axis=1)
    array([[ 2,  0,  3],
           [ 6,  4,  7],
           [10,  8, 11]], dtype=int32)
    """
    x, dtype = _as_stored(x)
    call = Call("take", x, how)
    src = call.read("src", x, "x")
    count = _read_indices(call, indices)
    place = _axis(axis, src.ndim)
    set_options(call, axis=place, mode=None if mode == "strict" else mode)
    stored = out if dtype is None or out is None else out.view(src.dtype)
    call.write("dst", (*src.shape[:place], count, *src.shape[place + 1 :]), src.dtype, stored)
    call.results = [out if out is not None else _seen_as(call.results[0], dtype)]
    return call


@operation
def put_add(x, indices, extent=None, axis=0, mode="strict", *, accumulate=False, out=None, **how: Unpack[How]) -> Any:
    """Add into the selected places, the adjoint of :func:`take`: <take(x), y> = <x, put_add(y)>.

    ::

        y[.., i, ..] = sum over k with indices[k] = i of x[.., k, ..]      (+ y[.., i, ..] with accumulate)

    It agrees with ``numpy.add.at`` on zeros; the sum runs in the order of k, so every run gives the same bits.

    Parameters
    ----------
    x : array_like
        The values to add: float32, float64 or float16.
    indices : array_like of int
        As many as x has along the axis.
    extent : int, optional
        Of the result along the axis; needed without `out`.
    axis : int
    mode : {"strict", "wrap", "clamp"}
        As in :func:`take`.
    accumulate : bool
        Add to the contents of `out`; default: overwrite them.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        Of x's kind and type.

    Raises
    ------
    OutOfRangeError
        As :func:`take`.
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.put_add(numpy.float32([1, 2, 3]), [0, 2, 0], extent=4)
    array([4., 0., 2., 0.], dtype=float32)
    """
    call = Call("put_add", x, how)
    src = call.read("src", x, "x")
    _read_indices(call, indices)
    place = _axis(axis, src.ndim)
    set_options(call, axis=place, mode=None if mode == "strict" else mode, accumulate=accumulate or None)
    if out is None and (extent is None or accumulate):
        missing = "out, whose contents are added to" if accumulate else "extent, or out"
        raise NullArgumentError(f"put_add: expected {missing}")
    shape = src.shape if out is not None else (*src.shape[:place], extent, *src.shape[place + 1 :])
    call.write("dst", shape, src.dtype, out)
    return call
