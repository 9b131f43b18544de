"""The camera's motion from picture to picture, measured against a picture that stays the same for a while.

Measured from each picture to the next alone, small errors add up: over a shot of 8 s to several hundredths of the
width, as much as a slow move. Against an anchor up to a second old they do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.motion import GreyPicture, Motion, MotionEstimator

BLOCK_FRAMES = 48
"""Every so many pictures the tracker forgets all before: results depend on no more than that."""

_ANCHOR_FRAMES = 24
_FAR_PX = 14.0
_LOST_SHARE = 0.6  # of the points that were tracked in the anchor's first picture

# Chosen, with what follows, by how many of 98 tuning shots with figures or crowds were named right (.81 to .87)
_CELL_PX = 10
_MARGIN_PX = 5
_WINDOW_PX = 11
_LEVELS = 2
_STOP: Final = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 10, 0.02)
# Mean square gradient along its weaker direction, in squared levels a pixel; noise passes, and follows no motion
_LEAST_TEXTURE = 0.15
_LEAST_POINTS = 12
_LEAST_SHARE = 0.25
_NO_SHARE = 0.24
_LEAST_SHARE_ALONE = 0.4
_LEAST_GROWTH = 0.3  # since the anchor; less is no zoom but a false fit

_GROUND_PX = 31  # what is larger is taken for light
_CONTRAST_LEVELS = 30.0
_MOST_GAIN = 10.0

_BLACK_LEVEL = 28
_EVEN_LEVELS = 6.0
_MOST_BAR = 0.35  # of the height or width, at each side
_BRUSH = np.ones((9, 9), np.uint8)  # strokes are thinner, but for a few words that fill the picture
_LEAST_BROAD = 0.03
_LEAST_LETTERING = 90.0

_INLIER_PX = 0.6
_CLOSE_PX = 0.7  # where a point's vote has run out
_REST_COUNTS = 2.0  # what stands exactly still all over the picture is no figure
_ROUNDS = 64
_SECTORS = (8, 5)
_PATIENCE = 0.15  # how much of a point's standing one picture decides

_Complex = NDArray[np.complex128]
"""Points or vectors in the plane: x + iy, in pixels from the picture's middle."""
_Floats = NDArray[np.float64]

_Similarity = tuple[complex, complex]
"""z goes to first * z + second."""

_REST: _Similarity = (1 + 0j, 0j)

_Bars = tuple[int, int, int, int]
"""How many lines of black bars there are at the top, bottom, left and right."""


@dataclass(eq=False, slots=True)
class _Anchor:
    """A picture, its points, and where they were last seen."""

    picture: GreyPicture
    points: _Complex
    at: _Complex
    is_tracked: NDArray[np.bool_]
    standing: _Floats
    """float64[n]: how much each point is believed to belong to the ground, from what came before."""
    sectors: NDArray[np.intp]
    """int[n], rising: the part of the picture that each point is in."""
    moved: _Similarity = _REST
    step: _Similarity = _REST
    age: int = 0
    first_tracked: int = 0


