"""How wide the flags of neighbouring seams can be: full, narrower where seams are close, none in a crowd."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FLAG_PX = 16
LEAST_FLAG_PX = 4
_SOUGHT_PX = 8  # what a seam that must be found gets among others
_STEPS_PX = (LEAST_FLAG_PX, 5, 6, 8, 12, FLAG_PX)
"""The widths there are, but for spans: flags of a few sizes look like a row, of any size like a mistake."""

Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]


def flag_widths(left: Floats, right: Floats, is_first: Bools) -> Floats:
    """The width in pixels of the flag of each seam, 0 for none; about the middle of its span [left, right).

    The seams are in order, float64[n] in pixels. Neighbours share the room between them; where that is not
    enough, those that come first, bool[n], have theirs and the others none.
    """
    widths = _shared(left, right)
    if not is_first.any():
        return widths
    first = np.flatnonzero(is_first)
    among_them = np.minimum(
        _shared(left[first], right[first]), np.maximum(_SOUGHT_PX, right[first] - left[first])
    )
    poor = widths[first] == 0
    first, among_them = first[poor], among_them[poor]
    widths[first] = among_them
    shown = first[among_them > 0]
    middle = (left + right) / 2
    others = np.flatnonzero((widths > 0) & ~is_first)
    widths[others[_overlap(middle, widths, others, shown)]] = 0
    return widths


def leading_width(left: Floats, right: Floats, widths: Floats, at: int) -> float:
    """The width of the flag of seam `at`, which is shown whatever is there: what those beside it leave."""
    middle = (left + right) / 2
    beside = [i for i in _beside(widths, at) if i is not None]
    room = min((abs(middle[i] - middle[at]) - widths[i] / 2 - 1 for i in beside), default=FLAG_PX)
    span = float(right[at] - left[at])
    least = float(widths[at]) or _SOUGHT_PX  # where it is one of a crowd, those beside it must go
    wanted = min(max(2 * float(room), least), FLAG_PX)
    return max(float(_stepped(np.array([wanted]))[0]), least, span)


def covered(left: Floats, right: Floats, widths: Floats, at: int) -> Bools:
    """Which other flags that of seam `at` would lie over, bool[n]."""
    middle = (left + right) / 2
    is_covered = np.abs(middle - middle[at]) < (widths + widths[at]) / 2
    is_covered[at] = False
    return np.asarray(is_covered & (widths > 0), np.bool_)


def _shared(left: Floats, right: Floats) -> Floats:
    span = right - left
    wanted = np.maximum(0.0, FLAG_PX - span) / 2  # beyond the span, on either side
    gap = left[1:] - right[:-1]
    # full flags stand two pixels apart, narrow ones, which need all there is, one
    room = np.where(gap - 2 >= wanted[1:] + wanted[:-1], gap - 2, gap - 1)
    # half for each, and what the other one does not want
    to_right = np.append(np.maximum(room / 2, room - wanted[1:]), FLAG_PX)
    to_left = np.append(FLAG_PX, np.maximum(room / 2, room - wanted[:-1]))
    beyond = np.minimum(wanted, np.minimum(to_left, to_right))
    # half a pixel is lost where lines are put on whole ones
    widths = np.where(wanted > 0, np.maximum(_stepped(span + 2 * beyond + 0.25), span), span)
    return np.where((beyond >= 0) & (widths >= LEAST_FLAG_PX), widths, 0.0)


def _stepped(widths: Floats) -> Floats:
    """The greatest of the usual widths that is not over each, 0 where none is."""
    steps = np.array((0, *_STEPS_PX), np.float64)
    return np.asarray(steps[np.searchsorted(steps, np.maximum(widths, 0), side="right") - 1], np.float64)


def _overlap(middle: Floats, widths: Floats, others: NDArray[np.int64], shown: NDArray[np.int64]) -> Bools:
    """Which of `others` lie under a flag of `shown`; both in order."""
    if not len(shown):
        return np.zeros(len(others), np.bool_)
    after = np.searchsorted(shown, others)
    under = np.zeros(len(others), np.bool_)
    for beside in (np.maximum(after - 1, 0), np.minimum(after, len(shown) - 1)):
        near = shown[beside]
        under |= np.abs(middle[near] - middle[others]) < (widths[near] + widths[others]) / 2
    return under


def _beside(widths: Floats, at: int) -> tuple[int | None, int | None]:
    """The nearest flags that are shown, before and after."""
    shown = np.flatnonzero(widths > 0)
    shown = shown[shown != at]
    after = int(np.searchsorted(shown, at))
    before = int(shown[after - 1]) if after else None
    return before, int(shown[after]) if after < len(shown) else None
