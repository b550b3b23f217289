# SPDX-License-Identifier: Apache-2.0
"""What all tests share. They run on the device that CLF_DEVICE names, PoCL where it is there."""

import clfilter
import pytest


def pytest_report_header():
    device = clfilter.context().device
    return f"clfilter {clfilter.__version__} at {clfilter.__file__}, on {device['name']} ({device['platform']})"


@pytest.fixture
def context():
    return clfilter.context()
