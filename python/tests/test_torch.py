# SPDX-License-Identifier: Apache-2.0
"""clfilter.torch: gradients against finite differences in double, and operators as torch wants them."""

import importlib
import pathlib
import re
import subprocess
import sys

import clfilter
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
if not hasattr(torch.library, "custom_op"):
    pytest.skip(f"torch is {torch.__version__}, older than 2.4", allow_module_level=True)
clt = importlib.import_module("clfilter.torch")
functional = torch.nn.functional

BORDERS = ("reflect", "periodic", "symmetric", "replicate", "constant")


def draw(*shape, dtype=torch.float64, grad=True, seed=5):
    made = torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return made.to(dtype).requires_grad_(grad)


def check_gradients(function, *inputs, twice=False):
    assert torch.autograd.gradcheck(function, inputs, eps=1e-6, atol=1e-7, rtol=1e-5)
    if twice:
        assert torch.autograd.gradgradcheck(function, inputs, eps=1e-6, atol=1e-7, rtol=1e-5)


class TestConvolution:
    @pytest.mark.parametrize("function", [clt.correlate, clt.convolve])
    @pytest.mark.parametrize("border", BORDERS)
    def test_kernels_on_borders(self, function, border):
        check_gradients(
            lambda x, k: function(x, k, border, origin=(-1, 1), cval=0.7), draw(2, 5, 6), draw(4, 3, seed=6), twice=True
        )

    @pytest.mark.parametrize("function", [clt.correlate, clt.convolve])
    @pytest.mark.parametrize("mode", ["same", "valid", "full"])
    @pytest.mark.parametrize("stride, dilation", [(1, 1), (2, 1), (1, 2), ((2, 3), (2, 1))])
    def test_banks(self, function, mode, stride, dilation):
        check_gradients(
            lambda x, k, b: function(
                x, k, ("replicate", "constant"), mode=mode, stride=stride, dilation=dilation, bias=b, cval=-2
            ),
            draw(2, 2, 5, 7),
            draw(3, 2, 2, 3, seed=6),
            draw(3, seed=7),
            twice=stride == 2,
        )

    @pytest.mark.parametrize("groups, channels", [(2, 4), (4, 4)])
    def test_groups(self, groups, channels):
        check_gradients(
            lambda x, k, b: clt.correlate(x, k, "periodic", groups=groups, bias=b),
            draw(1, channels, 4, 5),
            draw(4, channels // groups, 3, 3, seed=6),
            draw(4, seed=7),
        )

    def test_interleaved_channels_lines_and_volumes(self):
        check_gradients(lambda x, k: clt.correlate(x, k, axes=(1, 2)), draw(2, 4, 5, 3), draw(2, 3, 3, 3, seed=6))
        check_gradients(lambda x, k: clt.convolve(x, k, axes=-1), draw(2, 2, 6), draw(3, 2, 3, seed=6), twice=True)
        check_gradients(lambda x, k: clt.convolve(x, k, axes=0), draw(5, 3), draw(3, seed=6))
        check_gradients(lambda x, k: clt.correlate(x, k, "symmetric"), draw(3, 4, 5), draw(2, 3, 2, seed=6))

    def test_views_are_read_as_they_lie(self):
        check_gradients(lambda x, k: clt.correlate(x.mT[:, ::2].flip(1), k.mT), draw(9, 4), draw(3, 3, seed=6))

    def test_only_what_is_asked_for(self):
        x, k = draw(4, 5), draw(3, 3, seed=6)
        expected = torch.autograd.grad(clt.correlate(x, k).square().sum(), (x, k))
        (of_x,) = torch.autograd.grad(clt.correlate(x, k.detach()).square().sum(), x)
        (of_k,) = torch.autograd.grad(clt.correlate(x.detach(), k).square().sum(), k)
        assert torch.allclose(of_x, expected[0], rtol=1e-12) and torch.allclose(of_k, expected[1], rtol=1e-12)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    @pytest.mark.parametrize("stride, dilation, groups", [(1, 1, 1), (2, 1, 1), (1, 2, 2), (3, 2, 4)])
    def test_values_and_gradients_are_conv2d_s(self, dtype, stride, dilation, groups):
        def both(function):
            x, k, b = draw(3, 4, 17, 19, dtype=dtype), draw(8, 4 // groups, 3, 3, dtype=dtype), draw(8, dtype=dtype)
            y = function(x, k, b)
            return y.detach(), *torch.autograd.grad(y.square().sum(), (x, k, b))

        ours = both(
            lambda x, k, b: clt.correlate(x, k, "constant", stride=stride, dilation=dilation, groups=groups, bias=b)
        )
        options = dict(stride=stride, dilation=dilation, padding=dilation, groups=groups)
        theirs = both(lambda x, k, b: functional.conv2d(x, k, b, **options))
        for mine, their in zip(ours, theirs):
            tolerance = (1e-5 if dtype == torch.float32 else 1e-13) * their.abs().max().item()
            assert mine.shape == their.shape and torch.allclose(mine, their, rtol=0, atol=tolerance)

    def test_valid_is_conv3d_without_padding(self):
        x, k = draw(1, 2, 5, 6, 7), draw(3, 2, 2, 3, 3, seed=6)
        assert torch.allclose(clt.correlate(x, k, mode="valid"), functional.conv3d(x, k), atol=1e-12)

    def test_a_training_plans_once(self):
        """Weights that require a gradient are read at every call, so that new contents are no new problem."""
        x, k = draw(6, 7, dtype=torch.float32, grad=False), draw(3, 3, dtype=torch.float32)
        for _ in range(3):
            clt.correlate(x, k).square().sum().backward()
            assert torch.allclose(clt.correlate(x, k), clt.correlate(x, k.detach()), atol=1e-5)
            with torch.no_grad():
                k -= 0.01 * k.grad
                k.grad = None

    def test_names_and_lists(self):
        x = draw(6, 7, dtype=torch.float32, grad=False)
        for k in ("sobel-x", [[0, 1], [2, 3]]):
            assert np.array_equal(clt.correlate(x, k).numpy(), clfilter.correlate(x.numpy(), k))

    def test_integers_without_gradients(self):
        x = torch.arange(30, dtype=torch.uint8).reshape(5, 6)
        got = clt.correlate(x, torch.ones(3, 3) / 9)
        expected = clfilter.correlate(x.numpy(), np.full((3, 3), 1 / 9))
        assert got.dtype == torch.uint8 and np.array_equal(got.numpy(), expected)


class TestDerivatives:
    @pytest.mark.parametrize("border", BORDERS)
    @pytest.mark.parametrize("op", ["central", "sobel", "forward", "backward", "scharr", "prewitt", "gaussian"])
    def test_every_operator_on_every_border(self, op, border):
        options = dict(op=op, sigma=0.7 if op == "gaussian" else 0, scale=0.5, cval=0.3)
        check_gradients(lambda x: clt.gradient_magnitude(x, border=border, eps=0.1, **options), draw(2, 4, 5))
        check_gradients(lambda x: clt.gradient(x, border=border, **options), draw(4, 5))

    def test_every_output(self):
        outputs = ("dx", "dy", "squared", "l1", "magnitude")
        check_gradients(lambda x: clt.gradient(x, ("orientation", *outputs), eps=0.2), draw(2, 4, 5))
        check_gradients(lambda x: clt.gradient(x, ("dz", *outputs), axes=3, eps=0.2), draw(2, 3, 4, 3))

    def test_outputs_that_nothing_depends_on(self):
        x = draw(4, 5)
        dx, magnitude = clt.gradient(x, ("dx", "magnitude"))
        (got,) = torch.autograd.grad(dx.sum(), x)
        assert np.array_equal(got.numpy(), clfilter.gradient_backward(None, grad_dx=np.ones((4, 5))))

    def test_flat_places_have_gradient_0(self):
        x = torch.zeros(4, 5, requires_grad=True)
        clt.gradient_magnitude(x).sum().backward()
        assert torch.equal(x.grad, torch.zeros(4, 5))

    def test_magnitude_of_padded_slices(self):
        """The usual way in torch, where its reflect is ours."""
        x = draw(2, 3, 8, 9)
        padded = functional.pad(x, (1, 1, 1, 1), mode="reflect")
        dx = padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]
        dy = padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]
        theirs = (dx**2 + dy**2 + 1e-3).sqrt()
        ours = clt.gradient_magnitude(x, eps=1e-3)
        assert torch.allclose(ours, theirs, rtol=1e-12)
        got, expected = (torch.autograd.grad(y.sum(), x)[0] for y in (ours, theirs))
        assert torch.allclose(got, expected, atol=1e-12)


