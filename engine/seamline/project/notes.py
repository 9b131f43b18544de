"""The notes of a project while edits change them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import replace

from seamline.errors import ProjectError
from seamline.project.types import Decision, ShotNote, joined_note

MAX_NOTES = 50_000
"""How many there can be at a time: more than any film has shots."""


class Notes:
    """At most one note a frame, in the order of frames."""

    def __init__(self, notes: Iterable[ShotNote]) -> None:
        self._by_frame = {note.frame: note for note in notes}
        self._frames = sorted(self._by_frame)

    @property
    def in_order(self) -> tuple[ShotNote, ...]:
        return tuple(self._by_frame[frame] for frame in self._frames)

    def change(self, changes: Sequence[ShotNote], frame_count: int) -> None:
        """Put `changes` in place of those at the same frames; an empty one leaves none there.

        Raises ProjectError, changing nothing, for one beyond the film of `frame_count` frames, and for too many.
        """
        for note in changes:
            if not 0 <= note.frame < frame_count:
                raise ProjectError(
                    f"A note cannot lie at frame {note.frame}: the film has {frame_count} frames."
                )
        if len(self._frames) + len(changes) > MAX_NOTES:
            left = self._by_frame | {note.frame: note for note in changes}
            if sum(not note.is_empty for note in left.values()) > MAX_NOTES:
                raise ProjectError(
                    f"A project holds notes on at most {MAX_NOTES} shots: take some away, then write this one."
                )
        for note in changes:
            self._set(note.frame, None if note.is_empty else note)

    def carry(self, decision: Decision) -> list[tuple[int, ShotNote | None]]:
        """Where a seam was moved past notes, have them lie at its new place, on the side of it that they were on.

        What came to lie at one frame is one note. Gives what `put_back` takes: what there was at which frames.
        """
        if decision.before is None or decision.after is None:
            return []
        old, new = decision.before.cut_frame, decision.after.cut_frame
        first, end, frame = (old, new, new) if old < new else (new, old, new - 1)
        passed = self._frames[bisect_left(self._frames, first) : bisect_left(self._frames, end)]
        if not passed:
            return []
        before = [(at, self._by_frame.get(at)) for at in (*passed, frame)]
        joined = joined_note([note for _, note in before if note is not None])
        for at in passed:
            self._set(at, None)
        self._set(frame, replace(joined, frame=frame))
        return before

    def put_back(self, before: Iterable[tuple[int, ShotNote | None]]) -> None:
        for frame, note in before:
            self._set(frame, note)

    def _set(self, frame: int, note: ShotNote | None) -> None:
        is_known = frame in self._by_frame
        if note is not None:
            self._by_frame[frame] = note
            if not is_known:
                insort(self._frames, frame)
        elif is_known:
            del self._by_frame[frame]
            del self._frames[bisect_left(self._frames, frame)]
