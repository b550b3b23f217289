# SPDX-License-Identifier: Apache-2.0
"""The other libraries, a file or two each. One that is not installed is passed over."""
import importlib

from libraries import LIBRARIES
from peers.registry import PEERS


def load(threads):
    """Imports what is there. Returns the versions by library, and the libraries that are not there with the reason."""
    versions, absent = {}, {}
    for name, module, _, files in LIBRARIES:
        try:
            library = importlib.import_module(module)
        except Exception as error:  # a library that is broken is as good as none
            absent[name] = f"{type(error).__name__}: {error}"
            continue
        versions[name] = getattr(library, "__version__", "?")
        for file in files:
            loaded = importlib.import_module(f"peers.{file}")
            if hasattr(loaded, "use_threads"):
                loaded.use_threads(threads)
    return versions, absent


def calls_for(case):
    """The calls of every peer that solves a case, by name, and what could not be prepared, with its sentence."""
    calls, failed = {}, {}
    for peer in PEERS:
        if case.kind not in peer.kinds:
            continue
        try:
            call = peer.prepare(case)
        except Exception as error:  # whatever another library raises is its own affair
            failed[peer.name_for(case)] = f"{type(error).__name__}: {error}"
            continue
        if call is not None:
            calls[peer.name_for(case)] = call
    return calls, failed
