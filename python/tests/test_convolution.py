# SPDX-License-Identifier: Apache-2.0
"""Convolution and correlation against SciPy and against the formula; adjoints and gradients by their definition."""

import clfilter
import numpy as np
import pytest
from scipy import ndimage

BORDERS = {
    "reflect": "mirror",
    "periodic": "wrap",
    "symmetric": "reflect",
    "replicate": "nearest",
    "constant": "constant",
}
random = np.random.default_rng(7)


def bound(k, x):
    """The library's own: 2 K eps (sum |w|) (max |x|)."""
    return 2 * k.size * np.finfo("float32").eps * np.abs(k).sum() * max(np.abs(x).max(), 1)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("name", ["correlate", "convolve"])
@pytest.mark.parametrize("shape, kernel", [((37, 53), (4, 5)), ((64,), (6,)), ((9, 10, 11), (3, 2, 5))])
def test_as_scipy(name, border, shape, kernel):
    x = random.standard_normal(shape).astype("float32")
    k = random.standard_normal(kernel).astype("float32")
    expected = getattr(ndimage, name)(x.astype("float64"), k.astype("float64"), mode=BORDERS[border], cval=0.5)
    got = getattr(clfilter, name)(x, k, border, cval=0.5 if border == "constant" else 0.0)
    assert got.dtype == np.float32 and got.shape == shape
    assert np.abs(got - expected).max() <= bound(k, x)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "uint8", "uint16", "int16"])
def test_element_types(dtype):
    x = (random.random((20, 30)) * 200).astype(dtype)
    k = np.float32([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    exact = ndimage.correlate(x.astype("float64"), k.astype("float64"), mode="mirror")
    got = clfilter.correlate(x, k)
    assert got.dtype == dtype
    if np.dtype(dtype).kind in "iu":
        # A value that f32 cannot tell from a half may go to either side.
        assert np.abs(got - exact).max() <= 0.5 + 1e-4
    else:
        assert np.abs(got - exact).max() <= 4 * np.finfo(dtype).eps * 200 + bound(k, x) * (dtype != "float64")


def test_integers_saturate_and_round_to_even():
    x = np.uint8([[0, 1, 3, 200, 255]])
    assert clfilter.correlate(x, [[0, 2, 0]]).tolist() == [[0, 2, 6, 255, 255]]
    assert clfilter.correlate(x, [[0, 0.5, 0]]).tolist() == [[0, 0, 2, 100, 128]]
    assert clfilter.correlate(x, [[0, -1, 0]], dtype="float32").tolist() == [[0, -1, -3, -200, -255]]


@pytest.mark.parametrize("stride, dilation", [(1, 1), (2, 1), (1, 2), ((2, 3), (1, 2))])
@pytest.mark.parametrize("mode", ["same", "valid", "full"])
def test_modes_strides_dilations(mode, stride, dilation):
    x = random.standard_normal((17, 19)).astype("float32")
    k = random.standard_normal((3, 4)).astype("float32")
    strides, dilations = np.broadcast_to(stride, 2), np.broadcast_to(dilation, 2)
    spread = np.zeros([d * (n - 1) + 1 for d, n in zip(dilations, k.shape)])
    spread[:: dilations[0], :: dilations[1]] = k
    reach = [(n // 2 * d, (n - 1 - n // 2) * d) for n, d in zip(k.shape, dilations)]
    if mode == "valid":
        padded = x
    else:
        pad = reach if mode == "same" else [(n - 1, n - 1) for n in spread.shape]
        padded = np.pad(x, pad, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded.astype("float64"), spread.shape)
    expected = np.einsum("ijkl,kl", windows, spread)[:: strides[0], :: strides[1]]
    got = clfilter.correlate(x, k, mode=mode, stride=stride, dilation=dilation)
    assert got.shape == expected.shape
    assert np.abs(got - expected).max() <= bound(k, x)


def test_origin_axes_factors_and_names():
    x = random.standard_normal((12, 13, 14)).astype("float32")
    k = np.float32([1, 2, 3, 4])
    assert np.allclose(
        clfilter.correlate(x, k, axes=1, origin=-1),
        ndimage.correlate1d(x, k, axis=1, mode="mirror", origin=-1),
        atol=1e-4,
    )
    plane = np.outer([1, 2, 3], k).astype("float32")
    expected = ndimage.correlate(x, plane[:, None, :], mode="mirror")
    assert np.allclose(clfilter.correlate(x, plane, axes=(0, 2)), expected, atol=1e-3)
    assert np.allclose(clfilter.correlate(x, factors=[[1, 2, 3], k], axes=(0, -1)), expected, atol=1e-3)
    smooth = ndimage.gaussian_filter(x[0].astype("float64"), 1.5, mode="mirror")
    assert np.allclose(clfilter.correlate(x[0], "gaussian:1.5"), smooth, atol=1e-5)


@pytest.mark.parametrize("groups", [1, 2])
def test_bank(groups):
    x = random.standard_normal((2, 4, 9, 11)).astype("float32")
    k = random.standard_normal((6, 4 // groups, 3, 3)).astype("float32")
    bias = random.standard_normal(6).astype("float32")
    got = clfilter.correlate(x, k, "constant", groups=groups, bias=bias)
    expected = np.zeros((2, 6, 9, 11))
    for o in range(6):
        first = o // (6 // groups) * (4 // groups)
        for c in range(4 // groups):
            for n in range(2):
                plane = x[n, first + c].astype("float64")
                expected[n, o] += ndimage.correlate(plane, k[o, c].astype("float64"), mode="constant")
        expected[:, o] += bias[o]
    assert got.shape == expected.shape
    assert np.abs(got - expected).max() <= bound(k[0], x) + 1e-6


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("name", ["correlate", "convolve"])
@pytest.mark.parametrize("mode, stride", [("same", 1), ("valid", 1), ("full", 2), ("same", (2, 3))])
def test_adjoint(name, border, mode, stride):
    x = random.standard_normal((11, 13))
    k = random.standard_normal((3, 4))
    y = getattr(clfilter, name)(x, k, border, mode=mode, stride=stride)
    g = random.standard_normal(y.shape)
    back = getattr(clfilter, name + "_adjoint")(g, k, x.shape, border, mode=mode, stride=stride)
    assert np.isclose((y * g).sum(), (x * back).sum(), rtol=1e-12)


@pytest.mark.parametrize("name", ["correlate", "convolve"])
def test_weights(name):
    x = random.standard_normal((2, 4, 9, 8))
    k = random.standard_normal((6, 2, 3, 3))
    g = random.standard_normal((2, 6, 9, 8))
    weights, bias = getattr(clfilter, name + "_weights")(x, g, k.shape, groups=2, bias=True)
    # Linear in the weights: <A(k), g> = <k, dk>.
    assert np.isclose((getattr(clfilter, name)(x, k, groups=2) * g).sum(), (weights * k).sum(), rtol=1e-12)
    assert np.allclose(bias, g.sum((0, 2, 3)), rtol=1e-12)


def test_adjoint_needs_a_shape_only_where_it_does_not_follow():
    g = np.ones((5, 5), "float32")
    assert clfilter.correlate_adjoint(g, np.ones((3, 3))).shape == (5, 5)
    with pytest.raises(clfilter.ShapeMismatchError, match="give shape"):
        clfilter.correlate_adjoint(g, np.ones((3, 3)), mode="valid")
    with pytest.raises(clfilter.ShapeMismatchError, match="give shape"):
        clfilter.correlate_adjoint(g, np.ones((3, 3)), stride=2)
