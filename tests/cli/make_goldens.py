#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes data/: small inputs, in data/expected/ scipy.ndimage's answers in double, and data/cases.txt that pairs them.

The tests need what this wrote, not Python. Needs numpy, scipy and scikit-image; run it where it stands.
"""
import pathlib
import struct
import zlib

import numpy as np
from scipy import ndimage
from skimage import feature

DATA = pathlib.Path(__file__).resolve().parent / "data"
SCIPY = {"reflect": "mirror", "symmetric": "reflect", "replicate": "nearest", "periodic": "grid-wrap",
         "constant": "constant"}
LIMITS = {"u1": (0, 255), "u2": (0, 65535), "i2": (-32768, 32767)}
NAMES = {"f2": "f16", "f4": "f32", "f8": "f64", "u1": "u8", "u2": "u16", "i2": "i16"}
random = np.random.default_rng(20240229)
lines = []


def extend(i, n, border):
    """The index that i stands for, and whether it lies inside: the definition of each border."""
    if border == "periodic":
        return i % n, True
    if border == "replicate":
        return min(max(i, 0), n - 1), True
    if border == "constant":
        return min(max(i, 0), n - 1), 0 <= i < n
    period = 2 * n if border == "symmetric" else max(2 * n - 2, 1)
    i %= period
    return min(i, period - i - (border == "symmetric")) if i >= n else i, True


def along(x, axis, positions, border, cval):
    """x at these positions of an axis, which may lie outside."""
    at = [extend(p, x.shape[axis], border) for p in positions]
    shape = [1] * x.ndim
    shape[axis] = len(at)
    inside = np.array([b for _, b in at]).reshape(shape)
    return np.where(inside, np.take(x, [i for i, _ in at], axis=axis), cval)


def correlate(x, w, borders, cval=0.0, mode="same", origins=None):
    """Correlation of the last axes by the definition, for every mode; equal to scipy's in mode same."""
    first = x.ndim - w.ndim
    extents = list(x.shape)
    starts = []
    for k, taps in enumerate(w.shape):
        n = x.shape[first + k]
        starts.append({"same": -(taps // 2 + (origins or [0] * w.ndim)[k]), "valid": 0, "full": -(taps - 1)}[mode])
        extents[first + k] = {"same": n, "valid": n - taps + 1, "full": n + taps - 1}[mode]
    total = np.zeros(extents)
    for index in np.ndindex(w.shape):
        part = x
        for k in range(w.ndim):
            positions = [starts[k] + index[k] + i for i in range(extents[first + k])]
            part = along(part, first + k, positions, borders[k], cval)
        total += w[index] * part
    return total


def filtered(operation, x, w, borders=None, cval=0.0, mode="same", origins=None):
    borders = [(borders or ["reflect"])[min(k, len(borders or [1]) - 1)] for k in range(w.ndim)]
    origins = origins or [0] * w.ndim
    x = x.astype(np.float64)
    w = w.astype(np.float64)
    if operation == "correlate":
        result = correlate(x, w, borders, cval, mode, origins)
    else:
        # Flipping moves the centre of K taps from K/2 + o to K - 1 - K/2 - o.
        back = [k - 1 - k // 2 - o - k // 2 for k, o in zip(w.shape, origins)]
        result = correlate(x, np.flip(w), borders, cval, mode, back if mode == "same" else None)
    # scipy takes one border for all axes in an n-D kernel, and goes wrong in its own `reflect` where lines are far
    # shorter than the kernel.
    short = any(k > n for k, n in zip(w.shape, x.shape[-w.ndim:]))
    if mode == "same" and len(set(borders)) == 1 and not (short and borders[0] == "symmetric"):
        full = w.reshape((1,) * (x.ndim - w.ndim) + w.shape)
        theirs = getattr(ndimage, operation)(x, full, mode=SCIPY[borders[0]], cval=cval,
                                             origin=[0] * (x.ndim - w.ndim) + list(origins))
        assert np.allclose(result, theirs, rtol=0, atol=1e-9 * max(1, abs(result).max())), (operation, borders, origins)
    return result


def gradient(x, operator, borders, scale=1.0, cval=0.0):
    x = x.astype(np.float64)
    row = np.array([[-1.0, 0.0, 1.0]])
    smooth = np.array([[1.0], [2.0], [1.0]]) if operator == "sobel" else np.array([[1.0]])
    dx = correlate(x, smooth * row, borders, cval)
    dy = correlate(x, (smooth * row).T.copy(), borders, cval)
    if x.ndim == 2 and len(set(borders)) == 1:
        mode = {"mode": SCIPY[borders[0]], "cval": cval}
        assert np.allclose(dx, ndimage.correlate(x, smooth * row, **mode))
        assert np.allclose(dy, ndimage.correlate(x, (smooth * row).T, **mode))
    return abs(scale) * np.sqrt(dx * dx + dy * dy)


def stored(values, dtype):
    if dtype in LIMITS:
        return np.clip(np.rint(values), *LIMITS[dtype])
    return values


def save(name, array):
    np.save(DATA / (name + ".npy"), array)


def case(name, result, dtype, tolerance, arguments, out="npy"):
    """A line of cases.txt: golden, tolerance, element type and extension of OUT, arguments."""
    assert not (DATA / "expected" / (name + ".npy")).exists()
    np.save(DATA / "expected" / (name + ".npy"), stored(result, dtype))
    lines.append(f"{name} {tolerance:.3g} {NAMES[dtype]} {out} {arguments}")


def bound(x, w, dtype):
    """2 K eps sum|w| max|x|: what f32 or f64 arithmetic is allowed; halves round once more."""
    eps = {"f8": 2.0 ** -52, "f2": 2.0 ** -10}.get(dtype, 2.0 ** -23)
    return 2 * w.size * eps * abs(w).sum() * max(1.0, abs(x).max())


def write_png(name, pixels):
    """8 or 16 bit PNG of rows x columns x channels."""
    depth = 8 * pixels.dtype.itemsize
    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + row.astype(pixels.dtype.newbyteorder(">")).tobytes() for row in pixels)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, [0, 0, 4, 2, 6][channels], 0, 0, 0)
    (DATA / (name + ".png")).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                                         chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def planes(pixels, function, colours):
    return np.stack([function(pixels[..., c]) for c in range(colours)], -1)


def float_cases():
    a = random.standard_normal((9, 13)).astype("f4")
    batch = random.standard_normal((2, 3, 7, 5)).astype("f4")
    line = random.standard_normal(11)
    half = random.standard_normal((6, 10)).astype("f2")
    kernels = {
        "k3x3": random.standard_normal((3, 3)), "k4x2": random.standard_normal((4, 2)),
        "k2x5": random.standard_normal((2, 5)), "k11x15": random.standard_normal((11, 15)),
        "k3": random.standard_normal(3), "k2x3x2": random.integers(-3, 4, (2, 3, 2)).astype("i1"),
    }
    for name, w in kernels.items():
        save(name, w)
    save("a", a)
    save("batch", batch)
    save("line", line)
    save("half", half)
    for border in SCIPY:
        for k in ("k3x3", "k4x2", "k11x15"):
            operation = "convolve" if (k == "k4x2") != (border == "reflect") else "correlate"
            case(f"{border}-{k}", filtered(operation, a, kernels[k], [border], 1.5), "f4", bound(a, kernels[k], "f4"),
                 f"{operation} a.npy {k}.npy --border {border} --cval 1.5")
    w = kernels["k4x2"]
    for o in ((-2, -1), (1, 0), (0, -1)):
        for operation in ("convolve", "correlate"):
            case(f"origin{o[0]}{o[1]}-{operation}", filtered(operation, a, w, ["symmetric"], origins=o), "f4",
                 bound(a, w, "f4"), f"{operation} a.npy k4x2.npy --border symmetric --origin {o[0]},{o[1]}")
    case("origin-one", filtered("correlate", a, kernels["k3x3"], origins=(-1, -1)), "f4",
         bound(a, kernels["k3x3"], "f4"), "correlate a.npy k3x3.npy --origin -1")
    case("axes", filtered("convolve", a, kernels["k2x5"], ["replicate", "periodic"]), "f4",
         bound(a, kernels["k2x5"], "f4"), "convolve a.npy k2x5.npy --border replicate,periodic")
    for operation in ("convolve", "correlate"):
        for mode in ("valid", "full"):
            case(f"{mode}-{operation}", filtered(operation, a, w, ["reflect"], mode=mode), "f4", bound(a, w, "f4"),
                 f"{operation} a.npy k4x2.npy --mode {mode}")
    case("batch-3d", filtered("convolve", batch, kernels["k2x3x2"], ["periodic", "constant", "reflect"], 2.0), "f4",
         bound(batch, kernels["k2x3x2"], "f4"),
         "convolve batch.npy k2x3x2.npy --border periodic,constant,reflect --cval 2")
    case("batch-1d", filtered("correlate", batch, kernels["k3"], ["replicate"]), "f4",
         bound(batch, kernels["k3"], "f4"), "correlate batch.npy k3.npy --border replicate")
    case("line", filtered("convolve", line, np.array([1.0, -2.0, 4.0])), "f8", bound(line, np.array([7.0]), "f8"),
         "convolve line.npy 1,-2,4")
    rows = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0]])
    case("rows", filtered("convolve", a, rows), "f4", bound(a, rows, "f4"), "convolve a.npy -1,0,1;-2,0,2")
    case("half", filtered("correlate", half, np.ones((3, 3)) / 9), "f2", bound(half, np.ones((3, 3)) / 9, "f2"),
         "correlate half.npy box:3")
    case("half-f32", filtered("correlate", half, np.ones((3, 3)) / 9), "f4", bound(half, np.ones((3, 3)) / 9, "f4"),
         "correlate half.npy box:3 --dtype f32")
    np.save(DATA / "swapped.npy", a.astype(">f4"))
    np.save(DATA / "fortran.npy", np.asfortranarray(batch))
    case("swapped", filtered("convolve", a, kernels["k3x3"]), "f4", bound(a, kernels["k3x3"], "f4"),
         "convolve swapped.npy k3x3.npy")
    case("fortran", filtered("convolve", batch, kernels["k3x3"]), "f4", bound(batch, kernels["k3x3"], "f4"),
         "convolve fortran.npy k3x3.npy")
    gradient_cases(a, batch, half)


