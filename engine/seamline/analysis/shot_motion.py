"""How far the camera went in a range of frames, and how unsteadily, from the curves of motion."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.motion_stage import (
    MOTION_BLANK,
    MOTION_INLIERS,
    MOTION_RESIDUAL,
    PAN,
    ROLL,
    TILT,
    ZOOM,
)
from seamline.analysis.signals import Signals

ARM = 0.3
"""What a zoom of ln 1, or a turn of a radian, moves the picture by in widths: its points' mean distance from the
middle of a picture of 16:9."""

RIGHT, DOWN, NEARER, TURNED = range(4)

_CURVES = (PAN, TILT, ZOOM, ROLL, MOTION_INLIERS, MOTION_RESIDUAL, MOTION_BLANK)
_SMOOTHED_S = 0.6
_LEAST_INLIERS = 0.25
_END_STEPS = 2  # at most so many steps at each end may belong to a transition

_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class ShotMotion:
    """What a camera did over a shot, as the picture shows it: all lengths in widths of the picture.

    Of each of right, down, nearer (zoom times `ARM`) and turned (radians times `ARM`): `travels`, from the first
    frame to the last, and `ranges`, between the furthest points on the way, both of the smoothed path; and `unrest`,
    the root of the mean square of what smoothing took away, but for what has no path from picture to picture.
    `known`: the share of the steps with a motion; `inliers`: the mean share of the picture that followed; `blank`:
    the median share that is black, as around lettering.
    """

    seconds: float
    steps: int
    known: float
    inliers: float
    blank: float
    travels: _Floats
    ranges: _Floats
    unrest: _Floats

    @property
    def shake(self) -> float:
        """The unrest of all four together."""
        return float(np.sqrt(np.square(self.unrest).sum()))

    @property
    def hand(self) -> float:
        """What of the unrest a hand must be behind: it shakes both ways, what a quick move leaves is in one."""
        return float(np.sqrt(2) * self.unrest[[RIGHT, DOWN]].min())


def shot_motion(signals: Signals, start_frame: int, end_frame: int, rate: Fraction) -> ShotMotion | None:
    """Of the frames [start_frame, end_frame) at `rate` a second; None while their curves are not known.

    The step into the first frame comes from outside and does not count; nor do steps at the ends that look unlike
    the rest, as a frame of a neighbouring shot or a transition's last picture make them.
    """
    if signals.done_frames(*_CURVES) < end_frame:
        return None
    pan, tilt, zoom, roll, inliers, residual, blank = (
        signals[name][start_frame + 1 : end_frame].astype(np.float64) for name in _CURVES
    )
    steps = np.stack([-pan, -tilt * 9 / 16, zoom * ARM, roll * ARM])
    is_known = inliers >= _LEAST_INLIERS
    first, end = _inner(inliers, residual, is_known)
    steps, is_known = steps[:, first:end], is_known[first:end]
    count = steps.shape[1]
    if not is_known.any():
        nothing = np.zeros(4)
        return ShotMotion(float(count / rate), count, 0.0, 0.0, _median(blank), nothing, nothing, nothing)
    numbers = np.arange(count)
    # where nothing is known the camera went on as around there
    filled = np.stack([np.interp(numbers, numbers[is_known], each[is_known]) for each in steps])
    path = np.concatenate([np.zeros((4, 1)), np.cumsum(filled, axis=1)], axis=1)
    smooth = _smoothed(path, rate)
    swung = np.square(path - smooth).mean(axis=1)
    return ShotMotion(
        float(count / rate),
        count,
        float(is_known.mean()),
        float(inliers[first:end][is_known].mean()),
        _median(blank),
        smooth[:, -1] - smooth[:, 0],
        np.ptp(smooth, axis=1),
        np.sqrt(np.maximum(0, swung - _woven(filled))),
    )


def _inner(inliers: _Floats, residual: _Floats, is_known: NDArray[np.bool_]) -> tuple[int, int]:
    """The steps that belong to the shot: those at the ends that are unlike the rest are left out."""
    first, end = 0, len(inliers)
    if not is_known.any():
        return first, end
    usual, most = 0.7 * np.median(inliers[is_known]), 2 * np.median(residual[is_known]) + 0.015
    is_odd = (inliers < usual) | (residual > most)
    for _ in range(_END_STEPS):
        if end - first > 4 and is_odd[first]:
            first += 1
        if end - first > 4 and is_odd[end - 1]:
            end -= 1
    return first, end


def _woven(steps: _Floats) -> _Floats:
    """The mean square of what puts each picture off by itself: a gate's play, or errors of measurement.

    What stands off in one picture alone steps there and back: neighbouring steps have minus its square in common.
    A hand swings over several pictures, and its steps have more than nothing in common.
    """
    if steps.shape[1] < 3:
        return np.zeros(4)
    apart = steps - steps.mean(axis=1, keepdims=True)
    return np.asarray(np.maximum(0, -(apart[:, 1:] * apart[:, :-1]).mean(axis=1)), np.float64)


def _smoothed(path: _Floats, rate: Fraction) -> _Floats:
    """Means over a time in which a hand swings about once, twice over; the ends go on as they began."""
    count = path.shape[1]
    half = min(int(_SMOOTHED_S * rate / 2), (count - 1) // 5)
    if half < 1:
        return path
    smooth = path
    for _ in range(2):
        # mirrored through its end point, a straight path stays straight
        before = 2 * smooth[:, :1] - smooth[:, half:0:-1]
        after = 2 * smooth[:, -1:] - smooth[:, -2 : -half - 2 : -1]
        sums = np.cumsum(np.concatenate([np.zeros((4, 1)), before, smooth, after], axis=1), axis=1)
        width = 2 * half + 1
        smooth = (sums[:, width:] - sums[:, :-width]) / width
    return smooth


def _median(values: _Floats) -> float:
    return float(np.median(values)) if len(values) else 0.0
