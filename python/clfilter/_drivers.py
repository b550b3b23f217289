# SPDX-License-Identifier: Apache-2.0
"""OpenCL drivers that pip installed, for machines on which the system has none."""

from __future__ import annotations

import glob
import os
import sys

# What tells an OpenCL loader where to look; whoever sets one of these is obeyed.
_CHOSEN = ("OCL_ICD_VENDORS", "OCL_ICD_FILENAMES", "OPENCL_VENDOR_PATH")
_SYSTEM = "/etc/OpenCL/vendors/*.icd"


def _installed() -> list[str]:
    """The drivers' libraries: PoCL of pocl-binary-distribution, which lies in pyopencl's folder, and Intel's."""
    beside = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return [
        *glob.glob(os.path.join(beside, "pyopencl", ".libs", "libpocl*.so*")),
        *glob.glob(os.path.join(sys.prefix, "lib", "libintelocl.so")),
    ]


def find() -> None:
    """Name such a driver to the loader, unless there is another or somebody has chosen. Nothing is loaded here."""
    if any(name in os.environ for name in _CHOSEN) or glob.glob(_SYSTEM):
        return
    found = _installed()
    if found:
        os.environ["OCL_ICD_VENDORS"] = found[0]
