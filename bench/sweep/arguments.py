# SPDX-License-Identifier: Apache-2.0
"""The command line of the sweep."""
import argparse
import difflib
import sys

import spaces

ROWS = 24

DESCRIPTION = """\
Times clfilter in turn with the fastest peers over the whole space of calls, where ./dev bench times a list that was
chosen. A group is a space of calls: image sizes, kernels, types and layouts are drawn from it. Prints the rows that
are slower than a peer, worst first, and a line a group."""
EPILOG = """\
The first run makes a virtual environment in build/sweep for the peers. What is timed is kept in
build/sweep/results.jsonl: a row that it holds for this build of the library is not timed again. CLF_DEVICE selects the
device. The exit status is 1 if a row fails, 2 if the command line is wrong; a row slower than a peer is a result, no
failure."""


def whole(low):
    """Reads a whole number from `low` up."""
    def read(words):
        if not words.isdigit() or int(words) < low:
            raise argparse.ArgumentTypeError(f"'{words}' is not a whole number from {low} up")
        return int(words)
    return read


def parser():
    groups = "\n".join(f"  {space.NAME:10} {space.SUMMARY}" for space in spaces.SPACES.values())
    made = argparse.ArgumentParser(prog="./dev bench sweep", description=DESCRIPTION, allow_abbrev=False,
                                   epilog=f"groups:\n{groups}\n\n{EPILOG}",
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("groups", nargs="*", metavar="GROUP", help="the groups to time; all of them without any")
    made.add_argument("--rows", type=whole(1), default=ROWS, metavar="N",
                      help=f"rows to draw from each group (default {ROWS}: some 20 minutes for all groups)")
    made.add_argument("--seed", type=whole(0), default=1, metavar="S", help="what they are drawn by (default 1)")
    made.add_argument("--full", action="store_true", help="time the whole listed space instead: half an hour or more")
    made.add_argument("--list", action="store_true", help="list the rows without timing them")
    made.add_argument("--again", action="store_true", help="time again what build/sweep holds for this build")
    made.add_argument("--threads", type=whole(1), default=1, metavar="N", help="threads a side (default 1, pinned)")
    made.add_argument("--solvers", action="store_true",
                      help="force every other solver too, and tell where the estimate is beyond 1.3 x the best")
    made.add_argument("--json", metavar="FILE", help="write the records")
    made.add_argument("--svg", metavar="FILE", help="draw a heat map: calls by sizes")
    made.add_argument("--markdown", metavar="FILE", help="write the tables of docs/bench.md; - is standard output")
    made.add_argument("--from", dest="recorded", metavar="FILE", help="report what --json wrote, without timing")
    made.add_argument("--library", help=argparse.SUPPRESS)
    made.add_argument("--folder", default="build/sweep", help=argparse.SUPPRESS)
    return made


def read(words):
    """The arguments; ends the program where a group has no such name."""
    made = parser()
    arguments = made.parse_args(words)
    for name in arguments.groups:
        if name not in spaces.SPACES:
            near = difflib.get_close_matches(name, spaces.SPACES, 1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            print(f"sweep: there is no group '{name}'{meant}; the groups are {' '.join(spaces.SPACES)}",
                  file=sys.stderr)
            sys.exit(2)
    arguments.groups = list(dict.fromkeys(arguments.groups)) or list(spaces.SPACES)
    return arguments
