# SPDX-License-Identifier: Apache-2.0
"""What was timed, kept in a file, a line of JSON a row, so that a sweep that was interrupted goes on where it was."""
import hashlib
import json
import os


def digest(path):
    """Which build of the library it is."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:16]


class Store:
    """The records of one build of the library and one number of threads. Others' stay in the file."""

    def __init__(self, path, build, threads):
        self.path, self.marks = path, {"library": build, "threads": threads}
        self.records = {}
        for record in read_lines(path):
            if all(record.get(name) == value for name, value in self.marks.items()):
                self.records[record["line"], record["call"]] = record

    def find(self, row, with_solvers):
        """What a row took, if it is known; what failed is tried again."""
        record = self.records.get((row.line, row.call))
        if record is None or "error" in record or (with_solvers and not record["every_solver"]):
            return None
        return record

    def add(self, row, with_solvers, measured):
        """Keeps a row's record at once: the next may be interrupted."""
        known = {"group": row.group, "call": row.call, "line": row.line, "sigma": row.sigma,
                 "every_solver": with_solvers}
        record = self.marks | known | measured
        self.records[row.line, row.call] = record
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        return record


def read_lines(path):
    """The records of a file; a last line that was cut off is none."""
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        for text in file:
            try:
                yield json.loads(text)
            except json.JSONDecodeError:
                continue