class TestSmoothness:
    @pytest.mark.parametrize("reduction", ["mean", "sum", "none", "per-axis-mean"])
    @pytest.mark.parametrize("norm", ["l2", "mean-abs"])
    @pytest.mark.parametrize("order", [1, 2])
    def test_gradients(self, norm, reduction, order):
        check_gradients(
            lambda d, i: clt.smoothness(d, i, norm, reduction, order, 0.7), draw(2, 1, 4, 5), draw(2, 3, 4, 5, seed=6)
        )

    def test_one_input_alone(self):
        d, image = draw(1, 1, 4, 5), draw(1, 2, 4, 5, seed=6)
        check_gradients(lambda d: clt.smoothness(d, image.detach(), ignore_image=True), d)
        check_gradients(lambda image: clt.smoothness(d.detach(), image), image)

    def test_the_usual_way_in_torch(self):
        d, image = draw(2, 1, 6, 7), draw(2, 3, 6, 7, seed=6)

        def change(x, axis):
            return torch.diff(x, dim=axis, append=x.narrow(axis, x.shape[axis] - 1, 1))

        terms = (
            change(d, axis).abs() * torch.exp(-torch.linalg.vector_norm(change(image, axis), dim=1, keepdim=True))
            for axis in (2, 3)
        )
        theirs = sum(terms).mean()
        ours = clt.smoothness(d, image)
        assert ours.shape == () and torch.allclose(ours, theirs, rtol=1e-12)
        for got, expected in zip(torch.autograd.grad(ours, (d, image)), torch.autograd.grad(theirs, (d, image))):
            assert torch.allclose(got, expected, atol=1e-12)

    def test_pixels_of_bytes(self):
        d = draw(1, 1, 4, 5, dtype=torch.float32)
        image = torch.arange(60, dtype=torch.uint8).reshape(1, 3, 4, 5)
        clt.smoothness(d, image).backward()
        expected = clfilter.smoothness(d.detach().numpy(), image.numpy(), "grad_disparity")
        assert np.array_equal(d.grad.numpy(), expected)


