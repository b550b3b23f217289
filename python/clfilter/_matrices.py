# SPDX-License-Identifier: Apache-2.0
"""Many small matrices at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._call import Call, How, operation
from ._errors import InvalidViewError
from ._options import set_options

if TYPE_CHECKING:
    from typing_extensions import Unpack


def _read_matrices(call: Call, field: str, x, name: str):
    tensor = call.read(field, x, name)
    if tensor.ndim < 2:
        raise InvalidViewError(f"{name} has {tensor.ndim} axes; expected 2 or more, the last two those of a matrix")
    return tensor


def _turned(shape) -> tuple[int, ...]:
    return (*shape[:-2], shape[-1], shape[-2])


@operation
def pinv(x, rcond=0.0, *, out=None, **how: Unpack[How]) -> Any:
    """The Moore-Penrose inverse of every matrix, as ``numpy.linalg.pinv`` gives it.

    Singular values of at most rcond times the largest count as 0, so a rank-deficient matrix gives its minimum-norm
    result, and a matrix of zeros gives zeros. A matrix with a NaN or an Inf gives NaN for itself alone.

    Parameters
    ----------
    x : array_like
        (..., m, n), float32 or float64, 1 to 16 rows and columns, any strides: matrices stored as (2, 4, N) are read in
        place through ``x.transpose(2, 0, 1)``.
    rcond : float
        0 means max(m, n) eps of the type.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        (..., n, m), of x's kind and type.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`; ShapeMismatchError for larger matrices.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.pinv(numpy.float32([[[2, 0], [0, 4], [0, 0]]]))
    array([[[0.5 , 0.  , 0.  ],
            [0.  , 0.25, 0.  ]]], dtype=float32)
    """
    call = Call("pinv", x, how)
    src = _read_matrices(call, "src", x, "x")
    set_options(call, rcond=rcond)
    call.write("dst", _turned(src.shape), src.dtype, out)
    return call


@operation
def pinv_backward(x, pinv, grad, *, out=None, **how: Unpack[How]) -> Any:
    """The backward pass of :func:`pinv`, provided that the rank does not change (Golub and Pereyra, 1973).

    ::

        dL/dA = -P' G P' + (I - A P) G' P P' + P' P G' (I - P A),   P = A+, G = dL/dP, ' the transpose

    Parameters
    ----------
    x : array_like
        A, (..., m, n), float32 or float64.
    pinv : array_like
        P, (..., n, m).
    grad : array_like
        G, (..., n, m).
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        dL/dA, (..., m, n), of x's kind and type.

    Raises
    ------
    Error
        As :func:`pinv`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> a = numpy.float32([[2.0]])
    >>> clfilter.pinv_backward(a, clfilter.pinv(a), numpy.float32([[1.0]]))
    array([[-0.25]], dtype=float32)
    """
    call = Call("pinv_backward", x, how)
    src = _read_matrices(call, "src", x, "x")
    call.read("pinv", pinv)
    call.read("grad", grad)
    call.write("dst", src.shape, src.dtype, out)
    return call


@operation
def inv(x, *, out=None, **how: Unpack[How]) -> Any:
    """The inverse of every square matrix, by elimination with partial pivoting, as ``numpy.linalg.inv``.

    A matrix that elimination finds exactly singular gives NaN for itself alone.

    Parameters
    ----------
    x : array_like
        (..., n, n), float32 or float64, 1 <= n <= 16.
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
        As :func:`pinv`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.inv(numpy.float32([[2, 0], [0, 4]]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]], dtype=float32)
    """
    call = Call("inv", x, how)
    src = _read_matrices(call, "src", x, "x")
    call.write("dst", src.shape, src.dtype, out)
    return call


@operation
def inv_backward(inverse, grad, *, out=None, **how: Unpack[How]) -> Any:
    """The backward pass of :func:`inv`: dL/dA = -P' G P', with P the inverse and G = dL/dP.

    Parameters
    ----------
    inverse : array_like
        P, (..., n, n), float32 or float64.
    grad : array_like
        G, likewise.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        dL/dA, of the inverse's kind, shape and type.

    Raises
    ------
    Error
        As :func:`pinv`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.inv_backward(numpy.float32([[0.5]]), numpy.float32([[1.0]]))
    array([[-0.25]], dtype=float32)
    """
    call = Call("inv_backward", inverse, how, "inverse")
    src = _read_matrices(call, "inverse", inverse, "inverse")
    call.read("grad", grad)
    call.write("dst", src.shape, src.dtype, out)
    return call


@operation
def det(x, *, out=None, **how: Unpack[How]) -> Any:
    """The determinant of every square matrix, as ``numpy.linalg.det``.

    Parameters
    ----------
    x : array_like
        (..., n, n), float32 or float64, 1 <= n <= 16.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        x's shape without the last two axes, or (1,) of a single matrix; of x's kind and type.

    Raises
    ------
    Error
        As :func:`pinv`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.det(numpy.float32([[[2, 0], [0, 4]], [[0, 1], [1, 0]]]))
    array([ 8., -1.], dtype=float32)
    """
    call = Call("det", x, how)
    src = _read_matrices(call, "src", x, "x")
    call.write("dst", src.shape[:-2] or (1,), src.dtype, out)
    return call


def _describe_solve(matrix, right, least_squares, rcond, out, how) -> Call:
    call = Call("solve", matrix, how, "matrix")
    a = _read_matrices(call, "matrix", matrix, "matrix")
    b = _read_matrices(call, "right", right, "right")
    set_options(call, least_squares=least_squares or None, rcond=rcond)
    call.write("dst", (*a.shape[:-2], a.shape[-1], b.shape[-1]), a.dtype, out)
    return call


@operation
def solve(matrix, right, *, out=None, **how: Unpack[How]) -> Any:
    """Solve A X = B for every square matrix, by elimination with partial pivoting, as ``numpy.linalg.solve``.

    A matrix that elimination finds exactly singular gives NaN for itself alone. The adjoint is the same call with A
    transposed.

    Parameters
    ----------
    matrix : array_like
        A, (..., n, n), float32 or float64, 1 <= n <= 16.
    right : array_like
        B, (..., n, r), A's type.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        X, (..., n, r), of A's kind and type.

    Raises
    ------
    Error
        As :func:`pinv`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.solve(numpy.float32([[2, 0], [0, 4]]), numpy.float32([[2], [2]]))
    array([[1. ],
           [0.5]], dtype=float32)
    """
    return _describe_solve(matrix, right, False, 0.0, out, how)


@operation
def lstsq(matrix, right, rcond=0.0, *, out=None, **how: Unpack[How]) -> Any:
    """The X of least norm among those that minimise ||A X - B||, for every matrix: A+ B.

    Parameters
    ----------
    matrix : array_like
        A, (..., m, n), float32 or float64, 1 to 16 rows and columns.
    right : array_like
        B, (..., m, r), A's type.
    rcond : float
        As in :func:`pinv`.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        X, (..., n, r), of A's kind and type.

    Raises
    ------
    Error
        As :func:`pinv`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.lstsq(numpy.float32([[1], [1]]), numpy.float32([[1], [3]]))
    array([[2.]], dtype=float32)
    """
    return _describe_solve(matrix, right, True, rcond, out, how)
