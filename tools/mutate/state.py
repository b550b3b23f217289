# SPDX-License-Identifier: Apache-2.0
"""The result of each draw, kept in a file so that an interrupted run can be resumed; and mutants known to be equal."""
import json
import os

import lines

# Results that count; and for the others, why they do not.
COUNTED = ("killed", "survived")
NOT_COUNTED = {"none": "no mutant of the line", "again": "drawn before", "uncompiled": "does not compile",
               "equal": "compiles to the same code", "explained": "explained as equal", "speed": "changes only speed",
               "gone": "the line is no longer there"}


def save_json(path, data):
    """Replaces the file only when all of it is written."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
    os.replace(path + ".new", path)


def load_json(path, otherwise):
    if not os.path.exists(path):
        return otherwise
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class State:
    """`draws` maps the number of a draw, as text, to what was drawn and its result."""

    def __init__(self, path, seed):
        self.path = path
        self.data = load_json(path, {"seed": seed, "draws": {}, "seconds": 0})

    def draws(self, *results):
        chosen = sorted(self.data["draws"].items(), key=lambda item: int(item[0]))
        return [draw for _, draw in chosen if not results or draw["result"] in results]

    def counted(self):
        return len(self.draws(*COUNTED))

    def known(self, number):
        return str(number) in self.data["draws"]

    def record(self, number, draw):
        self.data["draws"][str(number)] = draw
        self.save()

    def save(self):
        killed, survived = len(self.draws("killed")), len(self.draws("survived"))
        self.data["summary"] = {"killed": killed, "survived": survived,
                                "share": killed / (killed + survived) if killed + survived else None,
                                **{name: len(self.draws(name)) for name in NOT_COUNTED}}
        save_json(self.path, self.data)

    def has(self, path, before, after):
        """Whether this very mutant was drawn before."""
        return any(draw["file"] == path and draw["before"] == before and draw.get("after") == after
                   for draw in self.data["draws"].values())


def mutant_key(path, before, after):
    return path, lines.normal(before), lines.normal(after)


def read_equal(path):
    """Mutants explained as equal, by file and tokens. The file has blocks separated by empty lines: the path; "- " and
    the line; "+ " and what it becomes, on one line or two; then the reason. Lines that begin with '#' are comments."""
    found = {}
    if not os.path.exists(path):
        return found
    with open(path, encoding="utf-8") as file:
        text = "\n".join(line for line in file.read().split("\n") if not line.startswith("#"))
    for block in text.split("\n\n"):
        rows = block.strip("\n").split("\n")
        if rows == [""]:
            continue
        before = [row[2:] for row in rows if row.startswith("- ")]
        after = [row[2:] for row in rows if row.startswith("+ ")]
        why = " ".join(row.strip() for row in rows[1:] if row[:2] not in ("- ", "+ "))
        if len(before) != 1 or not why:
            raise ValueError(f"{path}: expected a path, one '- ' line, '+ ' lines and a reason:\n{block}")
        # "+ " alone: the line is gone, which the tool writes as a comment.
        found[mutant_key(rows[0], before[0], "\n".join(after))] = why
    return found
