"""The pairs of shots that would cut together, best first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_candidates import candidate_pairs
from seamline.analysis.match_features import PAIR_FEATURES, PairComparer
from seamline.analysis.match_ranker import MatchRanker, shipped_ranker
from seamline.analysis.match_reasons import reason_of
from seamline.analysis.match_repeats import one_setup
from seamline.analysis.match_tables import ShotEdges
from seamline.progress import Progress
from seamline.project.footage import ShotFootage
from seamline.project.match_cuts import MatchKind, MatchPair
from seamline.project.types import Seam

_PAIRS_AT_ONCE = 1 << 14
_JUDGED_AT_ONCE = 1 << 12
"""Of the best: whether they are takes, or show the same, is asked only until there are as many as wanted."""
_SIAMESE = PAIR_FEATURES.index("siamese")

WORTH_A_LOOK_01 = 0.02
"""Of the score. A fortieth of a film's pairs match where many do (planted films, 2026-11): what is less likely is no
tip, and is listed only where it is asked what goes with one frame."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Which pairs to give.

    `limit`: how many. `kinds`: carried by composition, by motion, or by either. `leaves_out_same_setup`: shots that
    `footage` says are of one set-up, where their colours and contents do not say otherwise. `leaves_out_alike`: what
    shows the same things in the same place, whatever the footage says. `leaves_out_cuts`: what is cut so already.
    `least_01`: of the score. `most_a_shot`: in how many of the pairs a shot may go out, and come in.
    """

    limit: int = 200
    kinds: Collection[MatchKind] = frozenset(MatchKind)
    leaves_out_same_setup: bool = True
    leaves_out_alike: bool = True
    leaves_out_cuts: bool = True
    least_01: float = 0.0
    most_a_shot: int = 3

    def __post_init__(self) -> None:
        if self.limit < 1 or self.most_a_shot < 1 or not self.kinds or not 0 <= self.least_01 <= 1:
            raise ValueError(f"A rule needs a limit, a kind, and a least score from 0 to 1, not {self}.")


def find_matches(
    tails: ShotEdges,
    heads: ShotEdges,
    *,
    footage: Sequence[ShotFootage] = (),
    rule: MatchRule | None = None,
    progress: Progress | None = None,
    ranker: MatchRanker | None = None,
) -> tuple[MatchPair, ...]:
    """The pairs of a shot of `tails` that goes out and one of `heads` that comes in, best first.

    Both may be the same. `footage`: of the film or films, as ranges of frames; only shots of one film are compared by
    it. Progress counts steps of its own. Raises Cancelled.
    """
    rule = rule or MatchRule()
    ranker = ranker or shipped_ranker()
    comparer = PairComparer(tails, heads)
    out, into = candidate_pairs(tails, heads, comparer, progress)
    is_open = _allowed(tails, heads, out, into, rule)
    out, into = out[is_open], into[is_open]
    takes = _Takes(tails, heads, footage if rule.leaves_out_same_setup else ())
    best = _best(comparer, takes, ranker, out, into, rule, progress)
    return tuple(_pair(tails, heads, comparer, row) for row in _spread(best, rule))


def matching_cuts(
    edges: ShotEdges,
    seams: Sequence[Seam],
    *,
    least_01: float = 0.5,
    footage: Sequence[ShotFootage] = (),
    leaves_out_alike: bool = True,
    ranker: MatchRanker | None = None,
) -> tuple[tuple[Seam, MatchPair], ...]:
    """Which of the film's seams are match cuts, in the film's order, and how sure that is."""
    ranker = ranker or shipped_ranker()
    ends = {int(end): place for place, (_, end) in enumerate(edges.shots)}
    starts = {int(start): place for place, (start, _) in enumerate(edges.shots)}
    known = [seam for seam in seams if seam.cut_frame in ends and seam.cut_frame in starts]
    out = np.array([ends[seam.cut_frame] for seam in known], np.int64)
    into = np.array([starts[seam.cut_frame] for seam in known], np.int64)
    rule = MatchRule(leaves_out_cuts=False, leaves_out_alike=leaves_out_alike)
    is_open = _allowed(edges, edges, out, into, rule) & ~_Takes(edges, edges, footage).are(out, into)
    comparer = PairComparer(edges, edges)
    features = comparer.features(out, into)
    is_open &= ~(comparer.alike(out, into) if leaves_out_alike else np.zeros(len(out), np.bool_))
    frame, motion, score = ranker.scores(features)
    found = []
    for at in np.flatnonzero(is_open & (score >= least_01)).tolist():
        kind = MatchKind.FRAME if frame[at] >= motion[at] else MatchKind.MOTION
        values = (score[at], frame[at], motion[at], features[at, _SIAMESE])
        row = _row(int(out[at]), int(into[at]), values, kind)
        found.append((known[at], _pair(edges, edges, comparer, row)))
    return tuple(found)


class _Row(NamedTuple):
    out: int
    into: int
    score_01: float
    frame_01: float
    motion_01: float
    siamese_01: float
    kind: MatchKind


def _row(out: int, into: int, values: Iterable[float], kind: MatchKind) -> _Row:
    score, frame, motion, siamese = (float(value) for value in values)
    return _Row(out, into, score, frame, motion, siamese, kind)


def _best(
    comparer: PairComparer,
    takes: _Takes,
    ranker: MatchRanker,
    out: Places,
    into: Places,
    rule: MatchRule,
    progress: Progress | None,
) -> Iterator[_Row]:
    """The pairs by the rule's kinds, best first; of equals, the earlier in the film. No more is judged than is
    taken."""
    values = np.empty((len(out), 4), np.float32)
    for start in range(0, len(out), _PAIRS_AT_ONCE):
        if progress is not None:
            progress.step(start, len(out))
        some = slice(start, start + _PAIRS_AT_ONCE)
        features = comparer.features(out[some], into[some])
        frame, motion, score = ranker.scores(features)
        values[some] = np.stack([score, frame, motion, features[:, _SIAMESE]], axis=1)
    if progress is not None:
        progress.step(len(out), len(out))
    order = np.lexsort((into, out, -values[:, 0]))
    order = order[: int((values[:, 0] >= rule.least_01).sum())]
    for start in range(0, len(order), _JUDGED_AT_ONCE):
        best = order[start : start + _JUDGED_AT_ONCE]
        best = best[~takes.are(out[best], into[best], progress)]
        if rule.leaves_out_alike:
            best = best[~comparer.alike(out[best], into[best], progress)]
        for at in best.tolist():
            _, frame, motion, _ = values[at].tolist()
            kind = MatchKind.FRAME if frame >= motion else MatchKind.MOTION
            if kind in rule.kinds:
                yield _row(int(out[at]), int(into[at]), values[at], kind)


def _spread(rows: Iterable[_Row], rule: MatchRule) -> Iterator[_Row]:
    going, coming = Counter[int](), Counter[int]()
    given = 0
    for row in rows:
        if going[row.out] < rule.most_a_shot and coming[row.into] < rule.most_a_shot:
            going[row.out] += 1
            coming[row.into] += 1
            given += 1
            yield row
        if given == rule.limit:
            return


def _pair(tails: ShotEdges, heads: ShotEdges, comparer: PairComparer, row: _Row) -> MatchPair:
    features = comparer.features(np.array([row.out]), np.array([row.into]))[0]
    return MatchPair(
        tails.outgoing(row.out),
        heads.incoming(row.into),
        row.kind,
        row.score_01,
        row.frame_01,
        row.motion_01,
        row.siamese_01,
        reason_of(tails, heads, row.out, row.into, row.kind, features),
    )


def _allowed(
    tails: ShotEdges,
    heads: ShotEdges,
    out: Places,
    into: Places,
    rule: MatchRule,
) -> NDArray[np.bool_]:
    """Which pairs are of two shots that can be seen, do not overlap, and are not cut so already."""
    allowed = tails.tails.is_usable[out] & heads.heads.is_usable[into]
    if tails.fingerprint != heads.fingerprint:
        return allowed
    a, b = tails.shots[out], heads.shots[into]
    allowed &= (a[:, 1] <= b[:, 0]) | (b[:, 1] <= a[:, 0])
    if rule.leaves_out_cuts:
        allowed &= a[:, 1] != b[:, 0]
    return allowed


class _Takes:
    """Which shots are of one set-up, by `footage` and by what their edges show; none, of two films."""

    def __init__(self, tails: ShotEdges, heads: ShotEdges, footage: Sequence[ShotFootage]) -> None:
        self._tails, self._heads = tails, heads
        shots = footage if tails.fingerprint == heads.fingerprint else ()
        setups = {shot.range: shot.setup for shot in shots}
        self._out, self._into = (
            np.array([setups.get((int(s), int(e)), -1) for s, e in edges.shots], np.int64)
            for edges in (tails, heads)
        )

    def are(self, out: Places, into: Places, progress: Progress | None = None) -> NDArray[np.bool_]:
        """bool[n]. Raises Cancelled."""
        same = (self._out[out] >= 0) & (self._out[out] == self._into[into])
        same[same] = one_setup(self._tails, self._heads, out[same], into[same], progress)
        return np.asarray(same, np.bool_)
