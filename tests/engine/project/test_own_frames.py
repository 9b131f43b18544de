"""The frames that are wholly a shot's own lie between the ends of gradual seams, never in one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from seamline.errors import ProjectError
from seamline.project.edits import MoveSeam
from seamline.project.own_frames import own_parts, own_runs, shot_at
from seamline.project.types import Project, Seam, SeamKind

MakeProject = Callable[..., Project]

CUT = Seam(99, 100)
FADE = Seam(199, 240, SeamKind.FADE)
DISSOLVE = Seam(399, 412, SeamKind.DISSOLVE)


def test_a_shot_ends_where_a_gradual_seam_begins_and_begins_where_one_ends(project: MakeProject) -> None:
    film = project(500, CUT, FADE, DISSOLVE)
    assert [shot.range for shot in film.shots] == [(0, 100), (100, 220), (220, 406), (406, 500)]
    assert own_parts(film) == ((0, 100), (100, 200), (240, 400), (412, 500))


def test_without_seams_all_of_the_film_is_one_shot(project: MakeProject) -> None:
    assert own_parts(project(50)) == ((0, 50),)


def test_a_shot_between_two_gradual_seams_may_have_nothing_of_its_own(project: MakeProject) -> None:
    film = project(200, Seam(40, 80, SeamKind.FADE), Seam(79, 121, SeamKind.FADE))
    assert own_parts(film) == ((0, 41), (60, 60), (121, 200))
    film = project(200, Seam(40, 80, SeamKind.FADE), Seam(80, 121, SeamKind.FADE))
    assert own_parts(film)[1] == (80, 81)


def test_a_seam_whose_ends_are_moved_leaves_other_frames(project: MakeProject) -> None:
    film = project(500, FADE)
    assert own_parts(MoveSeam(FADE, 189, 250).apply(film)) == ((0, 190), (250, 500))


def test_a_range_that_is_no_shot_is_divided_by_the_gradual_seams_in_it() -> None:
    seams = [CUT, FADE, DISSOLVE]
    assert own_runs(seams, 0, 500) == [(0, 200), (240, 400), (412, 500)]
    assert own_runs(seams, 210, 405) == [(240, 400)]
    assert own_runs(seams, 200, 240) == []
    assert own_runs(seams, 240, 400) == [(240, 400)]
    assert own_runs(seams, 120, 201) == [(120, 200)]
    assert own_runs([], 3, 9) == [(3, 9)]


def test_a_frame_in_a_gradual_seam_is_of_no_shot(project: MakeProject) -> None:
    film = project(500, CUT, FADE)
    assert shot_at(film, 99) == ((0, 100), (0, 100))
    assert shot_at(film, 199) == ((100, 220), (100, 200))
    assert shot_at(film, 240) == ((220, 500), (240, 500))
    for frame in (200, 219, 220, 239):
        with pytest.raises(ProjectError, match=r"in a fade.* up to 01:00:07:24, or from 01:00:09:15 on"):
            shot_at(film, frame)
    with pytest.raises(ProjectError, match="no frame 500"):
        shot_at(film, 500)
