"""Where the words of a search are typed, and pictures pasted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from seamline_resources import palette
from seamline_widgets.icons import icon
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys

_PAUSE_MS = 600
_LEAST_LETTERS = 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
HINT = "What the film shows, in English"


class WordsField(QLineEdit):
    """`searched(text)`: Enter, a short pause after at least three letters, or the field was emptied.

    `picture_pasted(QImage)`: there was a picture on the clipboard, and no text. `left`: Down, or Escape where there is
    nothing to clear.
    """

    searched = Signal(str)
    picture_pasted = Signal(QImage)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self._say(again=False))
        self.setPlaceholderText(HINT)
        self.setAccessibleName("Find pictures by words")
        self.setToolTip("Words, or paste a picture (Ctrl+V)")
        self.setClearButtonEnabled(True)
        self.setTextMargins(-8, 0, 0, 0)  # the style pads the text as if there were no icon before it
        search = self.addAction(icon("search", palette.TEXT_QUIET), QLineEdit.ActionPosition.LeadingPosition)
        search.setText("Search")
        search.triggered.connect(lambda: self._say(again=True))
        tabs = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        OwnKeys(self, (*UP_AND_DOWN, *_ENTER, *tabs, Qt.Key.Key_Escape), focus=None)
        self.textEdited.connect(self._on_edited)
        # the clear button tells of no edit
        self.textChanged.connect(lambda text: None if text else self._say(again=False))

    @property
    def words(self) -> str:
        return " ".join(self.text().split())

    def set_words(self, words: str) -> None:
        """Have these in the field, as if they had been searched for already."""
        self._pause.stop()
        self._said = words
        self.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ENTER:
            self._say(again=True)
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
            self.left.emit()
        elif event.matches(QKeySequence.StandardKey.Paste) and (image := clipboard_picture()) is not None:
            self.picture_pasted.emit(image)
        elif key != Qt.Key.Key_Up:
            super().keyPressEvent(event)

    def _on_edited(self, text: str) -> None:
        if text and len(self.words) < _LEAST_LETTERS:
            self._pause.stop()
        elif text:
            self._pause.start()

    def _say(self, *, again: bool) -> None:
        self._pause.stop()
        if again or self.words != self._said:
            self._said = self.words
            self.searched.emit(self.words)


class PastesPictures(QObject):
    """`pasted(QImage)`: the key of pasting was pressed in `widget` with a picture on the clipboard."""

    pasted = Signal(QImage)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.matches(QKeySequence.StandardKey.Paste)
            and (image := clipboard_picture()) is not None
        ):
            self.pasted.emit(image)
            return True
        return super().eventFilter(watched, event)


def clipboard_picture() -> QImage | None:
    """The picture on the clipboard, None where there is none or a text as well."""
    data = QGuiApplication.clipboard().mimeData()
    if data is None or not data.hasImage() or data.hasText():
        return None
    image = QGuiApplication.clipboard().image()
    return None if image.isNull() else image