class TestSelection:
    @pytest.mark.parametrize("indices, mode", [([2, 0, -1, 2], "strict"), ([5, -7, 1], "wrap"), ([9, -9, 1], "clamp")])
    @pytest.mark.parametrize("axis", [0, 1, -1])
    def test_take(self, indices, mode, axis):
        check_gradients(lambda x: clt.take(x, indices, axis, mode), draw(3, 4, 3), twice=True)

    @pytest.mark.parametrize("indices, mode", [([2, 0, -1, 2], "strict"), ([5, -7, 1, 0], "wrap")])
    def test_put_add(self, indices, mode):
        check_gradients(lambda x: clt.put_add(x, indices, 5, 1, mode), draw(3, 4, 2), twice=True)

    def test_values_are_index_select_s(self):
        x, indices = draw(5, 6, dtype=torch.float32), torch.tensor([4, 1, 1, 0], dtype=torch.int32)
        y = clt.take(x, indices)
        assert torch.equal(y, x.index_select(0, indices))
        g = draw(4, 6, dtype=torch.float32, grad=False)
        expected = torch.zeros(5, 6).index_add(0, indices, g)
        assert torch.allclose(torch.autograd.grad(y, x, g)[0], expected, atol=1e-6)
        assert clt.take(x, []).shape == (0, 6) and clt.take(x, 2).shape == (1, 6)

    def test_out_of_range(self):
        with pytest.raises(clfilter.OutOfRangeError):
            clt.take(draw(3, 2), [3])


class TestShift:
    @pytest.mark.parametrize("border", BORDERS)
    @pytest.mark.parametrize("method, by", [("whole", (2, -3)), ("whole", (-9, 7)), ("linear", (0.3, -1.6))])
    def test_every_border(self, border, method, by):
        check_gradients(lambda x: clt.shift(x, (0, *by), border, method, cval=0.5), draw(2, 4, 5), twice=True)

    @pytest.mark.parametrize("method, border", [("cubic", "periodic"), ("cubic", "constant"), ("fourier", "periodic")])
    def test_interpolation_by_splines_and_series(self, method, border):
        check_gradients(lambda x: clt.shift(x, (1.3, -0.6), border, method), draw(4, 5), twice=True)
        check_gradients(lambda x: clt.shift(x, (0, 0.5), border, method), draw(4, 6))

    def test_borders_by_axis(self):
        check_gradients(lambda x: clt.shift(x, (1, 1.5), ("reflect", "periodic"), "linear"), draw(4, 5))
        check_gradients(lambda x: clt.shift(x, (1, 1.5), ("reflect", "constant"), "cubic"), draw(4, 5))

    def test_nothing_moved(self):
        check_gradients(lambda x: clt.shift(x, 0), draw(4, 5))

    def test_splines_without_gradient_are_refused(self):
        x = draw(4, 5)
        with pytest.raises(clfilter.UnsupportedError, match="cubic spline on a reflect border"):
            clt.shift(x, 0.5, method="cubic")
        assert clt.shift(x.detach(), 0.5, method="cubic").shape == x.shape

    def test_values_are_roll_s(self):
        x = draw(4, 5, dtype=torch.float32, grad=False)
        assert torch.equal(clt.shift(x, (1, -2), "periodic"), x.roll((1, -2), (0, 1)))


