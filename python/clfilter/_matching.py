# SPDX-License-Identifier: Apache-2.0
"""Two images compared at every shift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from . import _dtypes
from ._call import Call, How, operation
from ._options import set_border, set_options

if TYPE_CHECKING:
    from typing_extensions import Unpack


def _describe(image, pattern, score, border, cval, mode, out, how) -> Call:
    call = Call("match", image, how, "image")
    src = call.read("image", image)
    dtype = _dtypes.arithmetic(src.dtype)
    if not call.place.on_device and isinstance(pattern, numpy.ndarray) and pattern.dtype != dtype:
        pattern = pattern.astype(dtype)
    taps = call.read("pattern", pattern)
    set_options(call, score=None if score == "correlation" else score, mode=None if mode == "same" else mode)
    set_border(call, border, cval)
    shape = src.shape
    if mode != "same" and src.ndim >= 2 and taps.ndim == 2:
        sign = -1 if mode == "valid" else 1
        extents = [max(n + sign * (k - 1), 0) for n, k in zip(src.shape[-2:], taps.shape)]
        shape = (*src.shape[:-2], *extents)
    call.write("dst", shape, dtype, out)
    return call


@operation
def match(
    image,
    pattern,
    score="normalised",
    border="reflect",
    mode="same",
    *,
    cval=0.0,
    out=None,
    **how: Unpack[How],
) -> Any:
    """Compare a pattern with every plane of an image, at every place.

    With the score ``"normalised"``, p the pattern and m[i] the mean of the window::

        y[i] = sum_k (p[k] - mean p) (x~[i + k - c] - m[i])
               / sqrt(sum_k (p[k] - mean p)^2 sum_k (x~[i + k - c] - m[i])^2)

    from -1 to 1, and 0 where the pattern or the window is flat; in valid mode ``skimage.feature.match_template`` and
    OpenCV's ``TM_CCOEFF_NORMED``. ``"correlation"`` is sum_k p[k] x~[i + k - c]; ``"phase"`` is
    :func:`phase_correlation`.

    Parameters
    ----------
    image : array_like
        (..., H, W): float32, float64, float16, uint8, uint16 or int16.
    pattern : array_like
        (h, w): float32, or float64 if the image is.
    score : {"normalised", "correlation", "phase"}
    border : str or sequence of str
        As in :func:`clfilter.correlate`.
    mode : {"same", "valid", "full"}
        Same: y[i] is the score with the pattern's centre (h // 2, w // 2) on i. Valid: with its first element on i.
    cval : float
        The value beyond a constant border.
    out : array, optional
        Receives the scores.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        Of the image's kind; float64 if it is, else float32.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> image = numpy.zeros((8, 8), "float32")
    >>> image[3:5, 4:6] = [[1, 2], [3, 4]]
    >>> scores = clfilter.match(image, image[3:5, 4:6].copy(), mode="valid")
    >>> [int(i) for i in numpy.unravel_index(scores.argmax(), scores.shape)]
    [3, 4]
    """
    return _describe(image, pattern, score, border, cval, mode, out, how)


@operation
def phase_correlation(image, pattern, *, out=None, **how: Unpack[How]) -> Any:
    """Phase correlation of every plane of an image with a pattern of the same size, both periodic.

    With X and P their discrete Fourier transforms, the inverse transform of X conj(P) / |X conj(P)|, or of 0 where that
    product is 0. Its peak is at the shift t for which image[i] resembles pattern[i - t] (Kuglin and Hines, 1975).

    Parameters
    ----------
    image : array_like
        (..., H, W): float32, float64, float16, uint8, uint16 or int16.
    pattern : array_like
        (H, W): float32, or float64 if the image is.
    out : array, optional
        Receives the result.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array
        Of the image's kind and shape; float64 if it is, else float32.

    Raises
    ------
    NoSolverError
        If no library of Fourier transforms takes the extents.
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> pattern = numpy.random.default_rng(0).random((16, 16), "float32")
    >>> peak = clfilter.phase_correlation(numpy.roll(pattern, (2, 5), (0, 1)), pattern)
    >>> [int(i) for i in numpy.unravel_index(peak.argmax(), peak.shape)]
    [2, 5]
    """
    return _describe(image, pattern, "phase", "reflect", 0.0, "same", out, how)
