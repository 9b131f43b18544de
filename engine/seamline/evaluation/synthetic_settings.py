"""What a drawn edit is made of, and in which proportions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seamline.errors import MediaError
from seamline.evaluation.synthetic_distractors import DISTRACTOR_KINDS
from seamline.evaluation.synthetic_wipes import MASKED_WIPES, MOVING_WIPES

Span = tuple[int, int]
"""The least and the most, both included."""

JOIN_SHARES = {"cut": 0.6, "jump cut": 0.07, "dissolve": 0.17, "fade": 0.07, "wipe": 0.09}
WIPE_SHARES = {
    **dict.fromkeys(MASKED_WIPES, 1.0),
    **dict.fromkeys(MOVING_WIPES, 2.0),
    "edge": 6.0,
    "diagonal": 2.0,
    "circle opens": 2.0,
    "circle closes": 2.0,
}
DISTRACTOR_SHARES = {
    **dict.fromkeys(DISTRACTOR_KINDS, 1.0),
    "flash": 3.0,
    "whip pan": 2.0,
    "passing object": 2.0,
}


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """How films are drawn; shares need not add up to 1. Raises MediaError where a value cannot be.

    `frames` is about how long a film is: it ends with the first shot that reaches a length drawn from there.
    `shot_frames` limits the full frames of a shot, `typical_shot_frames` is their median. `jump_frames` is
    what a jump cut leaves out; `fade_frames` is each of a fade's two ways, `hold_frames` the colour between.
    `margin_frames` lie between a distractor and whatever else happens.
    """

    frames: Span = (600, 1500)
    shot_frames: Span = (6, 400)
    typical_shot_frames: float = 55
    joins: Mapping[str, float] = field(default_factory=JOIN_SHARES.copy)
    wipes: Mapping[str, float] = field(default_factory=WIPE_SHARES.copy)
    distractors: Mapping[str, float] = field(default_factory=DISTRACTOR_SHARES.copy)
    distractors_per_1000_frames: float = 6
    dissolve_frames: Span = (2, 60)
    wipe_frames: Span = (3, 61)
    fade_frames: Span = (2, 40)
    hold_frames: Span = (0, 40)
    jump_frames: Span = (8, 200)
    same_source_dissolves: float = 0.15
    looks: float = 0.5
    """The share of films whose pieces each have a look of their own."""
    finishes: float = 0.4
    """The share of films that are graded, barred or grained as a whole."""
    odd_speeds: float = 0.12
    reversals: float = 0.05
    stills: float = 0.04
    """The share of pieces that stand still, with all that follows from it: dissolves between two stills."""
    logos: float = 0.1
    """The share of films with a logo over all of it."""
    open_and_close: float = 0.2
    """The share of films that fade in at the start, and of those that fade out at the end."""
    margin_frames: int = 8
    unseen_levels: float = 4
    """Mean difference in levels of 255 between the full pictures around a join under which it is not scored."""

    def __post_init__(self) -> None:
        for name, least in (
            ("frames", 1), ("shot_frames", 1), ("dissolve_frames", 1), ("wipe_frames", 1),
            ("fade_frames", 1), ("hold_frames", 0), ("jump_frames", 1),
        ):  # fmt: skip
            low, high = getattr(self, name)
            if not least <= low <= high:
                raise MediaError(f"{name} goes from at least {least} up, not from {low} to {high}.")
        for name, known in (
            ("joins", JOIN_SHARES), ("wipes", WIPE_SHARES), ("distractors", DISTRACTOR_SHARES),
        ):  # fmt: skip
            shares: Mapping[str, float] = getattr(self, name)
            unknown = set(shares) - set(known)
            if unknown:
                raise MediaError(f"{name} knows no “{sorted(unknown)[0]}”: choose from {', '.join(known)}.")
            if any(share < 0 for share in shares.values()) or sum(shares.values()) <= 0:
                raise MediaError(f"{name} needs shares of 0 or more, and one above 0.")
