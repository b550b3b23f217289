# SPDX-License-Identifier: Apache-2.0
"""What records say: a peer's time divided by ours, row by row and summed up by group."""
import math
import statistics

from problem import Problem

ESTIMATE_LIMIT = 1.3  # how much slower than the best solver the chosen one may be before it is told


class Timed:
    """A record, read."""

    def __init__(self, record):
        self.group, self.call, self.line = record["group"], record["call"], record["line"]
        self.solver, self.seconds = record["solver"], record["seconds"]
        self.peers, self.solvers, self.failed = record["peers"], record["solvers"], record["failed"]
        self.host_seconds = record["host_seconds"]
        self.problem = Problem(self.line)
        self.peer = min(self.peers, key=self.peers.get, default=None)
        self.peer_seconds = self.peers.get(self.peer)

    @property
    def ratio(self):
        """The fastest peer's time divided by ours; None without a peer."""
        return self.peer_seconds / self.seconds if self.peer else None

    @property
    def host_ratio(self):
        """The same, where ours begins and ends with arrays in host memory and plans anew."""
        return self.peer_seconds / self.host_seconds if self.peer and self.host_seconds else None

    @property
    def best_solver(self):
        """The fastest of the other solvers that were forced; None if none were."""
        return min(self.solvers, key=self.solvers.get, default=None)

    @property
    def estimate_factor(self):
        """How many times slower the chosen solver is than the fastest; 1 if it is that."""
        best = self.best_solver
        return max(1.0, self.seconds / self.solvers[best]) if best else 1.0


class Summary:
    """Rows of a group, or of all: how many, how many below 1, the worst, the geometric mean."""

    def __init__(self, name, rows):
        self.name = name
        self.ratios = [row.ratio for row in rows if row.ratio]
        self.host_ratios = [row.host_ratio for row in rows if row.host_ratio]

    @property
    def rows(self):
        return len(self.ratios)

    @property
    def below(self):
        return sum(ratio < 1 for ratio in self.ratios)

    @property
    def worst(self):
        return min(self.ratios)

    @property
    def mean(self):
        return geometric_mean(self.ratios)

    @property
    def host_below(self):
        return sum(ratio < 1 for ratio in self.host_ratios)

    @property
    def host_mean(self):
        return geometric_mean(self.host_ratios) if self.host_ratios else math.nan


def geometric_mean(values):
    return math.exp(statistics.fmean(math.log(value) for value in values))


def timed(records):
    """The records that hold times."""
    return [Timed(record) for record in records if "error" not in record]


def slower(rows):
    """Those slower than a peer, worst first."""
    return sorted((row for row in rows if row.ratio and row.ratio < 1), key=lambda row: row.ratio)


def misjudged(rows):
    """Those whose solver another beats by more than the limit, worst first."""
    return sorted((row for row in rows if row.estimate_factor > ESTIMATE_LIMIT), key=lambda row: -row.estimate_factor)


def summaries(rows):
    """One a group that has rows with peers, in the order of the rows, and one of all."""
    groups = list(dict.fromkeys(row.group for row in rows if row.ratio))
    if not groups:
        return []
    return [Summary(group, [row for row in rows if row.group == group]) for group in groups] + [Summary("all", rows)]


def milliseconds(seconds):
    return f"{seconds * 1e3:.3g}" if seconds < 1 else f"{seconds * 1e3:.0f}"


def shown(ratio):
    """A ratio as it is printed: to two digits that count."""
    if ratio is None:
        return "-"
    if ratio < 0.0995:
        return f"{ratio:.2g}"
    return f"{ratio:.{0 if ratio >= 99.5 else 1 if ratio >= 9.95 else 2}f}"
