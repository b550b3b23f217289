# SPDX-License-Identifier: Apache-2.0
"""Odd input that must work, and bad input, which must be refused with a sentence and leave nothing behind."""

import clfilter
import numpy as np
import pytest

random = np.random.default_rng(3)
K = np.float32([[1, 2, 3], [4, 5, 6], [7, 8, 9]])


@pytest.fixture
def x():
    return random.standard_normal((24, 32)).astype("float32")


def test_views_are_filtered_as_their_copies(x):
    for view in (x[::-1], x[:, ::-1], x[3:, 5:], x[::2, ::3], x.T, x[1:-1, ::-2].T, np.broadcast_to(x[0], (5, 32))):
        assert np.array_equal(clfilter.correlate(view, K), clfilter.correlate(view.copy(), K)) or np.allclose(
            clfilter.correlate(view, K), clfilter.correlate(view.copy(), K), atol=1e-4
        )


def test_outputs_may_be_views(x):
    expected = clfilter.correlate(x, K)
    whole = np.full((50, 70), 7, "float32")
    target = whole[-2:1:-2, 3:67:2]
    assert clfilter.correlate(x, K, out=target) is target
    assert np.allclose(target, expected, atol=1e-4)
    target[...] = 7
    assert (whole == 7).all()


def test_addresses_of_every_alignment(x):
    expected = clfilter.correlate(x, K)
    for first in range(5):
        room = np.zeros(x.size + 8, "float32")
        moved = room[first : first + x.size].reshape(x.shape)
        moved[...] = x
        out = np.zeros(x.size + 8, "float32")
        clfilter.correlate(moved, K, out=out[first : first + x.size].reshape(x.shape))
        assert np.allclose(out[first : first + x.size].reshape(x.shape), expected, atol=1e-4)
        assert not out[:first].any() and not out[first + x.size :].any()


def test_bytes_that_are_not_aligned(x):
    packed = np.frombuffer(b"." + x.tobytes(), "float32", offset=1).reshape(x.shape)
    assert not packed.flags.aligned
    assert np.allclose(clfilter.correlate(packed, K), clfilter.correlate(x, K), atol=1e-4)
    fields = np.zeros(x.shape, [("a", "u1"), ("b", "f4")])
    fields["b"] = x
    assert np.allclose(clfilter.correlate(fields["b"], K), clfilter.correlate(x, K), atol=1e-4)


def test_other_byte_order(x):
    assert np.array_equal(clfilter.correlate(x.astype(">f4"), K), clfilter.correlate(x, K))
    assert np.array_equal(clfilter.correlate(x, K.astype(">f8")), clfilter.correlate(x, K))
    assert np.array_equal(clfilter.take(x, np.array([1, 0], ">i4")), x[[1, 0]])


def test_lists_and_scalars_in_place_of_arrays():
    assert clfilter.correlate([0.0, 1.0, 0.0], [1, 2, 3], "constant").tolist() == [3.0, 2.0, 1.0]
    assert np.array_equal(clfilter.correlate(np.ones((1, 1)), [[2]]), [[2]])
    one_value = np.broadcast_to(np.float32(3), (4, 5))
    assert (clfilter.correlate(one_value, K) == 135).all()


def test_no_elements():
    assert clfilter.correlate(np.zeros((0, 5, 5), "float32"), K).shape == (0, 5, 5)
    assert clfilter.pinv(np.zeros((0, 2, 4), "float32")).shape == (0, 4, 2)
    assert clfilter.asarray(np.zeros((0, 3), "float32")).numpy().shape == (0, 3)


def test_read_only_input_and_kernel(x):
    x.flags.writeable = False
    taps = K.copy()
    taps.flags.writeable = False
    assert clfilter.correlate(x, taps).shape == x.shape


def test_nan_stays_where_its_windows_are(x):
    x[10, 10] = np.nan
    got = clfilter.correlate(x, K)
    assert np.isnan(got[9:12, 9:12]).all() and np.isnan(got).sum() == 9