class MotionTracker:
    """Gives each picture's motion against the one before. One thread at a time, pictures of one size in order.

    Corners, one for each cell of the picture, are tracked from the anchor by Lucas and Kanade's method in pyramids
    (Bouguet, Pyramidal Implementation of the Lucas Kanade Feature Tracker, 2000). Of all similarities through two
    of them, that is taken which corners in the most parts of the picture follow, those at its edges counting more:
    a figure in the middle or lettering has many corners in few places. Where that finds nothing, as in whip pans,
    `MotionEstimator` has its try.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._pairs = MotionEstimator(width, height)
        self._middle = complex((width - 1) / 2, (height - 1) / 2)
        # of one generator, so that every run draws the same
        self._draws = np.random.default_rng(160).random((2, _ROUNDS))
        self._weights = _sector_weights()
        self.restart()

    def restart(self) -> None:
        """Forget all pictures."""
        self._before: GreyPicture | None = None
        self._plain_before: GreyPicture | None = None
        self._anchor: _Anchor | None = None

    def next(self, picture: GreyPicture) -> Motion:
        """The motion to this picture, uint8[height, width], from the one before; none for the first."""
        bars = _bars(picture)
        flat = _flattened(picture, bars)
        before, plain_before = self._before, self._plain_before
        self._before, self._plain_before = flat, picture
        if before is None or plain_before is None:
            return Motion()
        return replace(self._motion(before, flat, plain_before, picture), blank=_blank(picture, bars))

    def _motion(
        self, before: GreyPicture, flat: GreyPicture, plain_before: GreyPicture, picture: GreyPicture
    ) -> Motion:
        if np.array_equal(plain_before, picture) and self._anchor is not None and self._anchor.age:
            share = float(np.mean(self._anchor.standing > 0.5)) if len(self._anchor.standing) else 0.0
            return Motion(inliers=share)
        anchor = self._anchor
        if anchor is None or self._is_spent(anchor):
            anchor = self._anchored(before, plain_before, anchor)
        found = self._tracked(anchor, flat)
        if found is None and anchor.age:
            anchor = self._anchored(before, plain_before, None)
            found = self._tracked(anchor, flat)
        if found is None:
            self._anchor = None
            alone = self._pairs.between(plain_before, picture)
            if alone.inliers >= _LEAST_SHARE_ALONE:
                return alone
            # a mover among noise is easily a third of what follows anything
            inliers = min(alone.inliers, _NO_SHARE)
            return Motion(inliers=inliers, residual=alone.residual, flow_magnitude=alone.flow_magnitude)
        self._anchor = anchor
        (turn, shift), share, flow_px = found
        width, height = self._size
        return Motion(
            pan=shift.real / width,
            tilt=shift.imag / height,
            zoom=math.log(abs(turn)),
            roll=math.atan2(turn.imag, turn.real),
            inliers=share,
            residual=self._pairs.residual(plain_before, picture, turn, shift),
            flow_magnitude=flow_px / width,
        )

    def _is_spent(self, anchor: _Anchor) -> bool:
        if anchor.age >= _ANCHOR_FRAMES:
            return True
        far = np.abs(anchor.at - anchor.points)[anchor.is_tracked]
        return len(far) < _LOST_SHARE * anchor.first_tracked or float(np.median(far)) > _FAR_PX

    def _anchored(self, flat: GreyPicture, plain: GreyPicture, old: _Anchor | None) -> _Anchor:
        """Points anew; what was known of those nearby is kept."""
        points, sectors = self._sorted(self._corners(flat, plain))
        standing = np.ones(len(points))
        step = _REST
        if old is not None and len(points):
            step = old.step
            known = np.flatnonzero(old.is_tracked)
            if len(known):
                apart = np.abs(points[:, None] - old.at[known][None])
                nearest = apart.argmin(axis=1)
                near = apart[np.arange(len(points)), nearest] < 2 * _CELL_PX
                standing[near] = old.standing[known][nearest[near]]
        is_tracked = np.ones(len(points), np.bool_)
        return _Anchor(flat, points, points.copy(), is_tracked, standing, sectors, step=step)

    def _sorted(self, points: _Complex) -> tuple[_Complex, NDArray[np.intp]]:
        """The points by the sectors that they are in, and these."""
        width, height = self._size
        columns = np.clip(((points.real / width + 0.5) * _SECTORS[0]).astype(np.intp), 0, _SECTORS[0] - 1)
        rows = np.clip(((points.imag / height + 0.5) * _SECTORS[1]).astype(np.intp), 0, _SECTORS[1] - 1)
        sectors = rows * _SECTORS[0] + columns
        order = np.argsort(sectors, kind="stable")
        return points[order], sectors[order]

    def _corners(self, flat: GreyPicture, plain: GreyPicture) -> _Complex:
        """The best corner of each cell within the bars, if there are enough."""
        width, height = self._size
        top, bottom, left, right = (edge + _MARGIN_PX for edge in _bars(plain))
        rows, columns = (height - top - bottom) // _CELL_PX, (width - left - right) // _CELL_PX
        weaker = cv2.cornerMinEigenVal(flat, 5, ksize=3)
        cells = weaker[top : top + rows * _CELL_PX, left : left + columns * _CELL_PX]
        cells = cells.reshape(rows, _CELL_PX, columns, _CELL_PX).swapaxes(1, 2).reshape(rows * columns, -1)
        best = cells.argmax(axis=1)
        # OpenCV divides by 255, by the sum of Sobel's weights and by the block's area
        strong = (
            cells[np.arange(len(cells)), best] >= _LEAST_TEXTURE * _gain(plain, _ground(plain)) ** 2 / 255**2
        )
        chosen, best = np.flatnonzero(strong), best[strong]
        if len(chosen) < _LEAST_POINTS:
            return np.empty(0, np.complex128)
        x = left + chosen % columns * _CELL_PX + best % _CELL_PX
        y = top + chosen // columns * _CELL_PX + best // _CELL_PX
        return np.asarray(x + 1j * y - self._middle, np.complex128)

    def _tracked(self, anchor: _Anchor, now: GreyPicture) -> tuple[_Similarity, float, float] | None:
        """Motion since the picture before, the share of points that follow it, their mean way in pixels."""
        if not len(anchor.points):
            return None
        guess = _through(anchor.step, anchor.at)
        found, status, _ = cv2.calcOpticalFlowPyrLK(
            anchor.picture,
            now,
            _as_pixels(anchor.points + self._middle),
            _as_pixels(guess + self._middle),
            winSize=(_WINDOW_PX, _WINDOW_PX),
            maxLevel=_LEVELS,
            criteria=_STOP,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
            minEigThreshold=1e-5,
        )
        at = found.astype(np.float64).view(np.complex128).ravel() - self._middle
        inside = (np.abs(at.real) <= self._middle.real) & (np.abs(at.imag) <= self._middle.imag)
        is_tracked = (status[:, 0] == 1) & inside
        if is_tracked.sum() < _LEAST_POINTS:
            return None
        moved, follows = self._fitted(anchor, at, is_tracked)
        share = float(follows.sum() / is_tracked.sum())
        if share < _LEAST_SHARE or not _LEAST_GROWTH < abs(moved[0]) < 1 / _LEAST_GROWTH:
            return None
        turn = moved[0] / anchor.moved[0]
        step = (turn, moved[1] - turn * anchor.moved[1])
        both = is_tracked & anchor.is_tracked
        way_px = float(np.abs(at - anchor.at)[both].mean()) if both.any() else 0.0
        anchor.standing += _PATIENCE * (follows - anchor.standing)
        anchor.at = np.where(is_tracked, at, _through(step, anchor.at))
        anchor.is_tracked, anchor.moved, anchor.step = is_tracked, moved, step
        anchor.age += 1
        if anchor.age == 1:
            anchor.first_tracked = int(is_tracked.sum())
        return step, share, way_px

    def _fitted(
        self, anchor: _Anchor, at: _Complex, is_tracked: NDArray[np.bool_]
    ) -> tuple[_Similarity, NDArray[np.bool_]]:
        """The similarity from the anchor that points in the most parts of the picture follow, and which do."""
        usable = np.flatnonzero(is_tracked)
        points, places = anchor.points[usable], at[usable]
        one, other = (self._draws * len(usable)).astype(np.intp)
        apart = points[one] - points[other]
        far = np.abs(apart) > 2 * _CELL_PX
        one, other, apart = one[far], other[far], apart[far]
        turns = (places[one] - places[other]) / apart
        (turn, shift), (turn_on, shift_on) = anchor.moved, anchor.step
        shifts = places[one] - turns * points[one]
        turns = np.concatenate([turns, [turn_on * turn, turn, 1]])
        shifts = np.concatenate([shifts, [turn_on * shift + shift_on, shift, 0]])
        close = _closeness(turns, shifts, points, places)
        sectors = anchor.sectors[usable]
        begins = np.flatnonzero(np.concatenate([[True], sectors[1:] != sectors[:-1]]))
        # no matrix product: BLAS would spread one over all processors
        close *= (0.3 + anchor.standing[usable]).astype(np.float32)
        support = np.add.reduceat(close, begins, axis=1)
        score = (np.sqrt(support) * self._weights[sectors[begins]]).sum(axis=1)
        score[-1] *= _REST_COUNTS
        best = int(score.argmax())
        turn, shift = complex(turns[best]), complex(shifts[best])
        for _ in range(3):
            error = np.abs(turn * points + shift - places)
            weight = np.maximum(0, 1 - (error / _CLOSE_PX) ** 2) ** 2
            total = weight.sum()
            if total < 3:
                break
            from_middle, to_middle = (weight @ points) / total, (weight @ places) / total
            arms = points - from_middle
            spread = float(weight @ (arms.real**2 + arms.imag**2))
            turn = complex((weight * (places - to_middle)) @ arms.conj() / max(spread, 1e-9))
            shift = complex(to_middle - turn * from_middle)
        follows = np.zeros(len(at), np.bool_)
        follows[usable] = np.abs(turn * points + shift - places) < _INLIER_PX
        return (turn, shift), follows


def _sector_weights() -> _Floats:
    """float64[sectors]: figures stand in the middle and at the lower edge, the ground is seen above and beside."""
    weights = np.full((_SECTORS[1], _SECTORS[0]), 0.12)
    weights[-1], weights[0] = 0.35, 1.2
    weights[:, [0, -1]] = 1.2
    weights[0, [0, -1]] = 1.8
    return weights.ravel()


def _closeness(turns: _Complex, shifts: _Complex, points: _Complex, places: _Complex) -> NDArray[np.float32]:
    """float32[similarities, points]: 1 where a similarity takes a point to its place, 0 from `_CLOSE_PX` away.

    Single precision is good to a ten-thousandth of a pixel here, and half the work.
    """
    errors = np.multiply.outer(turns.astype(np.complex64), points.astype(np.complex64))
    errors += shifts.astype(np.complex64)[:, None]
    errors -= places.astype(np.complex64)[None]
    close = errors.real * errors.real
    close += errors.imag * errors.imag
    close *= np.float32(-1 / _CLOSE_PX**2)
    close += 1
    return np.asarray(np.maximum(close, 0, out=close), np.float32)


def _through(similarity: _Similarity, points: _Complex) -> _Complex:
    return np.asarray(similarity[0] * points + similarity[1], np.complex128)


def _as_pixels(points: _Complex) -> NDArray[np.float32]:
    return np.ascontiguousarray(np.column_stack([points.real, points.imag]), np.float32).reshape(-1, 1, 2)


def _flattened(picture: GreyPicture, bars: _Bars) -> GreyPicture:
    """Without large lights and shades and at one contrast, so that a change of light is no change.

    Bars are an even grey: next to them, what is large is taken from within the picture.
    """
    top, bottom, left, right = bars
    inner = np.ascontiguousarray(picture[top : len(picture) - bottom, left : picture.shape[1] - right])
    ground = _ground(inner)
    gain = _gain(inner, ground)
    flat = cv2.addWeighted(inner, gain, ground, -gain, 128)
    return np.asarray(
        cv2.copyMakeBorder(flat, top, bottom, left, right, cv2.BORDER_CONSTANT, value=128), np.uint8
    )


def _ground(picture: GreyPicture) -> cv2.typing.MatLike:
    return cv2.boxFilter(picture, -1, (_GROUND_PX, _GROUND_PX))


def _gain(picture: GreyPicture, ground: cv2.typing.MatLike) -> float:
    """What brings a picture's detail, what is not its ground, to one contrast."""
    detail = float(cv2.norm(picture, ground, cv2.NORM_L2)) / math.sqrt(picture.size)
    return min(_MOST_GAIN, _CONTRAST_LEVELS / max(detail, 1e-3))


