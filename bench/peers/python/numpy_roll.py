# SPDX-License-Identifier: Apache-2.0
"""numpy.roll: translation by whole samples on a periodic border."""
import numpy


def prepare(problem):
    problem.only(("shift",), ("by", "border"))
    steps = [float(step) for step in problem.keys["by"].split(",")]
    if problem.keys.get("border") != "periodic" or any(step != int(step) for step in steps):
        raise ValueError("only whole samples on a periodic border")
    source = problem.inputs[0]
    return lambda: numpy.roll(source, [int(step) for step in steps], tuple(range(len(steps))))
