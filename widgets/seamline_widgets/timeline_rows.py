"""Which rows the timeline has, and how they share its height."""

from __future__ import annotations

from dataclasses import dataclass

FLAGS_PX = 20
LABELS_PX = 20
RULER_PX = 24
MAP_PX = 20
CURVE_LEAST_PX = 40
CAMERA_LEGEND_PX = 16
"""At the top of the camera's row."""
Y_RANGE = (-0.04, 1.04)
_STRIP_PX, _WAVE_PX, _CAMERA_PX = (36, 90), (28, 72), (68, 112)  # at least, at most
_STRIP_SHARE, _WAVE_SHARE, _CAMERA_SHARE = 0.26, 0.22, 0.24
_HINT_PX, _STRIP_HINT_PX, _WAVE_HINT_PX, _CAMERA_HINT_PX = 196, 36, 24, 76


@dataclass(frozen=True, slots=True)
class TimelineRows:
    """From top to bottom: flags, pictures, similarity curve, sound, labels, camera, ruler, map of the film.

    The first row of labels has the shots, those below it what is said of them, such as their scale.

    All in logical pixels. A row that is not shown has no height. What the window gives beyond the least goes to
    pictures, curve and sound at first, then to the curve alone: pictures are stored `90` high, and a taller
    waveform says no more.
    """

    height: int
    has_strip: bool = False
    has_wave: bool = False
    label_rows: int = 1
    has_camera: bool = False

    @property
    def strip_px(self) -> int:
        return _part(self.plot_bottom - FLAGS_PX, _STRIP_SHARE, _STRIP_PX) if self.has_strip else 0

    @property
    def wave_px(self) -> int:
        return _part(self.plot_bottom - FLAGS_PX, _WAVE_SHARE, _WAVE_PX) if self.has_wave else 0

    @property
    def ruler_bottom(self) -> int:
        """Where the ruler ends and the map of the whole film begins."""
        return self.height - MAP_PX

    @property
    def ruler_top(self) -> int:
        """Where the ruler begins, below the labels of shots and the camera's curves."""
        return self.ruler_bottom - RULER_PX

    @property
    def camera_px(self) -> int:
        above_px = self.ruler_top - FLAGS_PX - self.label_rows * LABELS_PX
        return _part(above_px, _CAMERA_SHARE, _CAMERA_PX) if self.has_camera else 0

    @property
    def labels_bottom(self) -> int:
        """Where the labels end and the camera's curves begin."""
        return self.ruler_top - self.camera_px

    @property
    def plot_bottom(self) -> int:
        """Where the last row above the labels ends, and with it the lines of the seams."""
        return self.labels_bottom - self.label_rows * LABELS_PX

    @property
    def curve_top(self) -> int:
        return FLAGS_PX + self.strip_px

    @property
    def curve_bottom(self) -> int:
        return self.plot_bottom - self.wave_px

    def y_of(self, value_01: float) -> float:
        """The height at which the curve has that value."""
        share = (Y_RANGE[1] - value_01) / (Y_RANGE[1] - Y_RANGE[0])
        return self.curve_top + share * (self.curve_bottom - self.curve_top)

    def value_at(self, y: float) -> float:
        """The curve's value, 0 to 1, at that height."""
        share = (y - self.curve_top) / max(1, self.curve_bottom - self.curve_top)
        return min(max(Y_RANGE[1] - share * (Y_RANGE[1] - Y_RANGE[0]), 0.0), 1.0)

    @property
    def least_height(self) -> int:
        """Less than this shows no row properly."""
        rows = self.has_strip * _STRIP_PX[0] + self.has_wave * _WAVE_PX[0] + self.has_camera * _CAMERA_PX[0]
        rows += self.label_rows * LABELS_PX
        return FLAGS_PX + CURVE_LEAST_PX + rows + RULER_PX + MAP_PX

    @property
    def usual_height(self) -> int:
        rows = self.has_strip * _STRIP_HINT_PX + self.has_wave * _WAVE_HINT_PX
        rows += self.has_camera * _CAMERA_HINT_PX + max(0, self.label_rows - 1) * LABELS_PX
        return _HINT_PX + rows


def _part(available_px: int, share: float, limits: tuple[int, int]) -> int:
    return min(max(round(available_px * share), limits[0]), limits[1])
