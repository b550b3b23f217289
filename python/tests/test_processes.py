# SPDX-License-Identifier: Apache-2.0
"""Processes: what importing does, and what children of every start method can do."""

import multiprocessing
import os
import subprocess
import sys

import clfilter
import numpy as np
import pytest


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


def filtered(n):
    return float(clfilter.shift(np.full((8, 8), float(n)), 1).sum())


def caught(_):
    try:
        clfilter.box(np.ones((8, 8)), 3)
    except clfilter.InvalidHandleError as error:
        return str(error)
    return "filtered"


def test_importing_touches_no_opencl():
    """A loader that finds no driver fails at the first use, and not before."""
    code = (
        "import os; os.environ['OCL_ICD_VENDORS'] = '/nonexistent'\n"
        "import clfilter, numpy\n"
        "print('imported')\n"
        "try:\n    clfilter.box(numpy.ones((4, 4)), 3)\n"
        "except clfilter.NoPlatformError as error:\n    print('refused', isinstance(error, RuntimeError))\n"
    )
    done = run(code)
    assert done.stdout.split("\n")[:2] == ["imported", "refused True"], done.stderr


def test_importing_imports_little():
    others = ("torch", "scipy", "pyopencl", "multiprocessing")
    done = run(f"import sys, clfilter; print(*[m for m in {others} if m in sys.modules])")
    assert done.returncode == 0 and done.stdout.strip() == "", done.stdout + done.stderr


def test_fork_before_the_first_use():
    code = (
        "import clfilter, numpy, multiprocessing\n"
        "def work(n):\n    return float(clfilter.shift(numpy.full((8, 8), n), 1).mean())\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool:\n    print(pool.map(work, [1.0, 2.0]))\n"
    )
    done = run(code)
    assert done.stdout.strip() == "[1.0, 2.0]", done.stderr


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_fork_after_the_first_use_is_refused_with_what_to_do():
    kept = clfilter.asarray(np.ones(4, "float32"))
    plan = clfilter.Plan(clfilter.box, np.ones((8, 8)), 3)
    filtered(1)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert "start processes by spawn or forkserver" in pool.map(caught, [0])[0]
    child = os.fork()
    if child == 0:
        code = 1
        try:
            for refused in (kept.numpy, plan, lambda: clfilter.box(kept, 3), lambda: clfilter.empty(3)):
                try:
                    refused()
                    os._exit(2)
                except clfilter.InvalidHandleError:
                    pass
            del kept, plan, refused
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_other_start_methods(method):
    filtered(1)
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.map(filtered, [1, 2]) == [64.0, 128.0]


def test_the_interpreter_ends_quietly():
    """Arrays, plans and contexts alive at the end are no trouble."""
    code = (
        "import clfilter, numpy, threading\n"
        "a = clfilter.asarray(numpy.ones((8, 8), 'float32'))\n"
        "plan = clfilter.Plan(clfilter.box, a, 3)\n"
        "b = plan()\n"
        "c = clfilter.Context(log=print)\n"
        "clfilter.correlate(numpy.ones((8, 8)), numpy.ones((3, 3)), context=c)\n"
        "d = b.__dlpack__()\n"
        "threading.Thread(target=lambda: clfilter.box(numpy.ones((9, 9)), 3)).start()\n"
    )
    done = run(code)
    assert done.returncode == 0 and "leak" not in done.stderr and "Error" not in done.stderr, done.stderr
