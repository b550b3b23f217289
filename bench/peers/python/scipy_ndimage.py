# SPDX-License-Identifier: Apache-2.0
"""scipy.ndimage.convolve and correlate, over planes of any rank."""
import numpy
from scipy import ndimage

MODES = {
    "reflect": "mirror",
    "periodic": "grid-wrap",
    "symmetric": "reflect",
    "replicate": "nearest",
    "constant": "constant",
}


def prepare(problem):
    problem.only(("conv", "corr"), ("k", "border"))
    function = {"conv": ndimage.convolve, "corr": ndimage.correlate}[problem.operation]
    source, taps = problem.inputs
    taps = taps.reshape((1,) * (source.ndim - taps.ndim) + taps.shape)
    mode = MODES[problem.keys.get("border", "reflect")]
    answer = numpy.empty(problem.shape, problem.dtype)

    def execute():
        function(source, taps, output=answer, mode=mode)
        return answer

    return execute
