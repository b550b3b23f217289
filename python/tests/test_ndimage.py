# SPDX-License-Identifier: Apache-2.0
"""clfilter.ndimage against scipy.ndimage in double precision."""

import inspect
import re
import types

import numpy as np
import pytest
from clfilter import ndimage as ours

# The release whose arguments clfilter.ndimage takes; older ones lack some.
theirs = pytest.importorskip("scipy", minversion="1.17").ndimage

random = np.random.default_rng(15)
MODES = ("reflect", "grid-mirror", "mirror", "nearest", "wrap", "grid-wrap", "constant", "grid-constant")
DTYPES = ("float64", "float32", "float16", "uint8", "int8", "uint16", "int16", "int32", "uint32", "int64", "bool")


def make(shape, dtype="float64"):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return random.standard_normal(shape).astype(dtype)
    if dtype.kind == "c":
        return (random.standard_normal(shape) + 1j * random.standard_normal(shape)).astype(dtype)
    if dtype.kind == "b":
        return random.random(shape) < 0.5
    return random.integers(max(np.iinfo(dtype).min, -200), min(np.iinfo(dtype).max, 200), shape).astype(dtype)


def double(x):
    return x.astype("complex128" if x.dtype.kind == "c" else "float64")


def rounded(values, dtype):
    """Values in double as elements of a type."""
    dtype = np.dtype(dtype)
    if dtype.kind in "iu":
        return np.clip(np.rint(values), np.iinfo(dtype).min, np.iinfo(dtype).max)
    return np.clip(np.rint(values), 0, 1) if dtype.kind == "b" else values


def agree(got, expected, x, slack=1.0):
    """True to the type's precision; integers may round the other way where the exact value is near a half."""
    assert got.shape == expected.shape
    if got.dtype.kind in "fc":
        tolerance = slack * 64 * np.finfo(got.dtype).eps * max(1, np.nanmax(np.abs(double(x)), initial=0))
        np.testing.assert_allclose(double(got), expected, rtol=0, atol=tolerance)
        return
    distance = np.abs(got.astype("float64") - rounded(expected, got.dtype))
    near_half = np.abs(np.abs(expected - np.floor(expected)) - 0.5) < 1e-3
    assert np.all(distance[~near_half] == 0) and np.all(distance <= 1)


def both(name, x, *args, slack=1.0, **options):
    got = getattr(ours, name)(x, *args, **options)
    options.pop("output", None)
    agree(got, getattr(theirs, name)(double(x), *args, **options), x, slack)
    return got


@pytest.mark.parametrize("name", ["correlate", "convolve"])
@pytest.mark.parametrize("mode", MODES)
def test_kernels(name, mode):
    for shape, kernel in [((13,), (5,)), ((9, 11), (3, 4)), ((5, 6, 7), (2, 3, 4)), ((1, 8), (3, 3)), ((4, 7), (1, 6))]:
        for shift in (0, -1):
            origin = [0 if size < 2 else shift for size in kernel]
            both(name, make(shape), make(kernel), mode=mode, cval=1.5, origin=origin, slack=8)


@pytest.mark.parametrize("name", ["correlate1d", "convolve1d"])
@pytest.mark.parametrize("mode", MODES)
def test_kernels_along_an_axis(name, mode):
    x = make((7, 6, 5), "float32")
    for axis in (-1, 0, 1):
        for size, origin in [(1, 0), (4, 1), (4, -2), (5, 2), (17, -3)]:
            both(name, x, make(size), axis, mode=mode, cval=-2, origin=origin, slack=8)


def test_one_call_filters_the_axes_that_are_asked_for():
    x = make((6, 7, 8, 3))
    both("correlate", x, make((3, 2)), axes=(1, 2), origin=(-1, 0), slack=4)
    both("convolve", x, make((3, 2)), axes=(-1, 0), origin=(-1, 1), slack=4)
    both("correlate", x, make((3, 1, 2, 1)), slack=4)
    for name, options in [("uniform_filter", {"size": (3, 4)}), ("gaussian_filter", {"sigma": (1, 0.6)})]:
        both(name, x, axes=(2, 0), mode=("mirror", "wrap"), **options)
    assert np.array_equal(ours.uniform_filter(x, axes=()), x)
    both("correlate", x, np.float64(2), axes=())
    both("convolve", np.float64(3), -0.5)
    both("laplace", np.float32(3))
    with pytest.raises(NotImplementedError, match="4 axes"):
        ours.correlate(x, make((2, 2, 2, 2)))


