# SPDX-License-Identifier: Apache-2.0
"""OpenCV: derivatives, corners and edges."""
import cv2
import numpy

from peers.opencv import over_images, readable
from peers.registry import EVERY, peer

FLOAT = cv2.CV_32F


def gaussian_size(sigma):
    taps = 2 * int(4 * sigma + 0.5) + 1
    return taps, taps


def derivatives(operator, sigma):
    """A function from an image to its two derivatives."""
    if operator == "scharr":
        return lambda image: (cv2.Scharr(image, FLOAT, 1, 0), cv2.Scharr(image, FLOAT, 0, 1))
    size = 3 if operator == "sobel" else 1
    pair = lambda image: (cv2.Sobel(image, FLOAT, 1, 0, ksize=size), cv2.Sobel(image, FLOAT, 0, 1, ksize=size))
    if operator == "gaussian":
        return lambda image: pair(cv2.GaussianBlur(image, gaussian_size(sigma), sigma))
    return pair


def planes_of(image):
    """cv2.magnitude and its like take matrices of one channel; those of an interleaved image are a wide one."""
    return image.reshape(image.shape[0], -1)


@peer("cv2.Sobel, Scharr, magnitude", "gradient")
def gradient(case):
    operator = case.problem.word("op", "central").split(":")[0]
    if case.dtype == "f16" or case.axes != 2 or operator not in ("sobel", "scharr", "central", "gaussian"):
        return None
    pair = derivatives(operator, case.sigma)
    flat = lambda image: tuple(planes_of(part) for part in pair(image))
    calls = {"magnitude": lambda image: cv2.magnitude(*flat(image)), "dx,dy": pair,
             "orientation": lambda image: cv2.phase(*flat(image)),
             "magnitude,orientation": lambda image: cv2.cartToPolar(*flat(image)),
             "dx": lambda image: cv2.Sobel(image, FLOAT, 1, 0)}
    wanted = calls.get(case.problem.word("out", "magnitude"))
    return over_images(case, wanted) if wanted else None


@peer("cv2.spatialGradient", "gradient")
def spatial_gradient(case):
    """Both derivatives of a u8 image, as whole numbers."""
    if case.dtype != "u8" or case.problem.word("op") != "sobel" or case.problem.word("out") != "dx,dy":
        return None
    return over_images(case, cv2.spatialGradient)


@peer("cv2.Laplacian", "laplace")
def laplacian(case):
    if case.dtype == "f16" or case.axes != 2:
        return None
    if case.problem.word("op", "central") == "central":
        return over_images(case, lambda image: cv2.Laplacian(image, FLOAT))
    size, sigma = gaussian_size(case.sigma), case.sigma
    return over_images(case, lambda image: cv2.Laplacian(cv2.GaussianBlur(image, size, sigma), FLOAT))


@peer("cv2, structure", "structure")
def structure(case):
    if case.dtype == "f16" or case.problem.word("harris"):
        return None
    size, sigma, pair = gaussian_size(case.sigma), case.sigma, derivatives("sobel", 0)

    def tensor(image):
        x, y = pair(image)
        return [cv2.GaussianBlur(product, size, sigma) for product in (x * x, x * y, y * y)]
    return over_images(case, tensor)


@peer("cv2.cornerHarris", "structure", approximate=(EVERY,))
def harris(case):
    """Its window is a box."""
    if case.dtype not in ("u8", "f32") or not case.problem.word("harris"):
        return None
    block = 2 * int(2 * case.sigma + 0.5) + 1
    return over_images(case, lambda image: cv2.cornerHarris(image, block, 3, 0.05))


@peer("cv2.GaussianBlur, Canny", "canny")
def canny(case):
    image, size, sigma = case.source, gaussian_size(case.sigma), case.sigma
    return lambda: cv2.Canny(cv2.GaussianBlur(readable(image), size, sigma), 25, 50, L2gradient=True)


@peer("cv2, response", "structure")
def response(case):
    """Harris's response from a tensor that a Gaussian smooths."""
    tensor = None if not case.problem.word("harris") or case.dtype == "f16" else derivatives("sobel", 0)
    if tensor is None:
        return None
    size, sigma = gaussian_size(case.sigma), case.sigma

    def from_tensor(image):
        x, y = tensor(image)
        a, b, c = (cv2.GaussianBlur(product, size, sigma) for product in (x * x, x * y, y * y))
        return a * c - b * b - numpy.float32(0.05) * (a + c) ** 2
    return over_images(case, from_tensor)
