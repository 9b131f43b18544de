"""The diagnostics dialog shows all it is given, and copies it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTextBrowser
from pytestqt.qtbot import QtBot

from seamline_widgets.diagnostics import DiagnosticsDialog, Section

_SECTIONS = (
    Section("Film", (("File", "/films/<b>Tom & Jerry</b>.mov"), ("Failures", "One.\nTwo."))),
    Section("Versions", (("Qt", "6"),)),
)


def test_everything_is_shown_as_it_is(qtbot: QtBot) -> None:
    dialog = DiagnosticsDialog(_SECTIONS)
    qtbot.addWidget(dialog)
    shown = dialog.findChildren(QTextBrowser)[0].toPlainText()
    for text in ("Film", "File", "/films/<b>Tom & Jerry</b>.mov", "One.", "Two.", "Versions", "Qt", "6"):
        assert text in shown


def test_copy_takes_all_of_it_as_text(qtbot: QtBot) -> None:
    dialog = DiagnosticsDialog(_SECTIONS)
    qtbot.addWidget(dialog)
    dialog.show()
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == (
        "Film\n  File: /films/<b>Tom & Jerry</b>.mov\n  Failures: One.; Two.\n\nVersions\n  Qt: 6\n"
    )
    assert button.text() == "Copied"
