# SPDX-License-Identifier: Apache-2.0
"""Calls: an operation with its arrays and options, executed at once or held as a Plan."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

from . import _clfilter, _places

if TYPE_CHECKING:
    from typing import ParamSpec

    from ._context import Context

    P = ParamSpec("P")


class How(TypedDict, total=False):
    """Keywords that every operation takes.

    solver : str
        Use only this solver, such as ``"conv.direct"``, or any with this prefix.
    effort : {"estimate", "measure", "exhaustive"}
        How much time planning may spend on choosing a solver; default ``"estimate"``.
    stream_bytes : int
        Take the arrays, which are on the host, through the device slab by slab, in so many bytes of its memory.
    progress : callable
        Called with what is done and the total, while the call works on host arrays.
    context : Context
        The device to work on; default that of the first array, else :func:`clfilter.context`.
    """

    solver: str
    effort: str
    stream_bytes: int
    progress: Callable[[int, int], Any]
    context: Context


class Call:
    """An operation that was described, but not yet executed."""

    __slots__ = (
        "operation",
        "place",
        "first",
        "context",
        "inputs",
        "outputs",
        "options",
        "results",
        "progress",
        "given",
    )

    def __init__(self, operation: str, first, how: How, name: str = "x"):
        self.operation = operation
        self.place = _places.of(first, name)
        self.first = first
        self.inputs: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}
        self.options: dict[str, Any] = {}
        self.results: list[Any] = []
        self.given = [first]
        self.progress = how.pop("progress", None) if how else None
        context = how.pop("context", None) if how else None
        self.context: Context = self.place.context(first) if context is None else context
        if how:
            self.options.update(how)

    def read(self, field: str, x, name: str | None = None):
        """Adds an input, unless it is None, and returns it as the extension takes it."""
        if x is None:
            return None
        if x is not self.first:
            self.given.append(x)
        tensor = self.inputs[field] = self.place.read(x, name or field)
        return tensor

    def host(self, field: str, array) -> None:
        """Adds an array that is read when planning, or a tuple of them."""
        self.inputs[field] = array

    def write(self, field: str, shape, dtype, out=None, name: str = "out"):
        """Adds an output: `out`, or a new array."""
        place = self.place
        if out is not None:
            self.given.append(out)
            tensor, result = place.write(out, name)
        elif hasattr(place, "make_like"):
            tensor, result = place.make_like(self.first, tuple(shape), dtype)
        else:
            tensor, result = place.make(shape, dtype, self.context)
        self.outputs[field] = tensor
        self.results.append(result)

    def execute(self, plan=None):
        """Executes it, on a plan that is held or one found again, and returns what it computes."""
        if isinstance(self.place, _places.Pyopencl):
            self._execute_events(plan)
        elif plan is not None:
            plan.execute(self.inputs, self.outputs, self.options, self.progress)
        elif self.progress is None:
            _clfilter.run(self.context, self.operation, self.inputs, self.outputs, self.options)
        else:
            _clfilter.run(self.context, self.operation, self.inputs, self.outputs, self.options, self.progress)
        if isinstance(self.place, _places.Foreign):
            self.context.finish()
        return self.results[0] if len(self.results) == 1 else tuple(self.results)

    def _execute_events(self, plan) -> None:
        events = self.place.events(self.given)
        addresses = [event.int_ptr for event in events]
        if plan is not None:
            event = plan.execute(self.inputs, self.outputs, self.options, None, addresses, True)
        else:
            event = _clfilter.run(
                self.context, self.operation, self.inputs, self.outputs, self.options, None, addresses, True
            )
        self.place.finish(event, self.results)


_KEYWORDS = tuple(How.__annotations__)


def _refuse_keywords(function, unknown) -> None:
    import difflib

    known = [*_parameters(function), *_KEYWORDS]
    word = sorted(unknown)[0]
    near = difflib.get_close_matches(word, known, 1)
    meant = f"; did you mean {near[0]!r}?" if near else f"; it takes {', '.join(known)}"
    raise TypeError(f"{function.__name__}() has no keyword {word!r}{meant}")


def _parameters(function) -> tuple[str, ...]:
    """The names of a function's parameters, without the inspect module, which takes long to import."""
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


