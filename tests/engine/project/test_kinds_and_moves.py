"""Changing what a seam is, moving several together, going back to any step, and the threshold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from seamline.errors import ProjectError
from seamline.project.edit_records import edit_of, record_of
from seamline.project.edits import AddSeam, SetThreshold, changed_kind, moved_together
from seamline.project.file import ProjectFile
from seamline.project.history import History
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]
CUT, DISSOLVE, FADE, WIPE = SeamKind.CUT, SeamKind.DISSOLVE, SeamKind.FADE, SeamKind.WIPE


def cut(frame: int, origin: Origin = Origin.ANALYSIS) -> Seam:
    return Seam(frame - 1, frame, origin=origin)


def places(project: Project) -> list[tuple[str, int, int]]:
    return [(str(seam.kind), seam.out_frame, seam.in_frame) for seam in project.seams]


class TestKinds:
    def test_a_gradual_seam_keeps_its_frames_or_is_cut_in_its_middle(self, project: MakeProject) -> None:
        film = project(100, Seam(40, 51, DISSOLVE, 0.6))
        seam = film.seams[0]
        assert places(changed_kind(film, seam, FADE).apply(film)) == [("fade", 40, 51)]
        assert places(changed_kind(film, seam, CUT).apply(film)) == [("cut", 45, 46)]

    def test_a_cut_that_was_gradual_gets_its_frames_back(self, project: MakeProject) -> None:
        film = project(100, Seam(40, 51, DISSOLVE, 0.6))
        film = changed_kind(film, film.seams[0], CUT).apply(film)
        film = changed_kind(film, film.seams[0], WIPE).apply(film)
        assert places(film) == [("wipe", 40, 51)]
        assert film.seams[0].origin is Origin.USER
        assert len(film.decisions) == 1

    def test_a_cut_opens_to_both_sides_as_far_as_there_is_room(self, project: MakeProject) -> None:
        film = project(100, cut(50))
        assert places(changed_kind(film, film.seams[0], DISSOLVE).apply(film)) == [("dissolve", 43, 56)]
        film = project(100, cut(47), cut(50), cut(52))
        assert places(changed_kind(film, film.seams[1], DISSOLVE).apply(film))[1] == ("dissolve", 47, 51)
        film = project(100, cut(49), cut(50), cut(51))
        with pytest.raises(ProjectError, match="no room for a dissolve at 01:00:02:00"):
            changed_kind(film, film.seams[1], DISSOLVE)
        film = project(100, cut(2))
        assert places(changed_kind(film, film.seams[0], FADE).apply(film)) == [("fade", 0, 8)]

    def test_it_says_what_it_does_and_can_be_stored(self, project: MakeProject) -> None:
        film = project(100, cut(50))
        edit = changed_kind(film, film.seams[0], DISSOLVE)
        assert edit.name == "Change cut to dissolve"
        assert edit_of(json.loads(json.dumps(record_of(edit)))) == edit


class TestMovingTogether:
    @pytest.mark.parametrize("by_frames", [-3, -1, 1, 3])
    def test_neighbours_do_not_run_into_each_other(self, project: MakeProject, by_frames: int) -> None:
        film = project(100, cut(20), cut(21), cut(22), cut(60))
        history = History(film)
        moved = history.do(moved_together(film, film.seams[:3], by_frames))
        assert [seam.in_frame for seam in moved.seams] == [*(f + by_frames for f in (20, 21, 22)), 60]
        assert history.undo_name == "Move 3 seams"
        assert places(history.undo()) == places(film)
        assert places(history.redo()) == places(moved)

    @pytest.mark.parametrize(("which", "by_frames"), [((0, 1), 1), ((2,), -1), ((0,), -20), ((2,), 40)])
    def test_what_has_no_room_is_refused(
        self, project: MakeProject, which: tuple[int, ...], by_frames: int
    ) -> None:
        film = project(100, cut(20), cut(59), cut(60))
        with pytest.raises(ProjectError):
            moved_together(film, [film.seams[at] for at in which], by_frames)


class TestSteps:
    def test_any_step_can_be_gone_to(
        self, project: MakeProject, reopened: Callable[[Project, Path], ProjectFile], tmp_path: Path
    ) -> None:
        base = project(100)
        file = reopened(base, tmp_path)
        steps = [AddSeam(cut(frame, Origin.USER)) for frame in (10, 20, 30)]
        states = [file.project, *(file.do(step) for step in steps)]
        for done in (1, 3, 0, 2):
            assert file.go_to(done) == states[done]
            assert reopened(base, tmp_path).project == states[done]
            file = reopened(base, tmp_path)
        for done in (-1, 4):
            with pytest.raises(ProjectError, match="3 steps"):
                file.go_to(done)
        assert file.project == states[2]


class TestThreshold:
    def test_it_is_a_step_that_is_stored(
        self, project: MakeProject, reopened: Callable[[Project, Path], ProjectFile], tmp_path: Path
    ) -> None:
        base = project(100)
        file = reopened(base, tmp_path)
        assert file.project.threshold == 0.5
        file.do(SetThreshold(0.3))
        file.do(AddSeam(cut(30, Origin.USER)))
        file = reopened(base, tmp_path)
        assert file.project.threshold == 0.3
        file.undo()
        assert file.project.threshold == 0.3
        file.undo()
        assert file.project.threshold == 0.5
        assert file.redo().threshold == 0.3

    @pytest.mark.parametrize("stored", ["much", True, None, -1, 0.01, 7, [0.3]])
    def test_one_that_makes_no_sense_is_not_read(self, stored: object) -> None:
        with pytest.raises((ValueError, TypeError)):
            edit_of({"do": "SetThreshold", "threshold": stored})

    def test_one_out_of_its_range_is_refused(self, project: MakeProject) -> None:
        with pytest.raises(ProjectError, match="between"):
            SetThreshold(0.99).apply(project(100))
