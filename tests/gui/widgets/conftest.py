"""What the tests of the widgets share: projects over films that need no file, and eyes for pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from seamline.media.film import Film, MediaInfo
from seamline.media.timebase import FrameIndex
from seamline.project.types import Project, Seam
from seamline_widgets.theme import apply_theme

MakeProject = Callable[..., Project]
ColourAt = Callable[[QWidget, int, int], str]


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    if not qapp.styleSheet():
        apply_theme(qapp)


@pytest.fixture
def make_project() -> MakeProject:
    """A project at 25 frames a second whose timecode starts at 01:00:00:00."""

    def make(frame_count: int = 1000, seams: Sequence[Seam] = (), fingerprint: str = "one") -> Project:
        info = MediaInfo(
            path=Path("film.mp4"),
            container="mov",
            codec="h264",
            pixel_format="yuv420p",
            width=1920,
            height=1080,
            sample_aspect=Fraction(1),
            rotation_deg=0,
            interlaced=False,
            rate=Fraction(25),
            drop_frame=False,
            start_frame=90_000,
            reel=None,
            duration_s=frame_count / 25,
            audio=None,
            bytes=1,
        )
        index = FrameIndex(
            pts=np.arange(frame_count, dtype=np.int64),
            time_base=Fraction(1, 25),
            rate=Fraction(25),
            keyframes=np.zeros(1, dtype=np.int64),
            end_pts=frame_count,
        )
        return Project(Film(info, index, fingerprint)).with_proposals(seams, frame_count)

    return make


@pytest.fixture
def colour_at() -> ColourAt:
    """The colour, as `#rrggbb`, that a widget shows at a pixel."""

    def look(widget: QWidget, x: int, y: int) -> str:
        return widget.grab().toImage().pixelColor(x, y).name()

    return look


@pytest.fixture
def turn_wheel() -> Callable[..., None]:
    """Turn the wheel over a widget by `notches`, upwards positive."""

    def turn(
        widget: QWidget,
        x: int,
        y: int,
        notches: int,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        sideways: bool = False,
    ) -> None:
        at = QPointF(x, y)
        delta = QPoint(120 * notches, 0) if sideways else QPoint(0, 120 * notches)
        event = QWheelEvent(
            at,
            QPointF(widget.mapToGlobal(QPoint(x, y))),
            QPoint(),
            delta,
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    return turn


@pytest.fixture
def plain_image() -> Callable[..., QImage]:
    """An image of one colour."""

    def make(colour: str, width: int = 160, height: int = 90) -> QImage:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        return image

    return make
