"""Hands that audition match cuts in the whole window, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from seamline.project.match_cuts import Verdict
from seamline_widgets.audition_view import AuditionView

if TYPE_CHECKING:
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands


def audition(hands: Hands, film: FilmSpec) -> AuditionView:
    """The film open, pairs found, and the first of them playing, by keys alone."""
    hands.open(film)
    return audition_of(hands)


def audition_of(hands: Hands) -> AuditionView:
    """The same of the film that is open."""
    hands.press("Ctrl+Shift+M")
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Space)
    panel = hands.window.matching.panel
    hands.wait(lambda: bool(panel.list.items) and not hands.window.matching.seeking.job.is_finding)
    panel.take_keys()
    QTest.keyClick(panel.list, Qt.Key.Key_Home)
    hands.sees(29)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    view = hands.window.matching.auditioning.view
    assert view.isVisible()
    return view


def press(hands: Hands, key: str) -> None:
    """Where the focus is, as an editor does."""
    focus: QWidget = QApplication.focusWidget() or hands.window
    QTest.keySequence(focus, key)


def said(hands: Hands) -> list[tuple[str, Verdict]]:
    """Of every pair that something is said of, its last frame out and first one in, and what."""
    assert hands.window.document is not None
    judged = hands.window.document.matches.judged
    return [(f"{of.pair.outgoing.frame}-{of.pair.incoming.frame}", of.verdict) for of in judged]


def show_list(hands: Hands, shown: str) -> None:
    """Choose that list in its box, by keys."""
    box = hands.window.matching.panel.head.shown_box
    box.setFocus()
    while hands.window.matching.panel.shown != shown:
        QTest.keyClick(box, Qt.Key.Key_Down)