REFUSED = {
    "complex": (np.zeros((4, 4), "complex64"), TypeError, "its real and its imaginary part"),
    "object": (np.zeros((4, 4), object), TypeError, "object arrays"),
    "text": (np.array([["a", "b"]]), TypeError, "text"),
    "int64": (np.zeros((4, 4), "int64"), TypeError, "i64|int64"),
    "longdouble": (np.zeros((4, 4), "longdouble"), TypeError, "float128|longdouble"),
    "masked": (np.ma.masked_array(np.zeros((4, 4), "float32"), True), TypeError, "masked"),
    "no axes": (np.float32(3), ValueError, "axes"),
    "nine axes": (np.zeros((1,) * 9, "float32"), ValueError, "axes"),
    "dates": (np.zeros((4, 4), "M8[s]"), TypeError, "datetime64"),
    "fields": (np.zeros((4, 4), [("a", "f4")]), TypeError, "fields"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    value, error, sentence = REFUSED[name]
    with pytest.raises(error, match=sentence):
        clfilter.correlate(value, K)


def test_outputs_that_cannot_be_written(x):
    out = np.empty_like(x)
    out.flags.writeable = False
    with pytest.raises(ValueError, match="out is read-only"):
        clfilter.correlate(x, K, out=out)
    with pytest.raises(TypeError, match="expected a numpy.ndarray"):
        clfilter.correlate(x, K, out=[1, 2])
    with pytest.raises(clfilter.ShapeMismatchError):
        clfilter.correlate(x, K, out=np.empty((24, 31), "float32"))
    with pytest.raises(clfilter.DtypeMismatchError):
        clfilter.correlate(x, K, out=np.empty(x.shape, "float64"))
    with pytest.raises(TypeError):
        clfilter.correlate(x, K, out=np.empty(x.shape, ">f4"))
    with pytest.raises(clfilter.OverlapError):
        clfilter.correlate(x, K, out=x)
    with pytest.raises(clfilter.OverlapError):
        clfilter.correlate(x[1:], K, out=x[:-1])
    with pytest.raises(clfilter.InvalidValueError, match="give one of them"):
        clfilter.correlate(x, K, out=np.empty(x.shape, "float32"), dtype="float64")


def test_parameters(x):
    with pytest.raises(clfilter.InvalidValueError, match="'mirror'; expected 'reflect', 'periodic'"):
        clfilter.correlate(x, K, "mirror")
    with pytest.raises(clfilter.InvalidValueError, match="cval"):
        clfilter.correlate(x, K, "constant", cval=float("nan"))
    with pytest.raises(clfilter.InvalidOriginError):
        clfilter.correlate(x, K, origin=2)
    with pytest.raises(clfilter.KernelTooLargeError):
        clfilter.correlate(x, np.ones((30, 3)), mode="valid")
    with pytest.raises(TypeError, match="whole number"):
        clfilter.correlate(x, K, stride=[1.5, 1])
    with pytest.raises(TypeError, match="expected a number"):
        clfilter.laplace(x, sigma="wide")
    with pytest.raises(clfilter.InvalidValueError):
        clfilter.laplace(x, sigma=float("nan"))
    with pytest.raises(clfilter.InvalidValueError):
        clfilter.shift(x, (float("nan"), 0))
    with pytest.raises(clfilter.InvalidValueError, match="2147483648"):
        clfilter.correlate(x, K, groups=2**31)
    with pytest.raises(clfilter.InvalidValueError, match="outputs has 'dw'"):
        clfilter.gradient(x, ("dx", "dw"))
    with pytest.raises(clfilter.OutOfRangeError):
        clfilter.correlate(x, K[0], axes=2)
    with pytest.raises(clfilter.InvalidValueError, match="k and factors are missing"):
        clfilter.correlate(x)
    with pytest.raises(clfilter.NoSolverError):
        clfilter.correlate(x, K, solver="conv.unheard")
    with pytest.raises(clfilter.ParseError):
        clfilter.correlate(x, "sobol-x")


def test_zeros_are_no_defaults(x):
    """In C a zero means the default; in Python it is what somebody wrote."""
    for call in (
        lambda: clfilter.correlate(x, K, stride=0),
        lambda: clfilter.correlate(x, K, dilation=(1, 0)),
        lambda: clfilter.correlate(x, K, groups=0),
        lambda: clfilter.gradient(x, scale=0),
        lambda: clfilter.laplace(x, axes=0),
        lambda: clfilter.structure(x, sigma=0),
        lambda: clfilter.harris(x, sigma=0),
        lambda: clfilter.canny(x, sigma=0),
        lambda: clfilter.box(x, (3, 0)),
        lambda: clfilter.smoothness(x[None, None], x[None, None], edge_weight=0),
    ):
        with pytest.raises(clfilter.InvalidValueError, match="is 0"):
            call()
    assert (clfilter.canny(x, low=0, high=0) > 0).sum() > (clfilter.canny(x, low=1, high=2) > 0).sum()


def test_misspelt_keywords_are_named(x):
    with pytest.raises(TypeError, match=r"correlate\(\) has no keyword 'bordr'; did you mean 'border'\?"):
        clfilter.correlate(x, K, bordr="reflect")
    with pytest.raises(TypeError, match=r"'stream_byte'; did you mean 'stream_bytes'\?"):
        clfilter.box(x, stream_byte=1000)
    with pytest.raises(TypeError, match="it takes x, "):
        clfilter.laplace(x, zzz=1)


def test_errors_are_of_a_builtin_class_and_know_their_status(x):
    with pytest.raises(clfilter.Error) as caught:
        clfilter.correlate(x, K, origin=2)
    assert isinstance(caught.value, ValueError) and caught.value.status == "CLF_INVALID_ORIGIN"
