"""Hands that audition match cuts in the whole window, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paper_match import PaperEngine, put_match_engine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from seamline.project.match_cuts import Verdict
from seamline_app import auditioning
from seamline_widgets.audition_view import AuditionView
from seamline_widgets.match_panel import MatchPanel
from seamline_widgets.match_scope import ANOTHER

if TYPE_CHECKING:
    import pytest
    from tests.films import FilmSpec
    from tests.gui.app.conftest import Hands


def put_quick_hands(monkeypatch: pytest.MonkeyPatch) -> PaperEngine:
    """Pairs come from paper; a slide comes to rest at once, and goes on however slow the machine's hand is."""
    monkeypatch.setattr(auditioning, "_SETTLED_MS", 1)
    monkeypatch.setattr(auditioning, "_SLID_ON_MS", 60_000)
    return put_match_engine(monkeypatch.setattr)


def settled(hands: Hands) -> None:
    """Wait until the cut that was slid has come to rest."""
    hands.wait(lambda: not hands.window.matching.auditioning._settling.isActive())


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


def keep_and_look_from(hands: Hands, film: FilmSpec, frame: int) -> MatchPanel:
    """Keep the first pair, leave it, and look for pairs out of that frame."""
    audition(hands, film)
    press(hands, "K")
    press(hands, "Esc")
    hands.window.go_to(frame)
    hands.press("Alt+Y")
    panel = hands.window.matching.panel
    hands.wait(lambda: {item.pair.outgoing.frame for item in panel.list.items} == {frame})
    show_list(hands, "all")  # what is kept, too
    return panel


def keep_and_come_back(hands: Hands) -> None:
    """Keep the pair that plays, out of the list of all, which it does not leave; and go back to it."""
    show_list(hands, "all")
    hands.window.matching.auditioning.view.setFocus()
    press(hands, "K")
    press(hands, "Up")


def press(hands: Hands, key: str) -> None:
    """Where the focus is, as an editor does."""
    focus: QWidget = QApplication.focusWidget() or hands.window
    QTest.keySequence(focus, key)


def said(hands: Hands) -> list[tuple[str, Verdict]]:
    """Of every pair that something is said of, its last frame out and first one in, and what."""
    assert hands.window.document is not None
    judged = hands.window.document.project.matches.judged
    return [
        (f"{of.pair.outgoing.frame}-{of.pair.incoming.frame}", of.verdict) for of in judged if of.is_judged
    ]


def show_list(hands: Hands, shown: str) -> None:
    """Choose that list in its box, by keys."""
    box = hands.window.matching.panel.head.shown_box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while hands.window.matching.panel.shown != shown:
        QTest.keyClick(box, Qt.Key.Key_Down)


def choose_other(panel: MatchPanel) -> None:
    """Look in another film, by the menu."""
    actions = panel.head.scope_button.menu().actions()
    next(action for action in actions if action.text() == ANOTHER).trigger()
