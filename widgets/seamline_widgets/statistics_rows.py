"""One class of labels as a row: its colour and name, a bar of its share, and numbers. A press asks for its shots.

All bars have one scale: as long as its room, a bar stands for all of the time that is counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from seamline.project.label_statistics import UNSURE, LabelShare
from seamline_resources import palette
from seamline_resources.label_looks import LABEL_LOOKS, UNSURE_SHORT
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.shot_labels import LabelKind
from seamline_widgets.statistics_facts import class_name, seconds_text, share_sentence, share_text

ROW_PX = 24
_MARGIN_PX, _GAP_PX = 12, 8
_CHIP_PX = (32, 16)
_BAR_PX = 12
_LEAST_BAR_PX = 48  # with less room the mean length is left out
_DARK = "#000000"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the parts of a row stand, in pixels: left ends, and the right ends of what is set flush right."""

    name: int
    bar: int
    bar_end: int
    time_end: int
    shots_end: int
    mean_end: int | None


def columns_of(widget: QWidget) -> _Columns:
    """The columns that all rows and the head share at the width of `widget`."""
    metrics = widget.fontMetrics()
    name = _MARGIN_PX + _CHIP_PX[0] + _GAP_PX
    bar = name + metrics.horizontalAdvance("Extreme close shot") + 2 * _GAP_PX
    time, shots, mean = (
        metrics.horizontalAdvance(text) + _GAP_PX for text in ("100\u2009%", "00000", "00:00 min")
    )
    end = widget.width() - _MARGIN_PX
    has_mean = end - mean - shots - time - bar >= _LEAST_BAR_PX
    shots_end = end - mean if has_mean else end
    time_end = shots_end - shots
    return _Columns(name, bar, time_end - time, time_end, shots_end, end if has_mean else None)


class RowsHead(QWidget):
    """What the columns of the rows below are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(320, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        columns, painter = columns_of(self), QPainter(self)
        painter.setPen(QColor(palette.TEXT_QUIET))
        _draw_right(painter, columns.time_end, self.height(), "Time")
        _draw_right(painter, columns.shots_end, self.height(), "Shots")
        if columns.mean_end is not None:
            _draw_right(painter, columns.mean_end, self.height(), "Mean")


class ShareRow(QAbstractButton):
    """Shows one share; `clicked` as any button, by mouse, Space or Enter. Up and Down go to the rows beside it."""

    def __init__(self, kind: LabelKind, value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.value = kind, value
        self._share: LabelShare | None = None
        look = LABEL_LOOKS[kind].get(value)
        self._colour = None if look is None else QColor(look.colour)
        self._short = look.short if look is not None else UNSURE_SHORT if value == UNSURE else ""
        self.setText(class_name(kind, value))
        self.setAccessibleName(f"{class_name(kind, value)} ({kind})")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        OwnKeys(self, (*UP_AND_DOWN, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter))

    def sizeHint(self) -> QSize:
        return QSize(320, ROW_PX)

    def set_share(self, share: LabelShare) -> None:
        """Show these numbers."""
        if share == self._share:
            return
        self._share = share
        self.setEnabled(share.shots > 0)
        sentence = share_sentence(share)
        self.setAccessibleDescription(sentence)
        hint = "" if (look := LABEL_LOOKS[self.kind].get(self.value)) is None else f"\n{look.hint}"
        wish = "\nPress to see these shots alone in the list." if share.shots else ""
        self.setToolTip(f"{self.text()}: {sentence}.{hint}{wish}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        share, columns, height = self._share, columns_of(self), self.height()
        painter = QPainter(self)
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.fillRect(self.rect(), QColor(palette.SELECTED if self.isDown() else palette.HOVERED))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_chip(painter, QRectF(_MARGIN_PX, (height - _CHIP_PX[1]) / 2, *_CHIP_PX))
        is_class = self._colour is not None
        text = palette.TEXT if share is not None and share.shots and is_class else palette.TEXT_QUIET
        painter.setPen(QColor(text))
        name = QRect(columns.name, 0, columns.bar - columns.name, height)
        painter.drawText(name, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if share is None:
            return
        room = QRectF(columns.bar, (height - _BAR_PX) / 2, columns.bar_end - columns.bar, _BAR_PX)
        self._draw_bar(painter, room, share)
        painter.setPen(QColor(text))
        if share.mean_s is None:
            _draw_right(painter, columns.shots_end, height, "–")
        else:
            _draw_right(painter, columns.time_end, height, share_text(share))
            _draw_right(painter, columns.shots_end, height, str(share.shots))
            if columns.mean_end is not None:
                _draw_right(painter, columns.mean_end, height, seconds_text(float(share.mean_s)))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.ACCENT), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4.5, 0.5, -4.5, -0.5), 4, 4)

    def _draw_bar(self, painter: QPainter, room: QRectF, share: LabelShare) -> None:
        """Upon its room, which all bars have; what has no class is framed, as its chip is."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.SUNKEN))
        painter.drawRoundedRect(room, 2, 2)
        if not share.shots:
            return
        bar = QRectF(room.left(), room.top(), max(2.0, share.share_of_time_01 * room.width()), room.height())
        if self._colour is not None:
            painter.setBrush(self._colour)
        else:
            bar.adjust(0.5, 0.5, -0.5, -0.5)
            painter.setBrush(QColor(palette.OUTLINE if self.value == UNSURE else palette.SUNKEN))
            painter.setPen(self._frame_pen())
        painter.drawRoundedRect(bar, 2, 2)

    def _frame_pen(self) -> QPen:
        is_unsure = self.value == UNSURE
        style = Qt.PenStyle.SolidLine if is_unsure else Qt.PenStyle.DashLine
        return QPen(QColor(palette.TEXT_QUIET if is_unsure else palette.TEXT_DISABLED), 1, style)

    def _draw_chip(self, painter: QPainter, chip: QRectF) -> None:
        font = painter.font()
        small = painter.font()
        small.setPixelSize(11)
        small.setBold(True)
        painter.setFont(small)
        if self._colour is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._frame_pen())
            painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
            painter.setPen(QColor(palette.TEXT_QUIET))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour)
            painter.drawRoundedRect(chip, 2, 2)
            painter.setPen(QColor(_DARK))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), self._short)
        painter.setFont(font)


def _draw_right(painter: QPainter, right: int, height: int, text: str) -> None:
    flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRect(right - 120, 0, 120, height), flags, text)
