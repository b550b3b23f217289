#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes features_golden.h: what scipy.ndimage and scikit-image find in the images of features.c.

usage: make_features_golden.py >features_golden.h    (scipy 1.10, scikit-image 0.19)
"""
import numpy as np
from scipy import ndimage
from skimage import feature


def image(height, width):
    """A disc and a bar on a texture; every value is exact in binary."""
    i, j = np.mgrid[:height, :width]
    disc = (i * 2 - height) ** 2 + (j * 2 - width) ** 2 < height * height // 3
    bar = (j >= width // 8) & (j < width // 8 + 2)
    return ((i * i * 3 + j * j * 5 + i * j * 7) % 32) / 128 + np.where(disc, 0.75, 0) + np.where(bar, 0.5, 0)


def numbers(name, values):
    print(f"static const double golden_{name}[] = {{")
    text = [f"{v:.17g}" for v in values.ravel()]
    for k in range(0, len(text), 5):
        print("    " + ", ".join(text[k:k + 5]) + ",")
    print("};\n")


def bits(name, values):
    print(f"static const char *const golden_{name}[] = {{")
    for row in values:
        print('    "' + "".join(".#"[int(v)] for v in row) + '",')
    print("};\n")


# scipy pads the result of one axis before the next, so a constant other than 0 differs where a derivative was taken.
small, large = image(11, 14), image(40, 56)
modes = {"reflect": "mirror", "periodic": "wrap", "symmetric": "reflect", "replicate": "nearest", "constant": "constant"}

print("/* SPDX-License-Identifier: Apache-2.0 */")
print("/* Written by make_features_golden.py; not for editing. */\n")
for ours, theirs in modes.items():
    numbers(f"laplace_{ours}", ndimage.laplace(small, mode=theirs, cval=0.25))
    numbers(f"log_{ours}", ndimage.gaussian_laplace(small, 1.25, mode=theirs))
    numbers(f"magnitude_{ours}", ndimage.gaussian_gradient_magnitude(small, 1.25, mode=theirs))
    numbers(f"sobel_{ours}", ndimage.generic_gradient_magnitude(small, ndimage.sobel, mode=theirs))
    rr, rc, cc = feature.structure_tensor(small, sigma=1.5, mode=theirs, order="rc")
    numbers(f"tensor_{ours}", np.stack([cc, rc, rr]))
    bits(f"canny_{ours}", feature.canny(large, sigma=1.5, low_threshold=0.2, high_threshold=0.9, mode=theirs, cval=0.25))
numbers("harris_k", feature.corner_harris(small, method="k", k=0.07, sigma=1.5))
numbers("harris_eps", feature.corner_harris(small, method="eps", eps=1e-3, sigma=1.5))
bits("canny_fine", feature.canny(large, sigma=0.6, low_threshold=0.3, high_threshold=1.5))
