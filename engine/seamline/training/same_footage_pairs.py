"""Pairs of frames that are of the same film, or of two: drawn from the films by seed, split and index.

As published (EPFL, “Predicting if two frames are part of the same video”): a pair of the same film is 2 seconds
apart, half of all pairs are, films are split 70:15:15 and 10,000 pairs into 7,000, 1,500 and 1,500. What a pair is
depends on its seed, split and index alone, so that any may be asked for at any time, in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import numpy as np

from seamline.errors import MediaError
from seamline.training.same_footage_films import PairFilm

FEWEST_SOURCES = 8
"""Two sources each to validate and test with, four to train with: fewer tell nothing."""


class Split(Enum):
    """What a film's pairs are used for; the number enters the seed."""

    TRAIN = 0
    VALIDATION = 1
    TEST = 2


SHARES = {Split.TRAIN: 0.70, Split.VALIDATION: 0.15, Split.TEST: 0.15}
DEFAULT_PAIRS = 10_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two frames, by their films' places in the list and their numbers there, and whether both are of one film."""

    first_film: int
    first_frame: int
    second_film: int
    second_frame: int
    is_same: bool


def split_sources(films: Sequence[PairFilm], seed: int) -> dict[str, Split]:
    """What each source's films are used for: 15 % of the sources, two at least, to validate and to test each.

    All films of one source go together, so that no footage is on two sides. Raises MediaError for fewer than
    `FEWEST_SOURCES`.
    """
    sources = sorted({film.source for film in films})
    if len(sources) < FEWEST_SOURCES:
        raise MediaError(
            f"There {'is' if len(sources) == 1 else 'are'} only {len(sources)} different "
            f"{'film' if len(sources) == 1 else 'films'} to learn from, where copies and films without two seconds of "
            f"picture do not count: give {FEWEST_SOURCES} or more."
        )
    held = max(2, round(SHARES[Split.TEST] * len(sources)))
    order = np.random.default_rng([seed, len(Split)]).permutation(len(sources))
    return {
        sources[at]: Split.TEST if place < held else Split.VALIDATION if place < 2 * held else Split.TRAIN
        for place, at in enumerate(order.tolist())
    }


def pairs_in(split: Split, pairs: int) -> int:
    """How many of `pairs` fall to a split: 7,000, 1,500 and 1,500 of 10,000."""
    held = round(SHARES[Split.TEST] * pairs)
    return pairs - 2 * held if split is Split.TRAIN else held


class SameFootagePairs(Sequence[Pair]):
    """`count` pairs of the films of `sources`, drawn as published.

    A source is as likely as the next, however many films it has, and a film as the next of its source; a time within
    the film likewise. A pair that is not of the same film is of two sources. `grid` has frames at so many times a
    second alone, so that draws of many seeds meet the same ones; None: at any time. Films must be longer than
    `apart_s`, which is measured by their own clocks.
    """

    def __init__(
        self,
        films: Sequence[PairFilm],
        sources: Sequence[str],
        split: Split,
        count: int,
        *,
        seed: int,
        rate: float = 0.5,
        apart_s: Fraction = Fraction(2),
        grid: int | None = None,
    ) -> None:
        wanted = set(sources)
        self._films = films
        by_source: dict[str, list[int]] = {}
        for number, film in enumerate(films):
            if film.source in wanted and film.duration > apart_s:
                by_source.setdefault(film.source, []).append(number)
        self._by_source = [by_source[source] for source in sorted(by_source)]
        if len(self._by_source) < 2:
            raise MediaError(
                f"Pairs {float(apart_s):g} s apart need two different films that are longer: give more, or longer ones."
            )
        if not 0 <= rate <= 1 or count < 1 or apart_s <= 0:
            raise ValueError(f"need a rate of 0 to 1, pairs and a time apart, not {rate}, {count}, {apart_s}")
        self._key, self._count = (seed, split.value), count
        self._rate, self._apart, self._grid = rate, apart_s, grid

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Pair:  # type: ignore[override]  # one at a time is all that is needed
        """Pair number `index`, 0 to len - 1. Raises IndexError."""
        if not 0 <= index < self._count:
            raise IndexError(f"there is no pair {index}: there are {self._count}")
        rng = np.random.default_rng([*self._key, index])
        is_same = bool(rng.random() < self._rate)
        if is_same:
            film = self._drawn_film(rng, int(rng.integers(len(self._by_source))))
            time = self._drawn_time(rng, self._films[film].duration - self._apart)
            first = self._films[film].frame_at(time)
            return Pair(film, first, film, self._films[film].frame_at(time + self._apart), True)
        one, other = rng.choice(len(self._by_source), 2, replace=False).tolist()
        first_film, second_film = self._drawn_film(rng, one), self._drawn_film(rng, other)
        frames = [
            self._films[film].frame_at(self._drawn_time(rng, self._films[film].duration))
            for film in (first_film, second_film)
        ]
        return Pair(first_film, frames[0], second_film, frames[1], False)

    def _drawn_film(self, rng: np.random.Generator, source: int) -> int:
        films = self._by_source[source]
        return films[int(rng.integers(len(films)))]

    def _drawn_time(self, rng: np.random.Generator, end: Fraction) -> Fraction:
        """Seconds from 0 to `end`, which is above 0."""
        if self._grid is None:
            return end * Fraction(rng.random())
        places = max(1, int(end * self._grid))
        return Fraction(int(rng.integers(places)), self._grid)
