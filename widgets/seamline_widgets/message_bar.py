"""A banner of one sentence over the top of the picture: errors and hints that never stop the work."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.icons import icon, icon_pixmap

INFO_MS = 6000
_READ_MS = 60  # a letter, of hints that are longer than can be read in that time


class MessageBar(QFrame):
    """Hidden until there is something to say; the newest message replaces the one before.

    A hint goes by itself, though not while the mouse or the keyboard is on it; an error stays until it is closed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: QAction | None = None
        self._host: QWidget | None = None
        self._going = QTimer(self, singleShot=True)
        self._going.timeout.connect(self._go)
        self._icon = QLabel()
        self._icon.setFixedSize(palette.ICON_PX, palette.ICON_PX)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton()
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self._trigger)
        self._close = QToolButton()
        self._close.setIcon(icon("close", palette.TEXT_QUIET))
        self._close.setIconSize(QSize(16, 16))
        self._close.setAccessibleName("Close this message")
        self._close.setToolTip("Close this message")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(self.clear)
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
        self.setObjectName("messageBar")
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, empty while the bar is hidden."""
        return "" if self.isHidden() else self._text.text()

    def lie_over(self, host: QWidget) -> None:
        """Lie over the top of `host` from now on, as wide as that: what comes and goes moves nothing in it."""
        self._host = host
        self.setParent(host)
        host.installEventFilter(self)
        self._fit_width()

    def show_error(self, text: str, action: QAction | None = None) -> None:
        """Show what went wrong, and as a button the action that may help."""
        self._show(text, "error", palette.ERROR, action)

    def show_info(self, text: str, action: QAction | None = None) -> None:
        """Show a hint, and as a button what may be done about it."""
        self._show(text, "info", palette.INFO, action)

    def clear(self) -> None:
        """Hide the bar."""
        self._action = None
        self._going.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._fit_width()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height(self.width())

    def _show(self, text: str, severity: str, colour: str, action: QAction | None) -> None:
        self._action = action
        self._icon.setPixmap(icon_pixmap(severity, palette.ICON_PX, colour, self.devicePixelRatioF()))
        self._icon.setAccessibleName("Error" if severity == "error" else "Hint")
        self._text.setText(text)
        self._button.setVisible(action is not None)
        if action is not None:
            self._button.setText(action.text())
        self.setStyleSheet(
            f"#messageBar {{ background: {palette.RAISED}; border-left: 4px solid {colour};"
            f" border-bottom: 1px solid {palette.OUTLINE}; }}"
        )
        self.setAccessibleName(text)
        self._fit_width()
        self.show()
        self.raise_()
        self._fit_height(self.width())
        if severity == "error":
            self._going.stop()
        else:
            self._going.start(max(INFO_MS, _READ_MS * len(text)))

    def _go(self) -> None:
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._going.start(INFO_MS)
        else:
            self.clear()

    def _fit_width(self) -> None:
        if self._host is not None:
            # first its height, which a layout would be late to hear of in the midst of a change of size
            width = self._host.width()
            self._fit_height(width)
            self.setGeometry(0, 0, width, self.height())

    def _fit_height(self, width: int) -> None:
        # layouts above may not ask a wrapping label for its height at this width
        self.setFixedHeight(max(40, self._row.heightForWidth(width)))

    def _trigger(self) -> None:
        if self._action is not None:
            self._action.trigger()
