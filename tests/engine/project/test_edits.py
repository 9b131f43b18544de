"""Edits give a new project and leave the old one; history takes them back and does them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from seamline.errors import ProjectError
from seamline.project.edits import AddSeam, ConfirmSeam, DeleteSeam, Edit, MoveSeam, SetFilmDetails
from seamline.project.history import History
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]


def cut(frame: int, origin: Origin = Origin.ANALYSIS) -> Seam:
    return Seam(frame - 1, frame, origin=origin)


def mine(frame: int) -> Seam:
    return cut(frame, Origin.USER)


def frames(project: Project) -> list[int]:
    return [seam.in_frame for seam in project.seams]


def origins(project: Project) -> list[str]:
    return [str(seam.origin) for seam in project.seams]


class TestEdits:
    @pytest.mark.parametrize(
        ("edit", "result"),
        [
            (AddSeam(mine(30)), [20, 30, 50]),
            (DeleteSeam(cut(50)), [20]),
            (MoveSeam(cut(50), 54, 55), [20, 55]),
            (SetFilmDetails("B002", 0), [20, 50]),
        ],
    )
    def test_an_edit_changes_no_project_but_gives_a_new_one(
        self, project: MakeProject, edit: Edit, result: list[int]
    ) -> None:
        before = project(100, cut(20), cut(50))
        kept = replace(before)
        after = edit.apply(before)
        assert frames(after) == result
        assert before == kept
        assert frames(before) == [20, 50]
        assert edit.apply(before) == after

    def test_edits_say_what_they_are(self) -> None:
        dissolve = Seam(4, 8, SeamKind.DISSOLVE)
        names = [edit.name for edit in (AddSeam(mine(3)), DeleteSeam(dissolve), MoveSeam(cut(3), 4, 5))]
        assert names == ["Add cut", "Delete dissolve", "Move cut"]
        assert SetFilmDetails(None, None).name == "Change film details"

    def test_what_is_added_is_the_users(self, project: MakeProject) -> None:
        (seam,) = AddSeam(cut(30)).apply(project(100)).seams
        assert seam.origin is Origin.USER

    @pytest.mark.parametrize("frame", [100, 101, 10**9])
    def test_no_seam_lies_behind_the_film(self, project: MakeProject, frame: int) -> None:
        with pytest.raises(ProjectError, match=r"the film's last frame is 99\.$"):
            AddSeam(mine(frame)).apply(project(100))
        with pytest.raises(ProjectError, match=r"the film's last frame is 99\.$"):
            MoveSeam(cut(50), frame - 1, frame).apply(project(100, cut(50)))
        assert frames(AddSeam(mine(99)).apply(project(100))) == [99]

    def test_no_seam_lies_on_another(self, project: MakeProject) -> None:
        film = project(100, cut(20), Seam(40, 50, SeamKind.DISSOLVE))
        for seam in (mine(20), mine(41), mine(50), Seam(15, 45, SeamKind.FADE)):
            with pytest.raises(ProjectError, match=r"already: move or delete that one first\.$"):
                AddSeam(seam).apply(film)
        with pytest.raises(ProjectError, match="There is a dissolve at 01:00:01:20 already"):
            MoveSeam(cut(20), 44, 45).apply(film)
        assert frames(AddSeam(mine(40)).apply(film)) == [20, 40, 50]

    def test_a_seam_moves_over_its_own_place(self, project: MakeProject) -> None:
        dissolve = Seam(40, 50, SeamKind.DISSOLVE)
        moved = MoveSeam(dissolve, 42, 52).apply(project(100, dissolve)).seams[0]
        assert (moved.out_frame, moved.in_frame, moved.kind) == (42, 52, SeamKind.DISSOLVE)
        assert (moved.origin, moved.confidence, moved.id) == (Origin.USER, 1, dissolve.id)

    def test_a_seam_pulled_together_is_a_cut_and_one_pulled_apart_a_dissolve(
        self, project: MakeProject
    ) -> None:
        fade = Seam(40, 50, SeamKind.FADE)
        assert MoveSeam(fade, 44, 45).apply(project(100, fade)).seams[0].kind is SeamKind.CUT
        assert MoveSeam(fade, 44, 46).apply(project(100, fade)).seams[0].kind is SeamKind.FADE
        assert MoveSeam(cut(50), 44, 46).apply(project(100, cut(50))).seams[0].kind is SeamKind.DISSOLVE
        with pytest.raises(ProjectError):
            MoveSeam(cut(50), 46, 46).apply(project(100, cut(50)))

    def test_moving_twice_is_one_decision_about_the_first_place(self, project: MakeProject) -> None:
        film = project(100, cut(50))
        once = MoveSeam(film.seams[0], 54, 55).apply(film)
        twice = MoveSeam(once.seams[0], 59, 60).apply(once)
        assert frames(twice) == [60]
        (decision,) = twice.decisions
        assert decision.before == cut(50)
        gone = DeleteSeam(twice.seams[0]).apply(twice)
        assert frames(gone) == []
        assert frames(gone.with_proposals([cut(50), cut(70)], 100)) == [70]

    def test_adding_and_deleting_leaves_no_decision(self, project: MakeProject) -> None:
        added = AddSeam(mine(30)).apply(project(100))
        assert DeleteSeam(added.seams[0]).apply(added).decisions == ()

    def test_what_was_deleted_can_be_added_again(self, project: MakeProject) -> None:
        film = project(100, cut(50))
        gone = DeleteSeam(film.seams[0]).apply(film)
        again = AddSeam(mine(50)).apply(gone)
        assert frames(again) == [50]
        assert frames(DeleteSeam(again.seams[0]).apply(again)) == []

    def test_film_details(self, project: MakeProject) -> None:
        changed = SetFilmDetails("B002", 50, True).apply(project(100))
        assert (changed.reel, changed.start_frame, changed.drop_frame) == ("B002", 50, True)
        assert changed.timecode(0) == "00:00:02:00"  # 25 frames a second never drop
        assert SetFilmDetails(None, None).apply(changed).timecode(0) == "01:00:00:00"


class TestHistory:
    def test_undo_and_redo(self, project: MakeProject) -> None:
        history = History(project(100, cut(50)))
        assert (history.undo_name, history.redo_name) == (None, None)
        history.do(AddSeam(mine(20)))
        history.do(DeleteSeam(cut(50)))
        assert frames(history.project) == [20]
        assert (history.undo_name, history.redo_name) == ("Delete cut", None)
        assert frames(history.undo()) == [20, 50]
        assert (history.undo_name, history.redo_name) == ("Add cut", "Delete cut")
        assert frames(history.undo()) == [50]
        assert frames(history.redo()) == [20, 50]
        assert frames(history.redo()) == [20]
        assert history.redo_name is None

    def test_there_is_an_end_to_both(self, project: MakeProject) -> None:
        history = History(project(100))
        with pytest.raises(ProjectError, match=r"^There is nothing to undo\.$"):
            history.undo()
        with pytest.raises(ProjectError, match=r"^There is nothing to redo\.$"):
            history.redo()

    def test_a_new_step_forgets_those_undone(self, project: MakeProject) -> None:
        history = History(project(100))
        history.do(AddSeam(mine(20)))
        history.undo()
        history.do(AddSeam(mine(30)))
        assert history.redo_name is None
        assert frames(history.project) == [30]
        assert frames(history.undo()) == []

    def test_an_edit_that_does_not_fit_changes_nothing(self, project: MakeProject) -> None:
        history = History(project(100, cut(50)))
        history.do(AddSeam(mine(20)))
        history.undo()
        before = history.project
        with pytest.raises(ProjectError):
            history.do(AddSeam(mine(50)))
        assert history.project is before
        assert history.redo_name == "Add cut"

    def test_decisions_survive_whatever_the_analysis_finds_later(self, project: MakeProject) -> None:
        base = project(100).without_proposals()
        history = History(base)
        history.do(AddSeam(mine(20)))
        history.rebase(base.with_proposals([cut(10), cut(20), cut(50)], 60))
        assert frames(history.project) == [10, 20, 50]
        assert origins(history.project) == ["analysis", "user", "analysis"]
        history.do(MoveSeam(cut(50), 52, 53))
        history.rebase(base.with_proposals([cut(10), cut(20), cut(50), cut(90)], 100))
        assert frames(history.project) == [10, 20, 53, 90]
        assert frames(history.undo()) == [10, 20, 50, 90]
        assert origins(history.project) == ["analysis", "user", "analysis", "analysis"]
        assert frames(history.undo()) == [10, 20, 50, 90]
        assert origins(history.project) == ["analysis"] * 4
        assert frames(history.redo()) == [10, 20, 50, 90]
        assert frames(history.redo()) == [10, 20, 53, 90]

    def test_undo_works_when_proposals_came_to_lie_on_a_decision(self, project: MakeProject) -> None:
        base = project(100).without_proposals()
        history = History(base)
        history.do(AddSeam(mine(20)))
        history.do(AddSeam(mine(40)))
        history.rebase(base.with_proposals([Seam(10, 45, SeamKind.DISSOLVE)], 100))
        assert frames(history.project) == [20, 40]
        assert frames(history.undo()) == [20]
        assert frames(history.undo()) == [45]
        assert frames(history.redo()) == [20]

    def test_two_hundred_steps_back_and_forth(self, project: MakeProject) -> None:
        history = History(project(1000))
        states = [history.project]
        for frame in range(1, 200):
            edit = DeleteSeam(history.project.seams[0]) if frame % 3 == 0 else AddSeam(mine(frame * 4))
            states.append(history.do(edit))
        for state in reversed(states[:-1]):
            assert history.undo() == state
        for state in states[1:]:
            assert history.redo() == state


class TestConfirming:
    def test_what_is_confirmed_stays_whatever_is_proposed_later(self, project: MakeProject) -> None:
        film = project(100, cut(20), cut(50))
        after = ConfirmSeam(film.seams[1]).apply(film)
        assert frames(after) == [20, 50]
        assert origins(after) == ["analysis", "user"]
        assert [seam.is_confirmed for seam in after.seams] == [False, True]
        assert after.seams[1].id == film.seams[1].id
        assert [seam.in_frame for seam in after.undecided] == [20]
        assert frames(after.with_proposals([], 100)) == [50]
        assert ConfirmSeam(cut(50)).name == "Confirm cut"

    def test_it_is_no_correction(self, project: MakeProject) -> None:
        film = project(100, cut(20), cut(50))
        after = ConfirmSeam(film.seams[1]).apply(film)
        assert after.correction_count == 0
        moved = MoveSeam(after.seams[1], 52, 53).apply(after)
        assert (moved.correction_count, len(moved.decisions)) == (1, 1)
        assert not moved.seams[1].is_confirmed
        assert DeleteSeam(film.seams[0]).apply(after).correction_count == 1
        assert AddSeam(mine(70)).apply(after).correction_count == 1

    def test_deleting_it_afterwards_rejects_the_proposal(self, project: MakeProject) -> None:
        film = project(100, cut(50))
        after = ConfirmSeam(film.seams[0]).apply(film)
        gone = DeleteSeam(after.seams[0]).apply(after)
        assert frames(gone) == []
        assert gone.decisions[0].before == cut(50)

    def test_confirming_what_is_not_proposed_adds_it(self, project: MakeProject) -> None:
        after = ConfirmSeam(cut(50)).apply(project(100, cut(20)))
        assert frames(after) == [20, 50]
        with pytest.raises(ProjectError, match="already"):
            ConfirmSeam(Seam(45, 55, SeamKind.DISSOLVE)).apply(after)

    def test_undo_makes_it_a_proposal_again(self, project: MakeProject) -> None:
        history = History(project(100, cut(50)))
        history.do(ConfirmSeam(cut(50)))
        assert origins(history.undo()) == ["analysis"]
        assert origins(history.redo()) == ["user"]