@pytest.mark.parametrize("mode", MODES)
def test_means(mode):
    for dtype in ("float64", "float32", "uint8", "int16"):
        x = make((12, 9, 4), dtype)
        both("uniform_filter", x, mode=mode, cval=3)
        both("uniform_filter", x, (5, 1, 4), mode=mode, cval=3, origin=(-2, 0, 1))
        both("uniform_filter1d", x, 6, 0, mode=mode, cval=-1, origin=-3)
    both("uniform_filter", make((4, 5, 6, 3, 2)), (3, 2, 1, 2, 3), mode=mode, cval=0.5)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("order", [0, 1, 2, 3, 5])
def test_gaussians(mode, order):
    x = make((15, 11))
    both("gaussian_filter", x, (1.3, 0.8), order, mode=mode, cval=2, slack=64)
    both("gaussian_filter", x, 1.1, (0, order), mode=(mode, "mirror"), cval=2, truncate=2.5, slack=64)
    both("gaussian_filter", x, 1.1, order, mode=mode, radius=(2, 5), slack=64)
    both("gaussian_filter1d", x.astype("float32"), 2.2, 0, order, mode=mode, cval=-1, slack=8)


def test_gaussians_of_nothing_and_of_many_axes():
    x = make((5, 4, 6, 5, 3), "float32")
    assert np.array_equal(ours.gaussian_filter(x, 0), x)
    both("gaussian_filter", x, (0.7, 0, 1, 0.5, 0.9), mode="constant", cval=4)
    both("gaussian_filter", x, 0.7, (1, 0, 2, 0, 0), mode="constant", cval=4, slack=8)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["prewitt", "sobel"])
def test_differences(name, mode):
    for shape in ((17,), (8, 9), (4, 5, 6), (3, 4, 5, 2)):
        for axis in (0, -1):
            both(name, make(shape, "float32"), axis, mode=mode, cval=0.75, slack=32)
    both(name, make((8, 9)), 0, mode=(mode, "nearest"), slack=32)


@pytest.mark.parametrize("mode", MODES)
def test_laplacians_and_magnitudes(mode):
    for shape in ((17,), (8, 9), (6, 5, 7), (3, 4, 5, 2)):
        x = make(shape)
        for cval in (0, 0.75):
            both("laplace", x, mode=mode, cval=cval, slack=16)
            both("gaussian_laplace", x, 1.2, mode=mode, cval=cval, slack=16)
            both("gaussian_gradient_magnitude", x, 1.2, mode=mode, cval=cval, slack=16)
    x = make((8, 7, 9), "float32")
    both("laplace", x, mode=("mirror", mode), axes=(2, 0), slack=16)
    both("gaussian_laplace", x, (0.8, 1.1), mode=("mirror", mode), axes=(2, 0), slack=16)
    both("gaussian_laplace", x, 0.9, mode=mode, axes=1, slack=16)
    for sigma in (0, 0.1):
        both("gaussian_laplace", x, sigma, mode=mode, slack=100 if sigma else 1)
        both("gaussian_gradient_magnitude", x, sigma, mode=mode)
    both("gaussian_gradient_magnitude", x, (0.8, 1.1, 1), mode=("mirror", mode), axes=(2, 0), slack=16)
    both("gaussian_gradient_magnitude", x, 0.9, mode=mode, truncate=3, slack=16)


def test_derivatives_of_others():
    x = make((9, 8))
    for name, derivative in [("generic_laplace", "gaussian_filter1d"), ("generic_gradient_magnitude", "sobel")]:

        def along(library, x, axis, output, mode, cval, *more, derivative=derivative, **options):
            if derivative == "sobel":
                return library.sobel(x, axis, output, mode, cval)
            return library.gaussian_filter1d(x, 1.5, axis, 2, output, mode, cval, **options)

        keywords = {"truncate": 3} if derivative != "sobel" else None
        options = {"mode": ("wrap", "nearest"), "extra_keywords": keywords}
        got = getattr(ours, name)(x, lambda *args, **kw: along(ours, *args, **kw), **options)
        agree(got, getattr(theirs, name)(x, lambda *args, **kw: along(theirs, *args, **kw), **options), x, 32)


