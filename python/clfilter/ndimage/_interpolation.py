# SPDX-License-Identifier: Apache-2.0
"""Shifts by SciPy's names."""

from __future__ import annotations

import math

import numpy

from .. import _selection
from ._arguments import BORDERS, array, border, make_output, sequence
from ._work import apply, stored

_METHODS = {0: "whole", 1: "linear", 3: "cubic"}


def _check(order, mode, prefilter, fractions: bool) -> None:
    if order not in range(6):
        raise RuntimeError("spline order not supported")
    border(mode)
    if (fractions and order not in _METHODS) or (order > 1 and not prefilter):
        raise NotImplementedError(
            f"shift with order={order}, prefilter={prefilter}; clfilter has the orders 0, 1 and 3, prefiltered"
        )
    if mode == "wrap":
        raise NotImplementedError("shift with mode='wrap', whose period is N - 1; clfilter has mode='grid-wrap'")


def _outside(extent: int, amount: float) -> tuple[int, int]:
    """How many outputs at either end come from beyond the ends."""
    return min(max(math.ceil(amount), 0), extent), min(max(math.ceil(-amount), 0), extent)


def _fill_ends(output: numpy.ndarray, amounts, cval) -> None:
    """Writes cval where an output comes from beyond the ends."""
    value = stored(numpy.float64(cval).reshape(1), output.dtype)[0]
    for axis, amount in enumerate(amounts):
        first, last = _outside(output.shape[axis], amount)
        line = numpy.moveaxis(output, axis, 0)
        line[:first] = value
        line[output.shape[axis] - last :] = value


def _move(x, amounts, output, continued: str) -> None:
    """Shifts by whole elements, which are moved bit for bit."""
    seen, dtype = _selection._as_stored(x)
    moved = _selection.shift(seen, amounts, continued)
    output[...] = stored(moved if dtype is None else moved.view(dtype), output.dtype)


def _shift_real(x, amounts, output, order, mode, cval) -> None:
    nearest = [math.ceil(each - 0.5) for each in amounts]
    if x.size == 0:
        return
    if order == 0 or nearest == amounts:
        continued = "replicate" if mode.endswith("constant") else BORDERS[mode]
        _move(x, nearest, output, continued)
        if mode.endswith("constant"):
            _fill_ends(output, amounts if mode == "constant" else nearest, cval)
        return
    # SciPy's constant interpolates inside the ends alone, by the spline of the mirrored line.
    continued = "reflect" if mode == "constant" else BORDERS[mode]

    def compute(x, dtype, out, cval):
        value = cval if continued == "constant" else 0.0
        return _selection.shift(x.astype(dtype, copy=False), amounts, continued, _METHODS[order], cval=value, out=out)

    apply(x, output, compute, cval)
    if mode == "constant":
        _fill_ends(output, amounts, cval)


def shift(input, shift, output=None, order=3, mode="constant", cval=0.0, prefilter=True):
    """Move an array by whole elements or by fractions.

    Of SciPy's splines the orders 0, 1 and 3 are here, of its modes all but ``"wrap"``, whose period is one element less
    than the line. With the modes ``"nearest"`` and ``"grid-constant"`` and order 3 SciPy continues the line by twelve
    elements, where it has no end here: a difference of some 1e-7 of the largest element. Whole shifts move elements
    bit for bit. With order 0, halves are taken from the higher index before the line is mirrored, not after.

    Parameters
    ----------
    input : array_like
        Of at least one axis.
    shift : float or sequence of float
        For each axis, or for all; positive numbers move the content towards higher indices.
    output : array or dtype, optional
        Receives the result, or its type; default the input's.
    order : {0, 1, 3}
        Nearest element, linear interpolation, cubic spline.
    mode : str
    cval : scalar
        The value beyond the ends, with the modes ``"constant"`` and ``"grid-constant"``.
    prefilter : bool
        Must be true with order 3.

    Returns
    -------
    numpy.ndarray
        Integers are rounded to nearest even and saturated.

    Raises
    ------
    RuntimeError
        As SciPy.
    NotImplementedError
        For what is not here.

    Examples
    --------
    >>> from clfilter import ndimage
    >>> ndimage.shift([1.0, 2.0, 4.0, 8.0], 0.5, order=1)
    array([0. , 1.5, 3. , 6. ])
    """
    x = array(input)
    if x.ndim < 1:
        raise RuntimeError("input and output rank must be > 0")
    amounts = [float(each) for each in sequence(shift, x.ndim)]
    if any(math.isnan(each) for each in amounts):
        raise ValueError("shift is NaN")
    _check(order, mode, prefilter, not all(each.is_integer() for each in amounts))
    if mode == "constant":
        # All is cval from there on.
        amounts = [min(max(each, -size - 1.0), size + 1.0) for each, size in zip(amounts, x.shape)]
    output = make_output(output, x, x.dtype.kind == "c")
    if x.dtype.kind != "c":
        parts = [(x, output, float(cval))]
    else:
        parts = [(x.real, output.real, complex(cval).real), (x.imag, output.imag, complex(cval).imag)]
    for part, target, value in parts:
        _shift_real(part.copy() if numpy.may_share_memory(part, target) else part, amounts, target, order, mode, value)
    return output
