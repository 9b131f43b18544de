"""How one drawn shot becomes the next: dissolve, fade through black, wipe."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


class Transition(Protocol):
    """`frames` pictures that belong wholly to neither shot; a cut has none."""

    @property
    def kind(self) -> str:
        """The word that truth files have for it: cut, dissolve, fade or wipe."""

    @property
    def frames(self) -> int:
        """How many pictures lie between the last full one and the first full one."""

    def mix(self, outgoing: Picture, incoming: Picture, step: int) -> Picture:
        """Picture number `step`, 1 to `frames`, from two pictures uint8[h, w, 3] of the same size."""


@dataclass(frozen=True, slots=True)
class Cut:
    kind: str = "cut"
    frames: int = 0

    def mix(self, outgoing: Picture, incoming: Picture, step: int) -> Picture:
        raise IndexError(f"A cut has no picture number {step} between {outgoing.shape} and {incoming.shape}.")


@dataclass(frozen=True, slots=True)
class Dissolve:
    frames: int
    kind: str = "dissolve"

    def mix(self, outgoing: Picture, incoming: Picture, step: int) -> Picture:
        share = step / (self.frames + 1)
        return np.asarray(cv2.addWeighted(outgoing, 1 - share, incoming, share, 0), np.uint8)


@dataclass(frozen=True, slots=True)
class Fade:
    """Out to black, `hold` black pictures, back in. With `back` 0 it ends in black."""

    out: int
    hold: int
    back: int
    kind: str = "fade"

    @property
    def frames(self) -> int:
        return self.out + self.hold + self.back

    def mix(self, outgoing: Picture, incoming: Picture, step: int) -> Picture:
        if step <= self.out:
            return _dimmed(outgoing, 1 - step / (self.out + 1))
        if step <= self.out + self.hold:
            return np.zeros_like(outgoing)
        return _dimmed(incoming, (step - self.out - self.hold) / (self.back + 1))


@dataclass(frozen=True, slots=True)
class Wipe:
    """A slanted soft edge that runs from left to right."""

    frames: int
    kind: str = "wipe"

    def mix(self, outgoing: Picture, incoming: Picture, step: int) -> Picture:
        height, width = outgoing.shape[:2]
        shown, hidden = _wipe_weights(height, width, step / (self.frames + 1))
        return np.asarray(cv2.blendLinear(incoming, outgoing, shown, hidden), np.uint8)


def _dimmed(picture: Picture, share: float) -> Picture:
    return np.asarray(cv2.convertScaleAbs(picture, alpha=share), np.uint8)


@lru_cache(maxsize=4)
def _wipe_weights(height: int, width: int, share: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """float32[h, w] twice: how much of the incoming and of the outgoing picture shows."""
    slant, softness = 0.22, 0.03
    rows = np.linspace(0, slant, height, dtype=np.float32)[:, None]
    place = np.linspace(0, 1, width, dtype=np.float32)[None, :] + rows
    shown = np.clip((share * (1 + slant) - place) / softness + 0.5, 0, 1).astype(np.float32)
    return shown, 1 - shown
