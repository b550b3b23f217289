# SPDX-License-Identifier: Apache-2.0
"""The magnitude of the derivatives of a big tensor (b, c, h, w), and its gradient: python3 derivative_magnitude.py

By slices of a padded tensor, torch reads and writes the whole of it some ten times and keeps most of that for the
backward pass. Here one pass reads x and writes the magnitude; the backward pass needs x alone.
"""

import time

import torch

import clfilter.torch


def by_slices(x):
    padded = torch.nn.functional.pad(x, (1, 1, 1, 1), mode="reflect")
    dx = padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]
    dy = padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]
    return torch.sqrt(dx**2 + dy**2)


def seconds(function, x, g):
    started = time.perf_counter()
    y = function(x)
    forward = time.perf_counter()
    (gradient,) = torch.autograd.grad(y, x, g)
    return y, gradient, forward - started, time.perf_counter() - forward


def main():
    torch.manual_seed(0)
    x = torch.randn(50, 128, 28, 28, requires_grad=True)
    g = torch.randn(50, 128, 28, 28)
    seconds(clfilter.torch.gradient_magnitude, x, g)  # plans, and compiles
    ours, our_gradient, *our_times = seconds(clfilter.torch.gradient_magnitude, x, g)
    theirs, their_gradient, *their_times = seconds(by_slices, x, g)
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-5)
    # Slices give NaN where the magnitude is 0, as at corners, across which a reflected difference is exactly 0.
    known = theirs != 0
    assert not known[..., 0, 0].any()
    assert our_gradient.isfinite().all() and their_gradient.isnan().any()
    kept = their_gradient.isfinite()
    torch.testing.assert_close(our_gradient[kept], their_gradient[kept], rtol=1e-4, atol=1e-4)
    for name, times in (("clfilter", our_times), ("slices", their_times)):
        print(f"{name}: forward {1e3 * times[0]:.1f} ms, backward {1e3 * times[1]:.1f} ms")


main()
