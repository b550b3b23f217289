# SPDX-License-Identifier: Apache-2.0
"""Element types: NumPy's as the library's."""

from __future__ import annotations

import numpy

from ._errors import DtypeMismatchError

# The library's name of each type that it has.
NAMES: dict[numpy.dtype, str] = {
    numpy.dtype("float32"): "f32",
    numpy.dtype("float64"): "f64",
    numpy.dtype("float16"): "f16",
    numpy.dtype("uint8"): "u8",
    numpy.dtype("uint16"): "u16",
    numpy.dtype("int16"): "i16",
    numpy.dtype("int32"): "i32",
    numpy.dtype("int64"): "i64",
}
DTYPES: dict[str, numpy.dtype] = {name: dtype for dtype, name in NAMES.items()}
FLOAT32 = numpy.dtype("float32")
FLOAT64 = numpy.dtype("float64")
UINT8 = numpy.dtype("uint8")


def find(dtype) -> numpy.dtype:
    """The NumPy type of a name such as ``"f32"``, or of anything that numpy.dtype takes."""
    if isinstance(dtype, str) and dtype in DTYPES:
        return DTYPES[dtype]
    found = numpy.dtype(dtype).newbyteorder("=")
    if found not in NAMES:
        refuse("dtype", found)
    return found


def refuse(name: str, dtype: numpy.dtype):
    """Raise for a type that no operation takes, and say what to do."""
    hints = {
        "O": "object arrays hold Python objects; convert it, as by numpy.asarray(x, dtype='float32')",
        "c": "filter its real and its imaginary part",
        "b": "convert it, as by x.astype('uint8')",
        "U": "text is not filtered",
        "S": "text is not filtered",
        "V": "filter its fields one by one",
    }
    hint = hints.get(dtype.kind, "convert it, as by x.astype('float32')")
    raise DtypeMismatchError(f"{name} has elements of type {dtype}; expected {', '.join(map(str, NAMES))}: {hint}")


def arithmetic(dtype: numpy.dtype) -> numpy.dtype:
    """The type of what is computed from elements of a type: float64 of that type, else float32."""
    return FLOAT64 if dtype == FLOAT64 else FLOAT32
