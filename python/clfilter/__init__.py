# SPDX-License-Identifier: Apache-2.0
"""clfilter: filters for images and tensors on any OpenCL device, with one defined result on every path.

>>> import clfilter, numpy
>>> clfilter.correlate(numpy.float32([0, 0, 0, 1, 1, 1]), [-1, 0, 1], border="periodic")
array([-1.,  0.,  1.,  1.,  0., -1.], dtype=float32)

What goes in comes out: NumPy arrays, tensors of torch on the CPU, arrays of pyopencl on their own queue, arrays that
lend OpenCL memory through DLPack, and :class:`Array`, a tensor in device memory. Importing touches no OpenCL; a
context is made at the first use. Any number of threads may call at once, and the interpreter's lock is released.
"""

from . import _drivers
from ._array import Array, asarray, empty, from_buffer, from_dlpack
from ._call import How, Plan, explain
from ._clfilter import Context, clear_program_cache, program_cache
from ._clfilter import version as __version__
from ._context import context, devices
from ._convolution import convolve, correlate, kernel
from ._convolution_gradients import convolve_adjoint, convolve_weights, correlate_adjoint, correlate_weights
from ._derivatives import gradient, gradient_backward, gradient_magnitude, laplace
from ._errors import *  # noqa: F403
from ._errors import Error
from ._errors import classes as _classes
from ._features import box, canny, harris, structure
from ._matching import match, phase_correlation
from ._matrices import det, inv, inv_backward, lstsq, pinv, pinv_backward, solve
from ._selection import put_add, shift, take
from ._smoothness import smoothness

_drivers.find()

__all__ = [
    "__version__",
    "Array",
    "Context",
    "Error",
    "How",
    "Plan",
    "asarray",
    "box",
    "canny",
    "clear_program_cache",
    "context",
    "convolve",
    "convolve_adjoint",
    "convolve_weights",
    "correlate",
    "correlate_adjoint",
    "correlate_weights",
    "det",
    "devices",
    "empty",
    "explain",
    "from_buffer",
    "from_dlpack",
    "gradient",
    "gradient_backward",
    "gradient_magnitude",
    "harris",
    "inv",
    "inv_backward",
    "kernel",
    "laplace",
    "lstsq",
    "match",
    "phase_correlation",
    "pinv",
    "pinv_backward",
    "program_cache",
    "put_add",
    "shift",
    "smoothness",
    "solve",
    "structure",
    "take",
    *(each.__name__ for each in _classes.values()),
]