class TestMatrices:
    @pytest.mark.parametrize("shape", [(3, 2, 4), (2, 4, 2), (3, 3), (2, 2, 1, 3)])
    def test_pinv(self, shape):
        check_gradients(clt.pinv, draw(*shape))

    def test_pinv_of_columns(self):
        """Matrices stored as (2, 4, N), read in place."""
        check_gradients(lambda x: clt.pinv(x.permute(2, 0, 1)), draw(2, 4, 3))

    def test_pinv_at_a_lower_rank(self):
        """The gradient is that of changes that keep the rank, as by this product."""
        check_gradients(lambda a, b: clt.pinv(a @ b, rcond=1e-9), draw(2, 3, 1), draw(2, 1, 4, seed=6))

    def test_values_and_gradients_are_linalg_s(self):
        x = draw(7, 2, 4)
        for got, expected in zip(
            (clt.pinv(x), *torch.autograd.grad(clt.pinv(x).square().sum(), x)),
            (torch.linalg.pinv(x), *torch.autograd.grad(torch.linalg.pinv(x).square().sum(), x)),
        ):
            assert torch.allclose(got, expected, rtol=1e-9, atol=1e-9 * expected.abs().max().item())

    @pytest.mark.parametrize("function", [clt.inv, clt.det])
    @pytest.mark.parametrize("shape", [(4, 3, 3), (2, 2), (2, 3, 1, 1)])
    def test_inv_and_det(self, function, shape):
        check_gradients(function, draw(*shape), twice=function is clt.det and shape == (2, 2))
        x = draw(*shape)
        assert torch.allclose(function(x), getattr(torch.linalg, function.__name__)(x), rtol=1e-9)

    def test_solve(self):
        check_gradients(clt.solve, draw(2, 3, 3), draw(2, 3, 2, seed=6), twice=True)
        check_gradients(lambda b: clt.solve(draw(3, 3, grad=False), b), draw(3, 2, seed=6))
        a, b = draw(2, 3, 3), draw(2, 3, 2, seed=6)
        assert torch.allclose(clt.solve(a, b), torch.linalg.solve(a, b), rtol=1e-9)


class TestBox:
    @pytest.mark.parametrize("border", BORDERS)
    def test_every_border(self, border):
        check_gradients(
            lambda x: clt.box(x, (2, 5), border, origin=(-1, 1), cval=0.5), draw(2, 4, 5), twice=border == "reflect"
        )

    def test_values_are_avg_pool2d_s(self):
        x = draw(1, 2, 6, 7)
        assert torch.allclose(clt.box(x, 3, "constant"), functional.avg_pool2d(x, 3, 1, 1), atol=1e-13)


def filter_arguments(kernel, *, bias=None, anew=True):
    geometry = ("reflect,constant", [-2, -1], [0, 0], "same", [2, 1], [1, 1], 1)
    x, g = draw(2, 2, 5, 6), draw(2, kernel[0], 3, 6)
    k = draw(*kernel, seed=6)
    return {
        "filter": ("correlate", x, k, bias, anew, *geometry, 0.5),
        "filter_adjoint": ("correlate", g, k, [2, 2, 5, 6], anew, *geometry),
        "filter_weights": ("correlate", x, g, list(kernel), bias is not None, *geometry, 0.5),
    }


