# SPDX-License-Identifier: Apache-2.0
"""OpenCV: filters."""
import cv2
import numpy

from peers.registry import EVERY, peer

BORDERS = {"reflect": cv2.BORDER_REFLECT_101, "symmetric": cv2.BORDER_REFLECT, "replicate": cv2.BORDER_REPLICATE,
           "constant": cv2.BORDER_CONSTANT}


def use_threads(threads):
    cv2.setNumThreads(threads)


def readable(image):
    """The image as OpenCV reads it, copied if its pixels or rows do not follow one another."""
    pixel = image.itemsize * (image.shape[2] if image.ndim == 3 else 1)
    return image if image.strides[1] == pixel and image.strides[0] > 0 else numpy.ascontiguousarray(image)


def over_images(case, function):
    """A call that gives every image of the case to the function."""
    images = case.images()
    if len(images) == 1:
        return lambda: function(readable(images[0]))
    return lambda: [function(readable(image)) for image in images]


def planar_kernel(case):
    """The taps as a matrix, with zeros between them where they are dilated."""
    taps = case.kernel.reshape(-1, case.kernel.shape[-1])
    spread = numpy.zeros([(extent - 1) * case.dilation + 1 for extent in taps.shape], taps.dtype)
    spread[::case.dilation, ::case.dilation] = taps
    return spread


def takes(case):
    """OpenCV filters planes, and does not wrap round."""
    return case.dtype != "f16" and case.axes < 3 and case.border in BORDERS


@peer("cv2.filter2D", "correlate")
def filter_2d(case):
    if not takes(case):
        return None
    kernel, border, step = planar_kernel(case), BORDERS[case.border], case.stride
    depth = cv2.CV_32F if case.problem.word("dst") == "f32" else -1
    if step == 1:
        return over_images(case, lambda image: cv2.filter2D(image, depth, kernel, borderType=border))
    return over_images(case, lambda image: cv2.filter2D(image, depth, kernel, borderType=border)[::step, ::step])


@peer("cv2.sepFilter2D", "correlate")
def separable(case):
    """A row or a column of taps; a sum of products of rank 1."""
    kernel = planar_kernel(case)
    rank_one = case.problem.word("taps") == "rank1"
    if not takes(case) or case.stride > 1 or not (rank_one or 1 in kernel.shape):
        return None
    row, column = kernel[0].copy(), (kernel[:, 0] / kernel[0, 0]).copy()
    return over_images(case, lambda image: cv2.sepFilter2D(image, -1, row, column, borderType=BORDERS[case.border]))


@peer("cv2.pyrDown", "correlate")
def pyramid(case):
    """Halves an image by a Gaussian of 5 taps: what the row of rank 1, stride 2 stands for."""
    if not takes(case) or case.stride != 2 or case.problem.word("taps") != "rank1" or case.kernel.shape != (5, 5):
        return None
    return over_images(case, cv2.pyrDown)


@peer("cv2.resize, areas", "correlate", approximate=(EVERY,))
def areas(case):
    """Means over areas that do not overlap, where the taps are any."""
    if not takes(case) or case.stride == 1 or case.kernel.shape != (case.stride, case.stride):
        return None
    step = case.stride
    return over_images(case, lambda image: cv2.resize(image, (image.shape[1] // step, image.shape[0] // step),
                                                      interpolation=cv2.INTER_AREA))


@peer("cv2.GaussianBlur", "gaussian", approximate=("u8", "u16"))
def gaussian(case):
    if not takes(case):
        return None
    size, sigma, border = case.problem.extents("k"), case.sigma, BORDERS[case.border]
    return over_images(case, lambda image: cv2.GaussianBlur(image, size, sigma, sigmaY=sigma, borderType=border))


@peer("cv2.blur", "box")
def box(case):
    if not takes(case):
        return None
    size, border = case.problem.integer("size", 3), BORDERS[case.border]
    return over_images(case, lambda image: cv2.blur(image, (size, size), borderType=border))
