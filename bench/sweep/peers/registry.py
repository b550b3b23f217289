# SPDX-License-Identifier: Apache-2.0
"""The table of peers. A peer is a function that is given a case and returns the call to be timed, whatever can be
prepared being prepared, or None if it does not solve this case or nobody would have it do so."""
import dataclasses
import typing

EVERY = "every type"


@dataclasses.dataclass(frozen=True)
class Peer:
    """`approximate` are the types for which it computes something slightly different."""
    name: str
    kinds: tuple
    prepare: typing.Callable
    approximate: tuple = ()

    def name_for(self, case):
        different = EVERY in self.approximate or case.dtype in self.approximate
        return f"≈ {self.name}" if different else self.name


PEERS = []


def peer(name, *kinds, approximate=()):
    """Enters a function as a peer for cases of these kinds (case.kind_of)."""
    def enter(prepare):
        PEERS.append(Peer(name, kinds, prepare, approximate))
        return prepare
    return enter
