"""Key caps with what they do, in as many lines as they need."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from seamline_resources import palette
from seamline_widgets.audition_keys import LEGEND

_INSET_PX = 12
_CAP_INSET_PX, _CAP_GAP_PX, _WORD_GAP_PX, _ENTRY_GAP_PX, _LINE_GAP_PX = 5, 2, 6, 16, 4

_Entry = tuple[tuple[str, ...], str]


class KeyLegend(QWidget):
    """Lies over a picture, as wide as it is made, and as high as that takes: `high_for`. The mouse goes through it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Keys")
        self.setAccessibleDescription("; ".join(f"{' '.join(keys)}: {text}" for keys, text in LEGEND))

    def sizeHint(self) -> QSize:
        return QSize(400, self.high_for(max(1, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    def high_for(self, width: int) -> int:
        """How high it is at that width."""
        lines = 1 + max(line for _, _, line in _placed(width - 2 * _INSET_PX))
        return lines * (_cap_px() + _LINE_GAP_PX) - _LINE_GAP_PX + 2 * _INSET_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = QColor(palette.PICTURE_SURROUND)
        ground.setAlphaF(0.9)
        painter.fillRect(self.rect(), ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(QApplication.font())
        painter.translate(_INSET_PX, _INSET_PX)
        high = _cap_px()
        for entry, left, line in _placed(self.width() - 2 * _INSET_PX):
            _paint_entry(painter, entry, QPoint(left, line * (high + _LINE_GAP_PX)), high)


def _paint_entry(painter: QPainter, entry: _Entry, corner: QPoint, high: int) -> None:
    metrics, x = painter.fontMetrics(), corner.x()
    for key in entry[0]:
        box = QRect(x, corner.y(), _cap_wide(metrics, key), high)
        painter.setPen(QPen(QColor(palette.OUTLINE), 1))
        painter.setBrush(QColor(palette.RAISED))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), key)
        x += box.width() + _CAP_GAP_PX
    text = QRect(x - _CAP_GAP_PX + _WORD_GAP_PX, corner.y(), metrics.horizontalAdvance(entry[1]) + 2, high)
    painter.setPen(QColor(palette.TEXT_QUIET))
    painter.drawText(text, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), entry[1])


def _placed(width: int) -> list[tuple[_Entry, int, int]]:
    """Every entry with its left edge and its line."""
    metrics = QFontMetrics(QApplication.font())
    placed: list[tuple[_Entry, int, int]] = []
    left = line = 0
    for entry in LEGEND:
        wide = _wide(metrics, entry)
        if left and left + wide > width:
            left, line = 0, line + 1
        placed.append((entry, left, line))
        left += wide + _ENTRY_GAP_PX
    return placed


def _wide(metrics: QFontMetrics, entry: _Entry) -> int:
    caps = sum(_cap_wide(metrics, key) + _CAP_GAP_PX for key in entry[0])
    return caps - _CAP_GAP_PX + _WORD_GAP_PX + metrics.horizontalAdvance(entry[1])


def _cap_wide(metrics: QFontMetrics, key: str) -> int:
    return max(_cap_px(), metrics.horizontalAdvance(key) + 2 * _CAP_INSET_PX)


def _cap_px() -> int:
    return QFontMetrics(QApplication.font()).height() + 4
