"""What is to be known about a network, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WheelMember:
    """One file inside one wheel of the Python package index, named exactly."""

    distribution: str
    version: str
    member: str

    @property
    def requirement(self) -> str:
        """The exact requirement as pip reads it."""
        return f"{self.distribution}=={self.version}"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is to be known about a network before it is installed.

    `sha256` and `size_bytes` are those of the published weights. `graph_version` rises whenever `convert`
    writes another graph from the same weights, so that an installed graph is converted again.
    `convert(weights)` gives the serialized ONNX graph of a weights file; it imports torch.
    `weights_id`: the id of the card that it shares the installed weights with, if it is another graph of them.
    """

    id: str
    name: str
    purpose: str
    licence: str
    paper: str
    homepage: str
    source: WheelMember
    sha256: str
    size_bytes: int
    graph_version: int
    convert: Callable[[Path], bytes]
    weights_id: str | None = None
