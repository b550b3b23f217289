# SPDX-License-Identifier: Apache-2.0
"""Problem lines and rows. A row is one call that a user makes: its group, what is called, and the problem line that
clfilter plans for it (clfilter/line.h explains lines)."""
import dataclasses
import math

# The rows and columns of the heat map: kernels by taps along their longest axis, tensors by elements.
KERNELS = ((7, "to 7 taps"), (31, "to 31 taps"), (math.inf, "long kernels"))
SIZES = ((1 << 14, "16 Ki"), (1 << 18, "256 Ki"), (1 << 20, "1 Mi"), (1 << 22, "4 Mi"), (math.inf, "more"))


class Problem:
    """A problem line, read."""

    def __init__(self, line):
        self.line = line
        self.operation, self.dtype, shape, *keys = line.split()
        self.shape = read_extents(shape)
        self.keys = dict(key.split("=", 1) for key in keys)

    @property
    def count(self):
        """Elements of the tensor whose shape the line says."""
        return math.prod(self.shape)

    def word(self, name, default=None):
        return self.keys.get(name, default)

    def extents(self, name):
        """The value of a key such as k=3x3; () if the line does not have it."""
        return read_extents(self.keys[name]) if name in self.keys else ()

    def numbers(self, name, default=()):
        """The value of a key such as by=3.25,-2.5."""
        return tuple(float(item) for item in self.keys[name].split(",")) if name in self.keys else tuple(default)

    def integer(self, name, default):
        """The first number of a list of whole numbers."""
        return int(self.numbers(name, (default,))[0])

    @property
    def is_bank(self):
        """Whether the kernel of a convolution is a bank of kernels over channels."""
        return len(self.extents("k")) > self.filtered_axes

    @property
    def filtered_axes(self):
        """How many axes a convolution filters: axes=, or the kernel's rank without a bank's two extents in front."""
        rank = len(self.extents("k"))
        return self.integer("axes", rank - 2 if rank > 3 else rank)

    @property
    def size_class(self):
        """Which column of the heat map the row stands in."""
        return next(name for limit, name in SIZES if self.count <= limit)


@dataclasses.dataclass(frozen=True)
class Row:
    """One call: `call` names it as the report and the heat map do; `sigma` is the width of a Gaussian whose taps the
    line can only say to be a sum of products."""
    group: str
    call: str
    line: str
    sigma: float = 0.0

    @property
    def problem(self):
        return Problem(self.line)


def read_extents(text):
    return tuple(int(extent) for extent in text.split("x"))


def extents(*values):
    """3, 480, 640 -> "3x480x640"."""
    return "x".join(str(value) for value in values)


def numbers(values):
    """As lists of a line are written: whole numbers without a point."""
    return ",".join(f"{value:g}" for value in values)


def keys(**values):
    """The words of a line that are not at their defaults: None stands for a default."""
    return "".join(f" {name}={value}" for name, value in values.items() if value is not None)


def kernel_class(*taps):
    """The kernel's length in words, for the names of calls."""
    return next(name for limit, name in KERNELS if max(taps) <= limit)


def gaussian_taps(sigma):
    """Taps of a Gaussian that is cut at four standard deviations, as SciPy cuts it."""
    return 2 * int(4 * sigma + 0.5) + 1
