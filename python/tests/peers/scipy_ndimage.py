# SPDX-License-Identifier: Apache-2.0
"""SciPy's own tests of scipy.ndimage, run on clfilter.ndimage.

Prints how many passed, failed and stopped at something missing. A failure is expected if a line of scipy_ndimage.txt
gives its reason; any other, and a reason that nothing needs any more, makes the exit status 1. Arguments go to pytest.
"""

import collections
import fnmatch
import functools
import pathlib
import sys

import clfilter.ndimage
import pytest
import scipy
from scipy import ndimage
from scipy._lib import _array_api

FOLDER = pathlib.Path(ndimage.__file__).parent / "tests"
REASONS = pathlib.Path(__file__).with_suffix(".txt")


class Stopped(BaseException):
    """Not an Exception, so that no test takes it for an error that it expects."""


def read_reasons() -> list[tuple[str, str]]:
    """Patterns of tests' names, each with why they fail."""
    lines = [line for line in REASONS.read_text().splitlines() if line and not line.startswith("#")]
    return [tuple(part.strip() for part in line.split(" | ", 1)) for line in lines]


class Results:
    """A pytest plugin that counts what became of every test that calls a function of scipy.ndimage."""

    def __init__(self):
        self.called = False
        self.stopped = None
        self.passed = 0
        self.failed = {}
        self.missing = collections.Counter()
        self.elsewhere = 0

    def replace(self, name: str) -> None:
        """Puts clfilter's function, or one that stops the test, in the place of SciPy's."""
        theirs = getattr(ndimage, name)
        ours = None if name in clfilter.ndimage.missing else getattr(clfilter.ndimage, name)

        @functools.wraps(theirs)
        def call(*args, **kwargs):
            self.called = True
            if ours is None:
                self.stopped = name
                raise Stopped
            try:
                return ours(*args, **kwargs)
            except NotImplementedError as error:
                self.stopped = str(error)
                raise Stopped from error

        if theirs in _array_api.xp_capabilities_table:
            _array_api.xp_capabilities_table[call] = _array_api.xp_capabilities_table[theirs]
        setattr(ndimage, name, call)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        self.called, self.stopped = False, None
        try:
            return (yield)
        except Stopped:
            pytest.skip(f"missing: {self.stopped}")

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and self.stopped is not None:
            self.missing[self.stopped] += 1
        elif report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.failed[report.nodeid.rpartition("/")[2]] = crash.message if crash else str(report.longrepr)
        elif report.when == "call" and report.passed:
            if self.called:
                self.passed += 1
            else:
                self.elsewhere += 1


def explain(failed: dict, reasons) -> int:
    """Prints every failure with its reason; returns how many failures have none, and reasons no failure."""
    counts, unexplained = collections.Counter(), 0
    for test, message in failed.items():
        found = next((each for each in reasons if fnmatch.fnmatchcase(test, each[0])), None)
        counts[found] += 1
        if found is None:
            unexplained += 1
            print(f"  {test}: NO REASON IS GIVEN: {' '.join(message.split())[:300]}")
    for pattern, reason in reasons:
        if counts[pattern, reason] == 0:
            unexplained += 1
            print(f"  {pattern}: fails no more; take it out of {REASONS.name}")
        else:
            print(f"  {counts[pattern, reason]:4d} {pattern}: {reason}")
    return unexplained


def main(arguments) -> int:
    results = Results()
    for name in [*clfilter.ndimage.__all__, *clfilter.ndimage.missing]:
        if hasattr(ndimage, name):
            results.replace(name)
    files = [str(path) for path in sorted(FOLDER.glob("test_*.py"))]
    quiet = ["-q", "--no-header", "--no-summary", "--tb=short", "-p", "no:cacheprovider", "-p", "no:warnings"]
    status = pytest.main([*quiet, *files, *arguments], plugins=[results])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return int(status)
    missing = sum(results.missing.values())
    print(f"\nscipy {scipy.__version__}: {results.passed} passed, {len(results.failed)} failed, {missing} missing")
    print(f"({results.elsewhere} more call no function of scipy.ndimage)")
    print("failed:")
    unexplained = explain(results.failed, read_reasons())
    print("missing:")
    for name, count in results.missing.most_common():
        print(f"  {count:4d} {name}")
    return 1 if unexplained or results.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
