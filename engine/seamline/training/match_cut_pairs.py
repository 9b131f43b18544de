"""Pairs of flow pictures to learn from, in batches that share their pictures.

Published are 14,264 pairs to train with and 3,566 to stop early by (called a test set), in batches of 64. Ours come in
batches of 64 too, over 16 pictures each instead of up to 128: each picture goes through the twin once, and an epoch
takes an eighth of the time. A batch is what its seed, split and index make it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.training.match_cut_sets import MATCH, OTHER, FlowSet, LabelRule, Rows

BATCH_PAIRS = 64
BATCH_PICTURES = 16
DEFAULT_PAIRS = 14_264
HELD_SHARE = 3_566 / 14_264
"""Of the pairs to train with, so many are drawn to validate, and to test."""
FEWEST_PICTURES = 4
_DRAWS = 500
_LOOKED_AT = 64
_PARTNERS = 2


class Split(Enum):
    """What a film's pictures are used for; the number enters the seed."""

    TRAIN = 0
    VALIDATION = 1
    TEST = 2


SHARES = {Split.TRAIN: 0.70, Split.VALIDATION: 0.15, Split.TEST: 0.15}


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """`rows`: int64[k], of a `FlowSet`. `pairs`: int64[m, 2], places in `rows`; `truth`: bool[m]."""

    rows: Rows
    pairs: NDArray[np.int64]
    truth: NDArray[np.bool_]


def split_sources(pictures_of: Mapping[str, int], seed: int) -> dict[str, Split]:
    """What each source's films are used for, given how many pictures it has: of some divisions drawn from the seed the
    one nearest to 70:15:15 of the pictures, with four pictures at least on each side.

    All films of one source go together. Raises MediaError where they are too few.
    """
    sources = sorted(source for source, count in pictures_of.items() if count)
    counts = np.array([pictures_of[source] for source in sources], np.int64)
    rng = np.random.default_rng([seed, len(Split)])
    wanted = np.array([SHARES[split] for split in Split])
    best: tuple[float, NDArray[np.int64]] | None = None
    for _ in range(_DRAWS if len(sources) >= len(Split) else 0):
        drawn = rng.choice(len(Split), len(sources), p=wanted)
        held = np.bincount(drawn, counts, minlength=len(Split))
        off = float(np.abs(held / counts.sum() - wanted).sum())
        if held.min() >= FEWEST_PICTURES and (best is None or off < best[0]):
            best = off, drawn
    if best is None:
        enough = int((counts >= FEWEST_PICTURES).sum())
        raise MediaError(
            "Films to train with, to stop by and to test with are needed, none of them copies of each other, with "
            f"{FEWEST_PICTURES} shots each or more; there {'is' if enough == 1 else 'are'} {enough or 'none'}. Give "
            "more films."
        )
    return {source: Split(int(split)) for source, split in zip(sources, best[1], strict=True)}


def pairs_in(split: Split, pairs: int) -> int:
    """How many pairs a split has where `pairs` are trained with: as published, 3,566 for 14,264."""
    return pairs if split is Split.TRAIN else max(1, round(HELD_SHARE * pairs))


def drawn_batches(flow: FlowSet, rule: LabelRule, split: Split, pairs: int, *, seed: int) -> list[Batch]:
    """Batches with so many pairs in all, as nearly half of them matches as the pictures allow. Of few pictures, the
    same pairs come again and again.

    Raises MediaError where no two pictures are known to be a match, or none to be no match.
    """
    batches, total, index = [], 0, 0
    while total < pairs:
        batch = _batch(
            flow, rule, np.random.default_rng([seed, split.value, index]), min(BATCH_PAIRS, pairs - total)
        )
        index += 1
        if len(batch.truth):
            batches.append(batch)
            total += len(batch.truth)
        elif index - len(batches) > 50:
            break
    truth = np.concatenate([batch.truth for batch in batches]) if batches else np.empty(0, np.bool_)
    if not truth.any() or truth.all():
        what = "alike" if not truth.any() else "unlike"
        raise MediaError(
            f"No two of the {len(flow)} shots move {what} enough to learn from: give more films."
        )
    return batches


def _batch(flow: FlowSet, rule: LabelRule, rng: np.random.Generator, wanted: int) -> Batch:
    """A picture is drawn and two matches of it, and so on, so that matches are not rare."""
    anchors = rng.permutation(len(flow))[:_LOOKED_AT]
    table = rule.table(flow, anchors, flow, np.arange(len(flow)))
    table[flow.shots[anchors][:, None] == flow.shots[None]] = OTHER
    taken: dict[int, None] = {}
    # those that have a match first, in the order in which they were drawn
    for at in np.argsort(~(table == MATCH).any(axis=1), kind="stable").tolist():
        matches = rng.permutation(np.flatnonzero(table[at] == MATCH)).tolist()
        fresh = [row for row in matches if row not in taken][:_PARTNERS]
        taken.update(dict.fromkeys([int(anchors[at]), *fresh]))
        if len(taken) >= BATCH_PICTURES:
            break
    rows = np.sort(np.array(list(taken)[:BATCH_PICTURES], np.int64))
    table = rule.table(flow, rows, flow, rows)
    first, second = np.triu_indices(len(rows), 1)
    labels = table[first, second]
    apart = flow.shots[rows[first]] != flow.shots[rows[second]]
    matches, others = (rng.permutation(np.flatnonzero((labels == label) & apart)) for label in (MATCH, OTHER))
    most = max(wanted // 2, wanted - len(others))
    chosen = np.concatenate([matches[:most], others[: wanted - min(len(matches), most)]])
    pairs = np.stack([first[chosen], second[chosen]], axis=1).astype(np.int64)
    return Batch(rows, pairs, labels[chosen] == MATCH)


def different(first: Rows, second: Rows) -> Rows:
    """int64[k]: the places of the pairs less those that were there before, either way round."""
    both = np.sort(np.stack([first, second], axis=1), axis=1)
    return np.sort(np.unique(both, axis=0, return_index=True)[1])


def pairs_of(batches: Sequence[Batch]) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """All pairs as rows of the set, int64[n] twice, and whether they are matches."""
    first = np.concatenate([batch.rows[batch.pairs[:, 0]] for batch in batches])
    second = np.concatenate([batch.rows[batch.pairs[:, 1]] for batch in batches])
    return first, second, np.concatenate([batch.truth for batch in batches])
