# SPDX-License-Identifier: Apache-2.0
"""Where arrays come from, and where results go: what goes in comes out.

A place reads its arrays as what the extension takes (a NumPy array, or an Array on a device) and makes results of its
own kind. No other library is imported here unless one of its arrays is given.
"""

from __future__ import annotations

import sys
import threading

import numpy

from . import _clfilter, _dtypes
from ._array import Array, empty
from ._context import context as default_context
from ._errors import InvalidHandleError

_CUDA = (
    "{name} is in the memory of a CUDA device, which OpenCL cannot reach; copy it to the host first, as by {advice}, "
    "or filter a clfilter.Array on an OpenCL device"
)


class Numpy:
    """Arrays of the host, and everything that numpy.asarray makes one of."""

    on_device = False

    def context(self, x):
        return default_context()

    def read(self, x, name: str) -> numpy.ndarray:
        if type(x) is not numpy.ndarray:
            if isinstance(x, numpy.ma.MaskedArray):
                raise TypeError(f"{name} is a masked array, and what the mask hides would be filtered; fill it first")
            x = numpy.asarray(_to_host(x, name))
        dtype = x.dtype
        if dtype not in _dtypes.NAMES:
            if dtype.isnative or dtype.newbyteorder("=") not in _dtypes.NAMES:
                _dtypes.refuse(name, dtype)
            x = x.astype(dtype.newbyteorder("="))
        if not x.flags.aligned or _is_ambiguous(x):
            x = x.copy()
        return x

    def make(self, shape, dtype, context):
        made = numpy.empty(shape, dtype)
        return made, made

    def write(self, out, name: str):
        """An output that was given, as the extension takes it, and as it is handed back."""
        if not isinstance(out, numpy.ndarray) or isinstance(out, numpy.ma.MaskedArray):
            raise TypeError(f"{name} is a {type(out).__name__}; expected a numpy.ndarray, as the input is one")
        if not out.flags.writeable:
            raise ValueError(f"{name} is read-only")
        if out.dtype not in _dtypes.NAMES or not out.flags.aligned:
            known = ", ".join(map(str, _dtypes.NAMES))
            raise TypeError(f"{name} has elements of type {out.dtype}; expected one of {known}")
        return out, out


class Torch(Numpy):
    """Tensors of torch on the CPU: NumPy arrays of the same memory."""

    def read(self, x, name: str) -> numpy.ndarray:
        torch = sys.modules["torch"]
        if not isinstance(x, torch.Tensor):
            return super().read(x, name)
        _check_torch(torch, x, name)
        return super().read(x.detach().numpy(), name)

    def make(self, shape, dtype, context):
        made = numpy.empty(shape, dtype)
        return made, sys.modules["torch"].from_numpy(made)

    def write(self, out, name: str):
        torch = sys.modules["torch"]
        if not isinstance(out, torch.Tensor):
            raise TypeError(f"{name} is a {type(out).__name__}; expected a torch.Tensor, as the input is one")
        _check_torch(torch, out, name)
        return super().write(out.detach().numpy(), name)[0], out


class Device:
    """Arrays of clfilter."""

    on_device = True

    def context(self, x):
        return x.context

    def read(self, x, name: str) -> Array:
        if isinstance(x, Array):
            return x
        if isinstance(x, _clfilter.DeviceArray):
            return Array(x)
        raise TypeError(f"{name} is a {type(x).__name__}; expected a clfilter.Array, as the first array is one")

    def make(self, shape, dtype, context):
        made = empty(shape, dtype, context)
        return made, made

    def write(self, out, name: str):
        return self.read(out, name), out


