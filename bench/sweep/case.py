# SPDX-License-Identifier: Apache-2.0
"""A row with its data: what peers are given. The arrays lie in memory as the problem's tensors do, so that a peer sees
the crop, the transpose or the interleaved image that clfilter sees."""
import functools
import math

import numpy

import data


def kind_of(row):
    """What is computed, in the words that peers say they solve."""
    problem = row.problem
    if problem.operation not in ("corr", "conv"):
        return problem.operation
    if problem.is_bank:
        return "bank"
    if problem.word("kernel") == "view" and problem.word("mode") == "valid":
        return "match"
    return "gaussian" if row.sigma else "correlate"


class Case:
    """`arrays` are the inputs by the names of the plan's operands."""

    def __init__(self, row, operands, memory, threads):
        self.problem, self.sigma, self.kind, self.threads = row.problem, row.sigma, kind_of(row), threads
        self.arrays = {operand.name: operand.view_of(flat) for operand, flat in zip(operands, memory)
                       if operand.used and not operand.output}
        self.random = numpy.random.default_rng(2)

    @property
    def dtype(self):
        return self.problem.dtype

    @property
    def is_real(self):
        """Whether elements are f32 or f64, which every library computes with."""
        return self.dtype in ("f32", "f64")

    @property
    def source(self):
        """The first input: the image, the matrices, what is selected from."""
        return next(iter(self.arrays.values()))

    @property
    def border(self):
        return self.problem.word("border", "reflect")

    @functools.cached_property
    def kernel(self):
        """The taps of a convolution, in the type that its arithmetic has."""
        given = self.arrays.get("kernel_view", self.arrays.get("pattern"))
        made = data.taps(self.problem) if given is None else given
        return numpy.ascontiguousarray(made, numpy.float64 if self.dtype == "f64" else numpy.float32)

    @property
    def axes(self):
        """How many of the last axes are filtered."""
        if self.kind == "box" or "k" not in self.problem.keys:
            return self.problem.integer("axes", 2)
        return self.problem.filtered_axes

    @property
    def stride(self):
        return self.problem.integer("stride", 1)

    @property
    def dilation(self):
        return self.problem.integer("dilation", 1)

    @property
    def products(self):
        """Multiply-adds of a plain convolution: what a library does that knows no better."""
        return self.problem.count * math.prod(self.problem.extents("k")) // self.stride**self.axes

    @property
    def is_interleaved(self):
        """Whether the image's channels lie side by side."""
        source = self.source
        return source.ndim == 3 and source.strides[0] == source.itemsize and source.shape[0] > 1

    def images(self):
        """The image or images of a problem of planes, as image libraries take them: rows, columns, channels."""
        source = self.source
        if source.ndim == 1:
            return [source[None]]
        if self.axes == 1 or source.ndim == 2:
            return [source]
        if self.is_interleaved:
            return [numpy.moveaxis(source, 0, -1)]
        return list(source.reshape(-1, *source.shape[-2:]))