def gradient_cases(a, batch, half):
    tolerance = 1e-6 * 8 * abs(a).max()
    for operator in ("central", "sobel"):
        for border in SCIPY:
            case(f"gradient-{operator}-{border}", gradient(a, operator, [border] * 2, 0.5, 1.5), "f4", tolerance,
                 f"gradient a.npy --operator {operator} --border {border} --scale 0.5 --cval 1.5")
    case("gradient-axes", gradient(batch, "sobel", ["replicate", "periodic"]), "f4", tolerance,
         "gradient batch.npy --operator sobel --border replicate,periodic --output magnitude")
    case("gradient-half", gradient(half, "central", ["reflect"] * 2), "f2", 2e-3 * abs(half).max(), "gradient half.npy")


def spread_taps(w, dilation):
    """Odd kernels with zeros between their taps: a dilation whose centre stays where it is."""
    wide = np.zeros([d * (k - 1) + 1 for k, d in zip(w.shape, dilation)])
    wide[tuple(slice(None, None, d) for d in dilation)] = w
    return wide


def stride_cases():
    a, line = np.load(DATA / "a.npy"), np.array([[1.0, -2.0, 4.0]])
    w = random.standard_normal((3, 3))
    save("k3x3b", w)
    for mode in ("same", "valid", "full"):
        for operation in ("convolve", "correlate"):
            result = filtered(operation, a, spread_taps(w, (2, 3)), ["symmetric"], mode=mode)[::2, ::3]
            case(f"stride-{mode}-{operation}", result, "f4", bound(a, w, "f4"),
                 f"{operation} a.npy k3x3b.npy --border symmetric --mode {mode} --stride 2,3 --dilation 2,3")
    case("stride-one", filtered("correlate", a, line[0])[:, ::3], "f4", bound(a, line, "f4"),
         "correlate a.npy 1,-2,4 --stride 3")


