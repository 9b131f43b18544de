"""What the document refuses is said, until a step works."""

from __future__ import annotations

from PySide6.QtCore import QObject

from seamline_app.document import Document
from seamline_widgets.message_bar import MessageBar


class Refusals(QObject):
    """Shows each refusal as an error."""

    def __init__(self, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._said = ""

    def follow(self, document: Document) -> None:
        """Tell of what that document refuses, too."""
        document.refused.connect(self._show)
        document.stepped.connect(self._forget)

    def _show(self, text: str) -> None:
        self._said = text
        self._messages.show_error(text)

    def _forget(self) -> None:
        """A step worked: what was said of one before that did not is over."""
        if self._said and self._messages.text == self._said:
            self._messages.clear()
        self._said = ""
