"""What an editor says of match cuts: kept with the project, checked when it is read, one verdict for two shots."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
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
from seamline.project.match_edits import judge_match
from seamline.project.matches import MAX_MATCHES, MatchBook, Matches
from seamline.project.stored_matches import write_matches
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


def having(said: Iterable[JudgedPair], films: Mapping[str, Path] | None = None) -> Matches:
    """One said after the other."""
    book = MatchBook(Matches())
    for judged in said:
        book.put(judged, {} if films is None else films)
    return book.matches


def stored(base: Project, folder: Path, matches: Matches) -> Path:
    """A project of the user's that holds it as files of the fifth version did, which had no steps of it."""
    path = folder / "film.seamline"
    with closing(Journal(base, folder / "own")) as journal:
        journal.save_as(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        write_matches(connection, matches)
    return path


def said_in(base: Project, path: Path) -> Matches:
    return ProjectFile(base, path, read_only=True).project.matches


def test_what_was_said_comes_back(project: MakeProject, tmp_path: Path) -> None:
    base = project(100)
    said = having((KEPT, JudgedPair(pair(40), Verdict.REJECTED)), {B: Path("/films/Two.mov")})
    path = stored(base, tmp_path, said)
    with closing(ProjectFile(base, path)) as again:
        assert again.project.matches == said
        assert again.damage is None
        again.do(AddSeam(Seam(70, 71)))
        again.do(judge_match(base, JudgedPair(pair(40)), "Reject match cut no more"))
    assert said_in(base, path).judged == said.kept == (KEPT,)


def test_one_verdict_for_two_shots_wherever_they_are_cut() -> None:
    slid = replace(KEPT.pair, outgoing=KEPT.pair.outgoing.slid(-3), incoming=KEPT.pair.incoming.slid(100))
    assert (slid.outgoing.frame, slid.incoming.frame) == (16, 29)
    said = having((KEPT, JudgedPair(slid, Verdict.REJECTED)))
    assert said.judged == (JudgedPair(slid, Verdict.REJECTED),)
    assert said.of(KEPT.pair).verdict is Verdict.REJECTED
    assert said.of(pair(40)) == JudgedPair(pair(40))


def test_what_says_nothing_is_not_kept() -> None:
    films = {B: Path("/films/Two.mov")}
    assert having((KEPT, JudgedPair(pair())), films) == Matches((), {})
    assert having((KEPT, JudgedPair(pair(), note="later")), films).judged[0].note == "later"


def test_too_much_is_refused() -> None:
    with pytest.raises(ProjectError, match="at most 2000 characters, and this one has 2001"):
        having((JudgedPair(pair(), note="x" * 2001),))
    full = Matches(tuple(JudgedPair(pair(n), Verdict.KEPT) for n in range(MAX_MATCHES)))
    with pytest.raises(ProjectError, match="10,000 pairs: export"):
        MatchBook(full).put(JudgedPair(pair(MAX_MATCHES), Verdict.KEPT), {})


def test_a_project_of_the_fourth_version_opens_and_is_brought_up(
    project: MakeProject, tmp_path: Path
) -> None:
    base = project(100)
    path = stored(base, tmp_path, Matches())
    changed(path, "DROP TABLE matches", "DROP TABLE match_films", "PRAGMA user_version = 4")
    assert said_in(base, path) == Matches()
    with closing(ProjectFile(base, path)) as file:
        assert file.damage is None
        file.do(judge_match(base, KEPT, "Keep match cut"))
    assert said_in(base, path).kept == (KEPT,)


def test_what_was_said_in_the_fifth_version_is_kept_and_changed_by_steps(
    project: MakeProject, tmp_path: Path
) -> None:
    base = project(100)
    own = replace(pair(), outgoing=replace(pair().outgoing, fingerprint=base.film.fingerprint))
    kept = JudgedPair(own, Verdict.KEPT)
    path = stored(base, tmp_path, Matches((kept,), {B: Path("/films/Two.mov")}))
    changed(path, "PRAGMA user_version = 5")
    assert said_in(base, path).kept == (kept,)
    assert _version(path) == 5  # to look at it changes nothing
    with closing(ProjectFile(base, path)) as file:
        assert (file.damage, _version(path)) == (None, 6)
        assert file.do(judge_match(base, JudgedPair(own), "Keep match cut no more")).matches == Matches()
    with closing(ProjectFile(base, path)) as file:
        assert file.project.matches == Matches()
        assert file.undo().matches == Matches((kept,), {B: Path("/films/Two.mov")})
        path.unlink()
        file.redo()  # it is written anew, whole
    with closing(ProjectFile(base, path)) as file:
        assert file.damage is None
        assert file.undo().matches.kept == (kept,)


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


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
    "UPDATE matches SET reason = 'a' || char(0)",
    "UPDATE matches SET in_film = '/etc'",
    "UPDATE matches SET in_film = ''",
    "UPDATE matches SET in_film = hex(zeroblob(33))",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_strangers_row_is_refused_and_the_others_stay(
    damage: str, project: MakeProject, tmp_path: Path
) -> None:
    base = project(100)
    others = JudgedPair(pair(40), Verdict.REJECTED, "one"), JudgedPair(pair(60), Verdict.KEPT, "three")
    said = having((others[0], KEPT, others[1]), {B: Path("/films/Two.mov")})
    path = stored(base, tmp_path, said)
    changed(path, f"{damage} WHERE note = 'the door'")
    with closing(ProjectFile(base, path)) as file:
        assert str(file.damage).startswith("Some of what you said of match cuts could not be read back.")
        left = file.project.matches
    assert [judged.note for judged in left.judged] == ["one", "three"]
    assert left.films == said.films
    again = ProjectFile(base, path, read_only=True)  # what could be read is in the file's place
    assert (again.project.matches, again.damage) == (left, None)


def test_where_films_were_is_lost_alone(project: MakeProject, tmp_path: Path) -> None:
    path = stored(project(100), tmp_path, having((KEPT,), {B: Path("/films/Two.mov")}))
    changed(path, "UPDATE match_films SET path = zeroblob(5000)")
    with closing(ProjectFile(project(100), path)) as file:
        assert file.project.matches == Matches((KEPT,))
        assert str(file.damage).startswith("Where some films of match cuts were could not be read back.")


def test_more_pairs_than_a_project_holds_are_not_read(project: MakeProject, tmp_path: Path) -> None:
    full = Matches(tuple(JudgedPair(pair(n), Verdict.KEPT) for n in range(MAX_MATCHES)))
    path = stored(project(100), tmp_path, full)
    assert ProjectFile(project(100), path, read_only=True).damage is None
    changed(path, "INSERT INTO matches SELECT * FROM matches WHERE rowid = 1")
    file = ProjectFile(project(100), path, read_only=True)
    assert file.project.matches == full
    assert file.damage is not None


def test_words_that_could_not_be_read_back_are_refused() -> None:
    for judged in (
        JudgedPair(pair(), note="\ud800"),
        JudgedPair(replace(pair(), reason="\ud800"), Verdict.KEPT),
        JudgedPair(replace(pair(), reason="x" * 4097), Verdict.KEPT),
        JudgedPair(pair(), note="one\0two"),
    ):
        with pytest.raises(ProjectError, match="its note or reason is too long or holds characters"):
            having((judged,))
    assert having((JudgedPair(pair(), note="\U0001f600" * 2000),)).judged


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
    said = Matches(
        (
            JudgedPair(pair_of(own, own), Verdict.KEPT, "within"),
            JudgedPair(pair_of(B, own), Verdict.REJECTED),
            JudgedPair(pair_of(A, own), Verdict.KEPT),
        ),
        {B: Path("/films/Two.mov"), A: Path("/films/copy.mov")},
    )
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
        assert file.project.matches == expected
    if not writes:
        assert said_in(base, path) == said
        return
    with closing(ProjectFile(Project(copy), path)) as file:
        assert file.project.matches == expected
        file.relink(base.film)
    assert said_in(base, path).judged[1].pair == pair_of(B, own)


def test_pairs_beyond_the_film_are_left_out(project: MakeProject, tmp_path: Path) -> None:
    base = project(100)
    own = base.film.fingerprint
    inside, beyond = pair_of(own, B, 80), pair_of(own, B, 81)
    said = Matches((JudgedPair(inside, Verdict.KEPT), JudgedPair(beyond, Verdict.KEPT)))
    path = stored(base, tmp_path, said)
    with closing(ProjectFile(base, path, read_only=True)) as file:
        assert [judged.pair for judged in file.project.matches.judged] == [inside]
        assert file.damage is None
        assert not file.project.matches.within(replace(project(20).film, fingerprint=B)).judged
