# SPDX-License-Identifier: Apache-2.0
"""What a call from Python costs beyond the execution of its plan: python bench/python.py [REPEATS]

For square images it times, in turn, a 3x3 correlation of NumPy arrays (a new result; `out=` given), the same on arrays
in device memory, whose plan is found again too, and OpenCV's filter2D if there is one. Medians, in microseconds.
"""

import sys
import time

import clfilter
import numpy as np

try:
    import cv2
except ImportError:
    cv2 = None

SIZES = (64, 256, 1024, 4096)


def contenders(n):
    x = np.random.default_rng(0).random((n, n), dtype="float32")
    k = np.float32([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    out = np.empty_like(x)
    there, back = clfilter.asarray(x), clfilter.empty((n, n))
    context = there.context

    def on_device():
        clfilter.correlate(there, k, out=back)
        context.finish()

    calls = {
        "new result": lambda: clfilter.correlate(x, k),
        "out given": lambda: clfilter.correlate(x, k, out=out),
        "on device": on_device,
    }
    if cv2 is not None:
        calls["filter2D"] = lambda: cv2.filter2D(x, -1, k, dst=out)
    return calls


def medians(calls, repeats):
    """In turn, so that what else the machine does meets all of them."""
    times = {name: [] for name in calls}
    for turn in range(repeats + 3):
        for name, call in calls.items():
            begin = time.perf_counter()
            call()
            if turn >= 3:
                times[name].append(time.perf_counter() - begin)
    return {name: np.median(each) * 1e6 for name, each in times.items()}


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{clfilter.context().device['name']}; 3x3, f32, microseconds")
    for n in SIZES:
        found = medians(contenders(n), repeats if n < 2048 else max(repeats // 10, 10))
        print(f"{n:5} x {n:<5}", *(f"{name} {value:9.1f}" for name, value in found.items()), sep="  ")


if __name__ == "__main__":
    main()
