# SPDX-License-Identifier: Apache-2.0
"""Every other operation against NumPy, SciPy or its formula."""

import clfilter
import numpy as np
import pytest
from scipy import ndimage

random = np.random.default_rng(11)


def test_gradient_outputs():
    x = random.standard_normal((2, 20, 30)).astype("float32")
    wide = np.pad(x.astype("float64"), ((0, 0), (1, 1), (1, 1)), mode="reflect")
    dx, dy = wide[:, 1:-1, 2:] - wide[:, 1:-1, :-2], wide[:, 2:, 1:-1] - wide[:, :-2, 1:-1]
    names = ("orientation", "dy", "dx", "l1", "magnitude", "squared")
    got = dict(zip(names, clfilter.gradient(x, names, scale=0.5, eps=0.25)))
    dx, dy = dx / 2, dy / 2
    expected = {
        "dx": dx,
        "dy": dy,
        "l1": abs(dx) + abs(dy),
        "squared": dx**2 + dy**2 + 0.25,
        "magnitude": np.sqrt(dx**2 + dy**2 + 0.25),
        "orientation": np.arctan2(dy, dx),
    }
    for name in names:
        assert np.allclose(got[name], expected[name], atol=1e-5), name
    assert np.array_equal(clfilter.gradient_magnitude(x, scale=0.5, eps=0.25), got["magnitude"])


@pytest.mark.parametrize("op", ["sobel", "prewitt"])
def test_gradient_as_scipy(op):
    x = random.standard_normal((9, 10, 11)).astype("float32")
    dx, dy, dz = clfilter.gradient(x, ("dx", "dy", "dz"), op, axes=3)
    for axis, got in enumerate((dz, dy, dx)):
        assert np.allclose(got, getattr(ndimage, op)(x.astype("float64"), axis, mode="mirror"), atol=1e-4)


def test_gaussian_gradient_and_laplace_as_scipy():
    x = random.standard_normal((40, 50))
    expected = ndimage.gaussian_gradient_magnitude(x, 1.7, mode="nearest")
    assert np.allclose(clfilter.gradient_magnitude(x, "gaussian", "replicate", sigma=1.7), expected, atol=1e-12)
    assert np.allclose(clfilter.laplace(x, "periodic"), ndimage.laplace(x, mode="wrap"), atol=1e-12)
    assert np.allclose(clfilter.laplace(x, sigma=2), ndimage.gaussian_laplace(x, 2, mode="mirror"), atol=1e-12)


@pytest.mark.parametrize("name, output", [("grad_dst", "magnitude"), ("grad_l1", "l1"), ("grad_squared", "squared")])
def test_gradient_backward_by_differences(name, output):
    x, g, step = random.standard_normal((6, 7)), random.standard_normal((6, 7)), 1e-6
    back = clfilter.gradient_backward(x, **{name: g}, op="sobel")
    for place in ((0, 0), (2, 3), (5, 6)):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        change = clfilter.gradient(up, output, "sobel") - clfilter.gradient(down, output, "sobel")
        assert np.isclose((change * g).sum() / (2 * step), back[place], rtol=1e-5, atol=1e-6)


def test_structure_and_harris():
    x = random.standard_normal((30, 31))
    dx, dy = ndimage.sobel(x, 1, mode="mirror"), ndimage.sobel(x, 0, mode="mirror")
    smooth = [ndimage.gaussian_filter(each, 1.5, mode="mirror") for each in (dx * dx, dx * dy, dy * dy)]
    for got, expected in zip(clfilter.structure(x, 1.5), smooth):
        assert np.allclose(got, expected, rtol=1e-10, atol=1e-10)
    xx, xy, yy = smooth
    determinant, trace = xx * yy - xy**2, xx + yy
    assert np.allclose(clfilter.harris(x, 1.5, k=0.06), determinant - 0.06 * trace**2, rtol=1e-8, atol=1e-8)
    assert np.allclose(clfilter.harris(x, 1.5, "eps"), 2 * determinant / (trace + 1e-6), rtol=1e-8, atol=1e-8)


def test_canny_finds_a_square():
    x = np.zeros((40, 40), "float32")
    x[10:30, 12:32] = 1
    x = ndimage.gaussian_filter(x, 1)
    edges = clfilter.canny(x, high=0.3)
    assert edges.dtype == np.uint8 and set(np.unique(edges)) == {0, 255}
    assert (edges[15:25, 8:16].sum(1) > 0).all() and edges[18:22, 18:26].sum() == 0 and edges[:6].sum() == 0


