# SPDX-License-Identifier: Apache-2.0
"""clfilter.Array: a tensor in device memory."""

from __future__ import annotations

import operator

import numpy
from numpy import ndarray

from . import _clfilter, _dtypes
from ._context import context as default_context
from ._errors import OutOfRangeError


class Array(_clfilter.DeviceArray):
    """A tensor in device memory: shape, strides, offset, element type, and a share of its memory.

    Operations on arrays return arrays and do not wait for the device. Slices, transposes and flips are views of the
    same memory. ``numpy.asarray(array)`` waits and copies to the host; :func:`asarray` copies to the device.
    ``__dlpack__`` lends the memory to other libraries on OpenCL.

    Attributes
    ----------
    shape, strides : tuple of int
        Extents, and elements (not bytes) from one index to the next.
    dtype : numpy.dtype
    context : Context
        Whose device and queue it is on.
    cl_mem : int
        The address of the OpenCL memory object, as pyopencl's ``int_ptr``.

    Examples
    --------
    >>> import clfilter, numpy
    >>> a = clfilter.asarray(numpy.arange(6, dtype="float32").reshape(2, 3))
    >>> a[:, ::-1].T.numpy()
    array([[2., 5.],
           [1., 4.],
           [0., 3.]], dtype=float32)
    """

    @property
    def dtype(self) -> numpy.dtype:
        return _dtypes.DTYPES[self.dtype_name]

    @property
    def nbytes(self) -> int:
        return self.size * self.dtype.itemsize

    @property
    def T(self) -> Array:
        return self.transpose()

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        return f"clfilter.Array(shape={self.shape}, dtype={self.dtype}, device={self.context.device['name']!r})"

    def transpose(self, *axes) -> Array:
        """The array with its axes in another order; without arguments, reversed."""
        if len(axes) == 1 and isinstance(axes[0], (tuple, list)):
            axes = tuple(axes[0])
        return Array(self.permute(list(axes or range(self.ndim - 1, -1, -1))))

    def reshape(self, *shape) -> Array:
        """The elements of a dense array in another shape; one extent may be -1."""
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = tuple(shape[0])
        known = 1
        for extent in shape:
            known *= extent if extent != -1 else 1
        return Array(super().reshape([self.size // max(known, 1) if extent == -1 else extent for extent in shape]))

    def __getitem__(self, key) -> Array:
        keys = list(key) if isinstance(key, tuple) else [key]
        missing = self.ndim - sum(1 for each in keys if each is not None and each is not Ellipsis)
        if missing < 0:
            raise OutOfRangeError(f"{len(keys)} indices for an array of {self.ndim} axes")
        if Ellipsis in keys:
            place = keys.index(Ellipsis)
            keys[place : place + 1] = [slice(None)] * missing
        view: _clfilter.DeviceArray = self
        axis = 0
        for each in keys:
            if each is None:
                view, axis = view.insert_axis(axis), axis + 1
            elif isinstance(each, slice):
                view, axis = _slice(view, axis, each), axis + 1
            else:
                view = view.select(axis, operator.index(each))
        return Array(view)

    def __setitem__(self, key, value) -> None:
        target = self[key]
        if isinstance(value, _clfilter.DeviceArray):
            value = Array(value).numpy()
        target.upload(numpy.ascontiguousarray(numpy.broadcast_to(numpy.asarray(value, self.dtype), target.shape)))

    def numpy(self) -> ndarray:
        """Wait for the device and copy the array to the host."""
        result = numpy.empty(self.shape, self.dtype)
        self.download(result)
        return result

    def copy(self) -> Array:
        """A dense copy in memory of its own."""
        return asarray(self.numpy(), self.context)

    def __array__(self, dtype=None, copy=None) -> ndarray:
        if copy is False:
            raise ValueError("a clfilter.Array is in device memory; NumPy can only have a copy of it")
        result = self.numpy()
        return result if dtype is None else result.astype(dtype, copy=False)

    def __dlpack__(self, *, stream=None, **_):
        return self.export_dlpack()

    def __dlpack_device__(self) -> tuple[int, int]:
        return (4, 0)


def _slice(view, axis: int, key: slice):
    start, stop, step = key.indices(view.shape[axis])
    count = len(range(start, stop, step))
    if count == 0:
        return view.crop(axis, 0, 0)
    if step > 0:
        view = view.crop(axis, start, stop - start)
    else:
        view = view.crop(axis, start + (count - 1) * step, (1 - count) * step + 1).flip(axis)
    return view.thin(axis, abs(step)) if abs(step) > 1 else view


def empty(shape, dtype="float32", context=None) -> Array:
    """A tensor in device memory, its contents undefined.

    Parameters
    ----------
    shape : int or tuple of int
    dtype : numpy.dtype or str
        One of the types that clfilter has, also by its own name, such as ``"f32"``.
    context : Context, optional

    Returns
    -------
    Array

    Examples
    --------
    >>> import clfilter
    >>> clfilter.empty((2, 3)).shape
    (2, 3)
    """
    extents = [shape] if isinstance(shape, int) else list(shape)
    return Array(_clfilter.empty(context or default_context(), _dtypes.NAMES[_dtypes.find(dtype)], extents))


def asarray(x, context=None) -> Array:
    """A tensor in device memory: of an array of the host a copy, of an OpenCL array the array itself.

    Parameters
    ----------
    x : array_like, Array, pyopencl.array.Array, or an object with ``__dlpack__`` on OpenCL
    context : Context, optional
        Where to; default the array's own, else :func:`context`.

    Returns
    -------
    Array

    Examples
    --------
    >>> import clfilter, numpy
    >>> clfilter.asarray(numpy.float32([1, 2])).numpy()
    array([1., 2.], dtype=float32)
    """
    from . import _places

    place = _places.of(x)
    tensor = place.read(x, "x")
    if isinstance(tensor, Array):
        return tensor
    result = empty(tensor.shape or (1,), tensor.dtype, context)
    result.upload(tensor.reshape(result.shape))
    return result


def from_buffer(buffer, shape, dtype="float32", *, strides=None, offset=0, queue=None, context=None) -> Array:
    """A tensor in an OpenCL buffer that somebody else made; nothing is copied.

    Parameters
    ----------
    buffer : int or pyopencl.Buffer
        The ``cl_mem``, or its address.
    shape : tuple of int
    dtype : numpy.dtype or str
    strides : tuple of int, optional
        In elements; default dense.
    offset : int
        The first element.
    queue : pyopencl.CommandQueue, optional
        The queue to work on; its context must be the buffer's.
    context : Context, optional
        Instead of `queue`.

    Returns
    -------
    Array

    Examples
    --------
    >>> import clfilter
    >>> a = clfilter.empty((4, 4))
    >>> clfilter.from_buffer(a.cl_mem, (2, 2), offset=5, strides=(4, 1), context=a.context).shape
    (2, 2)
    """
    from . import _places

    if context is None:
        context = default_context() if queue is None else _places.context_of_queue(queue)
    address = buffer if isinstance(buffer, int) else buffer.int_ptr
    if strides is None:
        strides, step = [], 1
        for extent in reversed(shape):
            strides.insert(0, step)
            step *= max(extent, 1)
    name = _dtypes.NAMES[_dtypes.find(dtype)]
    return Array(_clfilter.wrap(context, address, name, list(shape), list(strides), offset))


def from_dlpack(x) -> Array:
    """A tensor of another library on OpenCL, through DLPack; nothing is copied.

    Parameters
    ----------
    x : object with ``__dlpack__``

    Returns
    -------
    Array

    Examples
    --------
    >>> import clfilter
    >>> clfilter.from_dlpack(clfilter.empty((2, 3))).shape
    (2, 3)
    """
    from . import _places

    if isinstance(x, Array):
        return Array(_clfilter.import_dlpack(x.context, x.__dlpack__()))
    return _places.import_dlpack(x)
