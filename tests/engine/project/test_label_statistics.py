"""Shares and runs of labels: counted by hand, at constant and variable rates, and quick."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from seamline.media.film import Film, MediaInfo
from seamline.media.timebase import FrameIndex
from seamline.project.label_statistics import UNLABELLED, UNSURE, LabelRun, counted_shots, label_statistics
from seamline.project.labels import Label, Movement, PublishedMovement, ShotLabels, ShotScale
from seamline.project.types import Project, Seam, ShotNote

RATE = Fraction(25)


def project_of(lengths: list[int], pts: np.ndarray | None = None) -> Project:
    """A project with shots of these lengths in frames; `pts` in hundredths of a second, with the film's end."""
    ends = np.cumsum(lengths)
    frames = int(ends[-1])
    ticks = np.arange(frames + 1) * 4 if pts is None else pts
    index = FrameIndex(ticks[:-1].astype(np.int64), Fraction(1, 100), RATE, np.array([0]), int(ticks[-1]))
    info = MediaInfo(
        Path("film.mp4"), "mov", "h264", "yuv420p", 64, 36, Fraction(1), 0, False, RATE, False, None, None,
        frames / 25, None, 1,
    )  # fmt: skip
    seams = tuple(Seam(int(end) - 1, int(end)) for end in ends[:-1])
    return Project(Film(info, index, "f"), seams, analysed_frames=frames)


def labelled(project: Project, *labels: tuple[ShotScale | None, Movement | None] | None) -> Project:
    """The analysis's labels, shot by shot; None for a shot that it has not looked at."""
    return project.with_labels(
        ShotLabels(shot.start_frame, shot.end_frame, Label(pair[0], 0.8), Label(pair[1], 0.7))
        for shot, pair in zip(project.shots, labels, strict=False)
        if pair is not None
    )


def test_shots_frames_time_and_means_by_hand() -> None:
    project = labelled(
        project_of([50, 100, 25, 75, 50]),
        (ShotScale.MS, Movement.STATIC),
        (ShotScale.LS, Movement.PAN_LEFT),
        (ShotScale.MS, None),
        (None, Movement.TILT_UP),
    )
    found = label_statistics(project)
    assert (found.shot_count, found.is_empty) == (5, False)
    assert [share.value for share in found.scale.classes] == ["ECS", "CS", "MS", "FS", "LS"]
    medium = found.scale.of("MS")
    assert (medium.shots, medium.frames, medium.time_s, medium.mean_s) == (
        2,
        75,
        Fraction(3),
        Fraction(3, 2),
    )
    assert medium.share_of_time_01 == pytest.approx(3 / 12)
    assert found.scale.of("ECS").mean_s is None
    assert (found.scale.unsure.shots, found.scale.unsure.frames) == (1, 75)
    assert found.scale.unsure.share_of_time_01 == pytest.approx(3 / 12)
    assert (found.scale.unlabelled.shots, found.scale.unlabelled.time_s) == (1, Fraction(2))
    assert [share.percent_of_time for share in found.scale.shares] == [0, 0, 25, 0, 33, 25, 17]
    assert found.scale.labelled_percent_of_time == 58
    assert found.scale.labelled_shots == 3
    with pytest.raises(KeyError):
        found.scale.of("XS")


@pytest.mark.parametrize(
    "lengths", [[1, 1, 1], [1, 1, 1, 1, 1, 1, 1], [999, 1, 1, 1], [1], [5, 90, 7, 31, 400]]
)
def test_whole_percents_sum_to_a_hundred_and_are_near_the_shares(lengths: list[int]) -> None:
    scales = [*ShotScale, None]
    pairs = [(scales[n], None) if n < len(scales) else None for n in range(len(lengths))]
    found = label_statistics(labelled(project_of(lengths), *pairs))
    for kind in (found.scale, found.movement, found.published):
        assert sum(share.percent_of_time for share in kind.shares) == 100
        assert all(abs(share.percent_of_time - 100 * share.share_of_time_01) < 1 for share in kind.shares)
        assert sum(share.share_of_time_01 for share in kind.shares) == pytest.approx(1)


def test_the_published_percents_are_sums_of_the_finer_ones() -> None:
    movements = [
        Movement.STATIC,
        Movement.PAN_LEFT,
        Movement.PAN_RIGHT,
        Movement.TILT_UP,
        Movement.PUSH,
        None,
    ]
    found = label_statistics(labelled(project_of([1] * 6), *((None, each) for each in movements)))
    finer = {share.value: share.percent_of_time for share in found.movement.shares}
    published = {share.value: share.percent_of_time for share in found.published.shares}
    assert published["Static"] == finer["static"]
    assert published["Motion"] == finer["pan-left"] + finer["pan-right"] + finer["tilt-up"]
    assert published[UNSURE] == finer[UNSURE]


