"""How far the search for match cuts is, with a way to stop it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.eliding_label import ElidingLabel
from seamline_widgets.own_keys import OwnKeys


class MatchProgress(QWidget):
    """Seen while there is something to say. `stop_wanted`: its button was pressed."""

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doing = ElidingLabel()
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
