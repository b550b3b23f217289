# SPDX-License-Identifier: Apache-2.0
"""Plans found again and plans held; threads; contexts."""

import threading
from concurrent.futures import ThreadPoolExecutor

import clfilter
import numpy as np
import pytest

random = np.random.default_rng(13)


def test_a_plan_is_found_again():
    context = clfilter.Context()
    x, k = random.standard_normal((31, 33)).astype("float32"), np.ones((3, 3), "float32")
    for _ in range(3):
        clfilter.correlate(x, k, context=context)
    assert context.plans_kept == 1
    clfilter.correlate(x, k, border="periodic", context=context)
    clfilter.correlate(x, 2 * k, context=context)
    clfilter.correlate(x.astype("float64"), k, context=context)
    clfilter.correlate(x[:, ::-1], k, context=context)
    assert context.plans_kept == 5
    context.forget_plans()
    assert context.plans_kept == 0


def test_what_differs_is_another_plan():
    """A key that forgot something would give the first answer again."""
    x = random.standard_normal((9, 10)).astype("float32")
    k = random.standard_normal(3).astype("float32")
    calls = [
        dict(),
        dict(axes=0),
        dict(origin=1),
        dict(dilation=2),
        dict(border="periodic"),
        dict(border="constant"),
        dict(border="constant", cval=1),
    ]
    answers = [clfilter.correlate(x, k, **call) for call in calls]
    for i, answer in enumerate(answers):
        assert np.array_equal(clfilter.correlate(x, k, **calls[i]), answer)
        assert not any(np.array_equal(answer, other) for other in answers[:i])


def test_plans_kept_are_bounded():
    context = clfilter.Context()
    for n in range(1, 200):
        clfilter.shift(np.zeros(n, "float32"), 1, context=context)
    assert context.plans_kept <= 128


def test_held_plan():
    x, y = random.standard_normal((2, 40, 41)).astype("float32")
    plan = clfilter.Plan(clfilter.correlate, x, "gaussian:1", "periodic", solver="conv.general")
    assert plan.describe.startswith("(conv.general f32 40x41") and plan.problem.startswith("corr f32 40x41 k=9x9")
    assert plan.solvers == ["conv.general"] and plan.cost["bytes"] >= 2 * x.nbytes and plan.stream is None
    assert np.array_equal(plan(), clfilter.correlate(x, "gaussian:1", "periodic", solver="conv.general"))
    out = np.empty_like(y)
    assert plan(y, out=out) is out
    assert np.array_equal(out, clfilter.correlate(y, "gaussian:1", "periodic", solver="conv.general"))
    with pytest.raises(clfilter.ShapeMismatchError, match="the plan was made for other shapes"):
        plan(y[1:])
    with pytest.raises(TypeError, match="no operation"):
        clfilter.Plan(np.sum, x)


def test_explain_names_a_solver_and_runs_nothing():
    assert clfilter.explain(clfilter.pinv, np.zeros((5, 2, 4), "float32")).startswith("(pinv.")


@pytest.mark.parametrize("effort", ["estimate", "measure"])
def test_effort(effort):
    context = clfilter.Context()
    x = random.standard_normal((64, 64)).astype("float32")
    clfilter.correlate(x, "sobel-x", effort=effort, context=context)
    lines = context.export_wisdom().splitlines()
    assert len(lines) == (2 if effort == "measure" else 1)
    other = clfilter.Context()
    assert other.import_wisdom(context.export_wisdom()) == len(lines) - 1


def test_threads_share_a_context():
    images = [random.standard_normal((40 + n % 3, 50)).astype("float32") for n in range(12)]
    k = random.standard_normal((5, 5)).astype("float32")
    expected = [clfilter.correlate(x, k) for x in images]
    barrier = threading.Barrier(8)

    def work(_):
        barrier.wait()
        return [clfilter.correlate(x, k) for _ in range(20) for x in images]

    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(work, range(8)):
            for i, answer in enumerate(answers):
                assert np.array_equal(answer, expected[i % len(images)])


def test_threads_share_a_held_plan():
    images = random.standard_normal((8, 30, 31)).astype("float32")
    plan = clfilter.Plan(clfilter.box, images[0], 5)
    with ThreadPoolExecutor(8) as pool:
        for x, answer in zip(np.repeat(images, 20, 0), pool.map(plan, np.repeat(images, 20, 0))):
            assert np.array_equal(answer, clfilter.box(x, 5))


def test_the_interpreter_runs_meanwhile():
    """The lock is released: another thread counts while one filter runs."""
    x = random.standard_normal((1500, 1500)).astype("float32")
    k = random.standard_normal((21, 21)).astype("float32")
    clfilter.correlate(x, k, solver="conv.general")
    count, stop = 0, threading.Event()

    def counts():
        nonlocal count
        while not stop.is_set():
            count += 1

    thread = threading.Thread(target=counts)
    thread.start()
    before = count
    clfilter.correlate(x, k, solver="conv.general")
    during = count - before
    stop.set()
    thread.join()
    assert during > 1000


def test_contexts():
    assert clfilter.context() is clfilter.context()
    assert clfilter.context("0") is clfilter.context(0)
    assert clfilter.context().device in clfilter.devices()
    with pytest.raises(clfilter.NoDeviceError):
        clfilter.context("no such device")
    with pytest.raises(clfilter.InvalidValueError, match="expected 'auto', 'on' or 'off'"):
        clfilter.Context(program_cache="maybe")


def test_log_and_warm_up():
    messages = []
    context = clfilter.Context(log=lambda level, message: messages.append((level, message)))
    context.warm_up(["corr f32 32x32 k=3x3", "no such line"])
    with pytest.raises(clfilter.ParseError):
        context.wait_for_warmup()
    assert context.statistics()["programs"] + context.statistics()["disk_hits"] >= 1
    assert messages and {level for level, _ in messages} <= {"debug", "info", "warning", "error"}
