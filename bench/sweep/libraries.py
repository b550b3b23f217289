# SPDX-License-Identifier: Apache-2.0
"""Which other libraries there are to compare with: a name, the module it is imported as, its package, and the files of
peers/ that call it."""
LIBRARIES = (
    ("NumPy", "numpy", "numpy", ("arrays",)),
    ("SciPy", "scipy", "scipy", ("scipy_filters", "scipy_transforms")),
    ("OpenCV", "cv2", "opencv-python-headless", ("opencv", "opencv_features", "opencv_matching")),
    ("PyTorch", "torch", "torch", ("pytorch", "pytorch_tensors")),
    ("scikit-image", "skimage", "scikit-image", ("scikit_image",)),
    ("SimpleITK", "SimpleITK", "SimpleITK", ("simple_itk",)),
    ("libvips", "pyvips", "pyvips[binary]", ("vips",)),
    ("Numba", "numba", "numba", ("numba_loops",)),
    ("mkl_fft", "mkl_fft", "mkl_fft", ("mkl_transforms",)))
