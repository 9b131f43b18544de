"""Which rows the timeline has, and how they share its height."""

from __future__ import annotations

from dataclasses import dataclass

FLAGS_PX = 20
RULER_PX = 24
CURVE_LEAST_PX = 48
_STRIP_PX, _WAVE_PX = (36, 90), (28, 72)  # at least, at most
_STRIP_SHARE, _WAVE_SHARE = 0.26, 0.22
_HINT_PX, _STRIP_HINT_PX, _WAVE_HINT_PX = 176, 24, 20


@dataclass(frozen=True, slots=True)
class TimelineRows:
    """From top to bottom: flags, pictures, similarity curve, sound, ruler; all in logical pixels.

    A row that is not shown has no height. What the window gives beyond the least goes to all rows at first, then
    to the curve alone: pictures are stored `90` high, and a taller waveform says no more.
    """

    height: int
    has_strip: bool = False
    has_wave: bool = False

    @property
    def strip_px(self) -> int:
        return _part(self.plot_bottom - FLAGS_PX, _STRIP_SHARE, _STRIP_PX) if self.has_strip else 0

    @property
    def wave_px(self) -> int:
        return _part(self.plot_bottom - FLAGS_PX, _WAVE_SHARE, _WAVE_PX) if self.has_wave else 0

    @property
    def plot_bottom(self) -> int:
        """Where the last row above the ruler ends."""
        return self.height - RULER_PX

    @property
    def curve_top(self) -> int:
        return FLAGS_PX + self.strip_px

    @property
    def curve_bottom(self) -> int:
        return self.plot_bottom - self.wave_px

    @property
    def least_height(self) -> int:
        """Less than this shows no row properly."""
        rows = self.has_strip * _STRIP_PX[0] + self.has_wave * _WAVE_PX[0]
        return FLAGS_PX + RULER_PX + CURVE_LEAST_PX + rows

    @property
    def usual_height(self) -> int:
        return _HINT_PX + self.has_strip * _STRIP_HINT_PX + self.has_wave * _WAVE_HINT_PX


def _part(available_px: int, share: float, limits: tuple[int, int]) -> int:
    return min(max(round(available_px * share), limits[0]), limits[1])
