# SPDX-License-Identifier: Apache-2.0
"""libvips. Its threads are as many as VIPS_CONCURRENCY says."""
import numpy
import pyvips

from peers.registry import EVERY, peer


@peer("vips.gaussblur", "gaussian", approximate=(EVERY,))
def gaussian(case):
    """Its Gaussian is cut earlier."""
    if case.dtype != "u8" or case.axes != 2 or (case.source.ndim > 2 and not case.is_interleaved):
        return None
    pixels, sigma = numpy.ascontiguousarray(case.images()[0]), case.sigma
    height, width = pixels.shape[:2]
    image = pyvips.Image.new_from_memory(pixels.tobytes(), width, height, pixels.size // (width * height), "uchar")
    return lambda: image.gaussblur(sigma).write_to_memory()
