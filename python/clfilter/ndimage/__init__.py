# SPDX-License-Identifier: Apache-2.0
"""scipy.ndimage's functions on clfilter: the same names, arguments, defaults and results.

>>> from clfilter import ndimage
>>> ndimage.uniform_filter([[0.0, 9.0, 0.0], [0.0, 0.0, 0.0]])
array([[2., 2., 2.],
       [1., 1., 1.]])

Where results differ: integers are rounded to nearest even once, at the end, and saturate, where SciPy cuts their
fractions after every axis and lets them wrap round. float32 is computed in float32, integers of up to 16 bits too;
float64, longer integers and mixtures of types in float64. float16 is taken. A kernel that is far larger than the line
is continued as its mode says.

`missing` names the functions of scipy.ndimage that are not here yet. SciPy itself is not needed.
"""

from ._derivatives import (
    gaussian_gradient_magnitude,
    gaussian_laplace,
    generic_gradient_magnitude,
    generic_laplace,
    laplace,
    prewitt,
    sobel,
)
from ._interpolation import shift
from ._linear import (
    convolve,
    convolve1d,
    correlate,
    correlate1d,
    gaussian_filter,
    gaussian_filter1d,
    uniform_filter,
    uniform_filter1d,
)

__all__ = [
    "convolve",
    "convolve1d",
    "correlate",
    "correlate1d",
    "gaussian_filter",
    "gaussian_filter1d",
    "gaussian_gradient_magnitude",
    "gaussian_laplace",
    "generic_gradient_magnitude",
    "generic_laplace",
    "laplace",
    "prewitt",
    "shift",
    "sobel",
    "uniform_filter",
    "uniform_filter1d",
]

# The functions of scipy.ndimage 1.17.
_SCIPY = """
affine_transform binary_closing binary_dilation binary_erosion binary_fill_holes binary_hit_or_miss binary_opening
binary_propagation black_tophat center_of_mass convolve convolve1d correlate correlate1d distance_transform_bf
distance_transform_cdt distance_transform_edt extrema find_objects fourier_ellipsoid fourier_gaussian fourier_shift
fourier_uniform gaussian_filter gaussian_filter1d gaussian_gradient_magnitude gaussian_laplace
generate_binary_structure generic_filter generic_filter1d generic_gradient_magnitude generic_laplace
geometric_transform grey_closing grey_dilation grey_erosion grey_opening histogram iterate_structure label
labeled_comprehension laplace map_coordinates maximum maximum_filter maximum_filter1d maximum_position mean median
median_filter minimum minimum_filter minimum_filter1d minimum_position morphological_gradient morphological_laplace
percentile_filter prewitt rank_filter rotate shift sobel spline_filter spline_filter1d standard_deviation sum
sum_labels uniform_filter uniform_filter1d value_indices variance vectorized_filter watershed_ift white_tophat zoom
""".split()

missing = tuple(sorted(set(_SCIPY) - set(__all__)))


def __getattr__(name: str):
    if name in missing:
        raise AttributeError(f"{name} of scipy.ndimage is not in clfilter yet; clfilter.ndimage.missing names all such")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
