"""Which shots were taken together: kept in the project as the analysis says it, and checked when it is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from edited import changed

from seamline.errors import ProjectError
from seamline.project import schema
from seamline.project.edits import AddSeam
from seamline.project.file import ProjectFile
from seamline.project.footage import ShotFootage, setup_letters
from seamline.project.types import Origin, Project, Seam

MakeProject = Callable[..., Project]
Reopened = Callable[[Project, Path], ProjectFile]
FOUND = (
    ShotFootage(0, 20, 1, 1, confidence=0.9),
    ShotFootage(20, 50, 2, 1),
    ShotFootage(50, 100, 1, 1, (5, 15), 0.75),
)


def cut(frame: int) -> Seam:
    return Seam(frame - 1, frame, origin=Origin.ANALYSIS)


def stored(base: Project, place: Path, reopened: Reopened, footage: tuple[ShotFootage, ...] = FOUND) -> Path:
    """A project of the user's that holds it."""
    journal = reopened(base, place / "own")
    journal.do(AddSeam(Seam(70, 71)))
    journal.remember(base.proposals, 100, footage=footage)
    journal.save_as(place / "film.seamline")
    journal.close()
    return place / "film.seamline"


def test_it_counts_for_a_shot_with_just_that_range(project: MakeProject) -> None:
    film = project(100, cut(20), cut(50)).with_footage(FOUND)
    assert [film.footage_of(shot) for shot in film.shots] == list(FOUND)
    assert {setup: [shot.number for shot in shots] for setup, shots in film.shots_by_setup.items()} == {
        1: [1, 3],
        2: [2],
    }
    moved = AddSeam(Seam(29, 30)).apply(film)
    assert [moved.footage_of(shot) for shot in moved.shots] == [FOUND[0], None, None, FOUND[2]]
    assert {setup: [shot.number for shot in shots] for setup, shots in moved.shots_by_setup.items()} == {
        1: [1, 4]
    }
    assert film.without_proposals().footage == ()


def test_what_the_analysis_says_is_kept_in_the_project(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    base = project(100, cut(20), cut(50))
    path = stored(base, tmp_path, reopened)
    file = reopened(base, path)
    assert file.last_footage == FOUND
    file.remember(base.proposals, 100, footage=FOUND[:1])
    assert reopened(base, path).last_footage == FOUND[:1]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE footage SET setup = 0",
        "UPDATE footage SET scene = -3",
        "UPDATE footage SET setup = 'A'",
        "UPDATE footage SET confidence = 7",
        "UPDATE footage SET confidence = 'x'",
        "UPDATE footage SET end_frame = -1",
        "UPDATE footage SET repeats_start_frame = NULL",
        "UPDATE footage SET repeats_start_frame = 15, repeats_end_frame = 15",
        "UPDATE footage SET repeats_end_frame = start_frame + 1",
    ],
)
def test_damage_is_said_and_the_rest_opens(
    project: MakeProject, tmp_path: Path, reopened: Reopened, damage: str
) -> None:
    base = project(100, cut(20), cut(50))
    path = stored(base, tmp_path, reopened, FOUND[2:])
    changed(path, damage)
    back = reopened(base, path)
    assert back.last_footage == ()
    assert len(back.project.seams) == 3
    assert back.damage is not None
    assert "same footage" in back.damage


def test_of_those_over_each_other_the_first_is_read(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    base = project(100, cut(20))
    footage = ShotFootage(30, 40, 1, 1), ShotFootage(0, 20, 1, 1), ShotFootage(10, 30, 1, 1)
    back = reopened(base, stored(base, tmp_path, reopened, footage))
    assert [found.range for found in back.last_footage] == [(0, 20), (30, 40)]
    assert back.damage is None


def test_a_project_of_the_third_version_opens_and_is_brought_up(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    base = project(100, cut(20))
    path = stored(base, tmp_path, reopened)
    changed(
        path, "DROP TABLE footage", "DROP TABLE matches", "DROP TABLE match_films", "PRAGMA user_version = 3"
    )
    assert schema.newest_version() > 3
    reader = ProjectFile(base, path, read_only=True)
    assert (reader.last_footage, len(reader.project.seams)) == ((), 2)
    window = reopened(base, path)
    assert (window.damage, len(window.project.seams)) == (None, 2)
    assert path.with_name("film.version-3-0.seamline").exists()
    window.remember(base.proposals, 100, footage=FOUND[:1])
    assert reopened(base, path).last_footage == FOUND[:1]


@pytest.mark.parametrize(
    ("number", "letters"),
    [
        (1, "A"),
        (2, "B"),
        (26, "Z"),
        (27, "AA"),
        (28, "AB"),
        (52, "AZ"),
        (53, "BA"),
        (702, "ZZ"),
        (703, "AAA"),
    ],
)
def test_how_setups_are_called(number: int, letters: str) -> None:
    assert setup_letters(number) == letters


def test_letters_are_all_different_and_begin_with_the_first() -> None:
    assert len({setup_letters(number) for number in range(1, 3000)}) == 2999
    with pytest.raises(ProjectError, match="count from 1, not 0"):
        setup_letters(0)


def test_only_earlier_frames_can_be_shown_again() -> None:
    with pytest.raises(ProjectError, match="end <= 50, where the shot starts, not 30 and 51"):
        ShotFootage(50, 100, 1, 1, (30, 51))
