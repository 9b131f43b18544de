"""What the ranker, each of its parts and each single feature make of the pairs of planted films."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_features import PAIR_FEATURES
from seamline.analysis.match_ranker import MatchRanker
from seamline.evaluation.calibration import Judged, Reliability, reliability
from seamline.evaluation.match_described import DescribedFilm, offered_pairs
from seamline.evaluation.match_metrics import Ranking, average_precision, chance_ranking, ranking
from seamline.evaluation.match_planted import Truth
from seamline.project.match_cuts import MatchKind

PARTS = {
    "composition": (
        "light",
        "mass",
        "lines",
        "subject",
        "no_odd_subject",
        "colour",
        "figures",
        "no_odd_figure",
        "composition",
    ),
    "motion": (
        "flow",
        "inner_flow",
        "camera",
        "going",
        "travel",
        "speed",
        "where_moving",
        "moving",
        "not_against",
        "same_motion",
    ),
    "content": ("content",),
    "siamese": ("siamese",),
}
"""Which features belong together; those of one part alone are what a simpler finder would have."""

SHORTLIST = 10
COPIES = "duplicate", "take"
"""Why pairs are there that are one picture or one set-up."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PairList:
    """The pairs to judge of some films, one below the other.

    `features`: float32[n, features]; `kinds`: what each pair is; `why`: what it is there for; `left_out`: bool[n];
    `films`: int64[n], the seed of each pair's film.
    """

    features: NDArray[np.float32]
    kinds: tuple[Truth, ...]
    why: tuple[str, ...]
    left_out: Flags
    films: NDArray[np.int64]

    @classmethod
    def of(cls, films: Sequence[DescribedFilm]) -> PairList:
        pairs = [pair for film in films for pair in film.planted.pairs]
        return cls(
            np.concatenate([film.features for film in films]),
            tuple(pair.truth for pair in pairs),
            tuple(pair.why for pair in pairs),
            np.concatenate([film.left_out for film in films]),
            np.concatenate([np.full(len(film.features), film.planted.seed, np.int64) for film in films]),
        )

    def are(self, *kinds: Truth) -> Flags:
        return np.array([kind in kinds for kind in self.kinds], np.bool_)

    @property
    def matches(self) -> Flags:
        return self.are(Truth.FRAME, Truth.MOTION)

    def offered(self, scores: NDArray[np.floating]) -> Floats:
        """The scores, with what the finder does not offer below everything else."""
        return np.where(self.left_out, -np.inf, scores)


def part_scores(ranker: MatchRanker, features: NDArray[np.float32], part: str) -> Floats:
    """float64[n], logits of a match where nothing but the features of that part weighs anything."""
    of_part = np.array([name in PARTS[part] for name in PAIR_FEATURES], np.float64)
    frame = features @ (ranker.frame[:-1] * of_part) + ranker.frame[-1]
    motion = features @ (ranker.motion[:-1] * of_part) + ranker.motion[-1]
    return np.asarray(np.logaddexp(frame, motion), np.float64)


def rankings(pairs: PairList, ranker: MatchRanker) -> list[Ranking]:
    """All pairs as one list: the finder, its parts alone, the siamese network alone, and chance."""
    truth = pairs.matches
    _, _, score = ranker.scores(pairs.features)
    siamese = pairs.features[:, PAIR_FEATURES.index("siamese")]
    return [
        ranking("combined", pairs.offered(score), truth),
        ranking("nothing left out", score, truth),
        *(
            ranking(f"{part} alone", pairs.offered(part_scores(ranker, pairs.features, part)), truth)
            for part in ("composition", "motion")
        ),
        ranking("content alone", pairs.offered(pairs.features[:, PAIR_FEATURES.index("content")]), truth),
        ranking("siamese alone", pairs.offered(siamese), truth),
        ranking("siamese, nothing left out", siamese, truth),
        chance_ranking(truth),
    ]


def known_setups(pairs: PairList, ranker: MatchRanker) -> Ranking:
    """The finder, if it were told which shots are copies and takes, and left out no others."""
    _, _, score = ranker.scores(pairs.features)
    told = replace(pairs, left_out=np.array([why in COPIES for why in pairs.why], np.bool_))
    return ranking("set-ups known", told.offered(score), pairs.matches)


