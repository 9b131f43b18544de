"""Where a film lies in a cut list: the offset that brings most of their cuts together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from seamline.errors import ExchangeError
from seamline.exchange.film_cuts import FilmCuts
from seamline.exchange.list_cuts import Column, ListCuts
from seamline.media.timebase import Int64Array

TOLERANCE_FRAMES = 2
"""A cut of the list explains a seam of the film that is at most this far away."""
_MOST_PAIRS = 30_000_000  # of more, every k-th cut votes: as many still agree on the offset
_MOST_SPAN_FRAMES = 2**25  # three days at 120 frames a second
_FEW_CUTS = 4  # fewer can meet anywhere by accident
_CANDIDATES = 8
_LEAST_AGREEMENT = 0.25
_LEAST_USUAL_AGREEMENT = 0.5  # at the usual offset, where cuts are not enough for a vote
_LOG_LEAST_CHANCE = math.log(1e-3)
_RIVAL_SHARE = 0.75


class Basis(StrEnum):
    """How an offset came about: by a vote of all cuts, by a usual place because there are few, or by hand."""

    VOTED = "voted"
    ASSUMED = "assumed"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Score:
    """How well one offset fits, list frame less film frame.

    Of `list_cuts` and `film_cuts` that lie where both list and film are, `explained` meet one to one within
    the tolerance, `exact` of them to the frame; `by_accident` is how many would at any odd offset.
    """

    offset_frames: int
    explained: int
    exact: int
    list_cuts: int
    film_cuts: int
    by_accident: float
    log_chance: float

    @property
    def points(self) -> int:
        return self.explained + self.exact

    @property
    def share(self) -> float:
        """The explained part, 0 to 1, of the cuts of whichever has fewer of them."""
        fewer = min(self.list_cuts, self.film_cuts)
        return self.explained / fewer if fewer else 0.0

    @property
    def agreement(self) -> float:
        """The explained part of what accident leaves to explain: 1 for all, about 0 at an odd offset."""
        fewer = min(self.list_cuts, self.film_cuts)
        return (self.explained - self.by_accident) / max(1.0, fewer - self.by_accident)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The offset found or given, and how sure it is.

    `rivals` are the best of the other offsets, best first. `is_usual`: the list's timecode is the film's own,
    or the list begins with the film and is as long. `chance`, 0 to 1, bounds how often cuts without relation
    would meet so well somewhere.
    """

    column: Column
    basis: Basis
    score: Score
    rivals: tuple[Score, ...]
    is_usual: bool
    chance: float

    @property
    def offset_frames(self) -> int:
        """The frame of the list at which the film's first frame lies; below 0 where the film begins earlier."""
        return self.score.offset_frames

    @property
    def margin(self) -> float:
        """What the best offset has over the second best, as a part of its own points: 0 to 1."""
        if not self.rivals or not self.score.points:
            return 1.0
        return 1 - min(1.0, self.rivals[0].points / self.score.points)

    @property
    def is_ambiguous(self) -> bool:
        """Whether another offset fits nearly as well, as in a film that cuts at equal distances."""
        return self.basis is Basis.VOTED and self.margin <= 1 - _RIVAL_SHARE

    @property
    def is_certain(self) -> bool:
        """Whether nothing speaks against it: given, usual, or voted without a rival."""
        return self.basis is Basis.GIVEN or self.is_usual or not (self.is_ambiguous or self.chance > 1e-3)


def align(cuts: ListCuts, film: FilmCuts, column: Column, *, film_start: int) -> Alignment | None:
    """The best offset between list and film; None where none fits.

    Every pair of a list's cut and a film's votes for the difference of their frames. `film_start` is
    the film's first frame in its own timecode. Raises ExchangeError for a list that spans days.
    """
    frames = _frames(cuts)
    if cuts.end - cuts.start > _MOST_SPAN_FRAMES:
        raise ExchangeError("The list spans more than three days: export the part of it that the film shows.")
    usual = _usual_offsets(cuts, film, film_start)
    found = _most_voted(frames, film.middles)
    tried = cuts.end - cuts.start + film.end
    # a usual offset is one of few, even where it also won the vote
    scores = [_score(cuts, film, offset, len(usual)) for offset in usual]
    scores += [_score(cuts, film, offset, tried) for offset in found if offset not in usual]
    order = {offset: place for place, offset in enumerate(usual)}
    scores.sort(key=lambda s: (-s.points, order.get(s.offset_frames, len(order)), s.log_chance))
    best = scores[0]
    chance = min(1.0, math.exp(min(0.0, best.log_chance)))
    is_usual = best.offset_frames in order and _is_whole(cuts, film, best.offset_frames, film_start)
    rivals = _rivals(best, scores)
    inner = sum(not cut.is_edge for cut in cuts.cuts)
    if best.agreement >= _LEAST_AGREEMENT and best.log_chance <= _LOG_LEAST_CHANCE:
        return Alignment(column, Basis.VOTED, best, rivals, is_usual, chance)
    assumed = max((score for score in scores if score.offset_frames in order), key=lambda s: s.points)
    is_usual = _is_whole(cuts, film, assumed.offset_frames, film_start)
    has_few = min(inner, len(film.middles)) < _FEW_CUTS
    if (has_few and (is_usual or assumed.explained)) or (
        is_usual and assumed.agreement >= _LEAST_USUAL_AGREEMENT
    ):
        chance = min(1.0, math.exp(min(0.0, assumed.log_chance)))
        return Alignment(column, Basis.ASSUMED, assumed, (), is_usual, chance)
    return None


