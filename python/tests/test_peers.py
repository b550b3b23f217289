# SPDX-License-Identifier: Apache-2.0
"""Arrays of other libraries, where they are installed: what goes in comes out."""

import clfilter
import numpy as np
import pytest

random = np.random.default_rng(19)
K = np.float32([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) / 45


@pytest.fixture
def x():
    return random.standard_normal((33, 47)).astype("float32")


class TestTorch:
    @pytest.fixture(autouse=True)
    def torch(self):
        return pytest.importorskip("torch")

    def test_tensors_in_tensors_out(self, torch, x):
        t = torch.from_numpy(x)
        got = clfilter.correlate(t, K)
        assert isinstance(got, torch.Tensor) and got.dtype == torch.float32
        assert np.array_equal(got.numpy(), clfilter.correlate(x, K))
        assert np.array_equal(clfilter.correlate(t, torch.from_numpy(K)).numpy(), got.numpy())
        out = torch.empty_like(t)
        assert clfilter.correlate(t.T, K, out=out.T).data_ptr() == out.data_ptr()
        assert np.allclose(out.numpy().T, clfilter.correlate(x.T, K), atol=1e-5)

    def test_gradients_are_not_lost_in_silence(self, torch, x):
        t = torch.from_numpy(x).requires_grad_()
        with pytest.raises(TypeError, match="requires a gradient"):
            clfilter.correlate(t, K)
        with torch.no_grad():
            assert clfilter.correlate(t, K).shape == x.shape

    def test_what_numpy_lacks(self, torch, x):
        with pytest.raises(TypeError, match="bfloat16"):
            clfilter.correlate(torch.from_numpy(x).bfloat16(), K)
        with pytest.raises(clfilter.InvalidHandleError, match="is on the device meta"):
            clfilter.correlate(torch.from_numpy(x).to("meta"), K)


class TestPyopencl:
    @pytest.fixture(autouse=True)
    def queue(self):
        cl = pytest.importorskip("pyopencl")
        pytest.importorskip("pyopencl.array")
        name = clfilter.context().device["name"]
        found = [d for p in cl.get_platforms() for d in p.get_devices() if d.name.strip() == name]
        if not found:
            pytest.skip(f"pyopencl does not see {name}")
        return cl.CommandQueue(cl.Context([found[0]]))

    def test_arrays_on_their_own_queue(self, queue, x):
        import pyopencl.array

        a = pyopencl.array.to_device(queue, x)
        got = clfilter.correlate(a, K)
        assert isinstance(got, pyopencl.array.Array) and got.queue == queue and len(got.events) == 1
        assert np.allclose(got.get(), clfilter.correlate(x, K), atol=1e-6)
        half = clfilter.correlate(a[5:, ::2], K)
        assert np.allclose(half.get(), clfilter.correlate(x[5:, ::2], K), atol=1e-5)
        out = pyopencl.array.empty_like(a)
        assert clfilter.box(got, 3, out=out) is out
        assert np.allclose(out.get(), clfilter.box(clfilter.correlate(x, K), 3), atol=1e-5)

    def test_events_are_joined(self, queue, x):
        """What an array waits for is waited for by the device."""
        import pyopencl as cl
        import pyopencl.array

        a = pyopencl.array.to_device(queue, x)
        gate = cl.UserEvent(queue.context)
        a.add_event(gate)
        other = cl.CommandQueue(queue.context)
        got = clfilter.correlate(a.with_queue(other), K)
        event = got.events[0]
        assert event.get_info(cl.event_info.COMMAND_EXECUTION_STATUS) != cl.command_execution_status.COMPLETE
        gate.set_status(cl.command_execution_status.COMPLETE)
        event.wait()
        assert np.allclose(got.get(), clfilter.correlate(x, K), atol=1e-6)

    def test_buffers(self, queue, x):
        import pyopencl as cl

        buffer = cl.Buffer(queue.context, cl.mem_flags.READ_WRITE | cl.mem_flags.COPY_HOST_PTR, hostbuf=x)
        with pytest.raises(TypeError, match="from_buffer"):
            clfilter.correlate(buffer, K)
        a = clfilter.from_buffer(buffer, x.shape, queue=queue)
        assert np.allclose(clfilter.correlate(a, K).numpy(), clfilter.correlate(x, K), atol=1e-6)

    def test_without_a_queue(self, queue, x):
        import pyopencl.array

        with pytest.raises(clfilter.InvalidHandleError, match="no queue"):
            clfilter.correlate(pyopencl.array.to_device(queue, x).with_queue(None), K)

    def test_two_contexts(self, queue, x):
        import pyopencl as cl
        import pyopencl.array

        a = pyopencl.array.to_device(queue, x)
        b = pyopencl.array.to_device(cl.CommandQueue(cl.Context([queue.device])), x[:3, :3].copy())
        with pytest.raises(clfilter.InvalidHandleError):
            clfilter.match(a, b)


class TestPyclesperanto:
    @pytest.fixture(autouse=True)
    def cle(self):
        cle = pytest.importorskip("pyclesperanto")
        cle.select_device(clfilter.context().device["name"])
        return cle

    def test_arrays_in_arrays_out(self, cle, x):
        got = clfilter.correlate(cle.push(x), K)
        assert type(got).__module__.startswith("pyclesperanto")
        assert np.allclose(cle.pull(got), clfilter.correlate(x, K), atol=1e-6)