FILTERS = {
    "correlate": lambda library, x, **more: library.correlate(x, TAPS, **more),
    "convolve1d": lambda library, x, **more: library.convolve1d(x, TAPS[0], 0, **more),
    "uniform_filter": lambda library, x, **more: library.uniform_filter(x, 4, **more),
    "gaussian_filter": lambda library, x, **more: library.gaussian_filter(x, 1.3, **more),
    "sobel": lambda library, x, **more: library.sobel(x, **more),
    "laplace": lambda library, x, **more: library.laplace(x, **more),
    "gaussian_laplace": lambda library, x, **more: library.gaussian_laplace(x, 1.3, **more),
    "gaussian_gradient_magnitude": lambda library, x, **more: library.gaussian_gradient_magnitude(x, 1.3, **more),
    "shift": lambda library, x, **more: library.shift(x, (0.3, -2.75), order=1, mode="mirror", **more),
}
TAPS = np.array([[0.25, 0.5, -0.125], [1, -0.75, 0.375]])


# One of each way through the library.
WAYS = ("correlate", "uniform_filter", "gaussian_filter", "gaussian_laplace", "gaussian_gradient_magnitude", "shift")


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_types_in_and_out(name, dtype):
    x = make((10, 13), dtype)
    expected = FILTERS[name](theirs, double(x))
    got = FILTERS[name](ours, x)
    assert got.dtype == x.dtype
    agree(got, expected, x, 8)
    for output in ("float64", "float32", "uint8", "int32"):
        got = FILTERS[name](ours, x, output=output)
        assert got.dtype == output
        agree(got, expected, x, 8)


@pytest.mark.parametrize("name", FILTERS)
def test_outputs_given(name):
    x = make((10, 13))
    expected = FILTERS[name](theirs, x)
    for output in (np.empty((10, 13)), np.empty((13, 10)).T, np.empty((20, 26))[::2, ::2], np.empty((10, 13), ">f8")):
        assert FILTERS[name](ours, x, output=output) is output
        agree(output.astype("float64"), expected, x, 8)
    in_place = x.copy()
    assert FILTERS[name](ours, in_place, output=in_place) is in_place
    agree(in_place, expected, x, 8)
    for odd in (x.astype(">f8"), np.asfortranarray(x), x.tolist(), np.flip(np.flip(x).copy())):
        agree(FILTERS[name](ours, odd), expected, x, 8)
    with pytest.raises(RuntimeError, match="shape"):
        FILTERS[name](ours, x, output=np.empty((13, 10)))
    read_only = np.empty((10, 13))
    read_only.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        FILTERS[name](ours, x, output=read_only)


@pytest.mark.parametrize("name", [name for name in FILTERS if name != "gaussian_gradient_magnitude"])
def test_complex_numbers(name):
    x = make((9, 12), "complex128")
    agree(FILTERS[name](ours, x), FILTERS[name](theirs, x), x, 8)
    assert FILTERS[name](ours, x.astype("complex64")).dtype == "complex64"


@pytest.mark.parametrize("name", ["correlate", "convolve"])
def test_complex_kernels(name):
    taps = TAPS + 1j * TAPS[::-1]
    both(name, make((8, 9)), taps, mode="constant", cval=2, slack=8)
    x = make((8, 9), "complex128")
    both(name, x, taps, mode="constant", cval=2 - 1j, slack=8)
    both(name + "1d", x, taps[0], slack=8)
    with pytest.raises(ValueError, match="complex"):
        getattr(ours, name)(x.real, taps, cval=1j)
    with pytest.raises(RuntimeError, match="complex"):
        getattr(ours, name)(x, taps, output=np.empty(x.shape))