@pytest.mark.parametrize("dtype", ["float64", "float32", "uint8"])
def test_box_as_scipy(dtype):
    x = (random.random((21, 22)) * 255).astype(dtype)
    expected = ndimage.uniform_filter(x.astype("float64"), (5, 4), mode="reflect")
    got = clfilter.box(x, (5, 4), "symmetric")
    assert got.dtype == dtype
    assert np.abs(got - expected).max() <= (0.5 + 1e-9 if dtype == "uint8" else 4e-4)
    assert np.allclose(
        clfilter.box(x, 3, axes=1, dtype=None if dtype == "float64" else "float32"),
        ndimage.uniform_filter1d(x.astype("float64"), 3, mode="mirror"),
        atol=1e-3,
    )


def loss_of(d, image, weight=1.0):
    """The formula, order 1, norm l2."""
    d, image = d.astype("float64"), image.astype("float64")
    tx = abs(d[..., 1:] - d[..., :-1])[:, 0] * np.exp(
        -weight * np.sqrt(((image[..., 1:] - image[..., :-1]) ** 2).sum(1))
    )
    ty = abs(d[..., 1:, :] - d[..., :-1, :])[:, 0] * np.exp(
        -weight * np.sqrt(((image[..., 1:, :] - image[..., :-1, :]) ** 2).sum(1))
    )
    return tx, ty


def test_smoothness():
    d, image = random.random((2, 1, 8, 9)), random.random((2, 3, 8, 9))
    tx, ty = loss_of(d, image, 2.0)
    loss, grad, grad_image = clfilter.smoothness(d, image, ("loss", "grad_disparity", "grad_image"), edge_weight=2)
    assert np.isclose(loss[0], (tx.sum() + ty.sum()) / d.size, rtol=1e-12)
    assert np.isclose(clfilter.smoothness(d, image, reduction="sum", edge_weight=2)[0], tx.sum() + ty.sum(), rtol=1e-12)
    assert np.isclose(
        clfilter.smoothness(d, image, reduction="per-axis-mean", edge_weight=2)[0], tx.mean() + ty.mean(), rtol=1e-12
    )
    assert clfilter.smoothness(d, image, reduction="none").shape == d.shape
    step = 1e-6
    for array, got, place in ((d, grad, (1, 0, 3, 4)), (image, grad_image, (0, 2, 5, 5))):
        array[place] += step
        up = clfilter.smoothness(d, image, edge_weight=2)[0]
        array[place] -= 2 * step
        down = clfilter.smoothness(d, image, edge_weight=2)[0]
        array[place] += step
        assert np.isclose((up - down) / (2 * step), got[place], rtol=1e-4, atol=1e-9)
    flat = clfilter.smoothness(d, image, ignore_image=True, reduction="sum")[0]
    assert np.isclose(flat, sum(each.sum() for each in loss_of(d, image * 0)), rtol=1e-12)


def test_match():
    image = random.standard_normal((20, 21))
    pattern = image[4:9, 6:10].copy()
    scores = clfilter.match(image, pattern, mode="valid")
    windows = np.lib.stride_tricks.sliding_window_view(image, pattern.shape)
    centred = windows - windows.mean((2, 3), keepdims=True)
    flat = pattern - pattern.mean()
    expected = (centred * flat).sum((2, 3)) / np.sqrt((centred**2).sum((2, 3)) * (flat**2).sum())
    assert scores.shape == expected.shape and np.allclose(scores, expected, atol=1e-9)
    plain = clfilter.match(image, pattern, "correlation", mode="full")
    assert np.allclose(plain, clfilter.correlate(image, pattern, mode="full"), atol=1e-12)


def test_phase_correlation():
    pattern = random.standard_normal((24, 32))
    product = np.fft.fft2(np.roll(pattern, (3, -4), (0, 1))) * np.conj(np.fft.fft2(pattern))
    expected = np.fft.ifft2(product / abs(product)).real
    got = clfilter.phase_correlation(np.roll(pattern, (3, -4), (0, 1)), pattern)
    assert np.allclose(got, expected, atol=1e-9)


