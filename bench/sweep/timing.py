# SPDX-License-Identifier: Apache-2.0
"""Calls timed in turn, round after round. What counts is the median of the rounds."""
import statistics
import time

SAMPLE_SECONDS = 0.004
FEWEST_ROUNDS, MOST_ROUNDS = 3, 15
SLOW_SECONDS = 0.5  # a peer's call of this length is timed twice, no more
OURS = "clfilter"


def seconds_of(call, repeats=1):
    """The mean of so many calls."""
    begin = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - begin) / repeats


class Entry:
    """A call and how often a sample makes it: as often as fills a sample, for the clock is no finer."""

    def __init__(self, name, call):
        self.name, self.call, self.samples = name, call, []
        first = seconds_of(call)
        self.seconds = first if first > 1.5 else seconds_of(call)
        self.repeats = self.fill()
        if self.seconds < 0.001:
            self.seconds = seconds_of(call, self.repeats)
            self.repeats = self.fill()

    def fill(self):
        return max(1, min(5000, int(SAMPLE_SECONDS / max(self.seconds, 1e-7))))

    def sample(self):
        self.samples.append(seconds_of(self.call, self.repeats))


def in_turn(calls, budget=0.35):
    """Times calls by name. Returns their medians in seconds, and what failed, with its sentence. `budget` is how many
    seconds all rounds may take where more rounds than the fewest are wanted."""
    entries, failed = [], {}
    for name, call in calls.items():
        try:
            entries.append(Entry(name, call))
        except Exception as error:  # whatever another library raises is its own affair
            failed[name] = f"{type(error).__name__}: {error}"
    total = sum(entry.seconds * entry.repeats for entry in entries)
    rounds = int(max(FEWEST_ROUNDS, min(MOST_ROUNDS, budget / max(total, 1e-9))))
    for number in range(rounds):
        for entry in entries:
            if number < 2 or entry.seconds <= SLOW_SECONDS or entry.name == OURS:
                entry.sample()
    return {entry.name: statistics.median(entry.samples) for entry in entries}, failed