def test_integers_are_rounded_once_and_saturate():
    x = np.array([[0, 0, 255, 255, 7, 7]], "uint8")
    assert ours.correlate1d(x, [1, 1]).tolist() == [[0, 0, 255, 255, 255, 14]]
    assert ours.correlate1d(x, [0.5, 0]).tolist() == [[0, 0, 0, 128, 128, 4]]
    lost = np.array([[1, np.nan, 1e9, -1e30, 2.5]], "float32")
    with np.errstate(invalid="raise"):
        assert ours.correlate1d(lost, [1], output="int32").tolist() == [[1, 0, 10**9, -(2**31), 2]]
        assert ours.correlate1d(lost, [1], output="int64").tolist()[0][1:3] == [0, 10**9]
        assert ours.correlate1d(lost, [1], output="uint8").tolist() == [[1, 0, 255, 0, 2]]
        assert ours.correlate1d(-lost, [1], output="int64").tolist()[0][3] == 2**63 - 1
    big = np.array([2**62, 2**62, -(2**62)] * 2)
    assert ours.correlate1d(big, [4, 0])[1] == 2**63 - 1 and ours.correlate1d(big, [4, 0])[3] == -(2**63)
    assert ours.correlate1d(big.astype("uint64") // 2, [16, 0], mode="wrap").tolist()[1] == 2**64 - 1


def test_nan_beyond_the_ends():
    x = make((12, 14), "float32")
    for name in ("correlate", "uniform_filter", "gaussian_filter", "sobel", "laplace", "gaussian_gradient_magnitude"):
        for mode in ("constant", "wrap"):
            got = FILTERS[name](ours, x, mode=mode, cval=np.nan)
            if name == "uniform_filter":  # SciPy's running sum carries a NaN along the line
                expected = theirs.correlate(double(x), np.full((4, 4), 1 / 16), mode=mode, cval=np.nan)
            else:
                expected = FILTERS[name](theirs, double(x), mode=mode, cval=np.nan)
            agree(got, expected, x, 8)
            assert np.isnan(got).any() == (mode == "constant") and not np.isnan(got[5:7, 6:8]).any()


@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "wrap"])
def test_shifts(order, mode):
    x = make((16, 17))
    for amounts in ((0.3, -2.25), (1, -3), (0, 1.7), (-0.4, 20.2), (-15.8, 0.6), (0.25, 4)):
        both("shift", x.astype("float32"), amounts, order=order, mode=mode, cval=2.5, slack=8)
        if order == 3 and mode in ("nearest", "grid-constant"):
            # SciPy ends these lines after twelve elements, which a spline sees in the seventh digit: more beforehand.
            more = {"mode": "edge"} if mode == "nearest" else {"mode": "constant", "constant_values": 2.5}
            expected = theirs.shift(np.pad(x, 40, **more), amounts, mode=mode, cval=2.5)[40:-40, 40:-40]
            agree(ours.shift(x, amounts, mode=mode, cval=2.5), expected, x, 8)
        else:
            both("shift", x, amounts, order=order, mode=mode, cval=2.5, slack=8)
    both("shift", make((5, 6, 7), "complex128"), (0.25, 1, -0.75), order=1, mode=mode, cval=1 - 2j, slack=8)


@pytest.mark.parametrize("dtype", DTYPES + ("uint64",))
def test_whole_shifts_move_bits(dtype):
    x = make((6, 7), dtype)
    for order in (0, 3):
        got = ours.shift(x, (1, -2), order=order, cval=1)
        assert got.dtype == x.dtype and np.array_equal(got[1:, :-2], x[:-1, 2:])
        assert np.all(got[0] == 1) and np.all(got[:, -2:] == 1)
    huge = np.array([2**63 - 1, -(2**63)])
    assert ours.shift(huge, 1, order=0, mode="grid-wrap").tolist() == huge[::-1].tolist()


def test_shifts_that_are_missing_say_so():
    x = make((5, 6))
    for options in ({"order": 2}, {"order": 3, "prefilter": False}, {"order": 1, "mode": "wrap"}):
        with pytest.raises(NotImplementedError, match="clfilter has"):
            ours.shift(x, 0.5, **options)
    with pytest.raises(NotImplementedError, match="prefilter"):
        ours.shift(x, 1, prefilter=False)
    both("shift", x, 1, prefilter=False, order=1)
    both("shift", x, 2, order=4, mode="mirror", slack=8)
    for order in (-1, 6):
        with pytest.raises(RuntimeError, match="order"):
            ours.shift(x, 0.5, order=order)
    with pytest.raises(RuntimeError, match="rank"):
        ours.shift(1.0, 1)
    with pytest.raises(ValueError, match="NaN"):
        ours.shift(x, np.nan)
    for far in (np.inf, -1e30, 6.5):
        both("shift", x, (0, far), cval=3)


