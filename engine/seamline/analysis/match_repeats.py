"""Whether two shots are one shot used twice, or two takes of one set-up, by the colours and contents of their edges.

That is no match cut, however alike they are. Both are compared by whichever of their edges are nearest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_tables import EdgeTable, ShotEdges
from seamline.progress import Progress

_GROUND_SHARE = 0.3
"""So many of the cells, the nearest in colour, are taken for the ground: figures before it differ between takes."""
_REPEAT_GROUND, _REPEAT_CONTENT = 0.065, 0.85
"""Colours of the ground so near, each of L, a and b over 100, and vectors so alike, are one picture. Of 864 planted
repeats and takes in 24 films, all are; of 1,152 planted matches, one; of the pairs of 19 real films, those of one
picture, and some black ones (measured, 2026-11)."""
_PLACE_GROUND, _PLACE_CONTENT = 0.03, 0.72
"""So is a ground as near as that where the vectors are less alike: one room, with other hands before it. Of the 1,152
matches, no other one is."""
_SETUP_GROUND, _SETUP_CONTENT = 0.085, 0.73
"""The same where the grouping says so, too; the vectors as alike on the mean of all four pairs of edges. Of planted
matches that are taken for one set-up, nine have a ground so near, and three are as alike."""
_SURE_GROUND = 0.055
"""Grounds so near are one then, however unlike what is before them. Of 338 pairs of nine edited films that were found
to be of one set-up, most of one person in one room, four are not told so; with .03 it would be 67. It costs two of the
planted matches."""

_ROWS_AT_ONCE = 4096
"""Vectors of so many pairs take 42 MB."""

Places = NDArray[np.int64]
Array = NDArray[np.float32]


def shown_again(
    tails: ShotEdges, heads: ShotEdges, out: Places, into: Places, progress: Progress | None = None
) -> NDArray[np.bool_]:
    """bool[n]: whether the shots `out[i]` of `tails` and `into[i]` of `heads` are of one picture, whatever was found of
    their set-ups. False where the built-in encoder has not seen them. Raises Cancelled."""

    def some(out: Places, into: Places) -> NDArray[np.bool_]:
        content = np.max(_contents(tails, heads, out, into), axis=0)
        again = content > _PLACE_CONTENT
        ground = ground_apart(tails, heads, out[again], into[again])
        again[again] = (ground < _PLACE_GROUND) | (
            (ground < _REPEAT_GROUND) & (content[again] > _REPEAT_CONTENT)
        )
        return np.asarray(again, np.bool_)

    return _in_parts(some, out, into, progress)


def one_setup(
    tails: ShotEdges, heads: ShotEdges, out: Places, into: Places, progress: Progress | None = None
) -> NDArray[np.bool_]:
    """bool[n]: whether shots that were found to be of one set-up are so indeed; matches may be taken for one.

    Raises Cancelled.
    """

    def some(out: Places, into: Places) -> NDArray[np.bool_]:
        ground = ground_apart(tails, heads, out, into)
        same = ground < _SETUP_GROUND
        # the vectors are ten times as long as the colours: of those that are left
        out, into = out[same], into[same]
        contents = _contents(tails, heads, out, into)
        alike = ~np.any(contents, axis=0) | (contents.mean(axis=0) > _SETUP_CONTENT)
        same[same] = alike | (ground[same] < _SURE_GROUND)
        return np.asarray(same, np.bool_)

    return _in_parts(some, out, into, progress)


def ground_apart(tails: ShotEdges, heads: ShotEdges, out: Places, into: Places) -> Array:
    """float32[n]: how far the nearest cells of both shots' edges are in colour at most, of the nearest edges that show
    something; infinite where there are none."""
    apart = np.full(len(out), np.inf, np.float32)
    if not len(out):
        return apart
    for (one, other), seen in zip(_sides(tails, heads), _seen(tails, heads, out, into), strict=True):
        between = (one.colour[out] - other.colour[into]).reshape(len(out), -1, 3)
        ground = np.quantile(np.linalg.norm(between, axis=-1), _GROUND_SHARE, axis=1)
        apart = np.minimum(apart, np.where(seen, ground, np.inf))
    return np.asarray(apart, np.float32)


def _in_parts(
    some: Callable[[Places, Places], NDArray[np.bool_]],
    out: Places,
    into: Places,
    progress: Progress | None,
) -> NDArray[np.bool_]:
    found = np.zeros(len(out), np.bool_)
    for start in range(0, len(out), _ROWS_AT_ONCE):
        if progress is not None:
            progress.step(start, len(out))
        part = slice(start, start + _ROWS_AT_ONCE)
        found[part] = some(out[part], into[part])
    return found


def _contents(tails: ShotEdges, heads: ShotEdges, out: Places, into: Places) -> Array:
    """float32[4, n]: cosines of the edges' vectors, 0 where there is none, or nothing is to be seen."""
    if tails.tails.vectors.shape[1] != heads.heads.vectors.shape[1]:
        return np.zeros((4, len(out)), np.float32)
    pairs = _sides(tails, heads)
    found = np.stack([np.einsum("nd,nd->n", a.vectors[out], b.vectors[into]) for a, b in pairs])
    return np.asarray(found * _seen(tails, heads, out, into), np.float32)


def _seen(tails: ShotEdges, heads: ShotEdges, out: Places, into: Places) -> NDArray[np.bool_]:
    """bool[4, n]: whether both edges show something. Two black ones are alike, and say nothing of their shots."""
    return np.stack([a.is_usable[out] & b.is_usable[into] for a, b in _sides(tails, heads)])


def _sides(tails: ShotEdges, heads: ShotEdges) -> list[tuple[EdgeTable, EdgeTable]]:
    """Each edge of the shot that goes out with each of the one that comes in."""
    return [(one, other) for one in (tails.heads, tails.tails) for other in (heads.heads, heads.tails)]
