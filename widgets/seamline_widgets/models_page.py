"""Below the table of networks: all there is to know about one of them, or what is to be agreed to first."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.models_table import NetworkRow

_NAME_PX = 116
_LEAST_PX = 120


class ModelsPage(QStackedWidget):
    """`agreed`: the user agrees to what was shown by `ask`; `declined`: they do not."""

    agreed = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QTextBrowser()
        self._text.setAccessibleName("About this network")
        self._text.setOpenExternalLinks(True)
        self._text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._text.document().setDocumentMargin(12)
        self._question = _Question()
        self._question.agree.clicked.connect(self.agreed)
        self._question.decline.clicked.connect(self.declined)
        self.addWidget(self._text)
        self.addWidget(self._question)

    @property
    def is_asking(self) -> bool:
        return self.currentWidget() is self._question

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_network(self, row: NetworkRow | None) -> None:
        """Show what is known of this network."""
        self._text.setHtml("" if row is None else _html(row))
        self.setCurrentWidget(self._text)
        self._fit()

    def ask(self, name: str, licence: str, restriction: str, page: str) -> None:
        """Ask whether the user agrees to `restriction`; `page` is where to read more."""
        self._question.show_question(name, licence, restriction, page)
        self.setCurrentWidget(self._question)
        self._question.box.setFocus()
        self._fit()

    def _fit(self) -> None:
        """Be high enough for all lines of the question: a stack does not ask how they wrap."""
        needed = self._question.heightForWidth(self.width()) if self.is_asking else 0
        self.setMinimumHeight(max(_LEAST_PX, needed))


class _Question(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel()
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._restriction = QLabel()
        self._licence = QLabel()
        self._licence.setOpenExternalLinks(True)
        self._licence.setTextFormat(Qt.TextFormat.RichText)
        for label in (self._title, self._restriction, self._licence):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._restriction.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.box = QCheckBox("I have read this, and agree to it")
        self.agree = QPushButton("Agree and install")
        self.agree.setAutoDefault(False)
        self.agree.setEnabled(False)
        self.decline = QPushButton("Not now")
        self.decline.setAutoDefault(False)
        self.box.toggled.connect(self.agree.setEnabled)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.agree)
        buttons.addWidget(self.decline)
        buttons.addStretch()
        self.setObjectName("question")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"QWidget#question {{ background: {palette.RAISED}; border-radius: 4px; }}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._restriction)
        layout.addWidget(self._licence)
        layout.addSpacing(4)
        layout.addWidget(self.box)
        layout.addStretch()
        layout.addLayout(buttons)

    def show_question(self, name: str, licence: str, restriction: str, page: str) -> None:
        self.box.setChecked(False)
        self._title.setText(f"Before {name} is installed")
        self._restriction.setText(restriction)
        link = f'<a href="{escape(page)}">{escape(page)}</a>'
        self._licence.setText(
            f'<span style="color:{palette.TEXT_QUIET}">Licence: {escape(licence)}. More at {link}</span>'
        )


def _html(row: NetworkRow) -> str:
    lines = [
        ("What for", row.purpose),
        ("Size", row.size),
        ("Licence", row.licence),
        ("Source", row.source),
        *row.details,
    ]
    rows = [
        f'<tr><td width="{_NAME_PX}" style="color:{palette.TEXT_QUIET}; padding-right:12px">{escape(name)}</td>'
        f'<td style="padding-bottom:2px">{_linked(text)}</td></tr>'
        for name, text in lines
        if text
    ]
    style = f"color:{palette.TEXT_STRONG}; padding-bottom:8px"
    title = f'<tr><td colspan="2" style="{style}"><b>{escape(row.name)}</b></td></tr>'
    return f'<table cellspacing="0" cellpadding="0" width="100%">{title}{"".join(rows)}</table>'


def _linked(text: str) -> str:
    return f'<a href="{escape(text)}">{escape(text)}</a>' if text.startswith("https://") else escape(text)
