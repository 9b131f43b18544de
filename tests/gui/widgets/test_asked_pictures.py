"""A picture that did not come is asked for again when its row comes into view again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide
from seamline_widgets.match_items import MatchItem
from seamline_widgets.match_list import MatchListView
from seamline_widgets.search_list import HitListView
from seamline_widgets.search_model import HitItem

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def _pair(at: int) -> MatchItem:
    sides = MatchSide("own", at, at + 10, at + 9), MatchSide("other", at, at + 10, at)
    pair = MatchPair(*sides, MatchKind.FRAME, 0.5, 0.5, 0.5, 0.5, "Paper")
    return MatchItem(JudgedPair(pair), f"Shot {at}", "Shot", "00:00", "00:01")


def _look(view: HitListView | MatchListView, asked: list[object], qtbot: QtBot) -> None:
    """The rows stay in view, leave it, come back; and the view is hidden and shown."""
    bar = view.verticalScrollBar()
    view.resize(320, 300)
    view.show()
    qtbot.waitUntil(lambda: bool(asked))
    view._ask_for_pictures()
    first = set(asked)
    assert len(asked) == len(first)  # once, while they are in view
    asked.clear()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: bool(asked))
    asked.clear()
    bar.setValue(0)
    qtbot.waitUntil(lambda: first <= set(asked))
    asked.clear()
    view.hide()
    view.show()
    qtbot.waitUntil(lambda: first <= set(asked))


def test_of_match_cuts(qtbot: QtBot) -> None:
    view, asked = MatchListView(), list[object]()
    qtbot.addWidget(view)
    view.picture_wanted.connect(lambda film, frame: asked.append((film, frame)))
    view.set_items([_pair(10 * n) for n in range(60)])
    _look(view, asked, qtbot)


def test_of_hits(qtbot: QtBot) -> None:
    view, asked = HitListView(), list[object]()
    qtbot.addWidget(view)
    view.picture_wanted.connect(lambda item: asked.append(item.key))
    view.set_items([HitItem("own", n, n, n + 1, f"Shot {n}", "", "00:00", 0.5, 0.5) for n in range(60)])
    _look(view, asked, qtbot)
