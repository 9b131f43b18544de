"""The strip below the audition: A at the left, B at the right, what plays of each, and how much is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from seamline_resources import palette
from seamline_widgets.audition_cut import AuditionCut, Place, signed
from seamline_widgets.audition_pictures import Side
from seamline_widgets.shot_paint import paint_line, shown_name
from seamline_widgets.theme import figures_font

_TRACK_PX, _GAP_PX = 16, 16
_SECONDS = 3
"""Either half shows: of A two before the cut and one after it, of B one before it and two after."""
_FLASH_MS, _FLASH_PX = 600, 12
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

    def frame_at(self, x: float) -> int:
        """Which frame is there."""
        return self.first + int((min(max(self.left, x), self.right) - self.left) // self.frame_px)


class AuditionStrip(QWidget):
    """Bright is what plays, darker the handle that is left for trimming, dark where the shot has no more frames. The
    brackets are the cut; a diamond shows where it was proposed, and what cannot go on flashes at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cut: AuditionCut | None = None
        self._titles: tuple[tuple[str, str], tuple[str, str]] = (("", ""), ("", ""))
        self._places: tuple[Place, ...] = ()
        self._ends: tuple[tuple[Side, bool], ...] = ()
        self._flash = QTimer(self, singleShot=True, interval=_FLASH_MS)
        self._flash.timeout.connect(lambda: self._show_ends(()))
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

    def set_places(self, places: Sequence[Place]) -> None:
        """What is on the screen: one frame, or the two at the cut."""
        if tuple(places) != self._places:
            self._places = tuple(places)
            self.update()

    @property
    def places(self) -> tuple[Place, ...]:
        """The frames that are marked as those on the screen."""
        return self._places

    def flash(self, sides: Sequence[Side], *, is_later: bool) -> None:
        """Show for a moment that the shots of these sides have no frame left that way."""
        self._show_ends(tuple((side, is_later) for side in sides))
        self._flash.start()

    @property
    def flashing(self) -> tuple[tuple[Side, bool], ...]:
        """Which ends of which shots flash: True for the later one."""
        return self._ends

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

    def bracket_x(self, side: Side) -> int:
        """Where that side is cut; raises ValueError while there is no cut."""
        frame = 0 if self._cut is None else self._cut.frames[side]
        return round(self.half(side).x_of(frame + (1 if side is Side.OUT else 0)))

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
        for place in self._places:
            x = round(self.half(place.side).x_of(place.frame + 0.5))
            line = QRectF(x - 1, self.track.top() - 2, 2, _TRACK_PX + 4)
            painter.fillRect(line.adjusted(-1, 0, 1, 0), QColor(palette.PICTURE_SURROUND))
            painter.fillRect(line, QColor(palette.ACCENT))

    def _show_ends(self, ends: tuple[tuple[Side, bool], ...]) -> None:
        self._ends = ends
        self.update()

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
        for is_later in (is_later for at, is_later in self._ends if at is side):
            end = round(half.x_of(of.end_frame if is_later else of.start_frame))
            left = end - _FLASH_PX if is_later else end
            painter.fillRect(left, track.top(), _FLASH_PX, _TRACK_PX, QColor(palette.WARNING))
        painter.setPen(QPen(QColor(palette.OUTLINE), 1))
        painter.drawRect(
            QRectF(half.left + 0.5, track.top() + 0.5, half.right - half.left - 1, _TRACK_PX - 1)
        )
        self._paint_bracket(painter, side, half, cut)

    def _paint_bracket(self, painter: QPainter, side: Side, half: HalfScale, cut: AuditionCut) -> None:
        track, after = self.track, 1 if side is Side.OUT else 0
        inward = -6 if side is Side.OUT else 6
        x = self.bracket_x(side)
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
        trim = 0 if self._cut is None else self._cut.trims[side]
        if trim:
            words = f"{signed(trim)}  "
            paint_line(painter, box, words, palette.TEXT_STRONG)
            box.setLeft(box.left() + metrics.horizontalAdvance(words))
        figures = QFontMetrics(figures_font())
        wide = figures.horizontalAdvance(timecode)
        has_timecode = bool(timecode) and wide + 64 <= box.width()
        room = box.adjusted(0, 0, -(wide + 12) if has_timecode else 0, 0)
        paint_line(painter, room, shown_name(name, room.width())[0], palette.TEXT)
        if has_timecode:
            painter.setFont(figures_font())
            paint_line(painter, box, timecode, palette.TEXT, _RIGHT)

    @property
    def room_text(self) -> str:
        """How many frames are left of either shot."""
        cut = self._cut
        if cut is None:
            return ""
        (a_back, a_on), (b_back, b_on) = ((cut.room(side, -1), cut.room(side, 1)) for side in Side)
        return f"A can end {a_back} frames earlier and {a_on} later; B can begin {b_back} earlier and {b_on} later"

    def _describe(self) -> None:
        cut = self._cut
        self.setAccessibleDescription("" if cut is None else f"{cut.trims_texts[0]}. {self.room_text}.")


def _line_px() -> int:
    return QFontMetrics(QApplication.font()).height() + 2
