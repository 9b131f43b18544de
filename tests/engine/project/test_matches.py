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


DAMAGES = [
    "UPDATE matches SET kind = 'sound'",
    "UPDATE matches SET score = 2.0",
    "UPDATE matches SET score = 'much'",
    "UPDATE matches SET out_frame = -1",
    "UPDATE matches SET in_frame = 30",
    "UPDATE matches SET out_end_frame = 1e300",
    "UPDATE matches SET note = zeroblob(9)",
    "UPDATE matches SET note = CAST(x'ff' AS TEXT)",
    "UPDATE matches SET note = replace(hex(zeroblob(1001)), '0', 'x')",
    "UPDATE matches SET reason = hex(zeroblob(3000))",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_strangers_row_is_refused_and_the_others_stay(
    damage: str, project: MakeProject, tmp_path: Path
) -> None:
    base = project(100)
    said = Matches().having(JudgedPair(pair(40), Verdict.REJECTED, "one"))
    said = said.having(KEPT, {B: Path("/films/Two.mov")}).having(JudgedPair(pair(60), Verdict.KEPT, "three"))
    path = stored(base, tmp_path, said)
    changed(path, f"{damage} WHERE note = 'the door'")
    with closing(ProjectFile(base, path)) as file:
        assert str(file.damage).startswith("Some of what you said of match cuts could not be read back.")
        left = file.matches
    assert [judged.note for judged in left.judged] == ["one", "three"]
    assert left.films == said.films
    again = ProjectFile(base, path, read_only=True)  # what could be read is in the file's place
    assert (again.matches, again.damage) == (left, None)


def test_where_films_were_is_lost_alone(project: MakeProject, tmp_path: Path) -> None:
    path = stored(project(100), tmp_path, Matches().having(KEPT, {B: Path("/films/Two.mov")}))
    changed(path, "UPDATE match_films SET path = zeroblob(5000)")
    with closing(ProjectFile(project(100), path)) as file:
        assert file.matches == Matches((KEPT,))
        assert str(file.damage).startswith("Where some films of match cuts were could not be read back.")


def test_more_pairs_than_a_project_holds_are_not_read(project: MakeProject, tmp_path: Path) -> None:
    full = Matches(tuple(JudgedPair(pair(n), Verdict.KEPT) for n in range(MAX_MATCHES)))
    path = stored(project(100), tmp_path, full)
    assert ProjectFile(project(100), path, read_only=True).damage is None
    changed(path, "INSERT INTO matches SELECT * FROM matches WHERE rowid = 1")
    file = ProjectFile(project(100), path, read_only=True)
    assert file.matches == full
    assert file.damage is not None


def test_words_that_could_not_be_read_back_are_refused() -> None:
    for judged in (
        JudgedPair(pair(), note="\ud800"),
        JudgedPair(replace(pair(), reason="\ud800"), Verdict.KEPT),
        JudgedPair(replace(pair(), reason="x" * 4097), Verdict.KEPT),
    ):
        with pytest.raises(ProjectError, match="its note or reason is too long or holds characters"):
            Matches().having(judged)
    assert Matches().having(JudgedPair(pair(), note="\U0001f600" * 2000)).judged


def pair_of(out: str, into: str, start: int = 0) -> MatchPair:
    found = pair(start)
    return replace(
        found,
        outgoing=replace(found.outgoing, fingerprint=out),
        incoming=replace(found.incoming, fingerprint=into),
    )


@pytest.mark.parametrize("writes", [True, False])
def test_what_was_said_follows_a_project_to_another_copy_of_its_film(
    writes: bool, project: MakeProject, tmp_path: Path
) -> None:
    base = project(100)
    own = base.film.fingerprint
    said = Matches().having(JudgedPair(pair_of(own, own), Verdict.KEPT, "within"))
    said = said.having(JudgedPair(pair_of(B, own), Verdict.REJECTED), {B: Path("/films/Two.mov")})
    said = said.having(JudgedPair(pair_of(A, own), Verdict.KEPT), {A: Path("/films/copy.mov")})
    path = stored(base, tmp_path, said)
    copy = replace(base.film, fingerprint=A)  # which a pair was of, too: that of the same shots is one now
    expected = Matches(
        (
            JudgedPair(pair_of(A, A), Verdict.KEPT),
            JudgedPair(pair_of(B, A), Verdict.REJECTED),
        ),
        {B: Path("/films/Two.mov")},
    )
    with closing(ProjectFile(Project(copy), path, read_only=not writes)) as file:
        assert file.matches == expected
    if not writes:
        assert ProjectFile(base, path, read_only=True).matches == said
        return
    with closing(ProjectFile(Project(copy), path)) as file:
        assert file.matches == expected
        file.relink(base.film)
        assert file.matches.judged[1].pair == pair_of(B, own)
    assert ProjectFile(base, path, read_only=True).matches.judged[1].pair == pair_of(B, own)


def test_pairs_beyond_the_film_are_left_out(project: MakeProject, tmp_path: Path) -> None:
    base = project(100)
    own = base.film.fingerprint
    inside, beyond = pair_of(own, B, 80), pair_of(own, B, 81)
    said = Matches().having(JudgedPair(inside, Verdict.KEPT)).having(JudgedPair(beyond, Verdict.KEPT))
    path = stored(base, tmp_path, said)
    with closing(ProjectFile(base, path, read_only=True)) as file:
        assert [judged.pair for judged in file.matches.judged] == [inside]
        assert file.damage is None
        assert not file.matches.within(replace(project(20).film, fingerprint=B)).judged
