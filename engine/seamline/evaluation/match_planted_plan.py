"""A film of shots of which some match at the cut, drawn by a seed: the shots in their order, and the pairs to judge.

Each film has three frame units and three motion units. A unit is five shots that match one another by what their ends
have in common, each before another ground, in other colours and with other surfaces, and five that mislead: the same
mirrored or elsewhere, the same colours with another layout; the opposite, another direction, another speed; a shot
used twice, and another take of a set-up. Other footage lies between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from seamline.evaluation.match_planted import PlantedShot, Truth, truth_of
from seamline.evaluation.match_planted_units import BETWEEN, Drafts, frame_unit, motion_unit
from seamline.evaluation.synthetic_draws import drawn_finish
from seamline.evaluation.synthetic_plan import PLAIN, Look

FRAME_UNITS = MOTION_UNITS = 3
PREVALENCE = 0.1
"""The share of matches in the list of pairs."""

_OTHERS = 8  # shots between
_STATIC = 60  # pairs of a list that stand still, each in its own way
_FINISHED_SHARE = 0.5  # of the films: with grain, bars, or a grade over all


@dataclass(frozen=True, slots=True)
class PlantedPair:
    """Places of two shots of a film, what a cut from the one to the other is, and why the pair is in the list."""

    outgoing: int
    incoming: int
    truth: Truth
    why: str

    @property
    def is_match(self) -> bool:
        return self.truth.kind is not None


@dataclass(frozen=True, slots=True)
class PlantedFilm:
    """The shots in the film's order, the pairs to judge (PREVALENCE of them match), and the film's finish."""

    seed: int
    shots: tuple[PlantedShot, ...]
    pairs: tuple[PlantedPair, ...]
    finish: Look = PLAIN

    @property
    def frame_count(self) -> int:
        return sum(shot.frames for shot in self.shots)

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Frames [start, end) of each shot."""
        ends = np.cumsum([shot.frames for shot in self.shots]).tolist()
        return tuple((end - shot.frames, end) for end, shot in zip(ends, self.shots, strict=True))


def planted_film(seed: int) -> PlantedFilm:
    """The same for the same seed."""
    rng = np.random.default_rng([8, seed])
    drafts = Drafts(rng, seed)
    for number in range(FRAME_UNITS):
        frame_unit(drafts, f"frame {number + 1}")
    for number in range(MOTION_UNITS):
        # now two of the camera and one of a thing, now the other way round
        motion_unit(drafts, f"motion {number + 1}", by_camera=(number + seed) % 2 == 0)
    drafts.add_between(_OTHERS)
    shots = [drafts.shots[place] for place in rng.permutation(len(drafts.shots))]
    finish = drawn_finish(rng) if rng.random() < _FINISHED_SHARE else PLAIN
    return PlantedFilm(seed, tuple(shots), tuple(_pairs(rng, shots)), finish)


def _pairs(rng: np.random.Generator, shots: Sequence[PlantedShot]) -> Iterator[PlantedPair]:
    """All planted matches, all pairs that were made to mislead, and others until PREVALENCE is reached."""
    matches, hard, still, others = [], [], [], []
    for out, outgoing in enumerate(shots):
        for into, incoming in enumerate(shots):
            if out == into or BETWEEN in (outgoing.note, incoming.note):
                continue
            truth = truth_of(outgoing, incoming)
            pair = PlantedPair(out, into, truth, "")
            again = outgoing.setup == incoming.setup
            is_copy = {"duplicate", "take"} & {outgoing.note, incoming.note}
            if truth == Truth.UNCLEAR:
                continue
            if truth != Truth.NONE:
                # a copy's matches are its original's, which count once
                if not is_copy:
                    matches.append(replace(pair, why=truth.value))
            elif again:
                hard.append(replace(pair, why="duplicate" if "duplicate" in is_copy else "take"))
            elif is_copy:
                continue
            elif (why := _misleads(outgoing, incoming)) is not None:
                hard.append(replace(pair, why=why))
            elif outgoing.tail.is_still and incoming.head.is_still:
                still.append(replace(pair, why="both still"))
            else:
                others.append(replace(pair, why="other"))
    wanted = round(len(matches) * (1 / PREVALENCE - 1))
    still = _some(rng, still, _STATIC)
    hard = _some(rng, hard, wanted - len(still))
    others = _some(rng, others, wanted - len(still) - len(hard))
    yield from sorted([*matches, *hard, *still, *others], key=lambda pair: (pair.outgoing, pair.incoming))


def _misleads(outgoing: PlantedShot, incoming: PlantedShot) -> str | None:
    """Why the pair is a trap: one matches its unit at this end, the other is the unit's trap."""
    if outgoing.unit != incoming.unit:
        return None
    if outgoing.matches_at_tail and incoming.note:
        return incoming.note
    if incoming.matches_at_head and outgoing.note:
        return outgoing.note
    return None


def _some(rng: np.random.Generator, pairs: Iterable[PlantedPair], count: int) -> list[PlantedPair]:
    held = list(pairs)
    places = rng.permutation(len(held))[: max(0, count)]
    return [held[place] for place in sorted(places.tolist())]
