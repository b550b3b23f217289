# SPDX-License-Identifier: Apache-2.0
"""The Python that has the peers: a virtual environment in build/sweep, made where it is not there yet."""
import os
import subprocess
import sys

from libraries import LIBRARIES

# What keeps every library, clfilter's device included, to so many threads.
THREAD_VARIABLES = ("POCL_MAX_PTHREAD_COUNT", "POCL_CPU_MAX_CU_COUNT", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
                    "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS",
                    "VIPS_CONCURRENCY")


def say(text):
    print(f"sweep: {text}", file=sys.stderr, flush=True)


def python(folder):
    """The interpreter of the environment, with every package that can be had. None if there is not even NumPy."""
    venv = os.path.join(folder, "venv")
    interpreter, tried = os.path.join(venv, "bin", "python"), os.path.join(venv, "tried")
    if os.environ.get("CLF_DEV_NO_INSTALL"):
        interpreter = interpreter if os.path.exists(interpreter) else sys.executable
    else:
        if not make(venv, interpreter):
            return None
        install(interpreter, tried)
    return interpreter if has_numpy(interpreter) else None


def make(venv, interpreter):
    if os.path.exists(interpreter):
        return True
    say(f"making a virtual environment in {venv}; its packages take some 6 GB")
    done = subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True, text=True, check=False)
    if done.returncode:
        say("python3 -m venv failed; on Debian it is the package python3-venv. " + last_line(done))
    return done.returncode == 0


def install(interpreter, tried):
    """Each package by itself, once: one that cannot be installed is passed over."""
    known = open(tried, encoding="utf-8").read().split() if os.path.exists(tried) else []
    for _, _, package, _ in LIBRARIES:
        if package in known:
            continue
        say(f"installing {package}")
        done = subprocess.run([interpreter, "-m", "pip", "install", "-q", package], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            say(f"{package} cannot be installed and is passed over: {last_line(done)}")
        with open(tried, "a", encoding="utf-8") as file:
            file.write(package + "\n")


def last_line(done):
    return (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]


def has_numpy(interpreter):
    return subprocess.run([interpreter, "-c", "import numpy"], capture_output=True, check=False).returncode == 0


def variables(threads):
    """The environment of the process that times."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    return kept | {name: str(threads) for name in THREAD_VARIABLES}


def pinning(threads):
    """The words before a command that give it one processor at real-time priority, as far as that is allowed."""
    if threads != 1 or not hasattr(os, "sched_getaffinity"):
        return []
    processor = str(min(os.sched_getaffinity(0)))
    for words in (["chrt", "-r", "5", "taskset", "-c", processor], ["taskset", "-c", processor]):
        try:
            if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
                return words
        except OSError:
            continue
    return []
