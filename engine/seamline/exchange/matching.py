"""Cuts of a list and seams of a film paired one to one, in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seamline.exchange.alignment import TOLERANCE_FRAMES
from seamline.exchange.film_cuts import FilmCuts
from seamline.exchange.list_cuts import ListCut
from seamline.media.timebase import Int64Array

_MOST_OVERLAPS = 1_000_000  # where long transitions lie upon each other, only what is near is paired


def matched(
    cuts: Sequence[ListCut], film: FilmCuts, offset_frames: int, most_moved_frames: int
) -> list[tuple[int, int]]:
    """Pairs (number of the list's cut, number of the film's seam), both rising.

    Of all ways to pair them in order, the one whose pairs are nearest together: each is worth
    `most_moved_frames` + 1 less its distance. `cuts` stand by their middles.
    """
    rows, columns, worth = _possible(cuts, film, offset_frames, most_moved_frames)
    # the heaviest rising chain: for each seam the best chain that ends at or before it, in a Fenwick tree
    best: list[tuple[int, int]] = [(0, -1)] * (len(film.seams) + 1)
    previous = np.full(len(rows), -1, np.int64)
    # within one row from the last seam to the first, so that a row is in a chain once
    order = np.lexsort((-columns, rows))
    for pair in order.tolist():
        at = int(columns[pair])
        chain = (0, -1)
        while at > 0:
            chain = max(chain, best[at])
            at &= at - 1
        previous[pair] = chain[1]
        grown = (chain[0] + int(worth[pair]), pair)
        at = int(columns[pair]) + 1
        while at < len(best):
            best[at] = max(best[at], grown)
            at += at & -at
    at = len(film.seams)
    chain = (0, -1)
    while at > 0:
        chain = max(chain, best[at])
        at &= at - 1
    pairs = []
    pair = chain[1]
    while pair >= 0:
        pairs.append((int(rows[pair]), int(columns[pair])))
        pair = int(previous[pair])
    return pairs[::-1]


def _possible(
    cuts: Sequence[ListCut], film: FilmCuts, offset_frames: int, most_moved_frames: int
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Every pair that may be, by the numbers of its cut and its seam, and what it is worth."""
    starts = np.array([cut.frame - offset_frames for cut in cuts], np.int64)
    ends = np.array([cut.end - offset_frames for cut in cuts], np.int64)
    middles = np.array([cut.middle - offset_frames for cut in cuts], np.int64)
    edges = np.array([cut.is_edge for cut in cuts], bool)
    # each looks as far as it may have moved, and over all that it overlaps
    first = np.searchsorted(film.middles, middles - most_moved_frames)
    last = np.searchsorted(film.middles, middles + most_moved_frames, side="right")
    first_met, last_met = np.searchsorted(film.ends, starts), np.searchsorted(film.starts, ends, side="right")
    meets = first_met < last_met
    if int(np.sum(last_met - first_met, where=meets)) > _MOST_OVERLAPS:
        meets[:] = False
    first = np.where(meets, np.minimum(first, first_met), first)
    count = np.where(meets, np.maximum(last, last_met), last) - first
    rows = np.repeat(np.arange(len(cuts)), count)
    columns = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count - first, count)
    distance = np.abs(middles[rows] - film.middles[columns])
    # a gradual seam and what lies within it speak of the same change, however far their middles are apart
    overlap = (starts[rows] <= film.ends[columns]) & (film.starts[columns] <= ends[rows])
    distance = np.where(overlap, np.minimum(distance, most_moved_frames), distance)
    # where a piece of a list begins, a seam only nearby is another one
    near = distance <= np.where(edges[rows], min(TOLERANCE_FRAMES, most_moved_frames), most_moved_frames)
    return rows[near], columns[near], (most_moved_frames + 1 - distance)[near]
