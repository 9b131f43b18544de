"""Shot lengths, scale and movement along the whole film, in rows above each other, with the playhead."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from seamline.project.label_statistics import UNLABELLED, UNSURE
from seamline_resources import palette
from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.own_keys import OwnKeys
from seamline_widgets.shot_labels import LABEL_KINDS, LabelKind
from seamline_widgets.statistics_facts import FilmStatistics, class_name, seconds_text
from seamline_widgets.theme import figures_font

_MARGIN_PX, _GAP_PX = 12, 8
_TOP_PX, _LENGTHS_PX, _STRIP_PX, _BETWEEN_PX, _FOOT_PX = 4, 40, 20, 4, 24
_TELL_LATER_MS = 250
_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
_TIP = "The whole film: a press goes there; with the keyboard, Left and Right go from change to change"


class FilmStrips(QWidget):
    """A press or a drag, and Left, Right, Home and End say `frame_wanted(frame)`."""

    frame_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: FilmStatistics | None = None
        self._timecode_of: Callable[[int], str] = str
        self._frame_count = 0
        self._playhead = 0
        self._ground: QPixmap | None = None
        self._telling = QTimer(self, singleShot=True, interval=_TELL_LATER_MS)
        self._telling.timeout.connect(self._tell)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        OwnKeys(self, _KEYS)
        self.setAccessibleName("Shot lengths, scale and movement along the film")
        self.setAccessibleDescription(_TIP)

    def sizeHint(self) -> QSize:
        rows = _TOP_PX + _LENGTHS_PX + 2 * (_BETWEEN_PX + _STRIP_PX)
        return QSize(320, rows + _FOOT_PX)

    def set_statistics(self, numbers: FilmStatistics, timecode_of: Callable[[int], str]) -> None:
        """Show this film's shots."""
        self._numbers, self._timecode_of = numbers, timecode_of
        self._frame_count = numbers.frame_count
        self._playhead = min(self._playhead, self._frame_count - 1)
        self._ground = None
        self._tell()
        self.update()

    def set_playhead(self, frame: int) -> None:
        """Mark the frame where the playhead stands; cheap enough for every frame that is shown.

        Only the line's own places are painted anew, and only where it has moved; what is read out follows later.
        """
        before, self._playhead = self._playhead_rect(), frame
        after = self._playhead_rect()
        if after != before:
            self.update(before)
            self.update(after)
            if not self._telling.isActive():
                self._telling.start()

    def x_of(self, frame: int) -> float:
        """Where the middle of a frame is drawn."""
        room = self._room()
        return room.left() + (frame + 0.5) / max(1, self._frame_count) * room.width()

    def frame_at(self, x: float) -> int:
        """The frame that is drawn there; the nearest for places beside the strips."""
        room = self._room()
        frame = int((x - room.left()) / max(1, room.width()) * self._frame_count)
        return min(max(0, frame), max(0, self._frame_count - 1))

    def strip_rect(self, kind: LabelKind) -> QRect:
        """Where the strip of “scale” or “movement” is drawn."""
        top = _TOP_PX + _LENGTHS_PX + _BETWEEN_PX + LABEL_KINDS.index(kind) * (_STRIP_PX + _BETWEEN_PX)
        return QRect(self._room().left(), top, self._room().width(), _STRIP_PX)

    def words_at(self, frame: int) -> str:
        """What there is at a frame: “01:00:04:00: shot 12, 3.2 s; medium shot; pan left”."""
        numbers = self._numbers
        if numbers is None:
            return ""
        if frame >= numbers.counted_frames:
            return f"{self._timecode_of(frame)}: not finished yet"
        shot = max(0, int(np.searchsorted(numbers.starts, frame, "right")) - 1)
        parts = [f"shot {shot + 1}, {seconds_text(float(numbers.lengths_s[shot]))}"]
        for kind in LABEL_KINDS:
            value = numbers.kind(kind).values[shot]
            if value != UNLABELLED:
                name = class_name(kind, value).lower()
                parts.append(f"{kind} unsure" if value == UNSURE else name)
        return f"{self._timecode_of(frame)}: {'; '.join(parts)}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._frame_count:
            self._go_to(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._frame_count:
            self._go_to(self.frame_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _KEYS or self._numbers is None:
            super().keyPressEvent(event)
            return
        changes, last_frame = self._numbers.changes, self._frame_count - 1
        if event.key() == Qt.Key.Key_Home:
            frame = 0
        elif event.key() == Qt.Key.Key_End:
            frame = last_frame
        elif event.key() == Qt.Key.Key_Right:
            at = int(np.searchsorted(changes, self._playhead, "right"))
            frame = min(int(changes[at]), last_frame) if at < len(changes) else last_frame
        else:
            at = int(np.searchsorted(changes, self._playhead, "left"))
            frame = int(changes[at - 1]) if at else 0
        self._go_to(frame)

    def _go_to(self, frame: int) -> None:
        """Asks for the frame, and stands there at once: the next key goes on from it, though it is not shown yet."""
        self.set_playhead(frame)
        self.frame_wanted.emit(frame)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._frame_count:
            QToolTip.showText(event.globalPos(), self.words_at(self.frame_at(event.pos().x())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._numbers is None:
            return
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._ground is None or self._ground.size() != size:
            self._ground = QPixmap(size)
            self._ground.setDevicePixelRatio(ratio)
            self._ground.fill(QColor(palette.WINDOW))
            ground = QPainter(self._ground)
            self._draw_ground(ground, self._numbers)
            ground.end()
        painter.drawPixmap(0, 0, self._ground)
        x = self.x_of(self._playhead)
        painter.setPen(QPen(QColor(palette.ACCENT), 1.5))
        painter.drawLine(QPointF(x, _TOP_PX - 2), QPointF(x, self.strip_rect("movement").bottom() + 3))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.ACCENT), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4.5, 0.5, -4.5, -0.5), 4, 4)

    def _room(self) -> QRect:
        """Where the film lies, from left to right."""
        left = _MARGIN_PX + self.fontMetrics().horizontalAdvance("Movement") + _GAP_PX
        return QRect(left, 0, max(1, self.width() - _MARGIN_PX - left), self.height())

    def _playhead_rect(self) -> QRect:
        """What the playhead's line covers, to the pixel of the screen that it is drawn at."""
        x = int(self.x_of(self._playhead) * self.devicePixelRatioF()) / self.devicePixelRatioF()
        return QRectF(x - 2, 0, 5, self.height()).toAlignedRect()

    def _tell(self) -> None:
        self.setAccessibleDescription(f"{self.words_at(self._playhead)}. {_TIP}.")

    def _draw_ground(self, painter: QPainter, numbers: FilmStatistics) -> None:
        room = self._room()
        columns = max(1, round(room.width() * self.devicePixelRatioF()))
        # a column shows what there is in its middle: thousands of shots take no longer than ten
        frames = ((np.arange(columns) + 0.5) * self._frame_count / columns).astype(np.int64)
        painter.setPen(QColor(palette.TEXT_QUIET))
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        names = QRect(_MARGIN_PX, _TOP_PX, room.left() - _MARGIN_PX, _LENGTHS_PX)
        painter.drawText(names, flags, "Length")
        counted = frames[frames < numbers.counted_frames]
        shots = np.searchsorted(numbers.starts, counted, "right") - 1
        heights = np.zeros(columns)
        if numbers.shot_count:
            usual_s = float(np.quantile(numbers.lengths_s, 0.95)) or 1.0
            heights[: len(shots)] = np.minimum(numbers.lengths_s[shots] / usual_s, 1.0)
        rows = max(1, round(_LENGTHS_PX * self.devicePixelRatioF()))
        filled = np.arange(rows, 0, -1)[:, None] <= np.where(
            frames < numbers.counted_frames, np.maximum(1, heights * rows), 0
        )
        ground = np.where(filled, _rgb(palette.TEXT_DISABLED), _rgb(palette.SUNKEN)).astype(np.uint32)
        painter.drawImage(QRect(room.left(), _TOP_PX, room.width(), _LENGTHS_PX), _image(ground))
        for kind in LABEL_KINDS:
            rect = self.strip_rect(kind)
            painter.drawText(
                QRect(names.left(), rect.top(), names.width(), rect.height()), flags, kind.title()
            )
            values = numbers.kind(kind).values
            colours = np.full(columns, _rgb(palette.SUNKEN), np.uint32)
            colours[: len(shots)] = [_colour_of(kind, values[shot]) for shot in shots]
            painter.drawImage(rect, _image(colours[None, :]))
        self._hatch_rest(painter, numbers)
        painter.setFont(figures_font(max(7.0, self.font().pointSizeF() - 1)))
        painter.setPen(QColor(palette.TEXT_QUIET))
        foot = QRect(room.left(), self.height() - _FOOT_PX, room.width(), _FOOT_PX)
        painter.drawText(foot, flags, self._timecode_of(0))
        painter.drawText(
            foot,
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
            self._timecode_of(self._frame_count),
        )

    def _hatch_rest(self, painter: QPainter, numbers: FilmStatistics) -> None:
        """What is not counted, as the timeline shows what is not analysed."""
        if numbers.counted_frames >= self._frame_count:
            return
        room = self._room()
        left = room.left() + numbers.counted_frames / self._frame_count * room.width()
        hatching = QBrush(QColor(palette.LINE), Qt.BrushStyle.BDiagPattern)
        lengths = QRect(room.left(), _TOP_PX, room.width(), _LENGTHS_PX)
        for rect in (lengths, *map(self.strip_rect, LABEL_KINDS)):
            painter.fillRect(QRectF(left, rect.top(), rect.right() + 1 - left, rect.height()), hatching)


def _colour_of(kind: LabelKind, value: str) -> int:
    if value == UNLABELLED:
        return _rgb(palette.SUNKEN)
    return _rgb(palette.OUTLINE if value == UNSURE else LABEL_LOOKS[kind][value].colour)


def _rgb(colour: str) -> int:
    return 0xFF000000 | int(colour[1:], 16)


def _image(pixels: np.ndarray[tuple[int, int], np.dtype[np.uint32]]) -> QImage:
    """uint32[height, width] of 0xffrrggbb as an image of its own."""
    height, width = pixels.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
