"""The largest figure at the edge of a shot, by the kept curve of figures."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from seamline.analysis.figure_rows import FigureRow
from seamline.analysis.figures_stage import FIGURES
from seamline.analysis.match_tables import A_BODY, A_FACE, FIGURE_WIDTH, NO_FIGURE, Array
from seamline.analysis.signals import Signals

_MOST_APART_S = Fraction(1, 2)
_UNCHANGED = 6.0
"""Mean difference of brightness of small pictures, 0 to 255, from the one that was looked at: above it, what was found
may be elsewhere by now."""
_LEAST_FACE, _LEAST_BODY = 0.55, 0.6


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
        look = FigureRow.of(rows[row])
        if look.looked and not _is_changed(rows, row, round(frame / every), last):
            return _figure(look)
    return nothing


def _is_changed(rows: Array, looked: int, at: int, last: int) -> bool:
    """Whether the picture at row `at` differs from the one at `looked`; each row says how far it differs from the one
    looked at before it."""
    between = range(looked + 1, min(at, last) + 1)
    return any(FigureRow.of(rows[row]).changed > _UNCHANGED for row in between)


def _figure(look: FigureRow) -> Array:
    values = (float(NO_FIGURE), 0.0, 0.0, 0.0, 1.0 if look.looked == 2 else 0.5)
    if look.face_score >= _LEAST_FACE:
        values = (float(A_FACE), look.face_x, look.face_y, look.face_height, look.face_score)
    elif look.body_score >= _LEAST_BODY and look.body_certain >= _LEAST_BODY:
        values = (float(A_BODY), look.body_x, look.body_y, look.body_height, look.body_certain)
    return np.array(values, np.float32)