OPERATORS = {
    **filter_arguments((3, 2, 3, 3), bias=draw(3)),
    "gradient": (draw(4, 5), "dx,magnitude", "sobel", "reflect", 0.0, 2, 0.0, 1.0, 0.1),
    "gradient_backward": (
        draw(4, 5, grad=False), [draw(4, 5, grad=False)], "magnitude", "sobel", "reflect", 0.0, 2, 0.0, 1.0, 0.1
    ),
    "smoothness": (draw(1, 1, 4, 5), draw(1, 2, 4, 5), "l2", "mean", 1, 1.0, False),
    "smoothness_backward": (
        draw(1, 1, 4, 5, grad=False), draw(1, 2, 4, 5, grad=False), None, True, True, "l2", "mean", 1, 1.0, False
    ),
    "take": (draw(4, 5), torch.tensor([1, 3]), 1, "strict"),
    "put_add": (draw(4, 2), torch.tensor([1, 3]), 5, 1, "strict"),
    "shift": (draw(4, 5), [1.0, 0.5], "reflect,periodic", "linear", 0.0),
    "shift_adjoint": (draw(4, 5), [1.0, 0.5], "reflect,periodic", "linear"),
    "pinv": (draw(3, 2, 4), 0.0),
    "pinv_backward": tuple(draw(*shape, grad=False) for shape in ((3, 2, 4), (3, 4, 2), (3, 4, 2))),
    "inv": (draw(3, 2, 2),),
    "inv_backward": (draw(3, 2, 2, grad=False), draw(3, 2, 2, grad=False)),
    "det": (draw(3, 2, 2),),
    "solve": (draw(3, 2, 2), draw(3, 2, 4)),
    "box": (draw(4, 5), [3, 3], "reflect", [0, 0], 0.0),
    "box_adjoint": (draw(4, 5), [3, 3], "reflect", [0, 0]),
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_are_as_torch_wants_them(name):
    torch.library.opcheck(getattr(torch.ops.clfilter, name).default, OPERATORS[name])


def test_every_operator_is_checked():
    names = " ".join(torch._C._dispatch_get_all_op_names())
    assert set(re.findall(r"\bclfilter::(\w+)", names)) == set(OPERATORS)


@pytest.mark.parametrize("dynamic", [False, True])
def test_compiled_functions(dynamic):
    def loss(x, k):
        smooth = clt.correlate(x, k, "symmetric")
        return clt.gradient_magnitude(smooth, eps=1e-3).mean() + clt.box(clt.shift(smooth, (0, 1)), 3).square().mean()

    results = []
    for function in (loss, torch.compile(loss, backend="aot_eager", fullgraph=True, dynamic=dynamic)):
        x, k = draw(6, 7), draw(3, 3, seed=6)
        value = function(x, k)
        value.backward()
        results.append((value.detach(), x.grad, k.grad))
    for eager, compiled in zip(*results):
        assert torch.allclose(eager, compiled, rtol=1e-12)


class TestRefusals:
    def test_what_is_no_tensor(self):
        with pytest.raises(TypeError, match="x is a ndarray; expected a torch.Tensor"):
            clt.box(np.zeros((3, 3)))

    def test_gradients_of_other_types(self):
        with pytest.raises(clfilter.DtypeMismatchError, match="x requires a gradient and has elements of type"):
            clt.box(draw(3, 3, dtype=torch.float16))
        with torch.no_grad():
            assert clt.box(draw(3, 3, dtype=torch.float16)).dtype == torch.float16
        pixels = torch.zeros(3, 3, dtype=torch.uint8)
        with pytest.raises(clfilter.DtypeMismatchError, match="a gradient is required, and x has elements of type"):
            clt.correlate(pixels, draw(3, 3, dtype=torch.float32))

    def test_tensors_of_cuda_devices(self):
        from torch._subclasses import FakeTensorMode

        with FakeTensorMode():
            x = torch.empty(3, 3, device="cuda")
            with pytest.raises(clfilter.InvalidHandleError, match="CUDA device, which OpenCL cannot reach"):
                clt.gradient_magnitude(x)

    def test_kernels_that_do_not_fit(self):
        with pytest.raises(clfilter.ShapeMismatchError, match="k has 4 axes and x has 2"):
            clt.correlate(draw(5, 5), draw(2, 2, 3, 3))
        with pytest.raises(clfilter.KernelTooLargeError):
            clt.correlate(draw(5, 5), draw(6, 3), mode="valid")


def test_shapes_without_data():
    x = torch.empty(2, 3, 9, 10, device="meta")
    assert clt.correlate(x, torch.empty(4, 3, 2, 2, device="meta"), mode="full", stride=2).shape == (2, 4, 5, 6)
    assert clt.pinv(x).shape == (2, 3, 10, 9)
    assert clt.take(x, torch.zeros(4, dtype=torch.int64), 2).shape == (2, 3, 4, 10)


@pytest.mark.parametrize("name", ["derivative_magnitude", "smoothness_loss", "pseudo_inverse"])
def test_examples(name):
    path = pathlib.Path(__file__).parents[2] / "examples" / "python" / f"{name}.py"
    if not path.is_file():
        pytest.skip("the examples are not beside the tests")
    subprocess.run([sys.executable, path], check=True, timeout=300)


def test_importing_clfilter_does_not_import_torch():
    code = "import clfilter, sys; assert 'torch' not in sys.modules and 'clfilter.torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