_HOW = frozenset(_KEYWORDS)


def operation(describe: Callable[P, Call]) -> Callable[P, Any]:
    """Makes a function that executes what `describe` describes; its attribute ``prepare`` only describes it."""

    @functools.wraps(describe)
    def prepare(*args, **kwargs) -> Call:
        if kwargs:
            unknown = kwargs.keys() - known
            if unknown:
                _refuse_keywords(describe, unknown)
        return describe(*args, **kwargs)

    @functools.wraps(describe)
    def execute(*args, **kwargs):
        return prepare(*args, **kwargs).execute()

    known = _HOW.union(_parameters(describe))
    execute.prepare = prepare  # type: ignore[attr-defined]
    return execute


class Plan:
    """An operation planned once, for arrays of one shape, to be executed many times.

    Functions find their plans again by themselves; a Plan is for those who want to look at one or be sure of it. Any
    number of threads may use it, one after the other.

    Parameters
    ----------
    function : callable
        An operation of clfilter.
    *args, **kwargs
        Its arguments.

    Attributes
    ----------
    describe : str
        The solver chosen, with its parameters, and the others with their estimated times.
    problem : str
        The problem, as a line that ``clfilter bench`` and ``clfilter check`` read.
    solvers : list of str
        The solvers that could have been chosen; the safest is the last.
    cost : dict
        ``bytes`` and ``flops`` of one execution, and ``scratch_bytes``.
    stream : dict or None
        How a streamed plan divides its arrays.

    Examples
    --------
    >>> import clfilter, numpy
    >>> x = numpy.eye(64, dtype="float32")
    >>> plan = clfilter.Plan(clfilter.correlate, x, numpy.ones((3, 3)))
    >>> plan.problem
    'corr f32 64x64 k=3x3 taps=rank1 border=reflect'
    >>> float(plan(x)[0, 0])
    5.0
    """

    def __init__(self, function, *args, **kwargs):
        if not hasattr(function, "prepare"):
            raise TypeError(f"{function!r} is no operation of clfilter")
        self._function, self._args, self._kwargs = function, args, kwargs
        call = function.prepare(*args, **kwargs)
        self._held = _clfilter.HeldPlan(call.context, call.operation, call.inputs, call.outputs, call.options)

    def __call__(self, *args, **kwargs):
        """Execute it on these arguments, and for those not given on the ones that it was made with."""
        args = args + self._args[len(args) :]
        return self._function.prepare(*args, **{**self._kwargs, **kwargs}).execute(self._held)

    @property
    def describe(self) -> str:
        return self._held.describe

    @property
    def problem(self) -> str:
        return self._held.problem

    @property
    def solvers(self) -> list[str]:
        return self._held.solvers

    @property
    def cost(self) -> dict:
        return self._held.cost

    @property
    def stream(self) -> dict | None:
        return self._held.stream

    def __repr__(self) -> str:
        return f"<clfilter.Plan {self.describe}>"


def explain(function, *args, **kwargs) -> str:
    """Say how an operation would be computed: its solver, the solver's parameters, and the other solvers.

    Parameters
    ----------
    function : callable
        An operation of clfilter.
    *args, **kwargs
        Its arguments.

    Returns
    -------
    str

    Examples
    --------
    >>> import clfilter, numpy
    >>> print(clfilter.explain(clfilter.shift, numpy.zeros((4, 5), "float32"), (1, 0)))  # doctest: +ELLIPSIS
    (shift.whole f32 4x5 by=1,0...)
    """
    return Plan(function, *args, **kwargs).describe