class Pyopencl(Device):
    """Arrays of pyopencl, on their own queue. Their events are waited for by the device, and results carry one."""

    def context(self, x):
        return context_of_queue(_queue(x, "the array"))

    def read(self, x, name: str) -> Array:
        if isinstance(x, _clfilter.DeviceArray):
            return super().read(x, name)
        if not _is_pyopencl(x):
            kind = type(x).__name__
            raise TypeError(f"{name} is a {kind}; expected a pyopencl.array.Array, as the first array is one")
        item = x.dtype.itemsize
        if x.dtype not in _dtypes.NAMES:
            _dtypes.refuse(name, x.dtype)
        strides = [stride // item for stride in x.strides]
        context = self.context(x)
        shape = list(x.shape) or [1]
        if x.base_data is not None and not hasattr(x.base_data, "int_ptr"):
            raise TypeError(f"{name} is in shared virtual memory; expected a pyopencl.array.Array in a pyopencl.Buffer")
        buffer = x.base_data.int_ptr if x.base_data is not None else 0
        return Array(_clfilter.wrap(context, buffer, _dtypes.NAMES[x.dtype], shape, strides or [1], x.offset // item))

    def make_like(self, x, shape, dtype):
        array = sys.modules["pyopencl.array"]
        made = array.empty(_queue(x, "the array"), shape, dtype, allocator=x.allocator)
        return self.read(made, "out"), made

    def events(self, arrays) -> list:
        return [event for each in arrays if _is_pyopencl(each) for event in each.events]

    def finish(self, event: int, results) -> None:
        made = sys.modules["pyopencl"].Event.from_int_ptr(event, retain=False)
        for each in results:
            each.add_event(made)


class Foreign(Device):
    """Arrays of other libraries that lend OpenCL memory through DLPack. Their queues are not known, so results are
    complete when a call returns."""

    def context(self, x):
        return import_dlpack(x).context

    def read(self, x, name: str) -> Array:
        if isinstance(x, _clfilter.DeviceArray):
            return super().read(x, name)
        return import_dlpack(x)

    def make_like(self, x, shape, dtype):
        """The library's own array where it can make one; else a clfilter.Array."""
        if type(x).__module__.startswith("pyclesperanto"):
            made = sys.modules["pyclesperanto"].create(tuple(shape), dtype=dtype.type)
            return import_dlpack(made), made
        return self.make(shape, dtype, self.context(x))


NUMPY, TORCH, DEVICE, PYOPENCL, FOREIGN = Numpy(), Torch(), Device(), Pyopencl(), Foreign()


def of(x, name: str = "x"):
    """The place of an array."""
    if type(x) is numpy.ndarray:
        return NUMPY
    if isinstance(x, _clfilter.DeviceArray):
        return DEVICE
    library = type(x).__module__.partition(".")[0]
    if library == "torch":
        return TORCH
    if library == "pyopencl":
        if not _is_pyopencl(x):
            raise TypeError(
                f"{name} is a {type(x).__name__}, which has no shape; expected a pyopencl.array.Array, or "
                "clfilter.from_buffer(buffer, shape, dtype, queue=queue)"
            )
        return PYOPENCL
    if isinstance(x, numpy.ndarray) or not hasattr(x, "__dlpack_device__"):
        if hasattr(x, "__cuda_array_interface__"):
            raise InvalidHandleError(_CUDA.format(name=name, advice="copy_to_host()"))
        return NUMPY
    kind = int(x.__dlpack_device__()[0])
    if kind == 4:
        return FOREIGN
    if kind in (2, 13):
        raise InvalidHandleError(_CUDA.format(name=name, advice="x.get()" if library == "cupy" else "numpy.asarray(x)"))
    if kind != 1:
        raise InvalidHandleError(f"{name} is on a device of DLPack's type {kind}; expected 1, the host, or 4, OpenCL")
    return NUMPY


_lock = threading.Lock()
_wrapped: dict = {}


def _find_context(key, **objects):
    """The context on OpenCL objects that somebody else made. It holds them, so their addresses stay theirs."""
    with _lock:
        if key not in _wrapped:
            _wrapped[key] = _clfilter.Context(**objects)
        return _wrapped[key]


def context_of_queue(queue):
    """The context on a queue of pyopencl, made at its first use and kept."""
    address = queue.int_ptr
    return _find_context(
        ("queue", address), cl_context=queue.context.int_ptr, cl_device=queue.device.int_ptr, cl_queue=address
    )


def import_dlpack(x) -> Array:
    """An array of another library on OpenCL, on a context of ours that shares its OpenCL context."""
    capsule = x.__dlpack__()
    address = _clfilter.dlpack_context(capsule)
    default = default_context()
    context = default if default.cl_context == address else _find_context(("context", address), cl_context=address)
    return Array(_clfilter.import_dlpack(context, capsule))


def _is_pyopencl(x) -> bool:
    array = sys.modules.get("pyopencl.array")
    return array is not None and isinstance(x, array.Array)


def _queue(x, name: str):
    if x.queue is None:
        raise InvalidHandleError(f"{name} has no queue to work on; give it one by with_queue()")
    return x.queue


def _check_torch(torch, x, name: str) -> None:
    if x.device.type != "cpu":
        advice = "x.cpu()"
        if x.device.type == "cuda":
            raise InvalidHandleError(_CUDA.format(name=name, advice=advice))
        raise InvalidHandleError(f"{name} is on the device {x.device}; copy it to the host first, as by {advice}")
    if x.requires_grad and torch.is_grad_enabled():
        raise TypeError(
            f"{name} requires a gradient, which this function does not record; use clfilter.torch, or pass x.detach()"
        )
    if x.dtype == torch.bfloat16:
        raise TypeError(f"{name} has elements of type bfloat16; convert it, as by x.float()")


def _to_host(x, name: str):
    if isinstance(x, Array):
        return x.numpy()
    if type(x).__module__.partition(".")[0] == "torch":
        _check_torch(sys.modules["torch"], x, name)
    elif hasattr(x, "__cuda_array_interface__"):
        raise InvalidHandleError(_CUDA.format(name=name, advice="copy_to_host()"))
    return x


def _is_ambiguous(x: numpy.ndarray) -> bool:
    """True if strides are not whole elements, or all 0, which the library would take for a dense array."""
    item = x.itemsize
    if any(stride % item for stride in x.strides):
        return True
    return x.size > 1 and not any(x.strides) and 1 not in x.shape
