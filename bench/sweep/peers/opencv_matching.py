# SPDX-License-Identifier: Apache-2.0
"""OpenCV: patterns and translations."""
import cv2
import numpy

from peers.opencv import BORDERS, over_images
from peers.registry import EVERY, peer

METHODS = {"whole": cv2.INTER_NEAREST, "linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC}


@peer("cv2.matchTemplate", "match", "normalised")
def match(case):
    if case.dtype not in ("u8", "f32"):
        return None
    method = cv2.TM_CCOEFF_NORMED if case.kind == "normalised" else cv2.TM_CCORR
    image, pattern = case.source, case.kernel.astype(case.source.dtype)
    return lambda: cv2.matchTemplate(image, pattern, method)


@peer("cv2.phaseCorrelate", "phase")
def phase(case):
    image, pattern = case.source, case.arrays["pattern"]
    return lambda: cv2.phaseCorrelate(image, pattern)


def warp(case):
    """Moves every image along the two last axes."""
    method = case.problem.word("method", "whole")
    if case.dtype == "f16" or method not in METHODS or case.border not in BORDERS:
        return None
    down, right = case.problem.numbers("by")[-2:]
    matrix, border = numpy.float32([[1, 0, right], [0, 1, down]]), BORDERS[case.border]
    return over_images(case, lambda image: cv2.warpAffine(
        image, matrix, (image.shape[1], image.shape[0]), flags=METHODS[method], borderMode=border))


@peer("cv2.warpAffine", "shift")
def warp_exactly(case):
    return warp(case) if case.problem.word("method") != "cubic" else None


@peer("cv2.warpAffine, cubic", "shift", approximate=(EVERY,))
def warp_cubic(case):
    """Its cubic is a local one, not a spline."""
    return warp(case) if case.problem.word("method") == "cubic" else None
