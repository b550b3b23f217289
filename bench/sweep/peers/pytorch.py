# SPDX-License-Identifier: Apache-2.0
"""PyTorch: convolutions, their gradients, and what is made of them."""
import torch
from torch.nn import functional

from peers.registry import peer

CONVOLUTIONS = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}
MOST_PRODUCTS = {1: 3e7, 2: 1e8, 3: 1e9}  # of a single kernel, by its axes: PyTorch's are made for banks


def use_threads(threads):
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)


def as_batch(case):
    """The input as a batch of tensors of one channel."""
    source = torch.from_numpy(case.source.copy() if min(case.source.strides) < 0 else case.source)
    return source.reshape(-1, 1, *source.shape[source.ndim - case.axes:])


@peer("torch conv", "correlate")
def correlate(case):
    if case.dtype not in ("f32", "f64", "f16") or case.products > MOST_PRODUCTS[case.axes]:
        return None
    source, convolve = as_batch(case), CONVOLUTIONS[case.axes]
    kernel = torch.from_numpy(case.kernel).to(source.dtype)[None, None]
    padding = [case.dilation * (extent // 2) for extent in case.kernel.shape]
    return lambda: convolve(source, kernel, None, case.stride, padding, case.dilation)


@peer("torch conv, axis by axis", "gaussian")
def gaussian(case):
    if not case.is_real or case.is_interleaved or case.problem.count > 1 << 22:
        return None
    source, axes = as_batch(case), case.axes
    taps = torch.from_numpy(case.kernel).ravel()[:case.problem.extents("k")[0]].contiguous()
    kernels = [taps.view([1, 1] + [-1 if axis == along else 1 for axis in range(axes)]) for along in range(axes)]
    padding = [[len(taps) // 2 if axis == along else 0 for axis in range(axes)] for along in range(axes)]

    def blur():
        blurred = source
        for kernel, pad in zip(kernels, padding):
            blurred = CONVOLUTIONS[axes](blurred, kernel, padding=pad)
        return blurred
    return blur


@peer("torch avg_pool", "box")
def pool(case):
    size = case.problem.integer("size", 3)
    if not case.is_real or case.is_interleaved or size > 15 or size % 2 == 0:
        return None
    source, function = as_batch(case), functional.avg_pool3d if case.axes == 3 else functional.avg_pool2d
    return lambda: function(source, size, 1, size // 2)


def layer(case):
    """What every form of a bank needs: convolution, input, weights, and the numbers that follow."""
    source = torch.from_numpy(case.source)
    weights = torch.from_numpy(case.kernel).to(source.dtype)
    padding = [case.dilation * (extent // 2) for extent in weights.shape[2:]]
    return source, weights, (None, case.stride, padding, case.dilation, case.problem.integer("groups", 1))


@peer("torch conv", "bank")
def bank(case):
    source, weights, rest = layer(case)
    convolve = CONVOLUTIONS[case.axes]
    return lambda: convolve(source, weights, *rest)


@peer("torch conv, channels last", "bank")
def bank_channels_last(case):
    if case.axes != 2:
        return None
    source, weights, rest = layer(case)
    source = source.to(memory_format=torch.channels_last)
    weights = weights.to(memory_format=torch.channels_last)
    return lambda: functional.conv2d(source, weights, *rest)


@peer("oneDNN, weights prepared", "bank")
def bank_prepared(case):
    """Input and weights in the layout that oneDNN likes best."""
    if case.axes != 2 or case.dtype != "f32":
        return None
    from torch.utils import mkldnn
    source, weights, (_, stride, padding, dilation, groups) = layer(case)
    outputs, inputs = weights.shape[:2]
    module = torch.nn.Conv2d(inputs * groups, outputs, tuple(weights.shape[2:]), stride, padding, dilation, groups,
                             bias=False).eval()
    module.weight.copy_(weights)
    prepared, source = mkldnn.to_mkldnn(module), source.to_mkldnn()
    return lambda: prepared(source)


@peer("torch convolution_backward", "corr_adjoint", "corr_weights")
def backward(case):
    shape, extents = case.problem.shape, case.problem.extents("k")
    if len(shape) == 2:  # a plane and a kernel, not a bank
        shape, extents = (1, 1, *shape), (1, 1, *extents)
    source, weights = torch.randn(shape), torch.randn(extents)
    step, padding = [case.stride] * 2, [extent // 2 for extent in extents[2:]]
    gradient = torch.randn_like(functional.conv2d(source, weights, None, step, padding))
    wanted = [case.kind == "corr_adjoint", case.kind == "corr_weights", False]
    return lambda: torch.ops.aten.convolution_backward(gradient, source, weights, None, step, padding, [1, 1], False,
                                                       [0, 0], 1, wanted)


@peer("torch conv, magnitude", "gradient")
def sobel(case):
    """Both derivatives as a bank of two kernels."""
    problem = case.problem
    if (case.dtype != "f32" or case.axes != 2 or case.is_interleaved or problem.word("op") != "sobel"
            or problem.word("out", "magnitude") != "magnitude"):
        return None
    source = as_batch(case)
    kernel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    pair = torch.stack([kernel, kernel.T])[:, None]
    return lambda: functional.conv2d(source, pair, padding=1).square().sum(1).sqrt()
