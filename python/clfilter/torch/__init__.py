# SPDX-License-Identifier: Apache-2.0
"""clfilter for torch: operators with gradients, for tensors in host memory.

>>> import clfilter.torch, torch
>>> x = torch.tensor([[0.0, 1.0, 4.0], [0.0, 1.0, 4.0]], requires_grad=True)
>>> clfilter.torch.gradient_magnitude(x).sum().backward()
>>> x.grad
tensor([[-1.,  0.,  1.],
        [-1.,  0.,  1.]])

The functions are those of :mod:`clfilter` under the same names, with the same formulas and defaults; their gradients
are the library's adjoints. float32 and float64 are differentiated; other types are filtered where clfilter has them.
Tensors of any strides are read as they lie, results are contiguous. Tensors of CUDA devices are refused: OpenCL
cannot reach them. Everything is a custom operator (``torch.ops.clfilter``), which ``torch.compile`` does not look into.
torch 2.4 or later is needed. Convolutions, shifts, boxes, take, put_add, solve and det can be differentiated twice.
"""

import torch as _torch

if not hasattr(_torch.library, "custom_op"):
    raise ImportError(f"clfilter.torch needs torch 2.4 or later; this is {_torch.__version__}")

from ._convolution import convolve, correlate
from ._derivatives import gradient, gradient_magnitude
from ._matrices import det, inv, pinv, solve
from ._means import box
from ._selection import put_add, take
from ._shifts import shift
from ._smoothness import smoothness

__all__ = [
    "box",
    "convolve",
    "correlate",
    "det",
    "gradient",
    "gradient_magnitude",
    "inv",
    "pinv",
    "put_add",
    "shift",
    "smoothness",
    "solve",
    "take",
]
