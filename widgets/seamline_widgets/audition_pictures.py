"""The decoded pictures of both sides of a cut, which the audition plays from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from PySide6.QtGui import QImage


class Side(IntEnum):
    """A: the outgoing shot; B: the incoming one."""

    OUT = 0
    IN = 1

    @property
    def letter(self) -> str:
        return "AB"[self]


@dataclass(frozen=True)
class AuditionPictures:
    """Pictures by the frames of their own film, in square pixels, best as Format_RGB32, which is drawn fastest.

    About a second before and after the cut on either side; more of them may come later.
    """

    outgoing: Mapping[int, QImage] = field(default_factory=dict)
    incoming: Mapping[int, QImage] = field(default_factory=dict)
    _known: tuple[tuple[int, ...], tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", (tuple(sorted(self.outgoing)), tuple(sorted(self.incoming))))

    def __bool__(self) -> bool:
        return any(self._known)

    def of(self, side: Side) -> Mapping[int, QImage]:
        return self.outgoing if side is Side.OUT else self.incoming

    def at(self, side: Side, frame: int) -> tuple[QImage | None, bool]:
        """The picture of that frame and True, or of the one known that is nearest before it (else after it) and False;
        None where there is none of that side."""
        pictures, known = self.of(side), self._known[side]
        if frame in pictures:
            return pictures[frame], True
        if not known:
            return None, False
        return pictures[known[max(0, bisect_right(known, frame) - 1)]], False
