"""Which part of the film the timeline shows: frames to pixels and back, zoom, pan, and where labels stand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MIN_VISIBLE_FRAMES = 20
_SECONDS_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """The frames `[first, first + span)` across `width_px` logical pixels; frame f covers [f, f + 1)."""

    frame_count: int
    width_px: float
    first: float = 0.0
    span: float = 0.0

    @classmethod
    def fitted(cls, frame_count: int, width_px: float) -> TimeScale:
        """The whole film."""
        return cls(frame_count, width_px, 0.0, float(max(1, frame_count)))

    @property
    def last(self) -> float:
        """Where the visible part ends, in frames."""
        return self.first + self.span

    @property
    def frame_px(self) -> float:
        """How many pixels a frame is wide."""
        return self.width_px / self.span

    def x_of(self, frame: float) -> float:
        """The pixel where `frame` begins."""
        return (frame - self.first) * self.frame_px

    def place_at(self, x_px: float) -> float:
        """The place under pixel `x_px` in frames, also beyond what is visible."""
        return self.first + x_px / self.frame_px

    def frame_at(self, x_px: float) -> int:
        """The frame under pixel `x_px`, clamped to the film and to what is visible."""
        at = self.first + min(max(0.0, x_px), self.width_px - 1e-6) / self.frame_px
        return min(max(0, math.floor(at)), self.frame_count - 1)

    def shows(self, frame: int) -> bool:
        """Whether `frame` is visible."""
        return self.first <= frame < self.last

    def zoomed(self, factor: float, about: float) -> TimeScale:
        """`factor` times as close, the place `about` (in frames) staying where it is on the screen."""
        low, high = min(MIN_VISIBLE_FRAMES, self.frame_count), self.frame_count
        span = min(max(self.span / factor, low), high)
        return self._moved(about - (about - self.first) * span / self.span, span)

    def panned(self, frames: float) -> TimeScale:
        """Moved by `frames` towards the end of the film."""
        return self._moved(self.first + frames, self.span)

    def paged_to(self, frame: int) -> TimeScale:
        """Turned to the page where `frame` stands near the edge it was coming from."""
        margin = 0.05 * self.span
        if frame >= self.last:
            return self._moved(frame - margin, self.span)
        if frame < self.first:
            return self._moved(frame + 1 - self.span + margin, self.span)
        return self

    def centred_on(self, frame: int) -> TimeScale:
        """Moved so that `frame` stands in the middle."""
        return self._moved(frame - self.span / 2, self.span)

    def showing(self, first: float, end: float, room: float) -> TimeScale:
        """The frames [first, end) with at least `room` frames, and a tenth of their number, on both sides."""
        room = max(room, (end - first) / 10)
        span = min(max(end - first + 2 * room, float(MIN_VISIBLE_FRAMES)), float(self.frame_count))
        return self._moved((first + end - span) / 2, span)

    def resized(self, width_px: float) -> TimeScale:
        """The same frames over another width."""
        return replace(self, width_px=max(1.0, width_px))

    def _moved(self, first: float, span: float) -> TimeScale:
        return replace(self, first=min(max(0.0, first), self.frame_count - span), span=span)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Frames that get a labelled mark, and frames that get a small one."""

    major: tuple[int, ...]
    minor: tuple[int, ...]


def ticks(scale: TimeScale, label_px: float, nominal_rate: int, first_label_frame: int) -> Ticks:
    """Marks on whole frames, seconds, minutes or hours of the timecode, labels at least `label_px` apart.

    `first_label_frame`: the timecode of frame 0 as a frame count, so that marks fall on round labels.
    """
    steps = _steps(nominal_rate)
    major = next((step for step in steps if step * scale.frame_px >= label_px), steps[-1])
    minors = [step for step in steps if step < major and major % step == 0 and step * scale.frame_px >= 6]
    minor = minors[0] if minors else major
    return Ticks(
        _multiples(scale, major, first_label_frame),
        _multiples(scale, minor, first_label_frame) if minor != major else (),
    )


def frames_of(label: str, nominal_rate: int) -> int:
    """The label `hh:mm:ss:ff` as a count of frames, without regard to dropped numbers."""
    hours, minutes, seconds, frames = (int(part) for part in label.replace(";", ":").split(":"))
    return ((hours * 60 + minutes) * 60 + seconds) * nominal_rate + frames


def _steps(nominal_rate: int) -> list[int]:
    within_a_second = [
        n for n in (1, 2, 4, 5, 6, 10, 12, 15, 25, 30) if n < nominal_rate and nominal_rate % n == 0
    ]
    return within_a_second + [seconds * nominal_rate for seconds in _SECONDS_STEPS]


def _multiples(scale: TimeScale, step: int, offset: int) -> tuple[int, ...]:
    # one mark before the visible part, whose label may reach into it
    first = math.floor((scale.first + offset) / step)
    last = math.ceil((min(scale.last, scale.frame_count) + offset) / step)
    frames = (at * step - offset for at in range(first, last + 1))
    return tuple(frame for frame in frames if 0 <= frame < scale.frame_count)
