"""The sign of a match cut in the review of a seam: there with its reason, and in nobody's way."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from seamline.project.types import Seam, SeamKind
from seamline_widgets.percent import percent_text
from seamline_widgets.review_facts import COLUMN_PX, MINI_PX, ROW_PX, SeamFacts
from seamline_widgets.review_seam import ReviewedSeam
from seamline_widgets.timeline_matches import MatchMark

MARK = MatchMark(30, "motion", 0.7, "Pan left at one speed")
CUT = ReviewedSeam(Seam(29, 30, SeamKind.CUT, 0.93))


@pytest.fixture
def facts(qtbot: QtBot) -> SeamFacts:
    facts = SeamFacts()
    qtbot.addWidget(facts)
    facts.resize(COLUMN_PX, 144)
    facts.show_seam(CUT)
    facts.show()
    return facts


@pytest.mark.parametrize("size", [(COLUMN_PX, 144), (COLUMN_PX, 100), (700, ROW_PX)])
def test_it_stands_between_chip_and_type(facts: SeamFacts, size: tuple[int, int]) -> None:
    facts.resize(*size)
    assert not facts.match.isVisible()
    without = facts.kind.x()
    facts.set_matches([MARK])
    assert facts.match.isVisible()
    assert facts.match.toolTip() == MARK.text
    assert without - facts.match.width() < facts.match.x() < facts.kind.x()
    assert facts.match.geometry().right() < facts.kind.x()
    assert facts.kind.text() == f"Cut  ·  {percent_text(0.93)}"
    assert facts.state.isVisible()
    facts.set_matches([])
    assert not facts.match.isVisible()
    assert facts.kind.x() == without


def test_it_is_of_that_seam_alone(facts: SeamFacts) -> None:
    facts.set_matches([MARK])
    facts.show_seam(ReviewedSeam(Seam(59, 60, SeamKind.CUT, 0.93)))
    assert not facts.match.toolTip()
    assert not facts.match.isVisible()
    facts.show_seam(ReviewedSeam(CUT.seam, is_question=True))  # there only perhaps is a seam
    assert not facts.match.toolTip()
    facts.show_seam(None)
    assert not facts.match.isVisible()
    facts.show_seam(CUT)
    assert facts.match.isVisible()
    facts.set_matches([MatchMark(30, "frame", 0.8)])
    assert facts.match.toolTip() == "Match cut: frame match, score .80"


def test_where_there_is_no_room_it_gives_way(facts: SeamFacts) -> None:
    facts.set_matches([MARK])
    facts.resize(MINI_PX, 120)
    assert not facts.match.isVisible()
    facts.resize(COLUMN_PX, 144)
    assert facts.match.isVisible()
