"""Shots whose beginning and end are known, because they were made so, and what a cut between two of them would be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from seamline.project.match_cuts import MatchKind

SHAPES = ("person", "disc", "block", "wedge", "slab", "arch")

SAME_PLACE, OTHER_PLACE = 0.06, 0.17
"""Middles so near, in widths of the picture, are one place; so far apart they are two. Between them nobody is asked."""
SAME_SIZE, OTHER_SIZE = 1.2, 1.6
"""The same for how many times as high, or as wide, one is than the other."""
SAME_WAY_DEG, OTHER_WAY_DEG = 16.0, 40.0
"""The same for two directions."""
SAME_SPEED, OTHER_SPEED = 1.3, 1.9
"""The same for how many times as fast."""


@dataclass(frozen=True, slots=True)
class Mass:
    """Something that stands out from its ground: its middle at (`x`, `y`) as shares of the picture's width and height,
    `height` as a share of the picture's height, `width` as one of its width."""

    shape: str
    x: float
    y: float
    width: float
    height: float

    @property
    def mirrored(self) -> Mass:
        return replace(self, x=1 - self.x)


@dataclass(frozen=True, slots=True)
class Going:
    """Velocity: `right` and `down` in widths of the picture a second, `nearer` the natural logarithm a second of how
    much larger things look. Of a camera it is where the camera goes: the picture goes the other way."""

    right: float = 0.0
    down: float = 0.0
    nearer: float = 0.0

    @property
    def speed(self) -> float:
        return math.hypot(self.right, self.down, self.nearer)

    def times(self, factor: float) -> Going:
        return Going(self.right * factor, self.down * factor, self.nearer * factor)

    def turned(self, degrees: float) -> Going:
        turn = math.radians(degrees)
        cosine, sine = math.cos(turn), math.sin(turn)
        return Going(
            self.right * cosine - self.down * sine, self.right * sine + self.down * cosine, self.nearer
        )

    def degrees_to(self, other: Going) -> float:
        """0 to 180; a zoom is at right angles to every shift."""
        product = self.right * other.right + self.down * other.down + self.nearer * other.nearer
        return math.degrees(math.acos(max(-1.0, min(1.0, product / (self.speed * other.speed)))))


STILL = Going()


@dataclass(frozen=True, slots=True)
class ShotEnd:
    """The first or the last half second of a shot: what stands in it, how the camera goes, how the masses do."""

    masses: tuple[Mass, ...] = ()
    camera: Going = STILL
    moving: Going = STILL

    @property
    def is_still(self) -> bool:
        return self.camera == STILL and self.moving == STILL


@dataclass(frozen=True, slots=True)
class Paint:
    """Seeds: shots of one `colours` have the same colours, of one `world` the same ground and surfaces as well."""

    colours: int
    world: int


@dataclass(frozen=True, slots=True)
class PlantedShot:
    """A shot to be made. Shots of one `setup` were filmed from one place, and are no match for one another.

    `unit`: shots of one have something in common; `note`: what misleads about it, nothing where it is to be found.
    `matches_at_head` and `_at_tail`: which ends are the unit's own. `take` seeds what differs between takes;
    `reframed`: a share of the picture that is cut off at its edges, as where a shot is used again.
    """

    unit: str
    setup: int
    paint: Paint
    head: ShotEnd
    tail: ShotEnd
    frames: int
    note: str = ""
    matches_at_head: bool = False
    matches_at_tail: bool = False
    take: int = 0
    reframed: float = 0.0


class Truth(StrEnum):
    """What a cut from the end of one shot to the beginning of another would be; UNCLEAR: people would disagree."""

    FRAME = "frame"
    MOTION = "motion"
    NONE = "none"
    UNCLEAR = "unclear"

    @property
    def kind(self) -> MatchKind | None:
        return MatchKind(self.value) if self in (Truth.FRAME, Truth.MOTION) else None


def truth_of(outgoing: PlantedShot, incoming: PlantedShot) -> Truth:
    """By the end of the one and the beginning of the other alone; nothing, where both are of one set-up."""
    if outgoing.setup == incoming.setup:
        return Truth.NONE
    out, into = outgoing.tail, incoming.head
    if out.is_still and into.is_still:
        return _frame_truth(out.masses, into.masses)
    if out.is_still or into.is_still:
        # at one place but with another movement: some would take it
        return Truth.UNCLEAR if _frame_truth(out.masses, into.masses) != Truth.NONE else Truth.NONE
    return _motion_truth(out, into)


def _frame_truth(out: Sequence[Mass], into: Sequence[Mass]) -> Truth:
    if not out or not into:
        return Truth.NONE
    if len(out) != len(into):
        apart = any(_mass_truth(one, other) != Truth.NONE for one in out for other in into)
        return Truth.UNCLEAR if apart else Truth.NONE
    # masses are kept in the order of their places, the left one first
    each = [
        _mass_truth(one, other)
        for one, other in zip(sorted(out, key=_left), sorted(into, key=_left), strict=True)
    ]
    if all(said == Truth.FRAME for said in each):
        return Truth.FRAME
    return Truth.NONE if all(said == Truth.NONE for said in each) else Truth.UNCLEAR


def _mass_truth(one: Mass, other: Mass) -> Truth:
    away = math.hypot(one.x - other.x, (one.y - other.y) * 9 / 16)
    larger = max(_ratio(one.width, other.width), _ratio(one.height, other.height))
    if away >= OTHER_PLACE or larger >= OTHER_SIZE:
        return Truth.NONE
    if one.shape == other.shape and away <= SAME_PLACE and larger <= SAME_SIZE:
        return Truth.FRAME
    return Truth.UNCLEAR


def _motion_truth(out: ShotEnd, into: ShotEnd) -> Truth:
    carriers = [_carrier(end) for end in (out, into)]
    if carriers[0][0] != carriers[1][0]:
        # a camera that goes right, and a thing that goes left: the picture goes left in both
        shown = [going.times(-1) if by_camera else going for by_camera, going in carriers]
        if not all(math.hypot(going.right, going.down) for going in shown):
            return Truth.NONE
        return Truth.UNCLEAR if shown[0].degrees_to(shown[1]) < 60 else Truth.NONE
    one, other = carriers[0][1], carriers[1][1]
    apart_deg, faster = one.degrees_to(other), _ratio(one.speed, other.speed)
    if apart_deg >= OTHER_WAY_DEG or faster >= OTHER_SPEED:
        return Truth.NONE
    is_same = apart_deg <= SAME_WAY_DEG and faster <= SAME_SPEED
    return Truth.MOTION if is_same else Truth.UNCLEAR


def _carrier(end: ShotEnd) -> tuple[bool, Going]:
    return (True, end.camera) if end.camera != STILL else (False, end.moving)


def _left(mass: Mass) -> float:
    return mass.x


def _ratio(one: float, other: float) -> float:
    return max(one, other) / max(min(one, other), 1e-9)
