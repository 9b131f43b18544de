"""Changing what a seam is, moving several together, going back to any step, and the threshold."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from seamline.errors import ProjectError
from seamline.project.edit_records import edit_of, record_of
from seamline.project.edits import AddSeam, ChangeKind, SetThreshold, changed_kinds, moved_together
from seamline.project.file import ProjectFile
from seamline.project.history import History
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]
CUT, DISSOLVE, FADE, WIPE = SeamKind.CUT, SeamKind.DISSOLVE, SeamKind.FADE, SeamKind.WIPE


def cut(frame: int, origin: Origin = Origin.ANALYSIS) -> Seam:
    return Seam(frame - 1, frame, origin=origin)


def changed_kind(project: Project, seam: Seam, kind: SeamKind) -> ChangeKind:
    (step,) = changed_kinds(project, (seam,), kind).steps
    assert isinstance(step, ChangeKind)
    return step


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
        assert places(changed_kind(film, film.seams[1], DISSOLVE).apply(film))[1] == ("dissolve", 48, 51)
        film = project(100, cut(49), cut(50), cut(51))
        with pytest.raises(ProjectError, match="no room for a dissolve at 01:00:02:00"):
            changed_kind(film, film.seams[1], DISSOLVE)
        film = project(100, cut(2))
        assert places(changed_kind(film, film.seams[0], FADE).apply(film)) == [("fade", 0, 3)]

    def test_it_says_what_it_does_and_can_be_stored(self, project: MakeProject) -> None:
        film = project(100, cut(50))
        edit = changed_kind(film, film.seams[0], DISSOLVE)
        assert edit.name == "Change cut to dissolve"
        assert edit_of(json.loads(json.dumps(record_of(edit)))) == edit

    @pytest.mark.parametrize("neighbours", [(), (44,), (52, 60), (47, 52)])
    def test_a_cut_that_went_through_all_kinds_lies_where_it_lay(
        self, project: MakeProject, neighbours: tuple[int, ...]
    ) -> None:
        film = project(100, cut(50), *map(cut, neighbours))
        before = places(film)
        for kind in (DISSOLVE, FADE, WIPE, CUT):
            at = next(seam for seam in film.seams if seam.cut_frame == 50)
            film = changed_kind(film, at, kind).apply(film)
        assert places(film) == before


class TestKindsTogether:
    def test_cuts_that_would_open_into_each_other_share_the_frames(self, project: MakeProject) -> None:
        film = project(1000, cut(100), cut(106))
        history = History(film)
        edit = changed_kinds(film, film.seams, DISSOLVE)
        assert edit.name == "Change 2 seams to dissolve"
        assert places(history.do(edit)) == [("dissolve", 97, 102), ("dissolve", 102, 109)]
        assert places(history.undo()) == places(film)

    def test_dissolves_made_cuts_get_their_frames_back_together(self, project: MakeProject) -> None:
        film = project(1000, Seam(40, 51, DISSOLVE, 0.6), Seam(51, 90, FADE, 0.6), Seam(95, 98, WIPE, 0.5))
        cuts = changed_kinds(film, film.seams, CUT).apply(film)
        assert {kind for kind, _, _ in places(cuts)} == {"cut"}
        again = changed_kinds(cuts, cuts.seams[::-1], DISSOLVE).apply(cuts)
        assert places(again) == [("dissolve", 40, 51), ("dissolve", 51, 90), ("dissolve", 95, 98)]

    @pytest.mark.parametrize("seed", range(40))
    def test_whatever_can_be_changed_one_by_one_can_be_together(
        self, project: MakeProject, seed: int
    ) -> None:
        fate = random.Random(seed)
        film = project(80, *map(cut, sorted(fate.sample(range(1, 79), 3 + seed % 12))))
        alone = []
        for seam in film.seams:
            try:
                alone.append(changed_kind(film, seam, WIPE))
            except ProjectError:
                continue
        chosen = [step.seam for step in alone]
        edit = changed_kinds(film, chosen, WIPE)
        changed = edit.apply(film)
        assert len(changed.seams) == len(film.seams)
        spans = [(seam.out_frame, seam.in_frame) for seam in changed.seams]
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
        # in any order, one by one
        for _ in range(10):
            now = film
            for seam in fate.sample(chosen, len(chosen)):
                with contextlib.suppress(ProjectError):
                    now = changed_kind(now, seam, WIPE).apply(now)
            assert sum(seam.kind is WIPE for seam in now.seams) <= len(edit.steps)

    def test_what_has_no_room_is_left_as_it_is(self, project: MakeProject) -> None:
        film = project(100, cut(49), cut(50), cut(51), Seam(60, 70, FADE))
        assert [(k, a, b) for k, a, b in places(changed_kinds(film, film.seams, FADE).apply(film))] == [
            ("fade", 42, 49),
            ("cut", 49, 50),
            ("fade", 50, 57),
            ("fade", 60, 70),
        ]
        for seams in (film.seams[1:2], film.seams[3:]):
            with pytest.raises(ProjectError, match="There is no"):
                changed_kinds(film, seams, FADE)

    def test_thousands_take_no_time(self, project: MakeProject) -> None:
        film = project(260_000, *map(cut, range(50, 250_050, 50)))
        started = time.thread_time()
        assert len(changed_kinds(film, film.seams, DISSOLVE).steps) == 5000
        assert len(moved_together(film, film.seams, 1).steps) == 5000
        assert time.thread_time() - started < 2  # it took twenty when each one went through all


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
