"""A page that says in words why there is nothing to see, or how far the work for it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.own_keys import OwnKeys


class Notice(QWidget):
    """A sentence or two in the middle; below them, if wanted, a bar of unknown length and a button.

    `pressed`: the button was.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(160, 4)
        self.button = QPushButton()
        OwnKeys(self.button, (Qt.Key.Key_Space,))
        self.button.clicked.connect(self.pressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addStretch()
        layout.addWidget(self._text)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.say("")

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str, *, button: str = "", is_working: bool = False) -> None:
        """Show this text, with a button of that name, and a bar while work is going on."""
        self._text.setText(text)
        self._bar.setVisible(is_working)
        self.button.setText(button)
        self.button.setVisible(bool(button))
