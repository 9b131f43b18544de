"""The largest figure at the edge of a shot: the face that is seen there, or what the kept curve of figures says."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.figure_rows import FigureRow
from seamline.analysis.figures_stage import FIGURES, look
from seamline.analysis.match_tables import A_BODY, A_FACE, FIGURE_WIDTH, NO_FIGURE, Array
from seamline.analysis.signals import Signals
from seamline.models.figures import FigureFinder

_MOST_APART_S = Fraction(1, 2)
_UNCHANGED = 6.0
"""Mean difference of brightness of small pictures, 0 to 255, from the one that was looked at: above it, what was found
may be elsewhere by now."""
_LEAST_FACE, _LEAST_BODY = 0.55, 0.6
_NOT_LOOKED = -1.0
_SURE_OF_NO_FACE = 0.5
"""Where a face was looked for, and no body."""


def not_looked() -> Array:
    """float32[5]: what `seen_face` gives in another's place, where nobody looks for faces."""
    return np.array([_NOT_LOOKED, 0, 0, 0, 0], np.float32)


def seen_face(finder: FigureFinder, picture: NDArray[np.uint8]) -> Array:
    """float32[5], as in `EdgeTable`, of the picture without its bars, uint8[h, w, 3], RGB: a face, or none."""
    return _figure(look(finder, picture, in_full=False))


def figure_at_edge(seen: Array, by_curve: Array) -> Array:
    """float32[5]: the face seen at the edge itself, else what `edge_figure` says of the frames about it.

    The curve looks more often at the beginnings of shots than at their ends, and a face moves on within half a second.
    """
    if seen[0] == _NOT_LOOKED:
        return by_curve
    if seen[0] == A_FACE or by_curve[0] == A_FACE:
        return seen
    if by_curve[0] == NO_FIGURE and by_curve[4] < _SURE_OF_NO_FACE:
        return seen
    return by_curve


def edge_figure(
    frame: int, start_frame: int, end_frame: int, rate: Fraction, signals: Signals | None
) -> Array:
    """float32[5], as in `EdgeTable`, at `frame` of the shot [start_frame, end_frame).

    Taken from the nearest picture of that shot that was looked at, half a second away at most, unless it has changed
    much since. NO_FIGURE, 0 sure, where nothing is known; NO_FIGURE, 1 sure, where it was looked for in full.
    """
    nothing = np.zeros(FIGURE_WIDTH, np.float32)
    if signals is None or FIGURES not in signals:
        return nothing
    rows, every = signals.known(FIGURES), signals.every_frames(FIGURES)
    first, last = -(-start_frame // every), min((end_frame - 1) // every, len(rows) - 1)
    reach = float(_MOST_APART_S * rate)
    for row in sorted(range(first, last + 1), key=lambda at: abs(at * every - frame)):
        if abs(row * every - frame) > reach:
            break
        seen = FigureRow.of(rows[row])
        if seen.looked and not _is_changed(rows, row, round(frame / every), last):
            return _figure(seen)
    return nothing


def _is_changed(rows: Array, looked: int, at: int, last: int) -> bool:
    """Whether the picture at row `at` differs from the one at `looked`; each row says how far it differs from the one
    looked at before it."""
    between = range(looked + 1, min(at, last) + 1)
    return any(FigureRow.of(rows[row]).changed > _UNCHANGED for row in between)


def _figure(row: FigureRow) -> Array:
    values = (float(NO_FIGURE), 0.0, 0.0, 0.0, 1.0 if row.looked == 2 else _SURE_OF_NO_FACE)
    if row.face_score >= _LEAST_FACE:
        values = (float(A_FACE), row.face_x, row.face_y, row.face_height, row.face_score)
    elif row.body_score >= _LEAST_BODY and row.body_certain >= _LEAST_BODY:
        values = (float(A_BODY), row.body_x, row.body_y, row.body_height, row.body_certain)
    return np.array(values, np.float32)