def given(cuts: ListCuts, film: FilmCuts, column: Column, offset_frames: int) -> Alignment:
    """The offset as it was given by hand, with how well it fits."""
    score = _score(cuts, film, offset_frames, 1)
    return Alignment(column, Basis.GIVEN, score, (), False, min(1.0, math.exp(min(0.0, score.log_chance))))


def _frames(cuts: ListCuts) -> Int64Array:
    return np.array([cut.middle for cut in cuts.cuts], np.int64)


def _usual_offsets(cuts: ListCuts, film: FilmCuts, film_start: int) -> list[int]:
    """Without a vote: the film's own timecode, the list beginning with the film, the list counting from its frame 0."""
    offsets = [cuts.start, 0]
    if cuts.start < film_start + film.end and film_start < cuts.end:
        offsets.insert(0, film_start)
    return list(dict.fromkeys(offsets))


def _is_whole(cuts: ListCuts, film: FilmCuts, offset: int, film_start: int) -> bool:
    """Whether list and film have the same timecode (a list of a part has, too), or the same start and length."""
    if offset == film_start and film_start <= cuts.start and cuts.end <= film_start + film.end:
        return True
    return cuts.start == offset and abs(cuts.end - offset - film.end) <= TOLERANCE_FRAMES


def _most_voted(list_frames: Int64Array, film_frames: Int64Array) -> list[int]:
    """The offsets with most votes, best first; none within a few frames of a better one."""
    if not len(film_frames):
        return []
    few, many = np.unique(film_frames), np.unique(list_frames)
    sign = 1  # of list frame less film frame, where the list has more cuts
    if len(few) > len(many):
        few, many, sign = many, few, -1
    few = few[:: -(-len(few) * len(many) // _MOST_PAIRS)]
    # a count for each difference of frames; within one round all differ, so that none is counted once for two
    votes = np.zeros(int(few[-1] - few[0] + many[-1] - many[0]) + 1, np.int32)
    places = many - many[0]
    for frame in (few[-1] - few).tolist():
        votes[places + frame] += 1
    lowest = int(many[0] - few[-1])
    reach = TOLERANCE_FRAMES
    nearness = reach + 1 - np.abs(np.arange(-reach, reach + 1, dtype=np.int32))
    weighed = np.convolve(votes, nearness)[reach : reach + len(votes)]
    found = []
    for _ in range(_CANDIDATES):
        at = int(np.argmax(weighed))
        if weighed[at] <= 0:
            break
        found.append(sign * (lowest + at))
        weighed[max(0, at - 2 * reach) : at + 2 * reach + 1] = 0
    return found


def _score(cuts: ListCuts, film: FilmCuts, offset: int, tried: int) -> Score:
    """How well `offset` fits, as the best of `tried` offsets."""
    frames = _frames(cuts) - offset
    is_edge = np.array([cut.is_edge for cut in cuts.cuts])
    in_film = (frames > 0) & (frames < film.end)
    seams = film.middles
    in_list = (seams >= cuts.start - offset) & (seams <= cuts.end - offset)
    explained = exact = edges = 0
    if len(seams):
        after = np.clip(np.searchsorted(seams, frames), 1, len(seams) - 1) if len(seams) > 1 else 0 * frames
        nearest = after
        if len(seams) > 1:
            nearest = np.where(
                np.abs(seams[after - 1] - frames) <= np.abs(seams[after] - frames), after - 1, after
            )
        distance = np.abs(seams[nearest] - frames)
        meets = distance <= TOLERANCE_FRAMES
        # no seam is explained twice
        explained = len(np.unique(nearest[meets]))
        exact = len(np.unique(nearest[distance == 0]))
        edges = int(np.count_nonzero(meets & is_edge))
    list_count = max(explained, int(np.count_nonzero(in_film & ~is_edge)) + edges)
    film_count = max(explained, int(np.count_nonzero(in_list)))
    overlap = max(1, min(film.end, cuts.end - offset) - max(0, cuts.start - offset))
    pairs_a_frame = list_count * film_count / overlap
    window = 2 * TOLERANCE_FRAMES + 1
    log_chance = min(_log_chance(exact, pairs_a_frame), _log_chance(explained, pairs_a_frame * window))
    return Score(
        offset,
        explained,
        exact,
        list_count,
        film_count,
        min(pairs_a_frame * window, float(explained)),
        log_chance + math.log(2 * max(1, tried)),
    )


def _log_chance(met: int, expected: float) -> float:
    """Bound on the log probability that a Poisson number of mean `expected` reaches `met`.

    Chernoff's bound (Mitzenmacher and Upfal, Probability and Computing, 2nd edition, theorem 5.4).
    """
    if met <= expected:
        return 0.0
    return met - expected - met * math.log(met / expected)


def _rivals(best: Score, scores: list[Score]) -> tuple[Score, ...]:
    others = [s for s in scores if abs(s.offset_frames - best.offset_frames) > 2 * TOLERANCE_FRAMES]
    return tuple(score for score in others if score.explained)[:3]
