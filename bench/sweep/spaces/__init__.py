# SPDX-License-Identifier: Apache-2.0
"""The spaces of calls, a file each. A space has a NAME (its group), a SUMMARY, listed(): the rows that every full sweep
times, and drawn(random): a row of the same kind whose extents and parameters are drawn."""
import importlib
import random

FILES = ("signals", "volumes", "boxes", "gaussians", "planes", "types", "odd_sizes", "interleaved", "views", "strided",
         "small_images", "banks", "depthwise", "bank_gradients", "features", "matching", "normalised", "shifts",
         "selections", "matrices", "smoothness")
MOST_TRIES = 1000

SPACES = {space.NAME: space for space in (importlib.import_module(f"spaces.{name}") for name in FILES)}


def draw(group, count, seed):
    """The first `count` different rows that a seed gives; whatever other groups are drawn, and however many more."""
    source, rows = random.Random(f"{group} {seed}"), {}
    for _ in range(MOST_TRIES):
        if len(rows) == count:
            break
        row = SPACES[group].drawn(source)
        rows.setdefault((row.line, row.call), row)
    return list(rows.values())


def listed(group):
    """The whole listed space of a group, each row once."""
    return list(dict.fromkeys(SPACES[group].listed()))
