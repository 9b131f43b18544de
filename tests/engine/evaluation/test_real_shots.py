"""The list of real shots: what a good line says, what a bad one is told, and that ours is whole."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest

from seamline.errors import ExchangeError
from seamline.evaluation.real_shots import LIST, RealShot, find_clips, read_real_shots
from seamline.project.labels import Movement, PublishedMovement, ShotScale

HEADER = "clip,first_frame,last_frame,scale,movement,doubt,scale_2,movement_2,caption\n"


def written(folder: Path, lines: str) -> Path:
    path = folder / "list.csv"
    path.write_text(lines, encoding="utf-8")
    return path


def test_a_line_is_a_shot_that_ends_behind_its_last_frame(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + 'a.mp4,10,19,CS,push,1,MS,,"a hand, near"\na.mp4,20,29,,,0,,,a title\n')
    shot, title = read_real_shots(path)
    assert (shot.clip, shot.start_frame, shot.end_frame, shot.caption) == ("a.mp4", 10, 20, "a hand, near")
    assert shot.scales == (ShotScale.CS, ShotScale.MS)
    assert shot.movements == (Movement.PUSH,)
    assert (title.scales, title.movements) == ((), ())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a.mp4,10,9,CS,push,0,,,", "line 2: a shot needs 0 <= first frame <= last frame, not 10 and 9"),
        ("a.mp4,ten,19,CS,push,0,,,", "line 2: first_frame is a whole number, not “ten”"),
        ("a.mp4,10,19,XL,push,0,,,", "line 2: scale is one of ECS, CS, MS, FS, LS, not “XL”"),
        ("a.mp4,10,19,CS,pan,0,,,", "line 2: movement is one of static, pan-left"),
        (",10,19,CS,push,0,,,", "line 2: a shot needs its clip's name"),
        ("a.mp4,10,19,,push,0,MS,,", "line 2: a second answer, “MS”, needs another first one, not “”"),
        (
            "a.mp4,10,19,CS,push,0,,push,",
            "line 2: a second answer, “push”, needs another first one, not “push”",
        ),
    ],
)
def test_a_bad_line_is_told_by_number(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(ExchangeError, match=told):
        read_real_shots(written(tmp_path, HEADER + line + "\n"))


def test_a_list_without_its_columns_or_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="lacks the columns scale, movement"):
        read_real_shots(written(tmp_path, "clip,first_frame,last_frame\n"))
    with pytest.raises(ExchangeError, match="cannot be read"):
        read_real_shots(tmp_path / "none.csv")


def test_clips_are_found_by_name_in_folders_below_the_first_by_path(tmp_path: Path) -> None:
    for name in ("b/film.mp4", "a/film.mp4", "other.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    shots = [RealShot("film.mp4", 0, 10), RealShot("film.mp4", 10, 20), RealShot("lost.mp4", 0, 10)]
    assert find_clips(tmp_path, shots) == {"film.mp4": tmp_path / "a" / "film.mp4"}


def test_our_list_names_every_scale_and_movement_and_no_frame_twice() -> None:
    shots = read_real_shots()
    assert len(shots) >= 110
    assert {shot.scale for shot in shots} == {*ShotScale, None}
    assert {shot.movement for shot in shots} == {*Movement, None}
    assert {shot.movement.published for shot in shots if shot.movement} == set(PublishedMovement)
    for before, after in pairwise(sorted(shots, key=lambda shot: (shot.clip, shot.start_frame))):
        assert before.clip != after.clip or before.end_frame <= after.start_frame
    # the labels of titles are both empty, and everything has a caption
    assert all((shot.scale is None) == (shot.movement is None) for shot in shots)
    assert all(shot.caption for shot in shots)


def test_our_list_marks_as_doubtful_what_has_a_second_answer() -> None:
    with LIST.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert (row["doubt"] == "1") == bool(row["scale_2"] or row["movement_2"]), row
