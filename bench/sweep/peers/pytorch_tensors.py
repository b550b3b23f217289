# SPDX-License-Identifier: Apache-2.0
"""PyTorch: selection, translation, small matrices, the smoothness loss."""
import torch

from peers.arrays import indices_of
from peers.registry import peer


@peer("torch.roll", "shift")
def roll(case):
    if case.problem.word("method", "whole") != "whole" or case.border != "periodic" or case.dtype == "u16":
        return None
    source, by = torch.from_numpy(case.source), tuple(int(distance) for distance in case.problem.numbers("by"))
    return lambda: torch.roll(source, by, tuple(range(len(by))))


@peer("torch.index_select", "take")
def select(case):
    source, axis = torch.from_numpy(case.source), case.problem.integer("axis", 0)
    indices = torch.from_numpy(indices_of(case))
    return lambda: torch.index_select(source, axis, indices)


@peer("torch, indexing", "take")
def index(case):
    if case.problem.integer("axis", 0) != 0:
        return None
    source, indices = torch.from_numpy(case.source), torch.from_numpy(indices_of(case))
    return lambda: source[indices]


@peer("torch.index_add", "put_add")
def index_add(case):
    source, axis = torch.from_numpy(case.source), case.problem.integer("axis", 0)
    indices, shape = torch.from_numpy(indices_of(case)), case.problem.shape
    return lambda: torch.zeros(shape, dtype=source.dtype).index_add_(axis, indices, source)


@peer("torch.linalg", "inv", "det", "solve", "pinv")
def linear_algebra(case):
    matrices = torch.from_numpy(case.source)
    if case.kind == "solve":
        right = torch.from_numpy(case.arrays["right"])
        return lambda: torch.linalg.solve(matrices, right)
    function = getattr(torch.linalg, case.kind)
    return lambda: function(matrices)


def loss(disparity, image):
    """As people write it."""
    along_x = (disparity[..., 1:] - disparity[..., :-1]).abs()
    along_y = (disparity[..., 1:, :] - disparity[..., :-1, :]).abs()
    weight_x = torch.exp(-(image[..., 1:] - image[..., :-1]).norm(dim=1, keepdim=True))
    weight_y = torch.exp(-(image[..., 1:, :] - image[..., :-1, :]).norm(dim=1, keepdim=True))
    return (along_x * weight_x).mean() + (along_y * weight_y).mean()


@peer("torch, expression", "smoothness")
def smoothness(case):
    disparity, image = (torch.from_numpy(case.arrays[name]) for name in ("disparity", "image"))
    if "with" not in case.problem.keys:
        return lambda: loss(disparity, image)

    def gradients():
        with torch.enable_grad():
            inputs = disparity.clone().requires_grad_(), image.clone().requires_grad_()
            loss(*inputs).backward()
            return inputs[0].grad, inputs[1].grad
    return gradients
