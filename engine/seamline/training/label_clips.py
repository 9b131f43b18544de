"""Labelled shots as a table names them, and how they are divided into those to learn from and those to be tested by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ExchangeError
from seamline.exchange.csv_rows import read_rows
from seamline.models.videomae_classes import MOVEMENTS, SCALES
from seamline.project.labels import Movement, PublishedMovement, ShotScale

COLUMNS = ("film", "start_frame", "end_frame", "scale", "movement")
TESTED_SHARE = 0.25
"""Of the shots, as nearly as whole films allow."""
_MOST_TESTED_SHARE = 0.5
_ORDERS = 6
"""Enough to come near, and few enough for another seed to give other films."""
_MOST_MIB = 64
_MOST_FRAME = 2**31

_SCALES = {str(scale).lower(): scale for scale in ShotScale}
_MOVEMENTS = {str(movement): movement.published for movement in Movement} | {
    str(movement).lower(): movement for movement in PublishedMovement
}


@dataclass(frozen=True, slots=True)
class LabelledClip:
    """The shot [start_frame, end_frame) of a film, with what a person has said of it; `line` is the table's."""

    film: Path
    start_frame: int
    end_frame: int
    scale: ShotScale | None
    movement: PublishedMovement | None
    line: int


def read_clips(path: Path) -> tuple[LabelledClip, ...]:
    """The labelled shots of a table, in its order; films without a folder are looked for beside it.

    Raises ExchangeError, with the line's number where one line is at fault.
    """

    def check(columns: Sequence[str]) -> None:
        missing = [column for column in COLUMNS if column not in columns]
        if missing:
            raise ExchangeError(
                f"“{path}” has no column {missing[0]}: its first line must name {','.join(COLUMNS)}."
            )

    clips = read_rows(path, check, _clip, most_mib=_MOST_MIB)
    if not clips:
        raise ExchangeError(f"“{path}” holds no shots: write one line for each.")
    return clips


def at_fault(path: Path, line: int, fault: str) -> ExchangeError:
    """The error that names a line of the table."""
    return ExchangeError(f"“{path}”, line {line}: {fault}. Correct that line.")


def _clip(row: Mapping[str, str | None], path: Path, line: int) -> LabelledClip:
    def word(column: str) -> str:
        return (row.get(column) or "").strip()

    def frame(column: str) -> int:
        text = word(column)
        if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) >= _MOST_FRAME:
            raise at_fault(path, line, f"{column} is a whole number from 0, not “{text}”")
        return int(text)

    if not word("film"):
        raise at_fault(path, line, "it names no film")
    film = path.parent / word("film")
    if not film.is_file():
        raise at_fault(path, line, f"there is no film “{film}”")
    start, end = frame("start_frame"), frame("end_frame")
    if start >= end:
        raise at_fault(path, line, f"the shot ends at {end}, not after its start {start}")
    scale, movement = word("scale").lower(), word("movement").lower()
    if scale and scale not in _SCALES:
        raise at_fault(path, line, f"scale is one of {', '.join(map(str, ShotScale))}, not “{word('scale')}”")
    if movement and movement not in _MOVEMENTS:
        known = ", ".join(_MOVEMENTS)
        raise at_fault(path, line, f"movement is one of {known}, not “{word('movement')}”")
    if not scale and not movement:
        raise at_fault(path, line, "it says neither scale nor movement")
    return LabelledClip(film, start, end, _SCALES.get(scale), _MOVEMENTS.get(movement), line)


def held_films(clips: Sequence[LabelledClip], films: Sequence[str], seed: int) -> frozenset[str]:
    """Which films are held back to test by; `films` names each shot's film by its fingerprint.

    Some orders of the films are drawn from `seed`, and each is divided wherever it can be. Taken is a division that
    holds back half of the shots at most; of these, one that leaves the fewest classes without a shot on either side;
    of these, the one nearest to a quarter. Raises ExchangeError where there are not two films.
    """
    names = sorted(set(films))
    if len(names) < 2:
        raise ExchangeError(
            "All labelled shots are of one film: what is learnt from it cannot be tested by it. Label some shots of "
            "another film, too."
        )
    counts = _class_counts(clips, films, names)
    shots = np.array([films.count(name) for name in names])
    random = np.random.default_rng([seed, len(names)])
    drawn = [random.permutation(len(names)) for _ in range(_ORDERS)]
    best: tuple[tuple[bool, int, float], frozenset[str]] | None = None
    # backwards, too: a film of most of the shots is then last once, so that half or less is always found
    for order in (each for some in drawn for each in (some, some[::-1])):
        held = counts[order].cumsum(axis=0)[:-1]
        shares = shots[order].cumsum()[:-1] / len(films)
        all_of = counts.sum(axis=0)
        missing = ((all_of > 0) & ((held == 0) | (held == all_of))).sum(axis=1)
        for at in range(len(names) - 1):
            fault = bool(shares[at] > _MOST_TESTED_SHARE), int(missing[at]), abs(shares[at] - TESTED_SHARE)
            if best is None or fault < best[0]:
                best = fault, frozenset(names[film] for film in order[: at + 1])
    assert best is not None
    return best[1]


def _class_counts(
    clips: Sequence[LabelledClip], films: Sequence[str], names: Sequence[str]
) -> NDArray[np.int64]:
    """How many shots of each class each film has, int64[films, 9]."""
    classes: list[object] = [*SCALES, *MOVEMENTS]
    rows = {name: row for row, name in enumerate(names)}
    counts = np.zeros((len(names), len(classes)), np.int64)
    for clip, film in zip(clips, films, strict=True):
        for label in (clip.scale, clip.movement):
            if label is not None:
                counts[rows[film], classes.index(label)] += 1
    return counts
