"""What is said of match cuts, as steps: undone, done again, and there when the project is opened anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seamline.errors import ProjectError
from seamline.project.edit_records import edit_of, most_chars, record_of, text_of
from seamline.project.edits import AddSeam
from seamline.project.file import ProjectFile
from seamline.project.history import History
from seamline.project.journal import Journal
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.match_edits import JudgeMatch, judge_match
from seamline.project.matches import Matches
from seamline.project.replay import Replay
from seamline.project.types import Project, Seam

OTHER = "b" * 16
MakeProject = Callable[..., Project]


@pytest.fixture
def base(project: MakeProject) -> Project:
    return project(100)


def pair(base: Project, start: int = 0) -> MatchPair:
    return MatchPair(
        MatchSide(base.film.fingerprint, start, start + 20, start + 19),
        MatchSide(OTHER, 5, 30, 5),
        MatchKind.FRAME,
        0.75,
        0.5,
        0.25,
        0.125,
        "Both faces left of centre",
    )


def step(base: Project, judged: JudgedPair, name: str = "Keep match cut") -> JudgeMatch:
    return judge_match(
        base, judged, name, {OTHER: Path("/films/Two.mov"), base.film.fingerprint: Path("own")}
    )


def test_each_is_undone_and_done_again_among_the_others(base: Project) -> None:
    kept = JudgedPair(pair(base), Verdict.KEPT)
    noted = replace(kept, note="the door")
    history = History(base)
    history.do(step(base, kept))
    history.do(AddSeam(Seam(70, 71)))
    history.do(step(base, noted, "Note on match cut"))
    assert history.project.matches == Matches((noted,), {OTHER: Path("/films/Two.mov")})
    assert history.undo_name == "Note on match cut"
    assert history.undo().matches.judged == (kept,)
    assert len(history.undo().seams) == 0
    assert history.redo_name == "Add cut"
    assert history.undo().matches == Matches()
    assert history.go_to(3).matches.judged == (noted,)
    # a newer state of the analysis takes nothing of it
    assert history.rebase(base.with_proposals([Seam(9, 10)], 100)).matches.judged == (noted,)


def test_a_cut_that_was_only_moved_is_remembered_until_it_is_put_back(base: Project) -> None:
    slid = JudgedPair(pair(base).cut_at(10, 7), is_slid=True)
    assert not slid.is_judged
    project = step(base, slid).apply(base)
    assert project.matches.of(pair(base)) == slid
    assert step(base, JudgedPair(pair(base))).apply(project).matches == Matches()


def test_where_a_film_is_is_known_as_long_as_a_pair_of_it_is(base: Project) -> None:
    first, second = (JudgedPair(pair(base, start), Verdict.KEPT) for start in (0, 40))
    steps = [step(base, first), step(base, second), step(base, JudgedPair(first.pair))]
    steps += [step(base, JudgedPair(second.pair)), judge_match(base, first, "Keep match cut")]
    replay, project = Replay(base), base
    for number, each in enumerate(steps):
        replay.apply(each)
        project = each.apply(project)
        assert replay.project.matches == project.matches
        assert (OTHER in project.matches.films) == (number < 3)


def test_steps_come_back_from_the_file_with_those_that_were_undone(base: Project, tmp_path: Path) -> None:
    kept = JudgedPair(pair(base), Verdict.KEPT, "\U0001f600" * 2000)
    with closing(Journal(base, tmp_path)) as journal:
        journal.do(step(base, kept))
        journal.do(step(base, JudgedPair(pair(base, 40), Verdict.REJECTED), "Reject match cut"))
        journal.undo()
        journal.save_as(tmp_path / "film.seamline")
    with closing(ProjectFile(base, tmp_path / "film.seamline")) as file:
        assert file.damage is None
        assert file.project.matches == Matches((kept,), {OTHER: Path("/films/Two.mov")})
        assert file.history.redo_name == "Reject match cut"
        assert len(file.redo().matches.judged) == 2


def test_steps_follow_a_project_to_another_copy_of_its_film(base: Project, tmp_path: Path) -> None:
    path = tmp_path / "film.seamline"
    with closing(Journal(base, tmp_path)) as journal:
        journal.do(step(base, JudgedPair(pair(base), Verdict.KEPT)))
        journal.save_as(path)
    copy = Project(replace(base.film, fingerprint="c" * 16))
    with closing(ProjectFile(copy, path)) as file:
        assert file.project.matches.kept == (JudgedPair(pair(copy), Verdict.KEPT),)
        assert file.undo().matches == Matches()


def test_a_project_that_comes_to_be_about_the_other_film_has_that_as_its_own(
    base: Project, tmp_path: Path
) -> None:
    path = tmp_path / "film.seamline"
    with closing(Journal(base, tmp_path)) as journal:
        journal.do(step(base, JudgedPair(pair(base), Verdict.KEPT)))
        journal.save_as(path)
    other = Project(replace(base.film, fingerprint=OTHER))
    with closing(ProjectFile(other, path)) as file:
        (judged,) = file.project.matches.judged
        assert judged.pair.fingerprints == (OTHER, OTHER)
        assert file.project.matches.films == {}


def test_a_step_in_place_of_the_last_is_one_in_the_file_and_leaves_nothing_to_do_again(
    base: Project, tmp_path: Path
) -> None:
    slid, further = (JudgedPair(pair(base).cut_at(at, 5), is_slid=True) for at in (10, 8))
    with closing(Journal(base, tmp_path)) as journal:
        with pytest.raises(ProjectError, match="no step to do that in place of"):
            journal.do_over(step(base, slid))
        journal.do(AddSeam(Seam(70, 71)))
        journal.do(step(base, slid, "Slide match cut"))
        journal.do(step(base, JudgedPair(pair(base, 40), Verdict.KEPT)))
        journal.undo()
        assert journal.do_over(step(base, further, "Slide match cut")).matches.judged == (further,)
        assert [edit.name for edit in journal.history.edits] == ["Add cut", "Slide match cut"]
    with closing(Journal(base, tmp_path)) as journal:
        assert (journal.damage, journal.project.matches.judged) == (None, (further,))
        # back to where it was is no step
        assert journal.do_over(step(base, JudgedPair(pair(base)), "Slide match cut")).matches == Matches()
        assert (journal.history.undo_name, journal.history.redo_name) == ("Add cut", None)
    with closing(Journal(base, tmp_path)) as journal:
        assert (journal.damage, journal.history.redo_name) == (None, None)
        assert len(journal.project.seams) == 1
        assert journal.do_over(AddSeam(Seam(50, 51))).seams[0].in_frame == 51
        assert journal.undo() == base


def test_a_step_that_cannot_take_the_place_of_the_last_leaves_it(
    base: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slid, further = (JudgedPair(pair(base).cut_at(at, 5), is_slid=True) for at in (10, 8))

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with closing(Journal(base, tmp_path)) as journal:
        journal.do(step(base, slid, "Slide match cut"))
        monkeypatch.setattr("seamline.project.file.add_edit", full)
        with pytest.raises(ProjectError, match="No space left"):
            journal.do_over(step(base, further, "Slide match cut"))
        with pytest.raises(ProjectError, match="has 100 frames"):
            journal.do_over(step(base, JudgedPair(pair(base, 81), Verdict.KEPT)))
        assert journal.project.matches.judged == (slid,)
        assert (journal.history.undo_name, journal.history.redo_name) == ("Slide match cut", None)
    with closing(Journal(base, tmp_path)) as journal:
        assert (journal.damage, journal.project.matches.judged) == (None, (slid,))


def test_words_of_any_language_take_no_more_room_than_they_need(base: Project) -> None:
    noted = JudgedPair(pair(base), note="門" * 2000)
    text = text_of(step(base, noted, "Note on match cut"))
    assert len(text.encode()) < 7000
    assert edit_of(json.loads(text)) == step(base, noted, "Note on match cut")


def test_frames_beyond_the_film_do_not_fit_and_change_nothing(base: Project) -> None:
    beyond = step(base, JudgedPair(pair(base, 81), Verdict.KEPT))
    with pytest.raises(ProjectError, match="has 100 frames"):
        beyond.apply(base)
    replay = Replay(base)
    replay.apply(step(base, JudgedPair(pair(base), Verdict.KEPT)))
    with pytest.raises(ProjectError, match="has 100 frames"):
        replay.apply(beyond)
    assert len(replay.project.matches.judged) == 1


def test_the_longest_is_stored_and_a_path_that_is_no_text_is_left_out(base: Project) -> None:
    judged = JudgedPair(replace(pair(base), reason="\U0001f600" * 4096), Verdict.KEPT, "\U0001f600" * 2000)
    text = text_of(judge_match(base, judged, "Keep match cut", {OTHER: Path("/" + "\U0001f600" * 4000)}))
    assert len(text) < most_chars(text)
    no_text = judge_match(base, judged, "Keep match cut", {OTHER: Path("/\udcff")})
    assert record_of(no_text)["films"] == {}


DAMAGES: list[dict[str, Any]] = [
    {"kind": "sound"},
    {"verdict": "loved"},
    {"score": 2.0},
    {"score": 1},
    {"out_frame": -1},
    {"in_frame": 30},
    {"note": "x" * 2001},
    {"note": 5},
    {"reason": "\ud800"},
    {"is_slid": 1},
    {"films": []},
    {"films": {"a": "1", "b": "2", "c": "3"}},
    {"films": {"a": 7}},
    {"films": {"": "/films/Own.mov"}},
    {"films": {"\\\\server\\share": "/films/Two.mov"}},
    {"films": {OTHER: "/films/\0"}},
    {"in_film": "/etc"},
    {"in_film": "../../.."},
    {"in_film": "b\0"},
    {"in_film": "b" * 65},
    {"in_film": "B"},
    {"out_film": 5},
    {"out_film": []},
    {"out_start_frame": False},
    {"note": "one\0two"},
    {"name": "two\nlines"},
    {"name": ""},
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_strangers_record_is_refused(damage: dict[str, Any], base: Project) -> None:
    record = json.loads(text_of(step(base, JudgedPair(pair(base), Verdict.KEPT))))
    assert edit_of(record) == step(base, JudgedPair(pair(base), Verdict.KEPT))
    with pytest.raises((ValueError, TypeError, KeyError, ProjectError)):
        edit_of({**record, **damage})


def test_a_record_without_one_of_its_fields_is_refused(base: Project) -> None:
    record = record_of(step(base, JudgedPair(pair(base), Verdict.KEPT)))
    for name in record:
        with pytest.raises((ValueError, TypeError, KeyError, ProjectError)):
            edit_of({key: value for key, value in record.items() if key != name})
