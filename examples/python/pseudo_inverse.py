# SPDX-License-Identifier: Apache-2.0
"""Pseudo-inverses of N matrices of 2 x 4 stored as (2, 4, N), inside a network: python3 pseudo_inverse.py

permute gives the library a view with the matrices last; nothing is copied, and no loop runs in Python. Matrices whose
rows depend on each other, for which inv(J J') does not exist, get their pseudo-inverse, too.
"""

import torch

import clfilter.torch


def main():
    torch.manual_seed(0)
    count = 10000
    jacobians = torch.randn(2, 4, count, dtype=torch.float64)
    jacobians[1, :, 7] = 2 * jacobians[0, :, 7]
    jacobians.requires_grad_()

    inverses = clfilter.torch.pinv(jacobians.permute(2, 0, 1))
    assert inverses.shape == (count, 4, 2)
    torch.testing.assert_close(inverses, torch.linalg.pinv(jacobians.permute(2, 0, 1)))

    # Its definition, for the matrix of rank 1 among them.
    a, p = jacobians[:, :, 7].detach(), inverses[7].detach()
    torch.testing.assert_close(a @ p @ a, a)
    torch.testing.assert_close(p @ a @ p, p)
    assert torch.linalg.matrix_rank(a) == 1

    # Steps J+ e towards targets, as a layer would take them, and their gradient with respect to J.
    errors = torch.randn(count, 2, 1, dtype=torch.float64)
    (gradient,) = torch.autograd.grad((inverses @ errors).square().mean(), jacobians)
    full = [i for i in range(count) if i != 7]
    view = jacobians.permute(2, 0, 1)[full]
    theirs = view.mT @ torch.linalg.inv(view @ view.mT)
    (expected,) = torch.autograd.grad((theirs @ errors[full]).square().sum() / (4 * count), jacobians)
    scale = expected.abs().max().item()
    torch.testing.assert_close(gradient[:, :, full], expected[:, :, full], rtol=1e-6, atol=1e-9 * scale)
    print(f"{count} pseudo-inverses, one of rank 1, and their gradient")


main()
