#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""against_scipy.py PROGRAM [COUNT] [SEED]: random arrays, kernels, borders, origins and modes through the program,
compared with scipy.ndimage within the library's documented bound. Not part of the tests: they need no Python.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

sys.dont_write_bytecode = True  # nothing is left beside the sources
from make_goldens import LIMITS, SCIPY, bound, filtered, gradient, stored

DTYPES = ["f4", "f4", "f4", "f8", "f2", "u1", "u2", "i2"]


def random_array(random, dtype, shape):
    if dtype in LIMITS:
        low, high = LIMITS[dtype]
        return random.integers(low, high + 1, shape).astype(dtype)
    return random.standard_normal(shape).astype(dtype)


def convolution(random, x, dtype):
    rank = int(random.integers(1, min(x.ndim, 3) + 1))
    mode = str(random.choice(["same", "same", "valid", "full"]))
    most = x.shape[-rank:] if mode == "valid" else [15, 11, 6][-rank:]
    extents = [int(random.integers(1, m + 1)) for m in most]
    whole = dtype in LIMITS
    w = random.integers(-4, 5, extents).astype("i4") if whole else random.standard_normal(extents)
    count = 1 if random.random() < 0.7 else rank
    borders = [str(b) for b in random.choice(list(SCIPY), count)]
    operation = str(random.choice(["convolve", "correlate"]))
    cval = float(random.integers(-3, 4))
    arguments = [operation, "x.npy", "w.npy", "--border", ",".join(borders), "--cval", str(cval), "--mode", mode]
    origins = None
    if mode == "same":
        origins = [int(random.integers(-(k // 2), (k - 1) // 2 + 1)) for k in extents]
        arguments += ["--origin", ",".join(map(str, origins))]
    # Whole numbers are exact in f32 while sums stay below 2^24: then nothing is allowed.
    tolerance = 0 if whole and abs(w).sum() * 65536 < 2 ** 24 else bound(x, w, dtype) + (0.5 if whole else 0)
    return w, arguments, filtered(operation, x, w, borders, cval, mode, origins), tolerance


def derivative(random, x, dtype):
    operator = str(random.choice(["central", "sobel"]))
    count = 1 if random.random() < 0.7 else 2
    borders = [str(b) for b in random.choice(list(SCIPY), count)]
    scale = float(random.choice([1, 0.5, -2, 0.125]))
    cval = float(random.integers(-3, 4))
    arguments = ["gradient", "x.npy", "--operator", operator, "--border", ",".join(borders), "--scale", str(scale),
                 "--cval", str(cval)]
    result = gradient(x, operator, (borders * 2)[:2] if count == 1 else borders, scale, cval)
    eps = {"f8": 2.0 ** -52, "f2": 2.0 ** -10}.get(dtype, 2.0 ** -23)
    tolerance = 2 * 12 * eps * 12 * abs(scale) * max(1.0, float(abs(x.astype("f8")).max()))
    return None, arguments, result, tolerance + (1 if dtype in LIMITS else 0)


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    random = np.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        where = pathlib.Path(folder)
        for _ in range(count):
            dtype = str(random.choice(DTYPES))
            shape = [int(n) for n in random.integers(1, 5, int(random.integers(0, 3)))]
            shape += [int(n) for n in random.integers(1, 40, 2)]
            x = random_array(random, dtype, shape)
            make = derivative if random.random() < 0.25 else convolution
            w, arguments, result, tolerance = make(random, x, dtype)
            np.save(where / "x.npy", np.asfortranarray(x) if random.random() < 0.2 else x)
            if w is not None:
                np.save(where / "w.npy", w)
            run = subprocess.run([program, *arguments, "-o", "y.npy"], cwd=where, capture_output=True, text=True)
            y = np.load(where / "y.npy") if run.returncode == 0 else None
            expected = stored(result, dtype)
            good = y is not None and y.dtype == x.dtype and y.shape == expected.shape and \
                float(abs(y.astype("f8") - expected).max()) <= tolerance
            if not good:
                failed += 1
                worst = None if y is None or y.shape != expected.shape else abs(y.astype("f8") - expected).max()
                print("FAILED:", dtype, shape, None if w is None else w.shape, *arguments, run.stderr.strip(),
                      "worst", worst, "allowed", tolerance)
    print(f"{count} cases, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
