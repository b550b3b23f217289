# SPDX-License-Identifier: Apache-2.0
"""numpy.take along one axis."""
import numpy

MODES = {"strict": "raise", "wrap": "wrap", "clamp": "clip"}


def prepare(problem):
    problem.only(("take",), ("axis", "count", "mode", "index"))
    source, index = problem.inputs
    mode = problem.keys.get("mode", "strict")
    if mode == "clamp":
        raise ValueError("its clip mode takes negative indices for 0")
    axis = int(problem.keys.get("axis", "0"))
    return lambda: numpy.take(source, index, axis=axis, mode=MODES[mode])
