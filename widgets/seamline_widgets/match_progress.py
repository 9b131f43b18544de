"""How far the search for match cuts is, with a way to stop it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.fitting_label import FittingLabel
from seamline_widgets.own_keys import OwnKeys


def with_short_name(text: str, metrics: QFontMetrics, room_px: int) -> str:
    """`text` with as much of what stands in quotation marks as there is room for; the name loses its middle."""
    start, end = text.find("“") + 1, text.rfind("”")
    over = metrics.horizontalAdvance(text) - room_px
    if over > 0 and 0 < start < end:
        name = text[start:end]
        least = metrics.horizontalAdvance("…")
        name_px = max(metrics.horizontalAdvance(name) - over, least)
        return text[:start] + metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, name_px) + text[end:]
    return text


class _DoingLabel(FittingLabel):
    """What is being done stays whole at the cost of what it is done to."""

    def _fit(self) -> None:
        room_px, metrics = self.contentsRect().width(), self.fontMetrics()
        shortened = [with_short_name(text, metrics, room_px) for text in self._texts]
        text = next((text for text in shortened if metrics.horizontalAdvance(text) <= room_px), shortened[-1])
        self.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room_px))


class MatchProgress(QWidget):
    """Seen while there is something to say. `stop_wanted`: its button was pressed."""

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doing = _DoingLabel()
        self._doing.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName("How far the search for match cuts is")
        self.stop_button = QPushButton("Stop")
        self.stop_button.setToolTip("Look no further")
        OwnKeys(self.stop_button, (Qt.Key.Key_Space,))
        self.stop_button.clicked.connect(self.stop_wanted)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._doing, 1)
        line.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 8, 8)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.bar)
        self.say((), 0, 0)

    @property
    def text(self) -> str:
        """What is said, empty while nothing goes on."""
        return "" if self.isHidden() else self._doing.text()

    def say(self, texts: Sequence[str], done: int, total: int) -> None:
        """Say one of `texts`, which begin with the one that says most, and how far it is; a `total` of 0: nobody
        knows. Nothing for none."""
        self._doing.set_texts(texts)
        self._doing.setToolTip(texts[0] if texts else "")
        self.bar.setRange(0, max(0, total))
        self.bar.setValue(done)
        self.setVisible(bool(texts))
