"""Which pairs of shots are worth comparing closely: those near each other by composition, flow, camera, object
or figure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import seamline.models.runtime  # noqa: F401

# isort: split
# usearch last: see analysis.library_graph
from usearch.compiled import MetricKind, ScalarKind
from usearch.index import Index

from seamline.analysis.library_graph import in_8_bits
from seamline.analysis.match_features import PairComparer
from seamline.analysis.match_tables import ShotEdges
from seamline.progress import Progress

ALL_PAIRS = 60_000
"""So many or fewer are all compared: below, looking for the near ones saves nothing."""
NEAREST = 96
"""How many heads are compared with each tail, by each of these."""
_NEIGHBOURS = 16
_WIDTH_ADDING, _WIDTH_SEARCHING = 96, 128
_AT_ONCE = 256

Places = NDArray[np.int64]


def candidate_pairs(
    tails: ShotEdges, heads: ShotEdges, comparer: PairComparer, progress: Progress | None = None
) -> tuple[Places, Places]:
    """int64[n] twice: places of tails, rising, and of heads; none twice. Edges that cannot be used are left out."""
    out, into = np.flatnonzero(tails.tails.is_usable), np.flatnonzero(heads.heads.is_usable)
    if len(out) * len(into) <= ALL_PAIRS:
        return np.repeat(out, len(into)), np.tile(into, len(out))
    if not len(out) or not len(into):
        return out[:0], into[:0]
    codes = [_near(a[out], b[into], MetricKind.Cos, progress) for a, b in comparer.directions()]
    near = (*comparer.motions(), comparer.figures())
    codes += [_near(a[out], b[into], MetricKind.L2sq, progress) for a, b in near]
    pairs = np.unique(np.concatenate(codes))
    return out[pairs // len(into)], into[pairs % len(into)]


def _near(
    wanted: NDArray[np.float32], held: NDArray[np.float32], metric: MetricKind, progress: Progress | None
) -> Places:
    """int64[n]: row of `wanted` times how many are held, plus the row of `held`."""
    keys = np.flatnonzero(np.any(held, axis=1))
    asking = np.flatnonzero(np.any(wanted, axis=1))
    if not len(keys) or not len(asking):
        return np.empty(0, np.int64)
    index = Index(
        ndim=held.shape[1],
        metric=metric,
        dtype=ScalarKind.I8 if metric is MetricKind.Cos else ScalarKind.F32,
        connectivity=_NEIGHBOURS,
        expansion_add=_WIDTH_ADDING,
        expansion_search=_WIDTH_SEARCHING,
    )
    stored = in_8_bits if metric is MetricKind.Cos else np.ascontiguousarray
    steps = len(keys) + len(asking)
    for start in range(0, len(keys), _AT_ONCE):
        if progress is not None:
            progress.step(start, steps)
        some = keys[start : start + _AT_ONCE]
        index.add(some.astype(np.uint64), stored(held[some]))
    found = []
    for start in range(0, len(asking), _AT_ONCE):
        if progress is not None:
            progress.step(len(keys) + start, steps)
        some = asking[start : start + _AT_ONCE]
        near = index.search(stored(wanted[some]), min(NEAREST, len(keys)))
        places = np.asarray(near.keys, np.int64).reshape(len(some), -1)
        found.append((some[:, None] * len(held) + places).ravel())
    return np.concatenate(found)
