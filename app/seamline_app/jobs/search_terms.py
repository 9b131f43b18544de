"""What a search consists of: words, frames, parts of frames and pictures, wanted or not."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtGui import QImage

FOR_WORDS = frozenset({"label-vectors"})
"""Encoders that see with another one's eyes: pictures are better compared by that one itself."""


class Role(Enum):
    """What a term is to the search: asked for, more like what was found, less like it."""

    WANTED = "wanted"
    LIKED = "liked"
    UNWANTED = "unwanted"


@dataclass(frozen=True, slots=True)
class Words:
    text: str

    @property
    def key(self) -> Hashable:
        return self


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """A frame of the film of that fingerprint at `path`; `region`: left, top, width and height of a part of it, in
    shares of the picture as it is shown, None for all."""

    fingerprint: str
    path: Path
    frame: int
    region: tuple[float, float, float, float] | None = None

    @property
    def key(self) -> Hashable:
        return self


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture's file as it was then."""

    path: Path
    number: int

    @property
    def key(self) -> Hashable:
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture that came without a file; equal to none other."""

    image: QImage

    @property
    def key(self) -> Hashable:
        return id(self), self.image.cacheKey()


Part = Words | FilmFrame | PictureFile | Picture


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """`name` says what it is, such as “like 01:00:12:03”; `image` shows it, where there is one."""

    part: Part
    name: str
    role: Role = Role.WANTED
    image: QImage | None = None
