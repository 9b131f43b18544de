"""The order of the shot list, and the steps by which one order of rows becomes another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from seamline.project.types import Origin, Project, Shot
from seamline_widgets.shot_filter import shot_length
from seamline_widgets.shot_labels import LabelKind, label_of, label_rank
from seamline_widgets.shot_texts import Column


def sorted_shots(shots: Iterable[Shot], project: Project, column: Column, *, descending: bool) -> list[Shot]:
    """`shots`, which come by their numbers, in the order of what that column says.

    Shots of which the column says nothing come last either way, those with a label that is unsure just before them;
    equal ones keep the order of their numbers.
    """
    shots = list(shots)
    if column in (Column.NUMBER, Column.THUMBNAIL, Column.START, Column.END):
        return shots[::-1] if descending else shots
    key = _KEYS[column]
    said: list[tuple[Any, Shot]] = []
    silent: list[Shot] = []
    for shot in shots:
        value = key(shot, project)
        if value is None:
            silent.append(shot)
        else:
            said.append((value, shot))
    said.sort(key=lambda pair: pair[0], reverse=descending)
    if kind := _LABELS.get(column):
        silent.sort(key=lambda shot: label_of(project.labels_of(shot), kind) is None)
    return [shot for _, shot in said] + silent


def runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last of each run of neighbours in ascending `rows`."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = found[-1][0], row
        else:
            found.append((row, row))
    return found


def _by_name(shot: Shot, project: Project) -> str | None:
    return project.note_of(shot).name.casefold() or None


def _by_comment(shot: Shot, project: Project) -> str | None:
    return project.note_of(shot).comment.casefold() or None


def _by_seam(shot: Shot, _: Project) -> tuple[bool, float, str] | None:
    seam = shot.seam
    return None if seam is None else (seam.origin is Origin.USER, seam.confidence, seam.kind)


def _by_scale(shot: Shot, project: Project) -> int | None:
    return label_rank(project.labels_of(shot).scale, "scale")


def _by_movement(shot: Shot, project: Project) -> int | None:
    return label_rank(project.labels_of(shot).movement, "movement")


_LABELS: dict[Column, LabelKind] = {Column.SCALE: "scale", Column.MOVEMENT: "movement"}
_KEYS: dict[Column, Callable[[Shot, Project], Any]] = {
    Column.NAME: _by_name,
    Column.LENGTH: shot_length,
    Column.SCALE: _by_scale,
    Column.MOVEMENT: _by_movement,
    Column.SEAM: _by_seam,
    Column.COMMENT: _by_comment,
}
