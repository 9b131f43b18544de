"""What stands below the shots: how many there are, and how large the pictures."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from seamline_resources import palette
from seamline_widgets.own_keys import ARROWS, OwnKeys
from seamline_widgets.shot_grid import LEAST_PX, MOST_PX, USUAL_PX

_SEPARATOR = " · "


class ShotFoot(QWidget):
    """`size_changed(px)`: how wide the pictures of the grid shall be."""

    size_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = _FittingLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(LEAST_PX, MOST_PX)
        self.slider.setSingleStep(16)
        self.slider.setPageStep(32)
        self.slider.setValue(USUAL_PX)
        self.slider.setFixedWidth(96)
        self.slider.setAccessibleName("Size of the pictures")
        self.slider.setToolTip("Size of the pictures")
        self.slider.valueChanged.connect(self.size_changed)
        moves = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        OwnKeys(self.slider, (*ARROWS, *moves))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(12)
        layout.addWidget(self.count, 1)
        layout.addWidget(self.slider)

    def set_count(self, count: int, shown: int, selected: int, length: str) -> None:
        """Say how many shots there are, are shown, are selected, and how long these are together."""
        if not count:
            self.count.set_parts([])
            return
        parts = [f"{count} shot" if count == 1 else f"{count} shots"]
        if shown != count:
            parts.append(f"{shown} shown")
        if selected:
            parts += [f"{selected} selected", length]
        self.count.set_parts(parts)


class _FittingLabel(QLabel):
    """Parts of a sentence; the first ones are left out where not all have room."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self.setAccessibleName("Number of shots")
        self.setMinimumHeight(self.fontMetrics().height() + 8)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: list[str]) -> None:
        self._parts = parts
        self.setText(_SEPARATOR.join(parts))
        self.setToolTip(self.text())
        self.setAccessibleDescription(self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(palette.TEXT_QUIET))
        for first in range(len(self._parts)):
            text = _SEPARATOR.join(self._parts[first:])
            if painter.fontMetrics().horizontalAdvance(text) <= self.width() or first == len(self._parts) - 1:
                painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), text)
                return
