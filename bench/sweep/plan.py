# SPDX-License-Identifier: Apache-2.0
"""A plan from a problem line, the memory that its operands ask for, and a call as it is made from host arrays."""
import ctypes
import re

import numpy

from library import DTYPES, HANDLE, ExecuteDesc, OperandInfo, Options


class Operand:
    """One tensor of a plan: how it lies in memory that begins with its lowest address."""

    def __init__(self, info):
        view = info.view
        self.name, self.output, self.code, self.offset = info.name.decode(), info.output, view.dtype, view.offset
        self.shape, self.strides = tuple(view.shape[:view.rank]), tuple(view.strides[:view.rank])
        self.used = view.rank > 0
        above = sum((extent - 1) * stride for extent, stride in zip(self.shape, self.strides) if stride > 0)
        self.span = view.offset + above + 1

    @property
    def dtype(self):
        return numpy.dtype(DTYPES[self.code])

    def view_of(self, memory):
        """The tensor in flat memory of `span` elements."""
        steps = [stride * memory.itemsize for stride in self.strides]
        return numpy.lib.stride_tricks.as_strided(memory[self.offset:], self.shape, steps)


class Plan:
    """A plan of a context. It runs on the buffers it is given last."""

    def __init__(self, context, line, solver=None):
        self.context, self.handle = context, HANDLE()
        options = Options(solver.encode() if solver else None, 0, 0)
        context.library.call("clf_plan_from_line", context.handle, line.encode(), ctypes.byref(options),
                             ctypes.byref(self.handle))
        self.buffers = self.execution = None

    def operands(self):
        functions, found = self.context.library.functions, []
        for index in range(functions.clf_plan_operand_count(self.handle)):
            info = OperandInfo()
            self.context.library.call("clf_plan_operand", self.handle, index, ctypes.byref(info))
            found.append(Operand(info))
        return found

    def describe(self):
        return self.context.library.functions.clf_plan_describe(self.handle).decode()

    def solver(self):
        """The chosen solver: the first word of the description."""
        return self.describe().lstrip("(").split()[0].rstrip(")")

    def solvers(self):
        """Every solver that could have been chosen."""
        found = []
        while (name := self.context.library.functions.clf_plan_solver(self.handle, len(found))) is not None:
            found.append(name.decode())
        return found

    def estimates(self):
        """Seconds that the other solvers were estimated to take, by name, as the description lists them."""
        words = [word for word in self.describe().rstrip(")").split() if word.startswith("others=")]
        pairs = [item.rsplit(":", 1) for word in words for item in word[len("others="):].split(",")]
        return {name: read_seconds(time) for name, time in pairs}

    def bytes(self):
        """What one execution must read and write."""
        return self.context.library.functions.clf_plan_get_cost(self.handle).bytes

    def bind(self, views):
        """Takes the memory to run on: a view an operand, None where it has none."""
        self.buffers = (HANDLE * len(views))(*[view.buffer if view else None for view in views])
        self.execution = ExecuteDesc(self.buffers, len(views), None, 0)

    def run(self):
        """Executes and waits."""
        self.context.library.call("clf_execute", self.handle, ctypes.byref(self.execution), None)
        self.context.finish()

    def release(self):
        self.context.library.functions.clf_plan_destroy(self.handle)
        self.handle = HANDLE()


def read_seconds(text):
    """1.19ms, 35us, 2s -> seconds."""
    number, unit = re.fullmatch(r"([0-9.e+-]+?)(ns|us|ms|s)", text).groups()
    return float(number) * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}[unit]


class HostCall:
    """The call as it is made with arrays in host memory, planned each time: tensors made, inputs uploaded, executed,
    outputs downloaded into new arrays, everything released."""

    def __init__(self, context, line, operands, memory):
        self.context, self.line, self.operands, self.memory = context, line, operands, memory

    def __call__(self):
        views = [self.context.tensor(operand.code, operand.span) if operand.used else None for operand in self.operands]
        for operand, view, memory in zip(self.operands, views, self.memory):
            if operand.used and not operand.output:
                self.context.upload(memory, view)
        plan = Plan(self.context, self.line)
        plan.bind(views)
        plan.run()
        results = []
        for operand, view in zip(self.operands, views):
            if operand.output:
                results.append(numpy.empty(operand.span, operand.dtype))
                self.context.download(view, results[-1])
        plan.release()
        for view in views:
            if view:
                self.context.release(view)
        return results
