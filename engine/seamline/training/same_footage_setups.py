"""Pairs of frames for grouping shots: of one camera set-up or of two, also of two that follow each other in a film.

Not published; what shots are grouped by must tell the set-ups within one film apart, which the published pairs never
ask for. Half of the pairs are of one shot, a third of it or more apart, as where an edit leaves a set-up and comes
back to it; a quarter are of two shots with a seam between them, a quarter of shots of two sources.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

import numpy as np

from seamline.errors import MediaError
from seamline.training.same_footage_films import PairFilm
from seamline.training.same_footage_pairs import Pair

_SHORTEST_S = 1
_APART_SHARE = 1 / 3
_GRID = 4

T = TypeVar("T")
Shot = tuple[int, int, int]
"""The film's place, the first frame and the one behind the last."""


class SetupPairs(Sequence[Pair]):
    """`count` pairs of frames of the shots of `sources`; any is what its index, `seed` and films make it.

    Of films whose seams nobody knows there are none, nor of shots shorter than a second. Frames lie on a grid of four
    times a second, so that draws of many seeds meet the same ones. Raises MediaError where there are not two sources,
    or no two neighbouring shots.
    """

    def __init__(self, films: Sequence[PairFilm], sources: Sequence[str], count: int, *, seed: int) -> None:
        wanted = set(sources)
        self._films = films
        shots: dict[str, list[Shot]] = {}
        next_to: dict[str, list[tuple[Shot, Shot]]] = {}
        for number, film in enumerate(films):
            if film.source not in wanted or film.seams is None:
                continue
            some = shots_of(film, number)
            long = [shot for shot in some if self._grid_places(shot)[1] >= _GRID * _SHORTEST_S]
            if long:
                shots.setdefault(film.source, []).extend(long)
            beside = [
                (one, other) for one, other in itertools.pairwise(some) if one in long and other in long
            ]
            if beside:
                next_to.setdefault(film.source, []).extend(beside)
        self._shots = [shots[source] for source in sorted(shots)]
        self._next_to = [next_to[source] for source in sorted(next_to)]
        if len(self._shots) < 2 or not self._next_to:
            raise MediaError(
                "Set-ups need two films whose seams are known, one of them with two shots of a second: give more."
            )
        self._seed, self._count = seed, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Pair:  # type: ignore[override]  # one at a time is all that is needed
        """Pair number `index`, 0 to len - 1. Raises IndexError."""
        if not 0 <= index < self._count:
            raise IndexError(f"there is no pair {index}: there are {self._count}")
        rng = np.random.default_rng([self._seed, 7, index])
        kind = rng.random()
        if kind < 0.5:
            return self._of_one_shot(rng)
        if kind < 0.75:
            one, other = _drawn(rng, _drawn(rng, self._next_to))
        else:
            places = rng.choice(len(self._shots), 2, replace=False).tolist()
            one, other = (_drawn(rng, self._shots[place]) for place in places)
        frames = [self._frame(shot, int(rng.integers(self._grid_places(shot)[1]))) for shot in (one, other)]
        return Pair(one[0], frames[0], other[0], frames[1], False)

    def _of_one_shot(self, rng: np.random.Generator) -> Pair:
        shot = _drawn(rng, _drawn(rng, self._shots))
        places = self._grid_places(shot)[1]
        apart = max(1, int(places * _APART_SHARE))
        first = int(rng.integers(places - apart))
        second = first + apart + int(rng.integers(places - apart - first))
        return Pair(shot[0], self._frame(shot, first), shot[0], self._frame(shot, second), True)

    def _grid_places(self, shot: Shot) -> tuple[int, int]:
        """The first place on the grid within the shot, and how many there are."""
        index = self._films[shot[0]].film.index
        first = -int(-index.time_of(shot[1]) * _GRID // 1)
        return first, max(0, -int(-index.time_of(shot[2]) * _GRID // 1) - first)

    def _frame(self, shot: Shot, place: int) -> int:
        return self._films[shot[0]].frame_at(Fraction(self._grid_places(shot)[0] + place, _GRID))


def shots_of(film: PairFilm, number: int) -> list[Shot]:
    """The shots between the film's seams, without any frame of these; none where the seams are not known."""
    if film.seams is None:
        return []
    shots, start = [], 0
    for out, into in sorted(film.seams):
        if out + 1 > start:
            shots.append((number, start, out + 1))
        start = max(start, into)
    if film.film.frame_count > start:
        shots.append((number, start, film.film.frame_count))
    return shots


def _drawn(rng: np.random.Generator, some: Sequence[T]) -> T:
    return some[int(rng.integers(len(some)))]
