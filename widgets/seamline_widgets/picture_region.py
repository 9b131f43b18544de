"""Marking a part of the picture: a frame that is dragged over it, in shares of the picture whatever its zoom."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from seamline_resources import palette
from seamline_widgets.own_keys import keeps_escape
from seamline_widgets.picture import PictureView

HINT = "Drag a frame around what you look for"
_GIVE_UP = "Esc gives it up"
_LEAST_PX = 6
_SHADE_ALPHA = 120


class PictureRegion(QWidget):
    """Lies over a `PictureView` from `begin` on, until a part is marked or it is given up with Esc or the right button.

    `marked(frame, QRectF)`: the frame that is shown, and a part of its picture, in shares of its width and height, 0 to
    1, that is inside the picture. `given_up`. The wheel still moves a picture that is larger than the view.
    """

    marked = Signal(int, QRectF)
    given_up = Signal()

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._start: QPointF | None = None  # in shares of the picture: it may be moved meanwhile
        self._end: QPointF | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{HINT}. {_GIVE_UP}.")
        self.hide()
        view.installEventFilter(self)

    @property
    def is_active(self) -> bool:
        """Whether a part is to be marked."""
        return not self.isHidden()

    def begin(self) -> bool:
        """Have the user mark a part; False where there is no picture."""
        if self._view.frame is None or self._view.picture_rect().isEmpty():
            return False
        self._start = self._end = None
        self.setGeometry(self._view.rect())
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        # Esc counts wherever the keyboard is: the editor may go to another frame first
        self._view.window().installEventFilter(self)
        return True

    def give_up(self) -> None:
        """Mark nothing after all."""
        if self.is_active:
            self._end_it()
            self.given_up.emit()

    def region(self) -> QRectF:
        """What is marked by now, in shares of the picture; empty where nothing is."""
        if self._start is None or self._end is None:
            return QRectF()
        return QRectF(self._start, self._end).normalized()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.is_active:
            return False
        kind = event.type()
        if watched is self._view and kind == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
        elif (
            watched is not self._view
            and kind == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and not event.modifiers()
        ):
            self.give_up()
            return True
        return False

    def event(self, event: QEvent) -> bool:
        # Esc belongs to this and to no shortcut of the window
        return keeps_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.give_up()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._start = self._end = self._share(event.position())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is not None:
            self._end = self._share(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        frame = self._view.frame
        if event.button() != Qt.MouseButton.LeftButton or self._start is None or frame is None:
            return
        self._end = self._share(event.position())
        region, drawn = self.region(), self._drawn()
        self._start = self._end = None
        if min(drawn.width(), drawn.height()) < _LEAST_PX:
            self.update()  # a click marks nothing
            return
        self._end_it()
        self.marked.emit(frame, region)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._view.wheelEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawn = self._drawn()
        if not drawn.isEmpty():
            shade = QColor(palette.PICTURE_SURROUND)
            shade.setAlpha(_SHADE_ALPHA)
            all_of_it = QRectF(self.rect())
            for part in (
                QRectF(0, 0, all_of_it.width(), drawn.top()),
                QRectF(0, drawn.bottom(), all_of_it.width(), all_of_it.height() - drawn.bottom()),
                QRectF(0, drawn.top(), drawn.left(), drawn.height()),
                QRectF(drawn.right(), drawn.top(), all_of_it.width() - drawn.right(), drawn.height()),
            ):
                painter.fillRect(part, shade)
            # light inside dark: it is seen on any picture
            painter.setPen(QPen(QColor(palette.PICTURE_SURROUND), 3))
            painter.drawRect(drawn)
            painter.setPen(QPen(QColor(palette.TEXT_STRONG), 1))
            painter.drawRect(drawn)
        self._paint_hint(painter)

    def _paint_hint(self, painter: QPainter) -> None:
        metrics = painter.fontMetrics()
        room = self.width() - 48
        texts = (f"{HINT}. {_GIVE_UP}.", f"{HINT}.")
        text = next((some for some in texts if metrics.horizontalAdvance(some) <= room), _GIVE_UP)
        width, height = metrics.horizontalAdvance(text) + 24, metrics.height() + 12
        top = self.height() - height - 12 if 0 < self._drawn().top() < height + 24 else 12
        box = QRectF((self.width() - width) // 2, top, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.OUTLINE), 1))
        painter.setBrush(QColor(palette.RAISED))
        painter.drawRoundedRect(box.translated(0.5, 0.5), 4, 4)
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def _end_it(self) -> None:
        self._view.window().removeEventFilter(self)
        had_focus = self.hasFocus()
        self._start = self._end = None
        self.hide()
        if had_focus:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drawn(self) -> QRectF:
        """What is marked, in pixels of this widget."""
        region, picture = self.region(), QRectF(self._view.picture_rect())
        return QRectF(
            picture.left() + region.left() * picture.width(),
            picture.top() + region.top() * picture.height(),
            region.width() * picture.width(),
            region.height() * picture.height(),
        )

    def _share(self, position: QPointF) -> QPointF:
        """That place in shares of the picture, at its edge for one beside it or out of sight."""
        picture = QRectF(self._view.picture_rect())
        seen = picture.intersected(QRectF(self.rect()))
        x = min(max(seen.left(), position.x()), seen.right())
        y = min(max(seen.top(), position.y()), seen.bottom())
        return QPointF((x - picture.left()) / picture.width(), (y - picture.top()) / picture.height())
