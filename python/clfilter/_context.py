# SPDX-License-Identifier: Apache-2.0
"""Devices, and the contexts that are made on first use."""

from __future__ import annotations

import threading

from . import _clfilter
from ._clfilter import Context

_lock = threading.Lock()
_contexts: dict[str | None, Context] = {}


def devices() -> list[dict]:
    """List the devices of every OpenCL platform.

    Returns
    -------
    list of dict
        For each device its ``name``, ``vendor``, ``platform``, ``driver``, ``version``, ``type`` (``"cpu"``,
        ``"gpu"``, ``"accelerator"`` or ``"custom"``), sizes in bytes, and whether it ``has_f64``. The index in the list
        is a selector for :func:`context`.

    Raises
    ------
    NoPlatformError
        If no OpenCL platform is installed.

    Examples
    --------
    >>> import clfilter
    >>> all(device["compute_units"] >= 1 for device in clfilter.devices())
    True
    """
    return _clfilter.devices()


def context(device: str | int | None = None) -> Context:
    """The context of a device, made on first use and kept.

    Parameters
    ----------
    device : str or int, optional
        An index in :func:`devices`, ``"gpu"``, ``"cpu"``, ``"accelerator"``, or part of the name of the device, its
        vendor or its platform; several of these, separated by commas, for streams over several devices. Default: the
        environment variable ``CLF_DEVICE``, else the first GPU, else the first accelerator, else the first device.

    Returns
    -------
    Context
        The same one at every call with the same selector. ``clfilter.Context(device, ...)`` makes another one, also on
        an OpenCL context and queue of your own (``cl_context=``, ``cl_device=``, ``cl_queue=``: addresses, such as
        pyopencl's ``int_ptr``).

    Raises
    ------
    NoPlatformError, NoDeviceError
        If there is no such device.

    Examples
    --------
    >>> import clfilter
    >>> clfilter.context() is clfilter.context()
    True
    """
    selector = None if device is None else str(device)
    found = _contexts.get(selector)
    if found is None:
        with _lock:
            found = _contexts.get(selector)
            if found is None:
                found = _contexts[selector] = Context(selector)
    return found
