"""The labels of shots, by the curves as far as they are known; nothing is decoded for them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from seamline.analysis.movement import movement_of
from seamline.analysis.scale import scale_of
from seamline.analysis.signals import Signals
from seamline.analysis.stages import EMBEDDING
from seamline.project.labels import Label, Movement, Range, ShotLabels, ShotScale

__all__ = ["Labeller", "Range"]


class Labeller:
    """Labels ranges of frames of one film, each once: where a seam moves, only the shots beside it are looked at.

    Cheap enough for a thread that has other work: some milliseconds a shot.
    """

    def __init__(self, signals: Signals, rate: Fraction) -> None:
        self._signals = signals
        self._rate = rate
        self._scales: dict[tuple[Range, bool], Label[ShotScale]] = {}
        self._movements: dict[Range, Label[Movement]] = {}

    def labels(self, ranges: Iterable[Range]) -> tuple[ShotLabels, ...]:
        """The labels of those of `ranges` that something is known of by now, in their order."""
        found = (self._labels_of(start, end) for start, end in ranges)
        return tuple(labels for labels in found if labels.scale is not None or labels.movement is not None)

    def _labels_of(self, start_frame: int, end_frame: int) -> ShotLabels:
        frames = start_frame, end_frame
        # the embeddings may come later than the figures, or not at all
        looked = frames, self._signals.done_frames(EMBEDDING) >= end_frame
        scale, movement = self._scales.get(looked), self._movements.get(frames)
        if scale is None and (scale := scale_of(self._signals, *frames)) is not None:
            self._scales[looked] = scale
        if movement is None and (movement := movement_of(self._signals, *frames, self._rate)) is not None:
            self._movements[frames] = movement
        return ShotLabels(*frames, scale, movement)