def film_precisions(pairs: PairList, ranker: MatchRanker) -> dict[int, float]:
    """The finder's average precision by each film's seed; films without a match are not there."""
    _, _, score = ranker.scores(pairs.features)
    offered, truth = pairs.offered(score), pairs.matches
    own = {int(seed): pairs.films == seed for seed in np.unique(pairs.films)}
    return {seed: average_precision(offered[at], truth[at]) for seed, at in own.items() if truth[at].any()}


def kind_rankings(pairs: PairList, ranker: MatchRanker, kind: MatchKind) -> list[Ranking]:
    """The matches of one kind among all pairs that match in no way."""
    is_asked = pairs.are(Truth(kind.value), Truth.NONE)
    truth = pairs.are(Truth(kind.value))[is_asked]
    frame, motion, score = ranker.scores(pairs.features)
    own = frame if kind == MatchKind.FRAME else motion
    siamese = pairs.features[:, PAIR_FEATURES.index("siamese")]
    return [
        ranking(f"{kind.value} score", pairs.offered(own)[is_asked], truth),
        ranking("combined", pairs.offered(score)[is_asked], truth),
        ranking("siamese alone", pairs.offered(siamese)[is_asked], truth),
        chance_ranking(truth),
    ]


def feature_rankings(pairs: PairList) -> list[Ranking]:
    """Each feature by itself, with nothing left out, the best first."""
    found = [ranking(name, pairs.features[:, at], pairs.matches) for at, name in enumerate(PAIR_FEATURES)]
    return sorted(found, key=lambda each: -each.average_precision)


@dataclass(frozen=True, slots=True)
class Trap:
    """How often a match scores above one of the pairs that were made to mislead in this way; .5 by chance.

    `left_out`: the share of these that the finder does not offer.
    """

    why: str
    pairs: int
    left_out: float
    below_matches: float


def traps(pairs: PairList, ranker: MatchRanker) -> list[Trap]:
    """The most misleading first."""
    _, _, score = ranker.scores(pairs.features)
    scores = pairs.offered(score)
    right = np.sort(scores[pairs.matches])
    found = []
    for why in sorted(set(pairs.why) - {"frame", "motion"}):
        is_this = np.array([each == why for each in pairs.why], np.bool_)
        below = np.searchsorted(right, scores[is_this], "left")
        equal = np.searchsorted(right, scores[is_this], "right") - below
        above = (len(right) - below - equal + equal / 2) / len(right)
        share = float(pairs.left_out[is_this].mean())
        found.append(Trap(why, int(is_this.sum()), share, float(above.mean())))
    return sorted(found, key=lambda trap: trap.below_matches)


def calibration(pairs: PairList, ranker: MatchRanker) -> Reliability:
    """Whether the scores of the pairs that are offered can be taken at their word, in lists of this prevalence."""
    _, _, score = ranker.scores(pairs.features)
    return reliability(
        Judged(float(said), bool(is_match))
        for said, is_match, left_out in zip(score, pairs.matches, pairs.left_out, strict=True)
        if not left_out
    )


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What the finder offers first of all pairs of a film: of `offered`, how many match, and what share of all do.

    Pairs about which people would disagree are passed over, and do not count.
    """

    seed: int
    offered: int
    matches: int
    prevalence: float

    @property
    def precision(self) -> float:
        return self.matches / self.offered if self.offered else 0.0


def shortlists(films: Sequence[DescribedFilm]) -> list[Shortlist]:
    """By the weights that come with the program."""
    return [_shortlist(film) for film in films]


def _shortlist(film: DescribedFilm) -> Shortlist:
    said = list(_clear_truths(film))[:SHORTLIST]
    count = len(film.planted.shots)
    every = [film.truth_of(out, into) for out in range(count) for into in range(count) if out != into]
    clear = [truth for truth in every if truth != Truth.UNCLEAR]
    share = sum(truth.kind is not None for truth in clear) / max(1, len(clear))
    return Shortlist(film.planted.seed, len(said), sum(truth.kind is not None for truth in said), share)


def _clear_truths(film: DescribedFilm) -> Iterator[Truth]:
    for out, into in offered_pairs(film, 5 * SHORTLIST):
        truth = film.truth_of(out, into)
        if truth != Truth.UNCLEAR:
            yield truth
