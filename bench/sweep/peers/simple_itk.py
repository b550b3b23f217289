# SPDX-License-Identifier: Apache-2.0
"""SimpleITK."""
import SimpleITK

from peers.registry import EVERY, peer


def use_threads(threads):
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)


@peer("itk.SmoothingRecursiveGaussian", "gaussian", approximate=(EVERY,))
def gaussian(case):
    """A recursive filter, worth it from wide Gaussians or in volumes on."""
    if case.dtype == "f16" or case.source.ndim != case.axes or (case.axes == 2 and case.sigma < 5):
        return None
    image, blur = SimpleITK.GetImageFromArray(case.source), SimpleITK.SmoothingRecursiveGaussianImageFilter()
    blur.SetSigma(case.sigma)
    blur.SetNumberOfThreads(case.threads)
    return lambda: blur.Execute(image)


def volume(case):
    """An image of f32 with three axes, all filtered; None for others."""
    is_volume = case.axes == 3 and case.source.ndim == 3 and case.dtype == "f32"
    return SimpleITK.GetImageFromArray(case.source) if is_volume else None


@peer("itk.GradientMagnitude", "gradient", approximate=(EVERY,))
def gradient(case):
    """By central differences, or recursive Gaussians."""
    image, sigma = volume(case), case.sigma
    if image is None or case.problem.word("out", "magnitude") != "magnitude":
        return None
    if case.problem.word("op", "central").startswith("gaussian"):
        return lambda: SimpleITK.GradientMagnitudeRecursiveGaussian(image, sigma)
    return lambda: SimpleITK.GradientMagnitude(image)


@peer("itk.Laplacian", "laplace")
def laplacian(case):
    image = volume(case)
    if image is None or case.problem.word("op", "central") != "central":
        return None
    return lambda: SimpleITK.Laplacian(image)
