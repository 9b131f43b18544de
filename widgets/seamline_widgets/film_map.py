"""The film's frames as points of a plane, to look around in: hover, click, zoom and pan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from seamline_resources import palette
from seamline_widgets.map_colours import MapColours
from seamline_widgets.own_keys import OwnKeys
from seamline_widgets.theme import figures_font

_MARGIN_PX = 24
_POINT_PX = 5.0
_REACH_PX = 12  # from a point, within which the mouse means it
_CARD_GAP_PX, _CARD_PAD_PX = 14, 4
_CARD_PICTURE = QSize(160, 90)
_STEP = 1.25
_MOST_ZOOM = 200.0
_KEPT_PICTURES = 200
_ZOOM_KEYS = {Qt.Key.Key_Plus: _STEP, Qt.Key.Key_Equal: _STEP, Qt.Key.Key_Minus: 1 / _STEP}

Floats = NDArray[np.float32]
Frames = NDArray[np.int64]


class FilmMap(QWidget):
    """`seek_wanted(frame)`: a point was clicked. `picture_wanted(frame)`: the mouse is over one whose picture is
    not there yet. The wheel zooms, a drag pans; with the focus, + and − zoom and 0 shows all.
    """

    seek_wanted = Signal(int)
    picture_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: Frames = np.zeros(0, np.int64)
        self._positions: Floats = np.zeros((0, 2), np.float32)
        self._colours = MapColours.by_time(self._frames)
        self._label_of: Callable[[int], str] = lambda _: ""
        self._pictures: dict[int, QImage] = {}
        self._asked: set[int] = set()
        self._playhead = -1
        self._hovered = -1
        self._origin = QPointF()  # where the map's 0, 0 is
        self._scale_px = 1.0
        self._is_fitted = True
        self._pressed_at: QPoint | None = None
        self._is_panning = False
        self._layer: QPixmap | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(120, 120)
        self.setAccessibleName("Map of the film's frames")
        OwnKeys(self, (*_ZOOM_KEYS, Qt.Key.Key_0))

    def sizeHint(self) -> QSize:
        return QSize(440, 440)

    def clear(self) -> None:
        """Show no film."""
        self.set_map(np.zeros(0, np.int64), np.zeros((0, 2), np.float32), lambda _: "")

    def set_map(self, frames: Frames, positions: Floats, label_of: Callable[[int], str]) -> None:
        """Show int64[m], in order, at float32[m, 2]; all of them at first. `label_of(frame)` is its timecode, say."""
        self._frames, self._positions, self._label_of = frames, positions, label_of
        self._colours = MapColours.by_time(frames)
        self._pictures.clear()
        self._asked.clear()
        self._hovered = -1
        points = f"{len(frames):,} frames. " if len(frames) else "No frames yet. "
        self.setAccessibleDescription(f"{points}Those that show the like lie together.")
        self.fit()

    def set_labels(self, label_of: Callable[[int], str]) -> None:
        """Say something else of the same points."""
        self._label_of = label_of
        self.update()

    def set_colours(self, colours: MapColours) -> None:
        """Colour the points anew."""
        self._colours = colours
        self._redraw()

    def set_playhead(self, frame: int) -> None:
        """Mark the mapped frame at or before that one."""
        if frame != self._playhead:
            self._playhead = frame
            self.update()

    def set_picture(self, frame: int, image: QImage) -> None:
        """Show `image` beside the point of `frame` while the mouse is over it."""
        if frame not in self._asked:
            return
        while len(self._pictures) > _KEPT_PICTURES:
            self._pictures.pop(next(iter(self._pictures)))
        self._pictures[frame] = image
        if frame == self.hovered_frame:
            self.update()

    @property
    def frames(self) -> Frames:
        """The frames that have a point, in order."""
        return self._frames

    @property
    def hovered_frame(self) -> int | None:
        """The frame of the point that the mouse is over."""
        return int(self._frames[self._hovered]) if self._hovered >= 0 else None

    def point_of(self, frame: int) -> QPoint:
        """Where the point of a mapped frame is in this widget."""
        return self._spot(int(np.searchsorted(self._frames, frame))).toPoint()

    def fit(self) -> None:
        """Show all points, and keep showing them as the size changes."""
        self._is_fitted = True
        if len(self._positions):
            low, high = self._positions.min(0), self._positions.max(0)
            size = np.maximum(high - low, 1e-6)
            room = np.array([self.width(), self.height()]) - 2 * _MARGIN_PX
            self._scale_px = float(max(1.0, (room / size).min()))
            middle = (low + high) / 2 * self._scale_px
            self._origin = QPointF(self.width() / 2 - float(middle[0]), self.height() / 2 - float(middle[1]))
        self._redraw()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Closer by `factor`, the place `about` (the middle if None) staying where it is."""
        about = about or QPointF(self.rect().center())
        least_px = min(self.width(), self.height()) / 4
        scale = min(max(self._scale_px * factor, least_px), least_px * 4 * _MOST_ZOOM)
        self._origin = about + (self._origin - about) * (scale / self._scale_px)
        self._scale_px = scale
        self._is_fitted = False
        self._redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
            self._is_panning = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed_at is None:
            self._hover(at)
            return
        moved = at - self._pressed_at
        if self._is_panning or moved.manhattanLength() > 4:
            self._is_panning, self._is_fitted = True, False
            self._hovered = -1
            self._origin += QPointF(moved)
            self._pressed_at = at
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._redraw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        self._pressed_at = None
        at = event.position().toPoint()
        if not self._is_panning and (nearest := self._nearest(at)) >= 0:
            self.seek_wanted.emit(int(self._frames[nearest]))
        self._is_panning = False
        self._hover(at)

    def leaveEvent(self, event: Any) -> None:
        if self._hovered >= 0:
            self._hovered = -1
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if notches and len(self._frames):
            self.zoom(_STEP**notches, event.position())
            self._hover(event.position().toPoint())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ZOOM_KEYS:
            self.zoom(_ZOOM_KEYS[key])
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        else:
            grown = event.size() - event.oldSize()
            self._origin += QPointF(grown.width() / 2, grown.height() / 2)
            self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._points())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = self._marked()
        if marked >= 0:
            spot = self._spot(marked)
            painter.setPen(QPen(QColor(palette.WINDOW), 4))
            painter.drawEllipse(spot, 7, 7)
            painter.setPen(QPen(QColor(palette.ACCENT), 2))
            painter.drawEllipse(spot, 7, 7)
        if self._hovered >= 0:
            self._paint_card(painter, self._hovered)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.ACCENT), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_card(self, painter: QPainter, at: int) -> None:
        """Picture and timecode beside the point, where there is room."""
        frame, spot = int(self._frames[at]), self._spot(at)
        painter.setPen(QPen(QColor(palette.TEXT_STRONG), 2))
        painter.drawEllipse(spot, 5, 5)
        image = self._pictures.get(frame)
        size = _CARD_PICTURE
        if image is not None and not image.isNull():
            size = image.size().scaled(_CARD_PICTURE, Qt.AspectRatioMode.KeepAspectRatio)
        painter.setFont(figures_font())
        text, text_px = self._label_of(frame), painter.fontMetrics().height() + 2
        wide = max(size.width(), painter.fontMetrics().horizontalAdvance(text) + 2 * _CARD_PAD_PX)
        card = QRect(0, 0, wide + 2 * _CARD_PAD_PX, size.height() + text_px + 2 * _CARD_PAD_PX)
        x, y = round(spot.x()) + _CARD_GAP_PX, round(spot.y()) - card.height() // 2
        if x + card.width() > self.width():
            x = round(spot.x()) - _CARD_GAP_PX - card.width()
        card.moveTo(
            min(max(2, x), max(2, self.width() - card.width() - 2)),
            min(max(2, y), self.height() - card.height() - 2),
        )
        painter.setPen(QPen(QColor(palette.OUTLINE), 1))
        painter.setBrush(QColor(palette.RAISED))
        painter.drawRoundedRect(card, 4, 4)
        box = QRect(card.topLeft() + QPoint((card.width() - size.width()) // 2, _CARD_PAD_PX), size)
        painter.fillRect(box, QColor(palette.PICTURE_SURROUND))
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, image)
        painter.setPen(QColor(palette.TEXT))
        words = QRect(card.left(), box.bottom() + 1, card.width(), text_px)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _points(self) -> QPixmap:
        """All points, painted anew only when they, their colours, or the view changed."""
        ratio = self.devicePixelRatioF()
        if self._layer is None or self._layer.devicePixelRatio() != ratio:
            layer = QPixmap(self.size() * ratio)
            layer.setDevicePixelRatio(ratio)
            layer.fill(QColor(palette.SUNKEN))
            painter = QPainter(layer)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            spots = self._spots()
            size = _POINT_PX * min(2.0, max(1.0, (self._scale_px / 600) ** 0.5))
            for colour, members in self._colours.groups:
                painter.setPen(QPen(QColor(colour), size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in spots[members].tolist()]))
            painter.end()
            self._layer = layer
        return self._layer

    def _redraw(self) -> None:
        self._layer = None
        self.update()

    def _spots(self) -> NDArray[np.float64]:
        origin = np.array([self._origin.x(), self._origin.y()])
        spots: NDArray[np.float64] = self._positions.astype(np.float64) * self._scale_px + origin
        return spots

    def _spot(self, at: int) -> QPointF:
        x, y = self._positions[at].tolist()
        return self._origin + QPointF(x, y) * self._scale_px

    def _marked(self) -> int:
        return (
            int(np.searchsorted(self._frames, self._playhead, side="right")) - 1 if len(self._frames) else -1
        )

    def _nearest(self, at: QPoint) -> int:
        """The point that the mouse at `at` means, -1 for none."""
        if not len(self._frames):
            return -1
        away = np.hypot(*(self._spots() - (at.x(), at.y())).T)
        nearest = int(away.argmin())
        return nearest if away[nearest] <= _REACH_PX else -1

    def _hover(self, at: QPoint) -> None:
        nearest = self._nearest(at)
        self.setCursor(Qt.CursorShape.PointingHandCursor if nearest >= 0 else Qt.CursorShape.OpenHandCursor)
        if nearest != self._hovered:
            self._hovered = nearest
            self.update()
            frame = self.hovered_frame
            if frame is not None and frame not in self._pictures:
                self._asked.add(frame)
                self.picture_wanted.emit(frame)
