"""What an editor says of match cuts: kept with the project, checked when it is read, one verdict for two shots."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from edited import changed

from seamline.errors import ProjectError
from seamline.project.edits import AddSeam
from seamline.project.file import ProjectFile
from seamline.project.journal import Journal
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.matches import MAX_MATCHES, Matches
from seamline.project.types import Project, Seam

A, B = "a" * 16, "b" * 16
MakeProject = Callable[..., Project]


def pair(start: int = 0) -> MatchPair:
    return MatchPair(
        MatchSide(A, start, start + 20, start + 19),
        MatchSide(B, 5, 30, 5),
        MatchKind.FRAME,
        0.75,
        0.5,
        0.25,
        0.125,
        "Both faces left of centre",
    )


KEPT = JudgedPair(pair(), Verdict.KEPT, "the door")


def stored(base: Project, folder: Path, matches: Matches) -> Path:
    """A project of the user's that holds it."""
    path = folder / "film.seamline"
    with closing(Journal(base, folder / "own")) as journal:
        journal.set_matches(matches)
        journal.save_as(path)
    return path


def test_what_was_said_comes_back(project: MakeProject, tmp_path: Path) -> None:
    base = project(100)
    said = Matches().having(KEPT, {B: Path("/films/Two.mov")})
    said = said.having(JudgedPair(pair(40), Verdict.REJECTED))
    path = stored(base, tmp_path, said)
    with closing(ProjectFile(base, path)) as again:
        assert again.matches == said
        assert again.damage is None
        again.do(AddSeam(Seam(70, 71)))
        again.set_matches(said.having(JudgedPair(pair(40))))
    assert ProjectFile(base, path, read_only=True).matches.judged == said.kept == (KEPT,)


def test_one_verdict_for_two_shots_wherever_they_are_cut() -> None:
    slid = replace(KEPT.pair, outgoing=KEPT.pair.outgoing.slid(-3), incoming=KEPT.pair.incoming.slid(100))
    assert (slid.outgoing.frame, slid.incoming.frame) == (16, 29)
    said = Matches().having(KEPT).having(JudgedPair(slid, Verdict.REJECTED))
    assert said.judged == (JudgedPair(slid, Verdict.REJECTED),)
    assert said.of(KEPT.pair).verdict is Verdict.REJECTED
    assert said.of(pair(40)) == JudgedPair(pair(40))


def test_what_says_nothing_is_not_kept() -> None:
    said = Matches().having(KEPT, {B: Path("/films/Two.mov")})
    assert said.having(JudgedPair(pair())) == Matches((), {})
    assert said.having(JudgedPair(pair(), note="later")).judged[0].note == "later"


def test_too_much_is_refused() -> None:
    with pytest.raises(ProjectError, match="at most 2000 characters, and this one has 2001"):
        Matches().having(JudgedPair(pair(), note="x" * 2001))
    full = Matches(tuple(JudgedPair(pair(n), Verdict.KEPT) for n in range(MAX_MATCHES)))
    with pytest.raises(ProjectError, match="10,000 pairs: export"):
        full.having(JudgedPair(pair(MAX_MATCHES), Verdict.KEPT))


def test_a_project_of_the_fourth_version_opens_and_is_brought_up(
    project: MakeProject, tmp_path: Path
) -> None:
    base = project(100)
    path = stored(base, tmp_path, Matches())
    changed(path, "DROP TABLE matches", "DROP TABLE match_films", "PRAGMA user_version = 4")
    assert ProjectFile(base, path, read_only=True).matches == Matches()
    with closing(ProjectFile(base, path)) as file:
        assert file.damage is None
        file.set_matches(Matches().having(KEPT))
    assert ProjectFile(base, path, read_only=True).matches.kept == (KEPT,)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE matches SET kind = 'sound'",
        "UPDATE matches SET score = 2.0",
        "UPDATE matches SET score = 'much'",
        "UPDATE matches SET out_frame = -1",
        "UPDATE matches SET in_frame = 30",
        "UPDATE matches SET out_end_frame = 1e300",
        "UPDATE matches SET note = zeroblob(9)",
        "UPDATE match_films SET path = zeroblob(5000)",
    ],
)
def test_strangers_rows_are_refused_and_the_rest_opens(
    damage: str, project: MakeProject, tmp_path: Path
) -> None:
    base = project(100)
    path = stored(base, tmp_path, Matches().having(KEPT, {B: Path("/films/Two.mov")}))
    changed(path, damage)
    with closing(ProjectFile(base, path)) as file:
        assert file.matches == Matches()
        assert file.damage is not None
        assert "said of match cuts could not be read back" in file.damage
