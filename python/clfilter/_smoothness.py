# SPDX-License-Identifier: Apache-2.0
"""The edge-aware smoothness loss and its gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _dtypes
from ._call import Call, How, operation
from ._options import named_outputs, one_out_each, refuse_zero, set_options

if TYPE_CHECKING:
    from typing_extensions import Unpack


@operation
def smoothness(
    disparity,
    image,
    outputs="loss",
    norm="l2",
    reduction="mean",
    order=1,
    edge_weight=1.0,
    *,
    ignore_image=False,
    grad_loss=None,
    out=None,
    **how: Unpack[How],
) -> Any:
    """The edge-aware smoothness loss of a disparity (or depth, or flow) map, its gradients, or both, in one pass.

    ::

        t_x = |D d| exp(-a |E I|) along x, t_y likewise along y
        order 1: D d = d[j+1] - d[j],            E I = I[j+1] - I[j];  t is 0 in the last column (row)
        order 2: D d = d[j+2] - 2 d[j+1] + d[j], E I = I[j+2] - I[j];  t is 0 in the last two

    Gradients: sign(0) = 0, and the gradient of a norm at 0 is 0. The same bits in every run on one device.

    Parameters
    ----------
    disparity : array_like
        d, (N, 1, H, W): float32, float64 or float16.
    image : array_like
        I, (N, C, H, W): disparity's type or, with float32, float16, uint8, uint16 or int16.
    outputs : str or sequence of str
        Which of ``"loss"``, ``"grad_disparity"`` and ``"grad_image"``.
    norm : {"l2", "mean-abs"}
        |.| of the image over its channels.
    reduction : {"mean", "sum", "none", "per-axis-mean"}
        sum(t_x + t_y) / (N H W); the sum; the map t_x + t_y; the means of t_x and t_y over their own differences.
    order : {1, 2}
        Of the differences.
    edge_weight : float
        a, above 0.
    ignore_image : bool
        Every weight is 1: a = 0.
    grad_loss : array_like, optional
        The incoming gradient, of the loss's shape; default 1.
    out : array or sequence of arrays, optional
        Receives the outputs, in their order.
    **how
        As in :func:`clfilter.correlate`.

    Returns
    -------
    array or tuple of arrays
        In the order of `outputs`. The loss has shape (1,) or, with reduction none, (N, 1, H, W); float64 with float64,
        else float32.

    Raises
    ------
    Error
        As :func:`clfilter.correlate`.

    Examples
    --------
    >>> import clfilter, numpy
    >>> d = numpy.float32([0, 1, 3]).reshape(1, 1, 1, 3)
    >>> clfilter.smoothness(d, numpy.zeros((1, 3, 1, 3), "float32"), reduction="sum")
    array([3.], dtype=float32)
    """
    names = named_outputs(outputs, ("loss", "grad_disparity", "grad_image"))
    call = Call("smoothness", disparity, how, "disparity")
    d = call.read("disparity", disparity)
    pixels = call.read("image", image)
    call.read("grad_loss", grad_loss)
    refuse_zero("order", order)
    refuse_zero("edge_weight", edge_weight)
    set_options(
        call,
        norm=None if norm == "l2" else norm,
        reduction=None if reduction == "mean" else reduction,
        order=order,
        edge_weight=None if ignore_image and edge_weight == 1 else edge_weight,
        ignore_image=ignore_image or None,
    )
    shapes = {"loss": d.shape if reduction == "none" else (1,), "grad_disparity": d.shape, "grad_image": pixels.shape}
    for name, each in zip(names, one_out_each(out, names)):
        call.write(name, shapes[name], _dtypes.arithmetic(d.dtype), each)
    return call