def test_of_a_film_analysed_in_part_the_open_shot_is_not_counted() -> None:
    project = labelled(project_of([50, 50, 100]), (ShotScale.MS, None), (ShotScale.LS, None))
    project = replace(project, analysed_frames=150)
    found = label_statistics(project)
    assert [shot.number for shot in counted_shots(project)] == [1, 2]
    assert (found.shot_count, found.analysed_01) == (2, 0.75)
    assert found.scale.bounds == (0, 50, 100)
    assert found.scale.runs == (LabelRun(0, 50, "MS"), LabelRun(50, 100, "LS"))
    assert found.scale.unlabelled.shots == 0
    assert [found.scale.of(scale).percent_of_time for scale in ("MS", "LS")] == [50, 50]
    assert found.scale.of("LS").time_s == 2
    assert label_statistics(replace(project, analysed_frames=99)).shot_count == 1
    assert label_statistics(replace(project, analysed_frames=200)).shot_count == 3


def test_where_no_shot_is_finished_nothing_is_counted() -> None:
    found = label_statistics(replace(project_of([50, 50]), analysed_frames=10))
    assert (found.shot_count, found.is_empty, found.scale.runs, found.scale.bounds) == (0, True, (), (0,))
    assert [share.percent_of_time for share in found.published.shares] == [0] * 6


def test_the_published_classes_are_sums_of_the_finer_ones() -> None:
    project = project_of([10] * (len(Movement) + 1))
    project = labelled(project, *((None, movement) for movement in Movement))
    found = label_statistics(project)
    assert [share.shots for share in found.movement.classes] == [1] * len(Movement)
    assert {share.value: share.shots for share in found.published.classes} == {
        "Static": 1,
        "Motion": len(Movement) - 3,
        "Push": 1,
        "Pull": 1,
    }
    assert [share.value for share in found.published.classes] == [each.value for each in PublishedMovement]
    assert found.published.unlabelled.shots == found.movement.unlabelled.shots == 1
    # what falls into one class is one run
    assert len(found.movement.runs) == len(Movement) + 1
    assert len(found.published.runs) < len(found.movement.runs)


def test_runs_cover_the_film_and_join_what_is_equal() -> None:
    project = labelled(
        project_of([50, 50, 50, 50]),
        (ShotScale.MS, None),
        (ShotScale.MS, None),
        (None, None),
    )
    found = label_statistics(project)
    assert found.scale.runs == (
        LabelRun(0, 100, "MS"),
        LabelRun(100, 150, UNSURE),
        LabelRun(150, 200, UNLABELLED),
    )
    assert found.movement.runs == (LabelRun(0, 150, UNSURE), LabelRun(150, 200, UNLABELLED))


def test_the_editors_word_comes_first() -> None:
    project = labelled(project_of([50, 50]), (ShotScale.MS, Movement.STATIC))
    project = replace(project, notes=(ShotNote(5, scale=ShotScale.CS), ShotNote(60, movement=Movement.PUSH)))
    found = label_statistics(project)
    assert [run.value for run in found.scale.runs] == ["CS", UNLABELLED]
    assert [run.value for run in found.movement.runs] == ["static", "push"]


def test_time_at_a_variable_rate_is_the_frames_own() -> None:
    pts = np.array([0, 1, 2, 3, 103])  # the last frame stands for a second
    project = labelled(project_of([2, 2], pts), (ShotScale.CS, None), (ShotScale.LS, None))
    found = label_statistics(project).scale
    assert found.of("CS").time_s == Fraction(2, 100)
    assert found.of("LS").time_s == Fraction(101, 100)
    assert found.of("LS").share_of_time_01 == pytest.approx(101 / 103)


def test_a_film_without_labels_is_empty() -> None:
    found = label_statistics(project_of([10, 20]))
    assert found.is_empty
    assert found.scale.runs == (LabelRun(0, 30, UNLABELLED),)
    assert all(share.share_of_time_01 == 0 for share in found.scale.classes)
    assert found.scale.unlabelled.share_of_time_01 == 1
    assert not label_statistics(labelled(project_of([10]), (None, None))).is_empty


@pytest.mark.timed
def test_six_thousand_shots_take_no_time_to_speak_of() -> None:
    project = project_of([24] * 6000)
    scales, movements = list(ShotScale), list(Movement)
    project = labelled(project, *((scales[n % 5], movements[n % 10]) for n in range(6000)))
    label_statistics(project)  # what the project itself derives once
    took_s = []
    for _ in range(3):
        start = time.perf_counter()
        assert len(label_statistics(project).scale.runs) == 6000
        took_s.append(time.perf_counter() - start)
    assert min(took_s) < 0.5  # some 30 ms; the machine may be busy
