"""Which of the film's cuts are match cuts, on the timeline: a sign below the seam's flag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from seamline_resources import palette
from seamline_resources.match_looks import KIND_LOOKS
from seamline_widgets.icons import icon_pixmap
from seamline_widgets.match_items import score_text
from seamline_widgets.timeline_hits import HitTimeline
from seamline_widgets.timeline_rows import FLAGS_PX
from seamline_widgets.timeline_scale import TimeScale

SIGN_PX, _ICON_PX = 16, 12
_LEAST_GAP_PX = 18  # signs that crowd more are not all drawn: the one of the highest score is


@dataclass(frozen=True, slots=True)
class MatchMark:
    """A cut that is a match: `frame` is the first one of the incoming shot; `kind` “frame” or “motion”."""

    frame: int
    kind: str
    score_01: float
    reason: str = ""

    @property
    def text(self) -> str:
        """What it is, line by line."""
        return "\n".join(self._lines)

    @property
    def sentence(self) -> str:
        """What it is, on one line."""
        return f"{'. '.join(self._lines)}."

    @property
    def _lines(self) -> tuple[str, ...]:
        what = f"Match cut: {KIND_LOOKS[self.kind].name.lower()}, score {score_text(self.score_01)}"
        return (what, self.reason) if self.reason else (what,)


class MatchRow:
    """Signs of match cuts, in order of their frames."""

    def __init__(self, marks: Sequence[MatchMark] = ()) -> None:
        self.marks = tuple(sorted(marks, key=lambda mark: mark.frame))
        self._frames = np.array([mark.frame for mark in self.marks], np.int64)

    def paint(self, painter: QPainter, scale: TimeScale) -> None:
        """Draw the signs that can be seen and do not crowd."""
        if not self.marks:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in self._visible(scale):
            paint_match_sign(painter, _box(scale, mark), mark.kind)
        painter.restore()

    def at(self, position: QPoint, scale: TimeScale) -> MatchMark | None:
        """The one that is drawn under that place."""
        point = QPointF(position)
        return next((mark for mark in self._visible(scale) if _box(scale, mark).contains(point)), None)

    def _visible(self, scale: TimeScale) -> list[MatchMark]:
        margin = SIGN_PX / scale.frame_px
        first, last = np.searchsorted(self._frames, (scale.first - margin, scale.last + margin))
        drawn: list[MatchMark] = []
        for mark in self.marks[int(first) : int(last)]:
            apart_px = (mark.frame - drawn[-1].frame) * scale.frame_px if drawn else _LEAST_GAP_PX
            if apart_px >= _LEAST_GAP_PX:
                drawn.append(mark)
            elif mark.score_01 > drawn[-1].score_01:
                drawn[-1] = mark
        return drawn


class MatchTimeline(HitTimeline):
    """A timeline on which match cuts are marked."""

    def set_film(self, frame_count: int, timecode_of: Callable[[int], str], nominal_rate: int = 25) -> None:
        self._matches = MatchRow()
        super().set_film(frame_count, timecode_of, nominal_rate)

    def set_matches(self, marks: Sequence[MatchMark]) -> None:
        """Show a sign below each of these cuts; none for none."""
        self._matches = MatchRow(marks)
        self.update()

    def paint_rows(self, painter: QPainter) -> None:
        super().paint_rows(painter)
        if self._frame_count:
            self._matches.paint(painter, self._scale)

    def match_at(self, position: QPoint) -> MatchMark | None:
        """The match cut whose sign is under that place."""
        return self._matches.at(position, self._scale) if self._frame_count else None

    def match_text(self, position: QPoint) -> str:
        """What the sign under that place says, empty where there is none."""
        mark = self.match_at(position)
        return "" if mark is None else mark.text


def _box(scale: TimeScale, mark: MatchMark) -> QRectF:
    x = round(scale.x_of(mark.frame))
    return QRectF(x - SIGN_PX / 2, FLAGS_PX + 1, SIGN_PX, SIGN_PX)


def paint_match_sign(painter: QPainter, box: QRectF, kind: str) -> None:
    """The icon of that kind on a dark ground with a rim in its colour: it is seen on any picture. `box`: 16 px wide and
    high."""
    look = KIND_LOOKS[kind]
    painter.setPen(QPen(QColor(look.colour), 1))
    painter.setBrush(QColor(palette.PICTURE_SURROUND))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    inset = (SIGN_PX - _ICON_PX) / 2
    pixmap = icon_pixmap(look.icon, _ICON_PX, look.colour, painter.device().devicePixelRatio())
    painter.drawPixmap(box.topLeft() + QPointF(inset, inset), pixmap)
