"""The strip below the audition: A at the left, B at the right, what plays of each, and how much is left of them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from seamline_resources import palette
from seamline_widgets.audition_cut import AuditionCut, Place
from seamline_widgets.audition_pictures import Side
from seamline_widgets.shot_paint import paint_line, shown_name
from seamline_widgets.theme import figures_font

_TRACK_PX, _GAP_PX = 16, 16
_SECONDS = 3
"""Either half shows: of A two before the cut and one after it, of B one before it and two after."""
_PLAYED, _HANDLE, _NOTHING = palette.TEXT_QUIET, palette.OUTLINE, palette.SUNKEN
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class HalfScale:
    """The frames from `first` on, one every `frame_px`, from `left` to `right` of the strip."""

    left: float
    right: float
    first: int
    frame_px: float

    def x_of(self, frame: float) -> float:
        """Where a frame begins; at the border for what lies beyond it."""
        return min(max(self.left, self.left + (frame - self.first) * self.frame_px), self.right)


class AuditionStrip(QWidget):
    """Bright is what plays, darker the handle that is left for trimming, dark where the shot has no more frames. The
    brackets are the cut; a diamond shows where it was proposed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cut: AuditionCut | None = None
        self._titles: tuple[tuple[str, str], tuple[str, str]] = (("", ""), ("", ""))
        self._place: Place | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The cut")

    def sizeHint(self) -> QSize:
        return QSize(400, _line_px() + 4 + _TRACK_PX + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def set_cut(self, cut: AuditionCut | None, titles: tuple[tuple[str, str], tuple[str, str]]) -> None:
        """Show that cut; `titles` are name and timecode of either side."""
        self._cut, self._titles = cut, titles
        self._describe()
        self.update()

    def set_place(self, place: Place | None) -> None:
        """What is on the screen."""
        if place != self._place:
            self._place = place
            self.update()

    @property
    def titles(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Name and timecode of either side."""
        return self._titles

    def half(self, side: Side) -> HalfScale:
        """The scale of that half; raises ValueError while there is no cut."""
        if self._cut is None:
            raise ValueError("there is no cut to show")
        wide = max(1.0, (self.width() - _GAP_PX) / 2)
        left = 0.0 if side is Side.OUT else self.width() - wide
        second = max(1, round(self._cut.times[side].rate))
        proposed = self._cut.proposed[side] + (1 if side is Side.OUT else 0)
        first = proposed - (2 if side is Side.OUT else 1) * second
        part = self._cut.loop.parts[side]
        shown = max(_SECONDS * second, len(part) + 2)  # at a variable rate, a second may have many frames
        # all that plays is in view, wherever the cut has gone
        first = min(max(first, part.stop + 1 - shown), part.start - 1)
        return HalfScale(left, left + wide, first, wide / shown)

    @property
    def track(self) -> QRect:
        """Where the frames are drawn."""
        return QRect(0, _line_px() + 4, self.width(), _TRACK_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._cut is None:
            return
        painter = QPainter(self)
        for side in Side:
            self._paint_half(painter, side, self._cut)
        place = self._place
        if place is not None:
            half = self.half(place.side)
            x = round(half.x_of(place.frame + 0.5))
            line = QRectF(x - 1, self.track.top() - 2, 2, _TRACK_PX + 4)
            painter.fillRect(line.adjusted(-1, 0, 1, 0), QColor(palette.PICTURE_SURROUND))
            painter.fillRect(line, QColor(palette.ACCENT))

    def _paint_half(self, painter: QPainter, side: Side, cut: AuditionCut) -> None:
        half, of, track = self.half(side), cut.side(side), self.track
        self._paint_title(painter, side, half)
        painter.fillRect(QRectF(half.left, track.top(), half.right - half.left, _TRACK_PX), QColor(_NOTHING))
        part = cut.loop.parts[side]
        for first, end, colour in (
            (of.start_frame, of.end_frame, _HANDLE),
            (part.start, part.stop, _PLAYED),
        ):
            left, right = round(half.x_of(first)), round(half.x_of(end))
            painter.fillRect(left, track.top(), right - left, _TRACK_PX, QColor(colour))
        painter.setPen(QPen(QColor(palette.OUTLINE), 1))
        painter.drawRect(
            QRectF(half.left + 0.5, track.top() + 0.5, half.right - half.left - 1, _TRACK_PX - 1)
        )
        self._paint_bracket(painter, side, half, cut)

    def _paint_bracket(self, painter: QPainter, side: Side, half: HalfScale, cut: AuditionCut) -> None:
        track, after = self.track, 1 if side is Side.OUT else 0
        inward = -6 if side is Side.OUT else 6
        x = round(half.x_of(cut.frames[side] + after))
        painter.setPen(Qt.PenStyle.NoPen)
        ink = QColor(palette.TEXT_STRONG)
        top, bottom = track.top() - 2, track.bottom() + 3
        painter.fillRect(QRect(x - 1, top, 2, bottom - top), ink)
        for y in (top, bottom - 2):
            painter.fillRect(QRect(x, y, inward, 2).normalized(), ink)
        if cut.trims[side]:
            at = round(half.x_of(cut.proposed[side] + after))
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(QColor(palette.TEXT_STRONG))
            middle = track.center().y() + 1
            painter.setPen(QPen(QColor(palette.PICTURE_SURROUND), 1))
            corners = (at, middle - 5), (at + 4, middle), (at, middle + 5), (at - 4, middle)
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
            painter.restore()

    def _paint_title(self, painter: QPainter, side: Side, half: HalfScale) -> None:
        name, timecode = self._titles[side]
        box = QRect(round(half.left), 0, round(half.right - half.left), _line_px())
        painter.setFont(QApplication.font())
        metrics = painter.fontMetrics()
        letter = f"{side.letter}  "
        paint_line(painter, box, letter, palette.TEXT_QUIET)
        box.setLeft(box.left() + metrics.horizontalAdvance(letter))
        figures = QFontMetrics(figures_font())
        wide = figures.horizontalAdvance(timecode)
        has_timecode = bool(timecode) and wide + 64 <= box.width()
        room = box.adjusted(0, 0, -(wide + 12) if has_timecode else 0, 0)
        paint_line(painter, room, shown_name(name, room.width())[0], palette.TEXT_STRONG)
        if has_timecode:
            painter.setFont(figures_font())
            paint_line(painter, box, timecode, palette.TEXT, _RIGHT)

    def _describe(self) -> None:
        cut = self._cut
        if cut is None:
            self.setAccessibleDescription("")
            self.setToolTip("")
            return
        out, into = cut.outgoing, cut.incoming
        text = (
            f"A can end {out.frame - out.start_frame} frames earlier and {out.end_frame - 1 - out.frame} later; "
            f"B can begin {into.frame - into.start_frame} earlier and {into.end_frame - 1 - into.frame} later"
        )
        self.setAccessibleDescription(f"{cut.trims_texts[0]}. {text}.")
        self.setToolTip(text)


def _line_px() -> int:
    return QFontMetrics(QApplication.font()).height() + 2
