# SPDX-License-Identifier: Apache-2.0
"""Mutants of a line, made by universalmutator's rules for C."""
import glob
import os
import subprocess

import lines


class Generator:
    """`program` is universalmutator's `mutate`; `folder` is where it may write."""

    def __init__(self, program, folder):
        self.program, self.folder = os.path.abspath(program), folder
        os.makedirs(folder, exist_ok=True)

    def make(self, text, line):
        """What the line may become: texts of one or two lines, each once, in an order that does not vary."""
        # The tool skips lines with comments and breaks a macro's continued lines, so it is given neither.
        source = lines.without_comments(text).split("\n")
        source[line.number - 1] = line.text
        for name in glob.glob(os.path.join(self.folder, "*")):
            os.remove(name)
        with open(os.path.join(self.folder, "source.c"), "w", encoding="utf-8") as file:
            file.write("\n".join(source))
        with open(os.path.join(self.folder, "lines"), "w", encoding="utf-8") as file:
            file.write(f"{line.number}\n")
        subprocess.run([self.program, "source.c", "c", "--noCheck", "--mutantDir", ".", "--lines", "lines"],
                       cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
        found = {}
        for name in glob.glob(os.path.join(self.folder, "source.mutant.*")):
            with open(name, encoding="utf-8") as file:
                made = file.read().split("\n")
            after = "\n".join(made[line.number - 1:line.number + len(made) - len(source)])
            if self.counts(line, after):
                found.setdefault(lines.normal(after), after)
        return [found[key] for key in sorted(found)]

    @staticmethod
    def counts(line, after):
        """Whether the change is more than white space or texts, and outside calls that only report."""
        if lines.normal(lines.without_strings(after)) == lines.normal(lines.without_strings(line.text)):
            return False
        rest = line.text[line.report_column():]
        return not rest or after.endswith(rest) or after.lstrip().startswith("/*")


def with_line(text, line, after):
    """The text with the line replaced. The lines of a macro are still continued."""
    kept = text.split("\n")
    made = after.split("\n")
    if line.continued:
        made = [part + " \\" for part in made]
    kept[line.number - 1:line.number] = made
    return "\n".join(kept)
