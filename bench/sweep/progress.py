# SPDX-License-Identifier: Apache-2.0
"""How far a sweep is: on a terminal a bar that is written over, elsewhere nothing."""
import os
import sys
import time

BAR = 24


class Progress:
    """`count` rows are to be timed."""

    def __init__(self, count, file=sys.stderr):
        self.count, self.file, self.done, self.begin = count, file, 0, time.monotonic()
        self.shown = file.isatty()

    def show(self, row):
        """Before a row is timed."""
        if not self.shown:
            return
        filled = BAR * self.done // self.count
        text = (f"[{'#' * filled}{'.' * (BAR - filled)}] {self.done}/{self.count}, {self.left()}: {row.group}, "
                f"{row.line}")
        width = os.get_terminal_size(self.file.fileno()).columns if self.file.isatty() else 80
        self.file.write(f"\r\033[K{text[:width - 1]}")
        self.file.flush()

    def advance(self):
        self.done += 1

    def left(self):
        """The time left, in words, if the rest is like what was."""
        if self.done == 0:
            return "time left not known yet"
        seconds = (time.monotonic() - self.begin) / self.done * (self.count - self.done)
        return f"{seconds / 60:.0f} min left" if seconds >= 90 else f"{seconds:.0f} s left"

    def clear(self):
        if self.shown:
            self.file.write("\r\033[K")
            self.file.flush()
