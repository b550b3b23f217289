# SPDX-License-Identifier: Apache-2.0
"""The edge-aware smoothness loss, against its formula, and a descent along its gradient: python3 smoothness_loss.py"""

import torch

import clfilter.torch


def by_formula(disparity, image):
    def change(x, axis):
        return torch.diff(x, dim=axis, append=x.narrow(axis, x.shape[axis] - 1, 1))

    total = 0
    for axis in (2, 3):
        edges = torch.linalg.vector_norm(change(image, axis), dim=1, keepdim=True)
        total = total + change(disparity, axis).abs() * torch.exp(-edges)
    return total.mean()


def main():
    torch.manual_seed(0)
    image = torch.rand(2, 3, 48, 64)
    image[..., 32:] += 4  # an edge, across which the disparity may jump
    disparity = torch.rand(2, 1, 48, 64, requires_grad=True)

    ours, theirs = clfilter.torch.smoothness(disparity, image), by_formula(disparity, image)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(torch.autograd.grad(ours, disparity), torch.autograd.grad(theirs, disparity))

    optimizer = torch.optim.Adam([disparity], lr=0.01)
    for step in range(100):
        optimizer.zero_grad()
        loss = clfilter.torch.smoothness(disparity, image)
        loss.backward()
        optimizer.step()
        if step % 33 == 0:
            print(f"step {step}: loss {loss.item():.4f}")
    assert loss < 0.25 * ours
    print(f"in the end: {loss.item():.4f}")


main()
