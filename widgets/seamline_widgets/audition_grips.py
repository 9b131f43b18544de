"""The strip below the audition under the mouse: brackets to trim by, a grip between them to slide by, frames to see."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from seamline_resources import palette
from seamline_widgets.audition_cut import Place
from seamline_widgets.audition_keys import key_text_of
from seamline_widgets.audition_pictures import Side
from seamline_widgets.audition_strip import AuditionStrip, HalfScale

_REACH_PX = 6
"""How far from its bracket the mouse still has it."""
_LEFT = Qt.MouseButton.LeftButton
_BOTH = tuple(Side)
_COLOURS = "Light plays, grey is what else the shot has, black is beyond its ends."
_HANDS = "Drag a bracket to trim its shot, the grip between the bars to slide both; click to see a frame that plays."
_CURSORS = {
    (Side.OUT,): Qt.CursorShape.SplitHCursor,
    (Side.IN,): Qt.CursorShape.SplitHCursor,
    _BOTH: Qt.CursorShape.SizeHorCursor,
}


@dataclass(frozen=True, slots=True)
class _Hold:
    """What the hand has: the sides it moves, from where, at how many pixels a frame; none of them where it scrubs."""

    sides: tuple[Side, ...]
    from_x: float
    frame_px: float
    scales: tuple[HalfScale, HalfScale]


class HandledStrip(AuditionStrip):
    """The left button on a bracket trims its side, on the grip between the halves slides both, elsewhere shows the
    frame there.

    `taken(sides)`: these are held, a tuple; `dragged(by)`: so many frames later than where they were taken, earlier
    below 0; `let_go`: there they stay; `given_up`: they go back. `scrubbed(Place)`: the user wants to see that frame.
    """

    taken = Signal(tuple)
    dragged = Signal(int)
    let_go = Signal()
    given_up = Signal()
    scrubbed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._hold: _Hold | None = None
        self._hot: tuple[Side, ...] = ()
        self._by = 0
        super().__init__(parent)
        self.setMouseTracking(True)

    @property
    def is_held(self) -> bool:
        """Whether the cut is in the user's hand."""
        return self._hold is not None and bool(self._hold.sides)

    def half(self, side: Side) -> HalfScale:
        # while it is dragged, it lies still under the hand
        return super().half(side) if self._hold is None else self._hold.scales[side]

    @property
    def grip(self) -> QRect:
        """Between the halves: slides both."""
        left, right = round(self.half(Side.OUT).right), round(self.half(Side.IN).left)
        return QRect(left, self.track.top() - 2, right - left, self.track.height() + 4)

    def sides_at(self, position: QPointF) -> tuple[Side, ...]:
        """What a press there would move."""
        if self._cut is None or not self._is_on_track(position):
            return ()
        if self.grip.contains(position.toPoint()):
            return _BOTH
        side = self._side_at(position.x())
        return (side,) if abs(position.x() - self.bracket_x(side)) <= _REACH_PX else ()

    def release_hold(self, *, keep: bool) -> None:
        """Let go of the cut, if it is held; it stays there, or goes back to where it was taken."""
        was_held, self._hold = self.is_held, None
        self.update()
        if was_held:
            (self.let_go if keep else self.given_up).emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._cut is None or self._hold is not None or event.button() is not _LEFT:
            return
        if not self._is_on_track(position):
            return
        sides, scales = self.sides_at(position), (self.half(Side.OUT), self.half(Side.IN))
        at = sides[0] if len(sides) == 1 else Side.OUT
        self._by = 0
        self._hold = _Hold(sides, position.x(), scales[at].frame_px, scales)
        if sides:
            self.taken.emit(sides)
        else:
            self._scrub(position.x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position, hold = event.position(), self._hold
        if hold is None:
            self._hover(position)
        elif not event.buttons() & _LEFT:
            self.release_hold(keep=True)  # the release went to a menu or to another window
        elif not hold.sides:
            self._scrub(position.x())
        else:
            by = round((position.x() - hold.from_x) / hold.frame_px)
            if by != self._by:
                self._by = by
                self.dragged.emit(by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is _LEFT and self._hold is not None:
            self.release_hold(keep=True)
            self._hover(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_hot(())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.release_hold(keep=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._cut is None:
            return
        painter = QPainter(self)
        hot = self._hold.sides if self._hold is not None else self._hot
        for side in hot if len(hot) == 1 else ():
            box = QRect(self.bracket_x(side) - 2, self.track.top() - 2, 4, self.track.height() + 4)
            painter.fillRect(box, QColor(palette.TEXT_STRONG))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.TEXT_STRONG if hot == _BOTH else palette.TEXT_QUIET))
        middle = QRectF(self.grip).center()
        for x in (-3, 1):
            painter.drawRoundedRect(QRectF(middle.x() + x, middle.y() - 6, 2, 12), 1, 1)

    def _scrub(self, x: float) -> None:
        if self._cut is None or self._hold is None:
            return
        side = self._side_at(self._hold.from_x)
        self.scrubbed.emit(Place(side, self.half(side).frame_at(x)))

    def _hover(self, position: QPointF) -> None:
        sides = self.sides_at(position)
        if sides:
            self.setCursor(_CURSORS[sides])
        elif self._cut is not None and self._is_on_track(position):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        self.setToolTip(self._tip(sides))
        self._show_hot(sides)

    def _tip(self, sides: tuple[Side, ...]) -> str:
        if self._cut is None:
            return ""
        if sides == _BOTH:
            keys = f"{key_text_of('roll_back')}, {key_text_of('roll_on')}"
            return f"Drag to slide the cut in both shots ({keys})\n{self.room_text}"
        if sides:
            ids = ("out_back", "out_on") if sides[0] is Side.OUT else ("in_back", "in_on")
            verb = "end" if sides[0] is Side.OUT else "begin"
            keys = ", ".join(map(key_text_of, ids))
            return f"Drag to have {sides[0].letter} {verb} earlier or later ({keys})\n{self.room_text}"
        return f"{_COLOURS}\n{_HANDS}\n{self.room_text}"

    def _show_hot(self, sides: tuple[Side, ...]) -> None:
        if sides != self._hot:
            self._hot = sides
            self.update()

    def _is_on_track(self, position: QPointF) -> bool:
        return abs(position.y() - QRectF(self.track).center().y()) <= self.track.height() / 2 + 3

    def _side_at(self, x: float) -> Side:
        return Side.OUT if x < self.width() / 2 else Side.IN
