# SPDX-License-Identifier: Apache-2.0
"""Serves one Python peer to the bench.

usage: serve.py MODULE FOLDER THREADS

FOLDER/problem.txt holds the problem line, and type and shape of each input and of the output; the
inputs are raw files beside it. MODULE.prepare(problem) gives a function that executes once and returns the answer.
Says "ready", or why not; then for each line on stdin: "run N" executes N times and says the seconds they took, "result"
writes the last answer to FOLDER/result and says "written".
"""
import importlib
import os
import sys
import time


class Problem:
    """What is to be computed: the words of the line, the inputs as arrays, and the output's type and shape."""

    def __init__(self, folder, threads):
        import numpy

        dtypes = {"f32": "f4", "f64": "f8", "f16": "f2", "u8": "u1", "u16": "u2", "i16": "i2", "i32": "i4", "i64": "i8"}
        with open(os.path.join(folder, "problem.txt"), encoding="ascii") as file:
            lines = file.read().splitlines()
        words = lines[0].split()
        self.operation = words[0]
        self.keys = dict(word.split("=", 1) for word in words[1:] if "=" in word)
        self.threads = threads
        arrays = []
        for line in lines[1:]:
            dtype, shape = line.split()
            arrays.append((numpy.dtype(dtypes[dtype]), tuple(int(extent) for extent in shape.split("x"))))
        self.inputs = [
            numpy.fromfile(os.path.join(folder, f"input{i}"), dtype).reshape(shape)
            for i, (dtype, shape) in enumerate(arrays[:-1])
        ]
        self.dtype, self.shape = arrays[-1]

    def only(self, operations, keys):
        """Refuses a problem with another operation, or with a word that the peer would ignore."""
        if self.operation not in operations:
            raise ValueError(f"it does not do '{self.operation}'")
        for key in set(self.keys) - set(keys) - {"solver", "seed"}:
            raise ValueError(f"it does not know '{key}={self.keys[key]}'")


def main():
    name, folder, threads = sys.argv[1:]
    # Libraries count the threads that they may use when they are loaded.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = threads
    answer = None
    try:
        problem = Problem(folder, int(threads))
        execute = importlib.import_module(name).prepare(problem)
    except (ImportError, ValueError) as error:
        print(" ".join(str(error).split()))
        return
    print("ready")
    for line in sys.stdin:
        words = line.split()
        if words[0] == "run":
            start = time.perf_counter()
            for _ in range(int(words[1])):
                answer = execute()
            print(f"{time.perf_counter() - start:.9f}")
        else:
            converted = answer.astype(problem.dtype, copy=False).reshape(problem.shape)
            converted.tofile(os.path.join(folder, "result"))
            print("written")


if __name__ == "__main__":
    main()
