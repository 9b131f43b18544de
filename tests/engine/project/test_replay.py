"""Steps done again all at once decide what they decided one after the other."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import pytest

from seamline.errors import ProjectError
from seamline.project.edits import (
    AddSeam,
    ChangeKind,
    ConfirmSeam,
    DeleteSeam,
    Edit,
    MoveSeam,
    SeamEdit,
    SeamSteps,
    SetFilmDetails,
    note_shots,
)
from seamline.project.history import History
from seamline.project.replay import Replay
from seamline.project.types import Origin, Project, Seam, SeamKind


def _some_edit(project: Project, fate: random.Random) -> Edit:
    at = fate.randrange(57)
    length = fate.choice((1, 1, 1, 4))
    fresh = Seam(at, at + length, SeamKind.CUT if length == 1 else SeamKind.FADE, 0.5)
    own = fate.choice(project.seams) if project.seams and fate.random() < 0.7 else fresh
    match fate.randrange(9):
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
        case 5:
            steps = [_some_edit(project, fate) for _ in range(fate.choice((2, 2, 5)))]
            return SeamSteps(tuple(step for step in steps if isinstance(step, SeamEdit)))
        case 6 | 7:
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


def _mine(frame: int) -> Seam:
    return Seam(frame - 1, frame, origin=Origin.USER)


def _in_turn(seam: Seam, steps: int) -> list[Edit]:
    return [SeamSteps(((DeleteSeam if at % 2 else AddSeam)(seam),)) for at in range(steps)]


_IMPORT = SeamSteps(tuple(AddSeam(_mine(frame)) for frame in range(50, 250_050, 50)))
_LONG = AddSeam(Seam(1, 3_999_990, SeamKind.DISSOLVE, origin=Origin.USER))
_MISFIT = SeamSteps((AddSeam(_mine(7)), AddSeam(_mine(50))))


@pytest.mark.parametrize(
    ("film_frames", "first", "steps"),
    [(260_000, _IMPORT, 1000), (260_000, _IMPORT, 8000), (4_000_000, _LONG, 8000)],
    ids=["an import", "an import, many steps", "a seam of 4,000,000 frames"],
)
def test_steps_cost_the_same_whatever_was_decided_before(
    project: Callable[..., Project], film_frames: int, first: Edit, steps: int
) -> None:
    history = History(project(film_frames))
    edits: Sequence[Edit] = [first, *_in_turn(_mine(film_frames - 1), steps)]
    started = time.thread_time()
    assert history.load(edits, len(edits)) == len(edits)
    history.undo()
    # hundredths of a second; minutes when each step copied what had been decided, frame by frame
    assert time.thread_time() - started < 2


def test_a_step_that_does_not_fit_is_taken_back_whole(project: Callable[..., Project]) -> None:
    replay = Replay(project(260_000))
    replay.apply(_IMPORT)
    before = replay.project
    with pytest.raises(ProjectError):
        replay.apply(_MISFIT)
    assert replay.project == before
    replay.apply(AddSeam(_mine(7)))


def test_a_seam_can_be_there_once_only(project: Callable[..., Project]) -> None:
    seam = _mine(20)
    film = MoveSeam(seam, 29, 30).apply(AddSeam(seam).apply(project(100)))
    with pytest.raises(ProjectError, match="already"):
        AddSeam(seam).apply(film)
    with pytest.raises(ProjectError, match="already"):
        Replay(film).apply(AddSeam(seam))
