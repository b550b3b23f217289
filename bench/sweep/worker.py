# SPDX-License-Identifier: Apache-2.0
"""The process that times: it has the peers' Python and runs on a processor of its own. It reads rows from its standard
input, a line of JSON each, and answers each with its record, so that the process that reports survives whatever another
library does. usage: worker.py LIBRARY THREADS EVERY_SOLVER"""
import json
import os
import sys


def main():
    path, threads, every_solver = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1"
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(record):
        answers.write(json.dumps(record) + "\n")
        answers.flush()

    import library
    import measure
    import peers
    from problem import Row
    context = library.Context(library.Library(path))
    versions, absent = peers.load(threads)
    answer({"device": context.device(), "versions": versions, "absent": absent})
    bench = measure.Bench(context, threads, every_solver)
    for text in sys.stdin:
        try:
            answer(bench.time(Row(**json.loads(text))))
        except (library.ClfilterError, MemoryError) as error:
            answer({"error": str(error) or type(error).__name__})


if __name__ == "__main__":
    main()
