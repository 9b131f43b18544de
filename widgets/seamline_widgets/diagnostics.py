"""The diagnostics dialog: facts in sections, to read and to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from seamline_resources import palette

_NAME_PX = 132
_COPIED_MS = 2000


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and lines of a name and a value below it; a value may have several lines."""

    title: str
    lines: tuple[tuple[str, str], ...]


class DiagnosticsDialog(QDialog):
    """Shows the sections; “Copy” puts all of them on the clipboard as plain text."""

    def __init__(self, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Diagnostics")
        self.resize(640, 720)
        self._sections = tuple(sections)
        self._text = QTextBrowser()
        self._text.setAccessibleName("Diagnostics")
        self._text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._text.document().setDocumentMargin(12)
        self._text.setHtml(_html(self._sections))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._copy = QPushButton("Copy")
        self._copy.setToolTip("Copy all of this as text")
        buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self._copy.clicked.connect(self._copy_all)
        # what the button says after a copy, it says for a while
        self._relabel = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._relabel.timeout.connect(lambda: self._copy.setText("Copy"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addWidget(self._text)
        layout.addWidget(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)

    def plain_text(self) -> str:
        """All sections, a line for each fact."""
        blocks = []
        for section in self._sections:
            lines = [f"  {name}: {value.replace(chr(10), '; ')}" for name, value in section.lines]
            blocks.append("\n".join([section.title, *lines]))
        return "\n\n".join(blocks) + "\n"

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.plain_text())
        self._copy.setText("Copied")
        self._relabel.start()


def _html(sections: Sequence[Section]) -> str:
    rows = []
    for at, section in enumerate(sections):
        top = 16 if at else 0
        rows.append(
            f'<tr><td colspan="2" style="padding-top:{top}px; padding-bottom:4px; color:{palette.TEXT_STRONG}">'
            f"<b>{escape(section.title)}</b></td></tr>"
        )
        rows += [
            f'<tr><td width="{_NAME_PX}" style="color:{palette.TEXT_QUIET}; padding-right:12px">{escape(name)}</td>'
            f'<td style="padding-bottom:2px">{escape(value).replace(chr(10), "<br>")}</td></tr>'
            for name, value in section.lines
        ]
    return f'<table cellspacing="0" cellpadding="0" width="100%">{"".join(rows)}</table>'
