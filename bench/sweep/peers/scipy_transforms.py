# SPDX-License-Identifier: Apache-2.0
"""SciPy: convolution and translation by Fourier transforms."""
import numpy
from scipy import fft, ndimage, signal

from peers.registry import peer

FEWEST_TAPS = 64  # with fewer, nobody transforms


def transforms(case):
    """Whether a convolution is one that transforms are for."""
    return case.is_real and case.stride == 1 and case.dilation == 1 and case.kernel.size >= FEWEST_TAPS


def mirrored_kernel(case):
    """The kernel as convolution takes it where ours is a correlation's, with as many axes as the input."""
    mirrored = numpy.ascontiguousarray(numpy.flip(case.kernel))
    return mirrored.reshape((1,) * (case.source.ndim - case.kernel.ndim) + case.kernel.shape)


@peer("signal.oaconvolve", "correlate", "match")
def overlapping(case):
    if not transforms(case):
        return None
    source, kernel, axes = case.source, mirrored_kernel(case), tuple(range(-case.axes, 0))
    mode = "valid" if case.kind == "match" else "same"
    return lambda: signal.oaconvolve(source, kernel, mode, axes=axes)


@peer("signal.fftconvolve", "correlate", "match")
def whole(case):
    if not transforms(case):
        return None
    source, kernel, axes = case.source, mirrored_kernel(case), tuple(range(-case.axes, 0))
    mode = "valid" if case.kind == "match" else "same"
    return lambda: signal.fftconvolve(source, kernel, mode, axes=axes)


@peer("scipy.fft, prepared", "correlate")
def prepared(case):
    """The kernel's spectrum made beforehand, as a plan has it."""
    if not transforms(case) or case.axes != 2 or case.source.ndim != 2:
        return None
    source, size = case.source, [fft.next_fast_len(extent + taps - 1, True)
                                 for extent, taps in zip(case.source.shape, case.kernel.shape)]
    spectrum = fft.rfft2(mirrored_kernel(case), size)
    return lambda: fft.irfft2(fft.rfft2(source, size) * spectrum, size)


@peer("scipy.fft", "phase")
def phase(case):
    image, pattern = case.source, case.arrays["pattern"]

    def correlate():
        product = fft.rfft2(image) * numpy.conj(fft.rfft2(pattern))
        product /= numpy.maximum(numpy.abs(product), 1e-20)
        return fft.irfft2(product, image.shape)
    return correlate


@peer("scipy.fft, phases prepared", "shift")
def shift(case):
    if case.problem.word("method") != "fourier" or case.source.ndim != 2:
        return None
    source, (down, right) = case.source, case.problem.numbers("by")
    height, width = source.shape
    rows = numpy.exp(-2j * numpy.pi * numpy.fft.fftfreq(height) * down).astype(numpy.complex64)[:, None]
    columns = numpy.exp(-2j * numpy.pi * numpy.fft.rfftfreq(width) * right).astype(numpy.complex64)
    return lambda: fft.irfft2(fft.rfft2(source) * rows * columns, source.shape)


@peer("ndimage.fourier_shift", "shift")
def fourier_shift(case):
    if case.problem.word("method") != "fourier":
        return None
    source, by = case.source, case.problem.numbers("by")
    return lambda: fft.ifft2(ndimage.fourier_shift(fft.fft2(source), by)).real
