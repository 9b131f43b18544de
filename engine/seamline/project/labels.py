"""What a shot is labelled with: its scale and the movement of its camera."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

from seamline.errors import ProjectError


class ShotScale(StrEnum):
    """How near the camera is, from nearest to furthest.

    The five classes of Rao et al., A Unified Framework for Shot Type Classification Based on Subject Centric Lens,
    ECCV 2020 (MovieShots).
    """

    ECS = "ECS"  # an eye or a mouth
    CS = "CS"  # a face, a hand, a small object
    MS = "MS"  # a body from the knees or the waist up
    FS = "FS"  # barely the full body
    LS = "LS"  # from a long distance


class PublishedMovement(StrEnum):
    """The four classes of MovieShots."""

    STATIC = "Static"
    MOTION = "Motion"
    PUSH = "Push"
    PULL = "Pull"


class Movement(StrEnum):
    """How the camera moves. Which way is said as of the camera: panned to the left, the picture's content goes right.

    From the picture alone, a camera that turns looks like one that travels sideways, and one that zooms like one that
    goes nearer.
    """

    STATIC = "static"
    PAN_LEFT = "pan-left"
    PAN_RIGHT = "pan-right"
    TILT_UP = "tilt-up"
    TILT_DOWN = "tilt-down"
    PUSH = "push"
    PULL = "pull"
    ROLL = "roll"
    HANDHELD = "handheld"
    MIXED = "mixed"

    @property
    def published(self) -> PublishedMovement:
        """The class of MovieShots that it falls into."""
        return _PUBLISHED.get(self, PublishedMovement.MOTION)


_PUBLISHED = {
    Movement.STATIC: PublishedMovement.STATIC,
    Movement.PUSH: PublishedMovement.PUSH,
    Movement.PULL: PublishedMovement.PULL,
}

_T = TypeVar("_T", ShotScale, Movement)


@dataclass(frozen=True, slots=True)
class Label(Generic[_T]):
    """What a shot is labelled with, by the analysis or (`is_user`) by the editor; `confidence` is 0 to 1.

    `value` is None where the analysis has looked and is not sure.
    """

    value: _T | None
    confidence: float = 1.0
    is_user: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.confidence) and 0 <= self.confidence <= 1):
            raise ProjectError(f"A confidence lies between 0 and 1, not at {self.confidence}.")


@dataclass(frozen=True, slots=True)
class ShotLabels:
    """The labels of the frames [start_frame, end_frame); None for what was not looked at (yet)."""

    start_frame: int
    end_frame: int
    scale: Label[ShotScale] | None = None
    movement: Label[Movement] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame < self.end_frame:
            raise ProjectError(f"Labels need 0 <= start < end, not {self.start_frame} and {self.end_frame}.")

    @property
    def range(self) -> tuple[int, int]:
        return self.start_frame, self.end_frame


Range = tuple[int, int]
"""The frames [start, end) of a shot."""


def merged_labels(
    ranges: Iterable[Range], before: Iterable[ShotLabels], now: Iterable[ShotLabels]
) -> tuple[ShotLabels, ...]:
    """The labels of these shots, in their order: what is said `now`, else what was said `before`, each kind by itself.

    What was not looked at now leaves what was said before.
    """
    earlier = {labels.range: labels for labels in before}
    newer = {labels.range: labels for labels in now}
    merged = []
    for frames in ranges:
        old, new = earlier.get(frames), newer.get(frames)
        if new is None or old is None:
            labels = new or old
        elif new.scale is not None and new.movement is not None:
            labels = new
        else:
            labels = replace(new, scale=new.scale or old.scale, movement=new.movement or old.movement)
        if labels is not None:
            merged.append(labels)
    return tuple(merged)


def only_one(values: Iterable[_T | None]) -> _T | None:
    """What all of these that say something agree about; None where they do not, or say nothing."""
    said = {value for value in values if value is not None}
    return said.pop() if len(said) == 1 else None
