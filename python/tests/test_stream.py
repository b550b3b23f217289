# SPDX-License-Identifier: Apache-2.0
"""Arrays taken through the device slab by slab; progress; interrupts."""

import os
import signal
import threading
import time

import clfilter
import numpy as np
import pytest

random = np.random.default_rng(17)


@pytest.fixture
def x():
    return random.standard_normal((2000, 500)).astype("float32")


def test_streamed_as_whole(x):
    k = random.standard_normal((5, 5)).astype("float32")
    said = []
    got = clfilter.correlate(
        x, k, "periodic", solver="conv.direct", stream_bytes=1 << 20, progress=lambda *now: said.append(now)
    )
    assert np.array_equal(got, clfilter.correlate(x, k, "periodic", solver="conv.direct"))
    assert said[-1] == (2000, 2000) and [done for done, _ in said] == sorted({done for done, _ in said})
    plan = clfilter.Plan(clfilter.correlate, x, k, stream_bytes=1 << 20)
    assert plan.stream["slabs"] > 1 and plan.stream["bytes"] <= 1 << 20


def test_streamed_views(x):
    out = np.zeros((4000, 500), "float32")
    dx, dy = np.empty_like(x[::-1]), out[::2]
    clfilter.gradient(x[::-1], stream_bytes=1 << 20, out=(dx, dy))
    for got, expected in zip((dx, dy), clfilter.gradient(x[::-1])):
        assert np.array_equal(got, expected)
    assert not out[1::2].any()


def test_progress_without_a_stream(x):
    said = []
    clfilter.box(x, 3, progress=lambda *now: said.append(now))
    assert said == [(1, 1)]


def test_an_exception_of_progress_ends_the_stream(x):
    def complain(done, total):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        clfilter.correlate(x, "gaussian:1", stream_bytes=1 << 20, progress=complain)
    assert clfilter.box(x, 3).shape == x.shape


def test_interrupt_ends_the_stream():
    """Ctrl-C in the middle of what would take much longer."""
    x = random.standard_normal((20000, 400)).astype("float32")
    k = random.standard_normal((31, 31)).astype("float32")
    call = dict(solver="conv.general", stream_bytes=1 << 20)
    clfilter.correlate(x[:100], k, solver="conv.general")
    started = threading.Event()

    def interrupt():
        started.wait(60)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    seen = []

    def progress(done, total):
        seen.append(done)
        started.set()

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        clfilter.correlate(x, k, progress=progress, **call)
    thread.join()
    assert seen and seen[-1] < 20000, f"it had ended within {time.monotonic() - begin:.1f} s"
    assert clfilter.box(x[:50], 3).shape == (50, 400)


def test_budgets(x):
    with pytest.raises(clfilter.BudgetTooSmallError):
        clfilter.correlate(x, "gaussian:1", stream_bytes=100)
    with pytest.raises(clfilter.UnsupportedError):
        clfilter.canny(x, stream_bytes=1 << 20)
