"""What the analysis thread labels shots with, while it analyses and afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from seamline.analysis.labels import Labeller, Range
from seamline.analysis.motion_stage import PAN, ROLL, TILT, ZOOM
from seamline.analysis.signals import Signals
from seamline.media.film import Film
from seamline.project.labels import ShotLabels
from seamline_app.jobs.analysis_events import CameraCurves

CAMERA = (PAN, TILT, ZOOM, ROLL)
"""The curves of the camera, in the order in which they are told."""


class LabelWish(NamedTuple):
    """A film's fingerprint, and the ranges of its shots as they are now."""

    fingerprint: str = ""
    ranges: tuple[Range, ...] = ()


class LabelDesk:
    """One film's labels. `wish()` gives the newest wish, of whichever film."""

    def __init__(self, film: Film, signals: Signals, wish: Callable[[], LabelWish]) -> None:
        self._fingerprint = film.fingerprint
        self._labeller = Labeller(signals, film.rate)
        self._wish = wish
        self._told: tuple[ShotLabels, ...] | None = None

    def news(self) -> tuple[ShotLabels, ...] | None:
        """All labels of the shots wished for that are known, None where that is what was told last."""
        wish = self._wish()
        if wish.fingerprint != self._fingerprint:
            return None
        labels = self._labeller.labels(wish.ranges)
        if labels == self._told:
            return None
        self._told = labels
        return labels


class CameraDesk:
    """The motion of one film's camera, told as far as it was not told before."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._told_frames = 0

    def news(self) -> CameraCurves | None:
        done_frames = self._signals.done_frames(*CAMERA)
        if done_frames <= self._told_frames:
            return None
        start, self._told_frames = self._told_frames, done_frames
        return CameraCurves(
            start, np.stack([self._signals.known(name)[start:done_frames] for name in CAMERA])
        )
