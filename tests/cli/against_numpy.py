#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `clfilter take`, `pinv` and `shift` with numpy and scipy.ndimage on random input; not part of the tests,
which need no Python.

usage: against_numpy.py PROGRAM [CASES] [SEED]
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import scipy.ndimage

BORDERS = {"reflect": "mirror", "periodic": "grid-wrap", "symmetric": "reflect", "replicate": "nearest",
           "constant": "grid-constant"}
TYPES = [np.float32, np.float64, np.float16, np.uint8, np.uint16, np.int16]


def values(random, dtype, shape):
    if np.issubdtype(dtype, np.floating):
        return random.standard_normal(shape).astype(dtype)
    return random.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, shape, endpoint=True).astype(dtype)


class Case:
    """One run of the program on files in a folder."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, array, words, more=None):
        source, target = os.path.join(self.folder, "in.npy"), os.path.join(self.folder, "out.npy")
        np.save(source, array)
        operands = [source]
        if more is not None:
            operands.append(os.path.join(self.folder, "more.npy"))
            np.save(operands[1], more)
        self.words = [self.program, words[0], *operands, "-o", target, *words[1:]]
        subprocess.run(self.words, check=True)
        return np.load(target)


def take(random, case):
    x = values(random, random.choice(TYPES), random.integers(1, 12, random.integers(1, 6)))
    axis = int(random.integers(-x.ndim, x.ndim))
    mode = random.choice(["strict", "wrap", "clamp"])
    reach = x.shape[axis] * (1 if mode == "strict" else 3)
    index = random.integers(-reach, reach, random.integers(1, 20)).astype(random.choice([np.int32, np.int64]))
    got = case.run(x, ["take", "--axis", str(axis), "--index-mode", mode], index)
    wanted = np.take(x, index, axis=axis, mode={"strict": "raise", "wrap": "wrap", "clamp": "clip"}[mode])
    return got.shape == wanted.shape and got.dtype == wanted.dtype and got.tobytes() == wanted.tobytes()


def pinv(random, case):
    dtype = random.choice([np.float32, np.float64])
    rows, columns, count = random.integers(1, 17), random.integers(1, 17), random.integers(1, 40)
    rank = random.integers(0, min(rows, columns) + 1)
    x = random.standard_normal((rows, rank, count)), random.standard_normal((rank, columns, count))
    x = np.einsum("ijn,jkn->ikn", *x)
    if random.random() < 0.5:
        x += random.standard_normal(x.shape)
    x = x.astype(dtype)
    rcond = 1e-4 if dtype == np.float32 else 1e-10
    got = case.run(x, ["pinv", "--axes", "0,1", "--rcond", str(rcond)])
    wanted = np.linalg.pinv(np.moveaxis(x.astype(np.float64), 2, 0), rcond=rcond)
    condition = np.linalg.norm(wanted, axis=(1, 2)) * np.linalg.norm(x, axis=(0, 1))
    bound = 32 * np.finfo(dtype).eps * (condition + 1) * np.linalg.norm(wanted, axis=(1, 2))
    return got.shape == wanted.shape and bool(np.all(np.abs(got - wanted) <= bound[:, None, None]))


def shift(random, case):
    order = int(random.choice([0, 1, 3]))
    dtype = random.choice(TYPES if order == 0 else [np.float32, np.float64])
    x = values(random, dtype, random.integers(1, 30, random.integers(1, 4)))
    by = random.integers(-40, 40, x.ndim) / (1 if order == 0 else 8)
    border = random.choice(list(BORDERS))
    method = {0: "whole", 1: "linear", 3: "cubic"}[order]
    words = ["shift", "--method", method, "--border", border, "--cval", "2", "--by", ",".join(map(str, by))]
    got = case.run(x, words)
    if order == 0 and border == "periodic":
        return got.tobytes() == np.roll(x, by.astype(int), tuple(range(x.ndim))).tobytes()
    if order == 0 and border != "constant":
        mode = {"reflect": "reflect", "symmetric": "symmetric", "replicate": "edge"}[border]
        pad = 41
        wanted = np.pad(x, pad, mode=mode)[tuple(slice(pad - int(t), pad - int(t) + n) for t, n in zip(by, x.shape))]
        return got.tobytes() == np.ascontiguousarray(wanted).tobytes()
    # scipy pads by twelve samples where the border holds one value, and takes a short cut into short symmetric lines:
    # where the border is continued by hand instead, it has the same limit
    pads = {"replicate": {"mode": "edge"}, "symmetric": {"mode": "symmetric"}, "constant": {"constant_values": 2}}
    pad = 60 if border in pads else 0
    y = np.pad(x.astype(np.float64), pad, **pads.get(border, {"mode": "edge"}))
    moved = scipy.ndimage.shift(y, by, order=max(order, 1) if border == "constant" else order, mode=BORDERS[border],
                                cval=2)
    wanted = moved[tuple(slice(pad, pad + n) for n in x.shape)]
    eps = np.finfo(dtype).eps if np.issubdtype(dtype, np.floating) else 0
    return bool(np.all(np.abs(got.astype(np.float64) - wanted) <= 64 * x.ndim * eps * (np.abs(x).max() + 2) + 1e-14))


def main():
    program, cases = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
    random = np.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(cases):
            case = Case(program, folder)
            for compare in (take, pinv, shift):
                if not compare(random, case):
                    failed += 1
                    print(f"case {number}: {compare.__name__} differs: {' '.join(case.words)}")
    print(f"{3 * cases} comparisons, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
