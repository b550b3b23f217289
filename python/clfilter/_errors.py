# SPDX-License-Identifier: Apache-2.0
"""Failures as exceptions: one class a status of the library, each also of the builtin class that Python would raise."""

from __future__ import annotations


class Error(Exception):
    """What the library refused or could not do; the message is its own sentence.

    Attributes
    ----------
    status : str
        The name of the status in C, such as ``"CLF_SHAPE_MISMATCH"``.
    cl_code : int
        The OpenCL error that caused it; 0 if there is none.
    """

    status = "CLF_UNKNOWN_STATUS"
    cl_code = 0


class NullArgumentError(Error, TypeError):
    """Something that is needed was not given."""

    status = "CLF_NULL_ARGUMENT"


class InvalidValueError(Error, ValueError):
    """An option has a value that is not allowed."""

    status = "CLF_INVALID_VALUE"


class InvalidHandleError(Error, RuntimeError):
    """Something belongs to another context, another device or another process."""

    status = "CLF_INVALID_HANDLE"


class InvalidViewError(Error, ValueError):
    """An array has a rank, an extent or a stride that the operation cannot have."""

    status = "CLF_INVALID_VIEW"


class ShapeMismatchError(Error, ValueError):
    """Two shapes that must agree do not."""

    status = "CLF_SHAPE_MISMATCH"


class DtypeMismatchError(Error, TypeError):
    """The operation does not accept this element type here."""

    status = "CLF_DTYPE_MISMATCH"


class OutOfBoundsError(Error, ValueError):
    """A view reaches outside its buffer."""

    status = "CLF_OUT_OF_BOUNDS"


class OverlapError(Error, ValueError):
    """An output overlaps itself or an input."""

    status = "CLF_OVERLAP"


class InvalidOriginError(Error, ValueError):
    """The origin moves the centre outside the kernel."""

    status = "CLF_INVALID_ORIGIN"


class KernelTooLargeError(Error, ValueError):
    """In valid mode the kernel is larger than the input."""

    status = "CLF_KERNEL_TOO_LARGE"


class NoPlatformError(Error, RuntimeError):
    """No OpenCL platform is installed."""

    status = "CLF_NO_PLATFORM"


class NoDeviceError(Error, RuntimeError):
    """No OpenCL device matches the request."""

    status = "CLF_NO_DEVICE"


class UnsupportedError(Error, NotImplementedError):
    """The device lacks what the operation needs."""

    status = "CLF_UNSUPPORTED"


class BuildFailedError(Error, RuntimeError):
    """The device's compiler refused a program."""

    status = "CLF_BUILD_FAILED"


class OutOfMemoryError(Error, MemoryError):
    """Host memory ran out."""

    status = "CLF_OUT_OF_MEMORY"


class OutOfDeviceMemoryError(Error, MemoryError):
    """Device memory ran out."""

    status = "CLF_OUT_OF_DEVICE_MEMORY"


class DeviceError(Error, RuntimeError):
    """An OpenCL call failed."""

    status = "CLF_DEVICE_ERROR"


class NoSolverError(Error, ValueError):
    """No solver can solve the problem with these options."""

    status = "CLF_NO_SOLVER"


class ParseError(Error, ValueError):
    """A text does not describe a problem, or names no kernel."""

    status = "CLF_PARSE_ERROR"


class OutOfRangeError(Error, IndexError):
    """An index is outside its axis."""

    status = "CLF_OUT_OF_RANGE"


class FileError(Error, OSError):
    """A file could not be read or written."""

    status = "CLF_FILE_ERROR"


class BudgetTooSmallError(Error, ValueError):
    """A stream may use less memory than its smallest slab needs."""

    status = "CLF_BUDGET_TOO_SMALL"


classes = {each.status: each for each in Error.__subclasses__()}
__all__ = [each.__name__ for each in classes.values()]


def from_status(status: str, message: str, cl_code: int = 0) -> Error:
    """The exception for a status, not raised."""
    if status == NoPlatformError.status:
        message += "; on x86-64 processors, pip install 'clfilter[intel]' brings one along"
    made = classes.get(status, Error)(message)
    made.status = status
    made.cl_code = cl_code
    return made
