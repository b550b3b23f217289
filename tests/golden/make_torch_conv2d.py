#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes torch_conv2d.txt: what torch.nn.functional.conv2d and its gradients give, for torch_conv2d.c to compare with.

Two lines a record: a case line, and the expected values. Every input is the same function of its place, small whole
numbers, so that all sums are exact and a few kilobytes hold many cases. Zero padding is border=constant here.

usage: make_torch_conv2d.py > torch_conv2d.txt      (needs PyTorch; written with 2.15.0, in double precision)
"""
import torch


def values(shape, tensor):
    """The values of input `tensor` (0, 1, 2, ...) of a record, in C order."""
    count = int(torch.tensor(shape).prod())
    i = torch.arange(count)
    return ((i * (7 + 2 * tensor) + 3 * tensor + i // 5) % 9 - 4).to(torch.float64).reshape(shape)


def padding(mode, taps, dilation):
    reach = dilation * (taps - 1)
    return {"valid": 0, "same": reach // 2, "full": reach}[mode]


def numbers(*tensors):
    flat = torch.cat([t.reshape(-1) for t in tensors]).tolist()
    assert all(value == int(value) and abs(value) < 2**24 for value in flat)
    return " ".join(str(int(value)) for value in flat)


def text(shape):
    return "x".join(map(str, shape))


def records(shape, outputs, taps, groups, mode, stride, dilation, bias):
    kernel = (outputs, shape[1] // groups, *taps)
    pad = tuple(padding(mode, k, d) for k, d in zip(taps, dilation))
    words = (f"f32 {text(shape)} k={text(kernel)} groups={groups} border=constant mode={mode}"
             f" stride={stride[0]},{stride[1]} dilation={dilation[0]},{dilation[1]}")

    def convolve(x, w, b):
        return torch.nn.functional.conv2d(x, w, b, stride, pad, dilation, groups)

    x, w = values(shape, 0), values(kernel, 1)
    b = values((outputs,), 2) if bias else None
    y = convolve(x, w, b)
    print(f"corr {words} bias={int(bias)}\n{numbers(y)}")

    # The adjoint reads the output's gradient as its first tensor, the weights' gradient as its second.
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    convolve(x, w, None).backward(values(y.shape, 0))
    print(f"corr_adjoint {words}\n{numbers(x.grad)}")

    x = values(shape, 0)
    w = torch.zeros(kernel, dtype=torch.float64, requires_grad=True)
    b = torch.zeros(outputs, dtype=torch.float64, requires_grad=True)
    convolve(x, w, b).backward(values(y.shape, 1))
    print(f"corr_weights {words} bias=1\n{numbers(w.grad, b.grad)}")


def main():
    records((1, 2, 5, 6), 3, (3, 3), 1, "same", (1, 1), (1, 1), True)
    records((2, 4, 4, 5), 6, (3, 3), 2, "same", (2, 1), (1, 1), True)
    records((1, 3, 6, 7), 6, (3, 3), 3, "same", (2, 3), (1, 1), False)
    records((1, 4, 6, 5), 4, (3, 3), 4, "same", (1, 2), (2, 1), True)
    records((1, 2, 7, 8), 7, (3, 3), 1, "same", (2, 2), (2, 3), True)
    records((1, 2, 6, 7), 2, (4, 2), 1, "valid", (1, 1), (1, 2), True)
    records((1, 2, 7, 9), 4, (4, 2), 2, "valid", (2, 3), (1, 1), False)
    records((1, 2, 4, 4), 2, (4, 2), 1, "full", (1, 1), (1, 1), True)
    records((1, 2, 3, 5), 2, (2, 3), 2, "full", (3, 2), (2, 2), True)
    records((2, 2, 4, 5), 3, (1, 1), 1, "same", (2, 2), (1, 1), True)
    records((1, 1, 5, 8), 1, (3, 5), 1, "same", (1, 1), (1, 2), False)


main()
