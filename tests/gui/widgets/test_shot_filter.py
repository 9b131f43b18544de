"""Which shots a filter accepts, and how it says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from seamline.project.edits import ConfirmSeam, note_shots
from seamline.project.types import Origin, Project, Seam, SeamKind, ShotColour
from seamline_widgets.shot_filter import ShotFilter

MakeProject = Callable[..., Project]
SEAMS = [
    Seam(99, 100, confidence=0.87),
    Seam(199, 250, SeamKind.DISSOLVE, 0.6),
    Seam(699, 700, confidence=0.4),
    Seam(949, 950, origin=Origin.USER),
]


@pytest.fixture
def project(make_project: MakeProject) -> Project:
    """Shots of 4, 5, 19, 10 and 2 seconds; the fourth's seam is confirmed by nobody, the fifth's is the user's."""
    project = make_project(1000, SEAMS)
    project = note_shots(project, [project.shots[1]], name="Arrival", colour=ShotColour.RED).apply(project)
    return note_shots(project, [project.shots[3]], comment="Soft, use take 2").apply(project)


def _accepted(filter_: ShotFilter, project: Project) -> list[int]:
    return [shot.number for shot in project.shots if filter_.accepts(shot, project)]


def test_the_empty_one_accepts_all(project: Project) -> None:
    assert ShotFilter().is_empty
    assert ShotFilter("  ").is_empty
    assert _accepted(ShotFilter(), project) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("filter_", "numbers"),
    [
        (ShotFilter("2"), [2, 4]),  # the number of one, and a word of the other's comment
        (ShotFilter("#2"), [2]),
        (ShotFilter("ARRI"), [2]),
        (ShotFilter("soft 2"), [4]),
        (ShotFilter("soft arrival"), []),
        (ShotFilter("01:00:0"), [1, 2, 3]),
        (ShotFilter("01:00:28:00"), [4]),
        (ShotFilter("01;00;28"), [4]),
        (ShotFilter("01"), []),
        (ShotFilter(longer_than_s=5), [2, 3, 4]),
        (ShotFilter(shorter_than_s=5), [1, 2, 5]),
        (ShotFilter(longer_than_s=4, shorter_than_s=5), [1, 2]),
        (ShotFilter(kinds=frozenset({SeamKind.DISSOLVE})), [3]),
        (ShotFilter(kinds=frozenset({SeamKind.CUT, SeamKind.DISSOLVE})), [2, 3, 4, 5]),
        (ShotFilter(confidence_below=0.6), [4]),
        (ShotFilter(confidence_below=0.61), [3, 4]),
        (ShotFilter(is_reviewed=True), [5]),
        (ShotFilter(is_reviewed=False), [2, 3, 4]),
        (ShotFilter(colours=frozenset({ShotColour.RED, ShotColour.BLUE})), [2]),
        (ShotFilter(has_comment=True), [4]),
        (ShotFilter("take", kinds=frozenset({SeamKind.WIPE})), []),
    ],
)
def test_what_is_accepted(project: Project, filter_: ShotFilter, numbers: list[int]) -> None:
    assert _accepted(filter_, project) == numbers
    assert not filter_.is_empty


def test_what_is_confirmed_is_reviewed_and_not_in_doubt(project: Project) -> None:
    project = ConfirmSeam(SEAMS[2]).apply(project)
    assert _accepted(ShotFilter(is_reviewed=True), project) == [4, 5]
    assert _accepted(ShotFilter(confidence_below=0.61), project) == [3]


def test_timecodes_are_those_that_the_editor_set(make_project: MakeProject) -> None:
    project = replace(make_project(1000, SEAMS), start_frame=25 * 60)
    assert _accepted(ShotFilter("00:01:04"), project) == [2]


def test_the_summary_says_all_but_the_text() -> None:
    assert ShotFilter("word").summary() == ""
    assert not ShotFilter("word").has_criteria
    everything = ShotFilter(
        "word",
        2,
        10.5,
        frozenset({SeamKind.WIPE, SeamKind.CUT}),
        0.6,
        False,
        frozenset({ShotColour.RED}),
        True,
    )
    assert everything.has_criteria
    assert everything.summary() == (
        "From 2 s, up to 10.5 s, cut or wipe, below 60\u2009%, to review, red, with a comment"
    )
