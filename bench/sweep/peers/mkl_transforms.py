# SPDX-License-Identifier: Apache-2.0
"""mkl_fft: whole-image transforms by Intel's library."""
from mkl_fft.interfaces import numpy_fft
from scipy import fft

from peers.registry import peer
from peers.scipy_transforms import mirrored_kernel, transforms


@peer("mkl_fft, prepared", "correlate")
def prepared(case):
    """The kernel's spectrum made beforehand, as a plan has it."""
    if not transforms(case) or case.axes != 2 or case.source.ndim != 2:
        return None
    source, size = case.source, [fft.next_fast_len(extent + taps - 1, True)
                                 for extent, taps in zip(case.source.shape, case.kernel.shape)]
    spectrum = numpy_fft.rfft2(mirrored_kernel(case), size)
    return lambda: numpy_fft.irfft2(numpy_fft.rfft2(source, size) * spectrum, size)
