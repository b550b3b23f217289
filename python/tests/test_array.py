# SPDX-License-Identifier: Apache-2.0
"""clfilter.Array: views of device memory, transfers, DLPack, and operations that stay on the device."""

import gc

import clfilter
import numpy as np
import pytest

random = np.random.default_rng(5)


@pytest.fixture
def x():
    return random.standard_normal((4, 6, 8)).astype("float32")


SLICES = [
    np.s_[1],
    np.s_[-1, 2:],
    np.s_[..., ::-1],
    np.s_[::2, 1:5:3, ::-2],
    np.s_[:, None, 2],
    np.s_[1:1],
    np.s_[3:0:-1, ..., 7],
    np.s_[..., None],
    np.s_[5::-3, 4],
]


@pytest.mark.parametrize("key", SLICES, ids=str)
def test_slices_as_numpy(x, key):
    view = clfilter.asarray(x)[key]
    assert view.shape == x[key].shape and np.array_equal(view.numpy(), x[key])


def test_transposes_and_shapes(x):
    a = clfilter.asarray(x)
    assert np.array_equal(a.T.numpy(), x.T)
    assert np.array_equal(a.transpose(1, 2, 0).numpy(), x.transpose(1, 2, 0))
    assert np.array_equal(a.reshape(6, -1).numpy(), x.reshape(6, -1))
    assert (a.ndim, a.size, a.nbytes, len(a), a.dtype) == (3, 192, 768, 4, np.float32)
    with pytest.raises(clfilter.InvalidViewError, match="not dense"):
        a.T.reshape(-1)
    assert a.T.copy().reshape(-1).shape == (192,)
    with pytest.raises(IndexError):
        a[4]
    with pytest.raises(IndexError):
        a[0, 0, 0, 0]


def test_writing_into_views(x):
    a = clfilter.asarray(x)
    a[1, ::2] = 7
    a[2] = x[0]
    a[3] = a[0]
    expected = x.copy()
    expected[1, ::2], expected[2], expected[3] = 7, x[0], x[0]
    assert np.array_equal(np.asarray(a), expected)


def test_as_numpy_arrays(x):
    a = clfilter.asarray(x)
    assert np.asarray(a, "float64").dtype == np.float64
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        with pytest.raises(ValueError, match="copy"):
            np.array(a, copy=False)


def test_operations_stay_on_the_device(x):
    a, k = clfilter.asarray(x), random.standard_normal((3, 3)).astype("float32")
    got = clfilter.correlate(a, k)
    assert isinstance(got, clfilter.Array) and got.context is a.context
    expected = clfilter.correlate(x, k)
    assert np.allclose(got.numpy(), expected, atol=1e-5)
    assert np.allclose(clfilter.correlate(a, clfilter.asarray(k)).numpy(), expected, atol=1e-5)
    assert np.allclose(clfilter.correlate(a.T[::-1].T, k).numpy(), clfilter.correlate(x.T[::-1].T, k), atol=1e-5)
    dx, dy = clfilter.gradient(a)
    assert np.array_equal(dx.numpy(), clfilter.gradient(x, "dx"))
    whole = clfilter.empty((4, 6, 20))
    target = whole[..., 3:11]
    assert clfilter.correlate(a, k, out=target) is target
    assert np.allclose(target.numpy(), expected, atol=1e-5)


def test_chains_do_not_outrun_their_arrays(x):
    """Arrays die before the device is done with them; the device keeps what it needs."""
    for _ in range(20):
        a = clfilter.asarray(x)
        for _ in range(10):
            a = clfilter.box(a, 3)
        gc.collect()
    expected = x
    for _ in range(10):
        expected = clfilter.box(expected, 3)
    assert np.allclose(a.numpy(), expected, atol=1e-6)


def test_indices_on_the_device(x):
    a = clfilter.asarray(x)
    indices = clfilter.asarray(np.int64([3, 0, -1]))
    assert np.array_equal(clfilter.take(a, indices).numpy(), x[[3, 0, -1]])
    with pytest.raises(clfilter.OutOfRangeError):
        clfilter.take(a, clfilter.asarray(np.int64([9])))


def test_host_and_device_are_not_mixed(x):
    with pytest.raises(TypeError, match="expected a clfilter.Array"):
        clfilter.match(clfilter.asarray(x), x[0, :3, :3])
    with pytest.raises(TypeError, match="expected a clfilter.Array"):
        clfilter.correlate(clfilter.asarray(x), np.ones(3), out=x)
    with pytest.raises(TypeError, match="expected a numpy.ndarray"):
        clfilter.correlate(x, np.ones(3), out=clfilter.asarray(x))


def test_two_contexts_are_not_mixed(x):
    other = clfilter.Context()
    with pytest.raises(clfilter.InvalidHandleError):
        clfilter.match(clfilter.asarray(x), clfilter.asarray(x[0, :3, :3], other))
    there = clfilter.box(clfilter.asarray(x, other), 3)
    assert there.context is other and np.array_equal(there.numpy(), clfilter.box(clfilter.asarray(x), 3).numpy())


def test_dlpack_lends_memory(x):
    a = clfilter.asarray(x)
    assert a.__dlpack_device__() == (4, 0)
    b = clfilter.from_dlpack(a[1:, ::-1])
    assert b.cl_mem == a.cl_mem and b.strides == a[1:, ::-1].strides
    assert np.array_equal(b.numpy(), x[1:, ::-1])
    a[2] = 5
    assert (b.numpy()[1] == 5).all()
    del a
    gc.collect()
    assert (b.numpy()[1] == 5).all()
    capsule = b.__dlpack__()
    del capsule, b
    gc.collect()


class Lender:
    """Another library's array."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **_):
        return self.array.__dlpack__()

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


def test_whatever_lends_opencl_memory_is_filtered(x):
    got = clfilter.correlate(Lender(clfilter.asarray(x)), np.ones((3, 3)))
    assert isinstance(got, clfilter.Array)
    assert np.allclose(got.numpy(), clfilter.correlate(x, np.ones((3, 3))), atol=1e-5)


def test_cuda_is_refused_with_what_to_do():
    class Cuda:
        __cuda_array_interface__ = {}

        def __dlpack_device__(self):
            return (2, 0)

    with pytest.raises(clfilter.InvalidHandleError, match="CUDA.*copy it to the host"):
        clfilter.correlate(Cuda(), np.ones((3, 3)))
    Cuda.__dlpack_device__ = lambda self: (10, 0)
    with pytest.raises(clfilter.InvalidHandleError, match="type 10"):
        clfilter.correlate(Cuda(), np.ones((3, 3)))


def test_a_capsule_of_the_host_is_refused():
    with pytest.raises(clfilter.InvalidHandleError, match="expected 4, OpenCL"):
        clfilter.from_dlpack(np.zeros(3, "float32"))


def test_buffers_of_others(x):
    a = clfilter.asarray(x)
    b = clfilter.from_buffer(a.cl_mem, (6, 8), offset=48, context=a.context)
    assert np.array_equal(b.numpy(), x[1])
    beyond = clfilter.from_buffer(a.cl_mem, (6, 8), offset=150, context=a.context)
    with pytest.raises(clfilter.OutOfBoundsError):
        beyond.numpy()
    with pytest.raises(clfilter.OutOfBoundsError):
        clfilter.box(beyond, 3)
