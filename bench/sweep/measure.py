# SPDX-License-Identifier: Apache-2.0
"""One row timed: clfilter's plan, the same call from host arrays, a copy of as many bytes, every peer, and, where they
are asked for, the other solvers, all in turn."""
import numpy

import data
import peers
import timing
from case import Case
from library import ClfilterError
from plan import HostCall, Plan

COPY, HOST, SOLVER = "copy", "from host arrays", "solver "
SLOWEST_SOLVER = 0.4  # seconds; a solver this slow, or so many times slower than the chosen one, is timed once
SLOWEST_FACTOR = 8  # and one that is estimated to be that is not tried: building its programs can take minutes


class Bench:
    """Times rows on one context."""

    def __init__(self, context, threads, every_solver):
        self.context, self.threads, self.every_solver = context, threads, every_solver

    def time(self, row):
        """The record of a row: seconds by name, and what failed."""
        plan = Plan(self.context, row.line)
        operands = plan.operands()
        random = numpy.random.default_rng(1)
        memory = [data.memory_of(row.problem, operand, random) if operand.used else None for operand in operands]
        views = [self.put(operand, flat) for operand, flat in zip(operands, memory)]
        plan.bind(views)
        forced, once = self.forced(plan, row.line, views) if self.every_solver else ({}, {})
        calls, failed = peers.calls_for(Case(row, operands, memory, self.threads))
        calls = {timing.OURS: plan.run, COPY: copy_of(plan.bytes()), HOST: HostCall(self.context, row.line, operands,
                 memory), **{SOLVER + name: other.run for name, other in forced.items()}, **calls}
        medians, unfinished = timing.in_turn(calls)
        record = self.record(row, plan, medians, failed | unfinished, once)
        for other in (plan, *forced.values()):
            other.release()
        for view in views:
            if view:
                self.context.release(view)
        return record

    def put(self, operand, flat):
        """Device memory that holds an operand; None for one that the plan does not use."""
        if not operand.used:
            return None
        view = self.context.tensor(operand.code, operand.span)
        self.context.upload(flat, view)
        return view

    def forced(self, plan, line, views):
        """A plan by every other solver that is not hopeless, and the seconds of those that are."""
        plan.run()
        limit, plans, once = SLOWEST_FACTOR * timing.seconds_of(plan.run), {}, {}
        estimates = plan.estimates()
        for name in plan.solvers():
            if name == plan.solver() or estimates.get(name, 0) > limit:
                continue
            try:
                other = Plan(self.context, line, name)
                other.bind(views)
                other.run()
                seconds = timing.seconds_of(other.run)
            except ClfilterError:
                continue
            if seconds > min(limit, SLOWEST_SOLVER):
                once[name] = seconds
                other.release()
            else:
                plans[name] = other
        return plans, once

    @staticmethod
    def record(row, plan, medians, failed, once):
        if timing.OURS not in medians:
            raise ClfilterError(failed[timing.OURS])
        solvers = {name[len(SOLVER):]: seconds for name, seconds in medians.items() if name.startswith(SOLVER)}
        ours = (timing.OURS, COPY, HOST)
        return {"solver": plan.solver(), "describe": plan.describe(), "seconds": medians[timing.OURS],
                "copy_seconds": medians.get(COPY), "host_seconds": medians.get(HOST),
                "peers": {name: seconds for name, seconds in medians.items()
                          if name not in ours and not name.startswith(SOLVER)},
                "solvers": solvers | once, "failed": failed}


def copy_of(count):
    """A memory copy that reads and writes as many bytes in all."""
    source = numpy.ones(max(64, int(count) // 2), numpy.uint8)
    into = numpy.zeros_like(source)
    return lambda: numpy.copyto(into, source)
