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
from seamline.analysis.match_tables import EdgeTable, ShotEdges
from seamline.progress import Progress
from seamline.project.footage import ShotFootage
from seamline.project.match_cuts import MatchKind, MatchPair
from seamline.project.types import Seam

_PAIRS_AT_ONCE = 1 << 14
_OTHER_GROUND = 0.085
_GROUND_SHARE = 0.3
"""So much of two pictures is nearer in colour than that, each of L, a and b over 100, where their ground is one. Of 16
pairs of one set-up in five edited films it is .000 to .080, of 210 drawn ones .041 at most; of 28 planted matches that
were taken for one set-up .064 to .50, .17 in the middle (measured, 2026-11). The mean of all cells tells less."""
_ONE_GROUND, _ONE_CONTENT = 0.04, 0.7
"""Of two films, nobody knows the set-ups: ground so near and vectors so alike are one shot, used in both."""
_SIAMESE = PAIR_FEATURES.index("siamese")

WORTH_A_LOOK_01 = 0.02
"""Of the score. A fortieth of a film's pairs match where many do (planted films, 2026-11): what is less likely is no
tip, and is listed only where it is asked what goes with one frame."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Which pairs to give.

    `limit`: how many. `kinds`: carried by composition, by motion, or by either. `leaves_out_same_setup`: shots that
    `footage` says were taken from the same place, or show the same again. `leaves_out_alike`: pictures of the same
    things in the same place, whatever the footage says. `leaves_out_cuts`: pairs that are cut so already.
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
    is_open = _allowed(tails, heads, out, into, footage, rule)
    out, into = out[is_open], into[is_open]
    best = _best(comparer, ranker, out, into, rule, progress)
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
    is_open = _allowed(edges, edges, out, into, footage, rule)
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
    ranker: MatchRanker,
    out: Places,
    into: Places,
    rule: MatchRule,
    progress: Progress | None,
) -> Iterator[_Row]:
    """The pairs by the rule's kinds, best first; of equals, the earlier in the film."""
    values = np.empty((len(out), 4), np.float32)
    for start in range(0, len(out), _PAIRS_AT_ONCE):
        if progress is not None:
            progress.step(start, len(out))
        some = slice(start, start + _PAIRS_AT_ONCE)
        features = comparer.features(out[some], into[some])
        frame, motion, score = ranker.scores(features)
        if len(rule.kinds) == 1:
            score = frame if MatchKind.FRAME in rule.kinds else motion
        values[some] = np.stack([score, frame, motion, features[:, _SIAMESE]], axis=1)
    if progress is not None:
        progress.step(len(out), len(out))
    order = np.lexsort((into, out, -values[:, 0]))
    order = order[: int((values[:, 0] >= rule.least_01).sum())]
    for start in range(0, len(order), _PAIRS_AT_ONCE):
        best = order[start : start + _PAIRS_AT_ONCE]
        if rule.leaves_out_alike:
            best = best[~comparer.alike(out[best], into[best])]
        for at in best.tolist():
            _, frame, motion, _ = values[at].tolist()
            is_frame = frame >= motion if len(rule.kinds) > 1 else MatchKind.FRAME in rule.kinds
            kind = MatchKind.FRAME if is_frame else MatchKind.MOTION
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
    footage: Sequence[ShotFootage],
    rule: MatchRule,
) -> NDArray[np.bool_]:
    """Which pairs are of two shots that can be seen, and that the rule does not leave out."""
    allowed = tails.tails.is_usable[out] & heads.heads.is_usable[into]
    if tails.fingerprint != heads.fingerprint:
        return allowed & ~_used_in_both(tails, heads, out, into) if rule.leaves_out_alike else allowed
    a, b = tails.shots[out], heads.shots[into]
    allowed &= (a[:, 1] <= b[:, 0]) | (b[:, 1] <= a[:, 0])
    if rule.leaves_out_cuts:
        allowed &= a[:, 1] != b[:, 0]
    if rule.leaves_out_same_setup and footage:
        setups = {shot.range: shot.setup for shot in footage}
        first, second = (
            np.array([setups.get((int(s), int(e)), -1) for s, e in edges.shots], np.int64)
            for edges in (tails, heads)
        )
        same = (first[out] >= 0) & (first[out] == second[into])
        # what matches may be taken for one set-up; two takes of one have the same colours
        same[same] = _ground_apart(tails, heads, out[same], into[same]) < _OTHER_GROUND
        allowed &= ~same
    return allowed


def _used_in_both(tails: ShotEdges, heads: ShotEdges, out: Places, into: Places) -> NDArray[np.bool_]:
    """bool[n]: whether both films have that shot, at another moment of it, as two excerpts of one film do."""
    said = _ground_apart(tails, heads, out, into) < _ONE_GROUND
    a, b = tails.tails.vectors, heads.heads.vectors
    near = (a[out[said]] * b[into[said]]).sum(axis=1) if a.shape[1] == b.shape[1] else np.zeros(said.sum())
    said[said] = near > _ONE_CONTENT
    return said


def _ground_apart(tails: ShotEdges, heads: ShotEdges, out: Places, into: Places) -> NDArray[np.float32]:
    """float32[n]: how far the nearest share of the cells of both shots' edges is in colour, of the nearest edges."""
    if not len(out):
        return np.zeros(0, np.float32)
    sides = tails.heads, tails.tails
    others = heads.heads, heads.tails
    apart = [np.quantile(_cells_apart(a, b, out, into), _GROUND_SHARE, axis=1) for a in sides for b in others]
    return np.asarray(np.min(apart, axis=0), np.float32)


def _cells_apart(a: EdgeTable, b: EdgeTable, out: Places, into: Places) -> NDArray[np.float32]:
    between = (a.colour[out] - b.colour[into]).reshape(len(out), -1, 3)
    return np.asarray(np.linalg.norm(between, axis=-1), np.float32)
