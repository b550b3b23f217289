# SPDX-License-Identifier: Apache-2.0
"""scikit-image."""
import numpy
from skimage import feature, registration

from peers.registry import peer

LARGEST = 1 << 20  # elements; beyond it, a call takes seconds


@peer("skimage.structure_tensor, corner_harris", "structure")
def structure(case):
    if case.problem.count > LARGEST:
        return None
    source, sigma = case.source.astype(numpy.float32), case.sigma
    function = feature.corner_harris if case.problem.word("harris") else feature.structure_tensor
    return lambda: function(source, sigma=sigma)


@peer("skimage.canny", "canny")
def canny(case):
    if case.problem.count > LARGEST:
        return None
    source, sigma = case.source.astype(numpy.float32), case.sigma
    return lambda: feature.canny(source, sigma)


@peer("skimage.match_template", "normalised")
def match(case):
    if case.problem.count > LARGEST or case.dtype != "f32":
        return None
    image, pattern = case.source, case.arrays["pattern"]
    return lambda: feature.match_template(image, pattern)


@peer("skimage.phase_cross_correlation", "phase")
def phase(case):
    if case.problem.count > LARGEST:
        return None
    image, pattern = case.source, case.arrays["pattern"]
    return lambda: registration.phase_cross_correlation(image, pattern)
