"""What a cut list makes of a film's seams: confirmed, moved, added, and nothing taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from seamline.exchange.edl import EdlOptions, write_edl
from seamline.exchange.import_seams import ImportPlan, plan_import
from seamline.exchange.lists import read_list
from seamline.project.edits import AddSeam
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]
CUTS = [40, 93, 161, 207, 288, 340, 451, 502, 633, 700, 781, 868]


def cuts(frames: Sequence[int]) -> list[Seam]:
    return [Seam(frame - 1, frame, confidence=0.7) for frame in frames]


@pytest.fixture
def planned(make_project: MakeProject, tmp_path: Path) -> Callable[..., tuple[ImportPlan, Project]]:
    """`planned(project, listed)`: the plan for a list of these seams, and the project after it."""

    def plan(project: Project, listed: Sequence[Seam]) -> tuple[ImportPlan, Project]:
        path = tmp_path / "list.edl"
        other = make_project(list(listed), frames=project.film.frame_count)
        path.write_text(write_edl(other, EdlOptions(transitions=True)), newline="")
        made = plan_import(read_list(path, rate=project.film.rate), project)
        return made, made.edit.apply(project)

    return plan


def places(project: Project) -> list[tuple[int, int]]:
    return [(seam.out_frame + 1, seam.in_frame) for seam in project.seams]


def test_what_agrees_is_confirmed_what_moved_is_moved_what_is_new_is_added(
    make_project: MakeProject, planned: Callable[..., tuple[ImportPlan, Project]]
) -> None:
    project = make_project(cuts(CUTS), frames=1000)
    listed = [40, 93, 161, 288, 343, 451, 502, 560, 633, 700, 781, 868]  # without 207, 340 later, 560 new
    plan, after = planned(project, cuts(listed))
    assert (plan.confirmed, plan.moved, plan.added, plan.no_room) == (10, 1, 1, 0)
    assert [frame for frame, _ in places(after)] == sorted({*listed, 207})
    assert [seam.origin for seam in after.seams].count(Origin.ANALYSIS) == 1
    again, _ = planned(after, cuts(listed))
    assert again.edit.steps == ()


def test_neighbours_move_into_each_others_places(
    make_project: MakeProject, planned: Callable[..., tuple[ImportPlan, Project]]
) -> None:
    crowd = [550, 551, 552, 553]
    project = make_project(cuts([*CUTS, *crowd]), frames=1000)
    for by in (1, -1):
        plan, after = planned(project, cuts([*CUTS, *(frame + by for frame in crowd)]))
        assert plan.no_room == 0
        assert {frame for frame, _ in places(after)} >= {frame + by for frame in crowd}


def test_gradual_seams_keep_their_frames_where_the_list_has_a_cut(
    make_project: MakeProject, planned: Callable[..., tuple[ImportPlan, Project]]
) -> None:
    dissolve = Seam(549, 562, SeamKind.DISSOLVE)
    project = make_project([*cuts(CUTS), dissolve], frames=1000)
    plan, after = planned(project, cuts([*CUTS, 556]))
    assert (plan.moved, plan.added) == (0, 0)
    assert (550, 562) in places(after)
    # and one that the film does not have comes with its frames
    plan, after = planned(make_project(cuts(CUTS), frames=1000), [*cuts(CUTS), dissolve])
    assert plan.added == 1
    assert [seam for seam in after.seams if seam.kind is SeamKind.DISSOLVE and seam.in_frame == 562]


def test_a_list_of_thousands_against_a_project_with_decisions(
    make_project: MakeProject, planned: Callable[..., tuple[ImportPlan, Project]]
) -> None:
    places_of = np.cumsum(np.random.default_rng(3).integers(20, 60, 2000))
    project = make_project(cuts(places_of[::2].tolist()), frames=int(places_of[-1]) + 50)
    project = AddSeam(Seam(int(places_of[1]) - 1, int(places_of[1]), origin=Origin.USER)).apply(project)
    plan, after = planned(project, cuts(places_of.tolist()))
    assert plan.confirmed + plan.moved + plan.added + plan.no_room == 1999
    assert len(after.seams) == 2000 - plan.no_room
    assert plan.no_room == 0