def bank_cases():
    """Kernels that mix the channels of each image, as conv2d does."""
    batch = np.load(DATA / "batch.npy")
    bias = random.standard_normal(3)
    save("bias", bias)
    for name, groups in (("bank", 1), ("depthwise", 3)):
        w = random.standard_normal((3, 3 // groups, 3, 3))
        save(name, w)
        result = np.zeros(batch.shape)
        for o in range(3):
            for i in range(w.shape[1]):
                channel = i if groups == 1 else o
                result[:, o] += filtered("correlate", batch[:, channel], w[o, i], ["replicate"])
            result[:, o] += bias[o]
        case(f"{name}-bias", result, "f4", bound(batch, np.append(w[0], bias), "f4") + 1e-6,
             f"correlate batch.npy {name}.npy --bias bias.npy --groups {groups} --border replicate")


def integer_cases():
    """Whole taps on whole numbers: exact, so nothing is allowed."""
    w = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    text = "1,0,-1;2,0,-2;1,0,-1"
    for dtype in LIMITS:
        low, high = LIMITS[dtype]
        x = random.integers(low, high + 1, (8, 17)).astype(dtype)
        save(dtype, x)
        result = filtered("convolve", x, w, ["periodic"])
        case(f"{dtype}-sobel", result, dtype, 0, f"convolve {dtype}.npy {text} --border periodic")
        case(f"{dtype}-sobel-f32", result, "f4", 0, f"convolve {dtype}.npy {text} --border periodic --dtype f32")
        magnitude = gradient(x, "central", ["symmetric"] * 2, 0.5)
        case(f"{dtype}-gradient", magnitude, dtype, 1, f"gradient {dtype}.npy --border symmetric --scale 0.5")
        case(f"{dtype}-gradient-f32", magnitude, "f4", 1e-6 * high,
             f"gradient {dtype}.npy --border symmetric --scale 0.5 --dtype f32")


def alpha_of(pixels, shape, shift, step):
    """Alpha from where the tap in the middle lies, or from the nearest pixel."""
    rows = np.clip(np.arange(shape[0]) * step[0] + shift[0], 0, pixels.shape[0] - 1)
    columns = np.clip(np.arange(shape[1]) * step[1] + shift[1], 0, pixels.shape[1] - 1)
    return pixels[..., 3:][rows][:, columns]


def image_cases():
    w = np.array([[0, 1, 0], [1, -3, 1], [0, 1, 0]])
    text = "0,1,0;1,-3,1;0,1,0"
    even = np.array([[1, 0], [0, 0], [0, 1], [0, 0]])
    for channels in (1, 2, 3, 4):
        for dtype in ("u1", "u2"):
            name = f"image{channels}{dtype}"
            pixels = random.integers(0, LIMITS[dtype][1] + 1, (7, 9, channels)).astype(dtype)
            colours = channels - (channels % 2 == 0)
            write_png(name, pixels)
            result = planes(pixels, lambda p: filtered("correlate", p, w, ["replicate"]), colours)
            if colours < channels:
                result = np.concatenate([result, pixels[..., colours:]], -1)
            result = result[..., 0] if channels == 1 else result
            line = f"correlate {name}.png {text} --border replicate" + " --alpha separate" * (colours < channels)
            case(f"{name}-same", result, dtype, 0, line, "png")
            if dtype == "u1":
                lines.append(f"{name}-same 0 u8 tif {line}")
                lines.append(f"{name}-same 0 u8 npy {line}")
    pixels = random.integers(0, 256, (7, 9, 4)).astype("u1")
    write_png("alpha", pixels)
    for operation in ("convolve", "correlate"):
        for mode in ("valid", "full"):
            result = planes(pixels, lambda p: filtered(operation, p, even, ["symmetric"], mode=mode), 3)
            # The samples of a window before the tap in the middle, K/2.
            shift = [k // 2 if operation == "correlate" else k - 1 - k // 2 for k in even.shape]
            if mode == "full":
                shift = [s - (k - 1) for s, k in zip(shift, even.shape)]
            alpha = alpha_of(pixels, result.shape, shift, (1, 1))
            case(f"alpha-{mode}-{operation}", np.concatenate([result, alpha], -1), "u1", 0,
                 f"{operation} alpha.png 1,0;0,0;0,1;0,0 --border symmetric --mode {mode} --alpha separate",
                 "png")
    for mode, shift in (("same", (0, 0)), ("valid", (2, 1)), ("full", (-2, -1))):
        taps = spread_taps(w, (2, 1))
        result = planes(pixels, lambda p: filtered("correlate", p, taps, ["reflect"], mode=mode)[::2, ::3], 3)
        alpha = alpha_of(pixels, result.shape, shift, (2, 3))
        case(f"alpha-stride-{mode}", np.concatenate([result, alpha], -1), "u1", 0,
             f"correlate alpha.png {text} --mode {mode} --stride 2,3 --dilation 2,1 --alpha separate", "png")
    magnitude = planes(pixels, lambda p: gradient(p, "sobel", ["reflect"] * 2, 0.25), 3)
    result = np.concatenate([magnitude, pixels[..., 3:]], -1)
    case("alpha-gradient", result, "u1", 1, "gradient alpha.png --operator sobel --scale 0.25 --alpha separate",
         "png")
    case("alpha-gradient-f32", result, "f4", 1e-3,
         "gradient alpha.png --operator sobel --scale 0.25 --dtype f32 --alpha separate", "tif")
    sums = planes(pixels, lambda p: filtered("convolve", p, np.array([1, 1, 1])), 3)
    result = np.concatenate([sums, pixels[..., 3:]], -1)
    case("alpha-line", result, "u1", 0, "convolve alpha.png 1,1,1 --alpha separate", "png")


def tensor_cases():
    """take, pinv and shift against numpy and scipy; numbers of their own, so that the cases before stay as they are."""
    own = np.random.default_rng(6)
    frames = own.standard_normal((2, 3, 9, 5)).astype("f4")
    index = np.array([7, -9, 0, 3, 3, -1, 8], "i8")
    jacobians = own.standard_normal((2, 4, 7)).astype("f4")
    jacobians[1, :, 3] = 2 * jacobians[0, :, 3]
    square = own.standard_normal((6, 3, 3))
    plane = own.standard_normal((12, 17))
    for name, array in (("frames", frames), ("index", index), ("far", index * 5), ("jacobians", jacobians),
                        ("square", square), ("plane", plane), ("plane4", plane.astype("f4"))):
        save(name, array)
    for axis in (-2, 2):
        case(f"take{axis}", np.take(frames, index, axis=axis), "f4", 0, f"take frames.npy index.npy --axis {axis}")
    case("take-list", np.take(frames, [1, 0, -1], axis=0), "f4", 0, "take frames.npy 1,0,-1 --axis 0")
    for mode, numpys in (("wrap", "wrap"), ("clamp", "clip")):
        case(f"take-{mode}", np.take(frames, index * 5, axis=3, mode=numpys), "f4", 0,
             f"take frames.npy far.npy --axis -1 --index-mode {mode}")
    inverses = np.linalg.pinv(np.moveaxis(jacobians.astype("f8"), 2, 0), rcond=1e-6)
    case("pinv-axes", inverses, "f4", 32 * 2.0 ** -23 * 30 * abs(inverses).max(),
         "pinv jacobians.npy --axes 0,1 --rcond 1e-6")
    case("pinv", np.linalg.pinv(square), "f8", 1e-11, "pinv square.npy")
    case("roll", np.roll(plane, (5, -20), (0, 1)), "f8", 0, "shift plane.npy --by 5,-20 --border periodic")
    case("shift-one", along(plane, 1, range(3, 20), "reflect", 0), "f8", 0, "shift plane.npy --by -3")
    for order, method in ((1, "linear"), (3, "cubic")):
        for border in ("reflect", "periodic"):
            moved = ndimage.shift(plane, (0.75, -2.25), order=order, mode=SCIPY[border])
            case(f"shift{order}-{border}", moved, "f8", 1e-13 * order,
                 f"shift plane.npy --by 0.75,-2.25 --method {method} --border {border}")
    moved = ndimage.shift(plane.astype("f4").astype("f8"), (0, 0.5), order=1, mode="grid-constant", cval=3)
    case("shift-constant", moved, "f4", 1e-5, "shift plane4.npy --by 0.5 --method linear --border constant --cval 3")
    pixels = own.integers(0, 256, (8, 9, 4)).astype("u1")
    write_png("moving", pixels)
    case("shift-image", np.roll(pixels, (2, -3), (0, 1)), "u1", 0, "shift moving.png --by 2,-3 --border periodic", "png")


def edges_case():
    """Canny's edges against scikit-image, where both thresholds matter and a little more or less of them does not."""
    own = np.random.default_rng(1)
    hills = np.stack([ndimage.gaussian_filter(own.standard_normal((20, 28)), 2.5) for _ in range(2)])
    hills = np.rint(128 + 110 * hills / abs(hills).max()).astype("u1")
    save("hills", hills)

    def edges(sigma, low, high):
        return np.stack([feature.canny(p.astype("f8"), sigma, low, high, mode="constant", cval=40) for p in hills])

    found = edges(1.5, 30, 80)
    for sigma, low, high in ((1.5001, 29.7, 79), (1.4999, 30.3, 81), (1.5, 29.7, 81), (1.5, 30.3, 79)):
        assert (found == edges(sigma, low, high)).all(), (sigma, low, high)
    assert (found != edges(1.5, 45, 80)).any() and (found != edges(1.5, 30, 104)).any()
    case("edges", found * 255, "u1", 0, "edges hills.npy --sigma 1.5 --low 30 --high 80 --border constant --cval 40")


def main():
    (DATA / "expected").mkdir(parents=True, exist_ok=True)
    for old in list(DATA.rglob("*.npy")) + list(DATA.rglob("*.png")):
        old.unlink()
    float_cases()
    stride_cases()
    bank_cases()
    integer_cases()
    image_cases()
    tensor_cases()
    edges_case()
    (DATA / "cases.txt").write_text("\n".join(lines) + "\n")
    print(len(lines), "cases")


if __name__ == "__main__":
    main()