def test_shift():
    x = random.standard_normal((7, 9)).astype("float32")
    assert np.array_equal(clfilter.shift(x, (2, -3), "periodic"), np.roll(x, (2, -3), (0, 1)))
    moved = clfilter.shift(x, (1, 0), "constant", cval=5)
    assert np.array_equal(moved[1:], x[:-1]) and (moved[0] == 5).all()
    for method, order, atol in (("linear", 1, 1e-5), ("cubic", 3, 1e-4)):
        expected = ndimage.shift(x.astype("float64"), (0.3, -1.7), order=order, mode="mirror")
        assert np.allclose(clfilter.shift(x, (0.3, -1.7), method=method), expected, atol=atol)
    turned = np.fft.ifft2(ndimage.fourier_shift(np.fft.fft2(x), (0.5, 1.25))).real
    assert np.allclose(clfilter.shift(x, (0.5, 1.25), "periodic", "fourier"), turned, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "int32", "int64", "uint8", "bool", "int8", "uint32", "uint64"])
def test_take_moves_bits_of_every_type(dtype):
    x = (random.random((4, 6, 5)) * 100).astype(dtype)
    got = clfilter.take(x, [5, 0, -1, 2], axis=1)
    assert got.dtype == dtype and np.array_equal(got, np.take(x, [5, 0, -1, 2], axis=1))


def test_take_modes_and_long_lists():
    x = random.standard_normal((50, 3)).astype("float32")
    indices = random.integers(-70, 70, 5000)
    assert np.array_equal(clfilter.take(x, indices, mode="wrap"), x.take(indices, 0, mode="wrap"))
    assert np.array_equal(clfilter.take(x, indices, mode="clamp"), x.take(indices, 0, mode="clip"))
    with pytest.raises(clfilter.OutOfRangeError):
        clfilter.take(x, indices)
    with pytest.raises(IndexError):
        clfilter.take(x, [50])
    assert clfilter.take(x, []).shape == (0, 3)


@pytest.mark.parametrize("count", [10, 3000])
def test_put_add(count):
    values, indices = random.standard_normal((count, 3)), random.integers(0, 8, count)
    expected = np.zeros((8, 3))
    np.add.at(expected, indices, values)
    assert np.allclose(clfilter.put_add(values, indices, 8), expected, rtol=1e-12, atol=1e-12)
    out = np.ones((8, 3))
    assert clfilter.put_add(values, indices, out=out, accumulate=True) is out
    assert np.allclose(out, expected + 1, rtol=1e-12, atol=1e-12)


def test_matrices():
    a = random.standard_normal((2, 4, 50))
    stacked = a.transpose(2, 0, 1)
    assert np.allclose(clfilter.pinv(stacked), np.linalg.pinv(stacked), atol=1e-10)
    square, right = random.standard_normal((30, 5, 5)), random.standard_normal((30, 5, 3))
    assert np.allclose(clfilter.inv(square), np.linalg.inv(square), rtol=1e-8, atol=1e-8)
    assert np.allclose(clfilter.det(square), np.linalg.det(square), rtol=1e-10, atol=1e-12)
    assert clfilter.det(square[0]).shape == (1,)
    assert np.allclose(clfilter.solve(square, right), np.linalg.solve(square, right), rtol=1e-8, atol=1e-8)
    tall, sides = random.standard_normal((6, 3)), random.standard_normal((6, 2))
    assert np.allclose(clfilter.lstsq(tall, sides), np.linalg.lstsq(tall, sides, rcond=None)[0], atol=1e-12)


def test_matrices_backward():
    a, g, step = random.standard_normal((1, 3, 2)), random.standard_normal((1, 2, 3)), 1e-6
    back = clfilter.pinv_backward(a, clfilter.pinv(a), g)
    square, h = random.standard_normal((1, 3, 3)), random.standard_normal((1, 3, 3))
    inverse_back = clfilter.inv_backward(clfilter.inv(square), h)
    for array, function, grad, got in ((a, clfilter.pinv, g, back), (square, clfilter.inv, h, inverse_back)):
        array[0, 1, 1] += step
        up = function(array)
        array[0, 1, 1] -= 2 * step
        down = function(array)
        array[0, 1, 1] += step
        assert np.isclose(((up - down) * grad).sum() / (2 * step), got[0, 1, 1], rtol=1e-4)
