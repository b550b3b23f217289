# SPDX-License-Identifier: Apache-2.0
"""Which tests a source file has, and which of its lines change only speed. CONTRIBUTING describes the folders."""
import re

EVERY = "take- gradient- conv- shift- matrix- smoothness-"

# Operations of the case-line runner whose small lines are a quick test; each string is one run. An operation that is
# not here has the lines of its own name, the ctest entries that begin with it, and its unit tests.
SMALL = {
    "conv": ["conv corr"],
    "bank": ["banks"],
    "adjoint": ["conv_adjoint corr_adjoint"],
    "weights": ["conv_weights corr_weights"],
    "fourier": ["fconv fcorr", "fftconv"],
    "match": ["match normalised", "fftnormalised", "phase"],
    "gradient": ["gradient"],
    "backward": ["gradient_backward"],
    "features": ["laplace structure canny"],
    "take": ["take put_add strict"],
    "shift": ["shift", "fourier_shift"],
    "smoothness": ["smoothness"],
    "matrix": ["pinv inv det solve lstsq"],
}

# Patterns that match the whole name of a ctest entry.
DEFAULT = r"{0}(\..*)?|unit\.(\w+_)?{0}(\..*)?"
ENTRIES = {
    "conv": r"unit\.(bad_convolve|known|kernels|stream_conv)|(conv|corr)(\.gpu|\.torch|\.properties)?|properties",
    "bank": r"unit\.bad_convolve|conv\.banks(\.gpu)?|conv\.torch",
    "adjoint": r"unit\.bad_convolve|conv\.(adjoint|gradients\.gpu|properties)",
    "weights": r"unit\.bad_convolve|conv\.(weights|gradients\.gpu|properties)",
    "fourier": r"unit\.fft|fourier(\..*)?",
    "match": r"unit\.match|match(\..*)?|phase",
    "gradient": r"unit\.(bad_gradient|known)|gradient(\.gpu)?|properties",
    "backward": r"unit\.backward|gradient_backward(\.gpu)?",
    "features": r"unit\.features(\.gpu)?|unit\.stream_features|features(\.gpu)?",
    "smoothness": r"unit\.(backward|loss_range|stream_operations)|smoothness(\..*)?",
    "take": r"unit\.(take|stream_operations)|take(\.gpu)?",
    "shift": r"unit\.(shift|stream_operations)|shift(\..*)?",
    "matrix": r"unit\.(matrix(_layouts)?|pairs|stream_operations)|matrix(\.gpu)?",
    "lines": r"unit\.(line|warmup|names)(\.comma|\.locale)?|numbers(\..*)?",
    "unit": r"unit\..*",
    "fault": r"fault\..*|limits(\..*)?",
    "cli": r"cli\..*",
}

# The first row whose pattern matches the start of a path lists the file's tests: names in SMALL and ENTRIES, in the
# order in which the tests run until their times are known. A "-" after a name means its small lines only.
ROOMS = [
    (r"src/cli/", "cli"),
    (r"src/base/(alloc|status)", "unit fault"),
    (r"src/base/", "unit cli"),
    (r"src/rt/", "unit gradient- take- fault"),
    (r"src/(plan|choose|stream)/", "unit gradient- take- conv- fault"),
    (r"src/fft/", "fourier match shift fault"),
    (r"(src/ops|cl)/conv/adjoint", "adjoint conv- lines"),
    (r"(src/ops|cl)/conv/weights", "weights conv- lines"),
    (r"(src/ops|cl)/conv/bank", "bank conv-"),
    (r"(src/ops|cl)/conv/(dft|fft|fourier|tile)", "fourier conv match"),
    (r"(src/ops|cl)/conv/match", "match lines"),
    (r"(src/ops|cl)/conv/(direct|separable|low_rank)|cl/conv/rows", "conv adjoint-"),
    (r"src/ops/conv/named", "conv cli"),
    (r"(src/ops|cl)/conv/", "conv bank adjoint weights lines"),
    (r"(src/ops|cl)/gradient/back", "backward gradient- lines"),
    (r"(src/ops|cl)/gradient/(canny|laplace|structure|features)", "features gradient- lines"),
    (r"(src/ops|cl)/gradient/", "gradient backward features lines"),
    (r"(src/ops|cl)/(?!inc/|rt/)(?P<operation>\w+)/", "{operation} lines"),
    (r"src/ops/border", f"lines unit {EVERY} fourier-"),
    (r"src/ops/", f"lines unit {EVERY}"),
    (r"cl/inc/root", "gradient backward features"),
    (r"cl/inc/", f"{EVERY} fourier features adjoint"),
    (r"src/|cl/", "unit"),
]

# Lines that change only speed: patterns of path, of function or table, and of text, all three of which match.
SPEED = [
    (r"src/(ops|fft)/", r"^(\w*_)?(estimate|cost|seconds)(_\w*)?$|^moved$|^count_flops$", r""),
    (r"src/ops/", r"^(preferred_\w+|choose_(block|shape|rows|slices)|columns_of_item|find_lead|fetch_ahead)$", r""),
    (r"src/ops/", r"^(past_cache|stores_past)$", r"bytes"),
    (r"src/ops/", r"^(blocks|tiles|shapes|sizes|stream_bytes|pieces_factor|variants)$", r""),
    (r"src/ops/", r"^enum$", r"\b(MOST_|LEAST_|GPU_LOCAL|LOCAL_|ITEMS_PER|SLOTS_PER|CHUNK_)"),
    (r"src/ops/", r"", r"\b(rows|items|columns)_each = |\bseconds\b|\bahead\b|cost(\.|->)(bytes|flops)"),
    (r"src/ops/", r"", r"\.local = \d"),
    (r"src/rt/(profile|peaks)|src/cli/bench", r"", r""),
    (r"cl/peaks", r"", r""),
    (r"cl/", r"", r"\bFETCH|\bfetch\w*\(|prefetch|\bahead\b|\bAHEAD\b|unroll"),
    (r"cl/", r"^(FETCH\w*|fetch\w*|find_ahead|AHEAD|TILE_INLINE|INLINE|BODY)$", r""),
]


class Table:
    """The rows above, looked up by path."""

    @staticmethod
    def mutates(path):
        """True for the library, the program and the OpenCL kernels; src/check is test code."""
        return re.match(r"(src/(?!check/)|cl/).*\.(c|h|cl)$", path) is not None

    def speed_alone(self, path, line):
        return any(re.match(file, path) and re.search(where, line.where or "") and re.search(text, line.text)
                   for file, where, text in SPEED)

    def parts(self, path):
        for pattern, parts in ROOMS:
            found = re.match(pattern, path)
            if found:
                return parts.format(**found.groupdict()).split()
        return []

    def tests(self, path, entries):
        """The tests of a file: (True, a ctest entry) or (False, operations for the case-line runner)."""
        found = []
        for part in self.parts(path):
            name, whole = part.rstrip("-"), not part.endswith("-")
            pattern = ENTRIES.get(name, DEFAULT.format(name))
            found += [(False, names) for names in SMALL.get(name, [] if name in ENTRIES else [name])]
            found += [(True, entry) for entry in entries if whole and re.fullmatch(pattern, entry)]
        return list(dict.fromkeys(found))
