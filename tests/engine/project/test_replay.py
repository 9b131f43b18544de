"""Steps done again all at once decide what they decided one after the other."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from seamline.errors import ProjectError
from seamline.project.edits import (
    AddSeam,
    ChangeKind,
    ConfirmSeam,
    DeleteSeam,
    Edit,
    MoveSeam,
    SetFilmDetails,
    note_shots,
)
from seamline.project.replay import Replay
from seamline.project.types import Origin, Project, Seam, SeamKind


def _some_edit(project: Project, fate: random.Random) -> Edit:
    at = fate.randrange(57)
    length = fate.choice((1, 1, 1, 4))
    fresh = Seam(at, at + length, SeamKind.CUT if length == 1 else SeamKind.FADE, 0.5)
    own = fate.choice(project.seams) if project.seams and fate.random() < 0.7 else fresh
    match fate.randrange(8):
        case 0:
            return AddSeam(Seam(at, at + 1, origin=Origin.USER))
        case 1:
            return DeleteSeam(own)
        case 2:
            return ConfirmSeam(own)
        case 3:
            return MoveSeam(own, at, at + length)
        case 4:
            return ChangeKind(own, SeamKind.CUT if length == 1 else SeamKind.WIPE, at, at + length)
        case 5 | 6:
            some = fate.sample(project.shots, k=min(2, len(project.shots)))
            return note_shots(project, some, comment=fate.choice(("", "dark", "blurred")), name=f"N{at}")
        case _:
            return SetFilmDetails(f"R{at}", at, None)


@pytest.mark.parametrize("seed", range(20))
def test_both_ways_decide_the_same(project: Callable[..., Project], seed: int) -> None:
    fate = random.Random(seed)
    one_by_one = project(62)
    replay = Replay(one_by_one)
    refused = 0
    for _ in range(200):
        edit = _some_edit(one_by_one, fate)
        try:
            one_by_one = edit.apply(one_by_one)
        except ProjectError:
            refused += 1
            with pytest.raises(ProjectError):
                replay.apply(edit)
        else:
            replay.apply(edit)
        assert replay.project.decisions == one_by_one.decisions
        assert replay.project.notes == one_by_one.notes
        assert (replay.project.reel, replay.project.start_frame) == (one_by_one.reel, one_by_one.start_frame)
    assert 0 < refused < 190