BAD = [
    ("correlate", (np.ones((3, 3)),), {"mode": "circular"}),
    ("correlate", (np.ones((3, 3)),), {"mode": ("wrap", "wrap")}),
    ("correlate", (np.ones(3),), {}),
    ("correlate", (np.ones((3, 0)),), {}),
    ("correlate", (np.ones((3, 3)),), {"origin": 2}),
    ("correlate", (np.ones((3, 3)),), {"origin": (0, 0, 0)}),
    ("convolve", (np.ones((4, 4)),), {"origin": 2}),
    ("convolve", (np.ones(3),), {"axes": (2,)}),
    ("convolve", (np.ones((3, 3)),), {"axes": (0, 0)}),
    ("correlate1d", ([],), {}),
    ("correlate1d", ([1, 2],), {"axis": 2}),
    ("convolve1d", ([1, 2],), {"origin": 1}),
    ("uniform_filter1d", (0,), {}),
    ("uniform_filter1d", (2.7,), {}),
    ("uniform_filter1d", (3,), {"origin": -2}),
    ("uniform_filter", ((3, 3, 3),), {}),
    ("uniform_filter", (3,), {"mode": ["wrap"]}),
    ("gaussian_filter", (1,), {"order": -1}),
    ("gaussian_filter", (1,), {"radius": 1.5}),
    ("gaussian_filter", (1,), {"radius": -1}),
    ("gaussian_filter", ((1, 1, 1),), {}),
    ("gaussian_filter1d", (1,), {"axis": -3}),
    ("sobel", (), {"axis": 2}),
    ("prewitt", (), {"mode": ["wrap"]}),
    ("laplace", (), {"output": "U4"}),
    ("laplace", (), {"axes": 0.5}),
    ("shift", ((1, 2, 3),), {}),
    ("shift", (1,), {"mode": "circular"}),
]


@pytest.mark.parametrize("name, args, options", BAD)
def test_bad_input_raises_as_in_scipy(name, args, options):
    x = make((8, 9))
    with pytest.raises(Exception) as expected:
        getattr(theirs, name)(x, *args, **options)
    kind = next(each for each in (RuntimeError, ValueError, TypeError) if issubclass(expected.type, each))
    with pytest.raises(kind):
        getattr(ours, name)(x, *args, **options)


def test_arrays_that_are_refused():
    for x in (np.array([object()]), np.array(["a"]), np.ones(3, "longdouble"), np.ones(3, "datetime64[s]")):
        with pytest.raises(TypeError):
            ours.correlate1d(x, [1, 1])
    with pytest.raises(TypeError, match="masked"):
        ours.gaussian_filter(np.ma.masked_array([1.0, 2.0]), 1)


def test_empty_arrays():
    for shape in ((0,), (3, 0), (0, 4, 2)):
        x = np.empty(shape, "float32")
        for name, args in [("gaussian_filter", (1,)), ("laplace", ()), ("shift", (0.5,)), ("sobel", ())]:
            got = getattr(ours, name)(x, *args)
            assert got.shape == shape and got.dtype == x.dtype


def test_names_signatures_and_what_is_missing():
    public = {name for name in theirs.__all__ if isinstance(getattr(theirs, name), types.FunctionType)}
    assert public <= set(ours.__all__) | set(ours.missing)
    assert not set(ours.__all__) & set(ours.missing) and set(ours.__all__) <= public
    assert "median_filter" in ours.missing
    for name in ours.__all__:
        of_scipy = str(inspect.signature(getattr(theirs, name))).replace("<class 'numpy.float64'>", "float64")
        assert str(inspect.signature(getattr(ours, name))) == of_scipy, name
        sections = re.findall(r"^    (Parameters|Returns|Examples)\n    -+$", getattr(ours, name).__doc__, re.M)
        assert sections == ["Parameters", "Returns", "Examples"], name
    with pytest.raises(AttributeError, match="not in clfilter yet"):
        ours.median_filter
    with pytest.raises(AttributeError, match="no attribute 'meridian_filter'"):
        ours.meridian_filter


def test_many_axes_are_one_call(monkeypatch):
    calls = []
    for module, name in [("_work", "correlate"), ("_work", "box")]:
        function = getattr(getattr(ours, module), name)
        counted = lambda *args, function=function, **options: calls.append(name) or function(*args, **options)  # noqa
        monkeypatch.setattr(getattr(ours, module), name, counted)
    x = make((6, 7, 8), "float32")
    for filtered in (lambda: ours.gaussian_filter(x, 1), lambda: ours.uniform_filter(x), lambda: ours.sobel(x)):
        calls.clear()
        filtered()
        assert len(calls) == 1
