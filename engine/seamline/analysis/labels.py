"""The labels of shots, by the curves as far as they are known; nothing is decoded for them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from seamline.analysis.movement import movement_of
from seamline.analysis.scale import scale_of
from seamline.analysis.signals import Signals
from seamline.project.labels import ShotLabels

Range = tuple[int, int]
"""The frames [start, end) of a shot."""


class Labeller:
    """Labels ranges of frames of one film, each once: where a seam moves, only the shots beside it are looked at.

    Cheap enough for a thread that has other work: some milliseconds a shot.
    """

    def __init__(self, signals: Signals, rate: Fraction) -> None:
        self._signals = signals
        self._rate = rate
        self._done: dict[Range, ShotLabels] = {}

    def labels(self, ranges: Iterable[Range]) -> tuple[ShotLabels, ...]:
        """The labels of those of `ranges` that something is known of by now, in their order."""
        found = (self._labels_of(start, end) for start, end in ranges)
        return tuple(labels for labels in found if labels.scale is not None or labels.movement is not None)

    def _labels_of(self, start_frame: int, end_frame: int) -> ShotLabels:
        known = self._done.get((start_frame, end_frame))
        if known is not None:
            return known
        labels = ShotLabels(
            start_frame,
            end_frame,
            scale_of(self._signals, start_frame, end_frame),
            movement_of(self._signals, start_frame, end_frame, self._rate),
        )
        if labels.scale is not None and labels.movement is not None:
            self._done[start_frame, end_frame] = labels
        return labels
