"""A cut list as any editing system wrote it: what all readers give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from seamline.errors import ExchangeError

MOST_EVENTS = 30_000
"""A list with more is refused: the longest films have some thousands."""


class ListTransition(StrEnum):
    """How an event begins."""

    CUT = "cut"
    DISSOLVE = "dissolve"
    WIPE = "wipe"


@dataclass(frozen=True, slots=True)
class ListEvent:
    """One picture event: frames of the list's rate, half-open ranges.

    `source_start` and `source_end` count from timecode 00:00:00:00 of the source, or from its first frame where the
    format knows no source timecode; `record_start` and `record_end` count likewise in the timeline. A
    transition takes the `transition_frames` from `record_start` on; a cut takes 0.
    `source` is the file name, clip name or reel, as far as the list says; `note` its comment.
    """

    source_start: int
    source_end: int
    record_start: int
    record_end: int
    source: str = ""
    transition: ListTransition = ListTransition.CUT
    transition_frames: int = 0
    note: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.record_start < self.record_end or not 0 <= self.source_start <= self.source_end:
            raise ExchangeError(
                f"An event of the list takes no frames or less than none (record {self.record_start} to "
                f"{self.record_end}, source {self.source_start} to {self.source_end}): export the list again."
            )
        if not 0 <= self.transition_frames <= self.record_end - self.record_start:
            raise ExchangeError(
                f"A transition of {self.transition_frames} frames does not fit an event of "
                f"{self.record_end - self.record_start}: export the list again."
            )


@dataclass(frozen=True, slots=True)
class CutList:
    """The picture events of one timeline, by record frame.

    `rate` is None where the format does not say it (EDL): frames are then counted as the reader was told to.
    `drop_frame` is None where the format does not say how it counts. `format_name` says what was read,
    such as “CMX3600 EDL”; `remarks` are sentences about what was left out. `counts_film_frames`: record frames
    are the film's own from 0, each one however long it lasts, and not those of a constant rate.
    """

    title: str
    format_name: str
    rate: Fraction | None
    drop_frame: bool | None
    events: tuple[ListEvent, ...]
    remarks: tuple[str, ...] = ()
    counts_film_frames: bool = False

    def __post_init__(self) -> None:
        if len(self.events) > MOST_EVENTS:
            raise ExchangeError(
                f"The list has {len(self.events)} events; at most {MOST_EVENTS} are read: export a part of it."
            )