def _bars(picture: GreyPicture) -> _Bars:
    """The bars of a picture."""
    edges: list[int] = []
    for axis in (1, 0):
        is_lit = picture.max(axis=axis) > _BLACK_LEVEL
        most = int(_MOST_BAR * len(is_lit))
        first = int(is_lit.argmax()) if is_lit.any() else 0
        last = int(is_lit[::-1].argmax()) if is_lit.any() else 0
        # the line next to a bar may be half of it
        edges += [first + 1 if 0 < first <= most else 0, last + 1 if 0 < last <= most else 0]
    top, bottom, left, right = edges
    return top, bottom, left, right


def _blank(picture: GreyPicture, bars: _Bars) -> float:
    """The share of what is between the bars that is as black as can be; 0 where a broad part is lit, or none well.

    Letters are bright and thin: what is left of a light once its edges are taken away tells a night scene from a title.
    """
    top, bottom, left, right = bars
    inner = picture[top : len(picture) - bottom, left : picture.shape[1] - right]
    darkest = float(inner.min())
    if darkest > _BLACK_LEVEL:
        return 0.0
    if float(inner.max()) - darkest < _LEAST_LETTERING:
        return 0.0
    black = cv2.inRange(inner, darkest, darkest + _EVEN_LEVELS)
    broad = cv2.countNonZero(cv2.dilate(black, _BRUSH, borderValue=0)) - inner.size
    if -broad > _LEAST_BROAD * inner.size:
        return 0.0
    return float(cv2.countNonZero(black)) / inner.size
