"""What moves at the edge of a shot, by points that are followed from frame to frame: the camera, and a thing before it.

Points tell speeds more exactly than a grid does: a thing's border shares its cells with the ground. Of drawn things the
median error of the velocity is .05 of the speed, of the fastest cells' .24; of drawn cameras, .06 and .08 (measured,
2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_tables import Array

TRACK_WIDTH = 256
"""Of the pictures that points are followed in."""
_MOST_TALL = 2.0
"""Of their width: narrower pictures are made smaller still, as a single column of pixels would be some 80,000 tall."""
_LEAST_PX = 16

_MOST_POINTS, _LEAST_CORNER, _APART_PX = 240, 0.003, 6
_WINDOW_PX, _LEVELS = 9, 3
_RULE = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 15, 0.02)
_HOME_PX, _HOME_SHARE = 1.0, 0.1
"""How far from where it began a point may be led back, and how much of its way is added to that."""
_STEADY_PX, _STEADY_SHARE = 0.5, 0.2
"""How far from half its way a point may be after half of the time: what is shaken, or flickers, goes no way."""
_LEAST_POINTS = 6

_CELLS = (8, 5)
_INNER_WEIGHT = 0.35
"""Of points in the middle, where figures stand, in finding the camera's motion."""
_GUESSES, _GUESS_SEED, _GUESS_APART = 64, 0, 0.2
_REACH, _REACH_SHARE = 0.02, 0.15
"""Widths a second, and share of the speed: points that differ no more from a motion follow it."""
_ROUNDS = 4
_LEAST_ACROSS, _LEAST_TALL, _LEAST_SHARE = 0.4, 0.2, 0.4
"""Of the picture's sides, and of the points' weight: what follows one motion in less of it is a thing, not all."""
_STILL, _STILL_GROWTH = 0.015, 0.03
_LEAST_SPEED, _AGAINST_CAMERA = 0.03, 0.3
"""Widths a second, and share of the camera's speed, that a thing moves against it."""
_LEAST_OF_THING = 3
_UNKNOWN = 0.02

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Of n points that were followed all the way: `places` float64[n, 2], from the picture's centre, and `speeds`
    float64[n, 2], right and down, in widths and widths a second; `tall`, the height against the width.

    `sure`: float64[n, 2, 2], how well a speed is known in each direction, 1 at most: along an edge it is not.
    """

    places: Floats
    speeds: Floats
    sure: Floats
    tall: float

    def __len__(self) -> int:
        return len(self.places)


def tracks_of(pictures: Sequence[NDArray[np.uint8]], seconds: Sequence[Fraction | float]) -> Tracks:
    """Of neighbouring frames in grey, uint8[h, w] each, and the seconds from one to the next.

    Corners of the first (Shi and Tomasi, CVPR 1994) are followed to the last and back (Lucas and Kanade, in pyramids).
    Those count that come home, and that have gone half of their way after half of the time.
    """
    height, width = pictures[0].shape if pictures else (1, 1)
    none = Tracks(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 2, 2)), height / width)
    times = np.concatenate([[0.0], np.cumsum([float(each) for each in seconds])])
    if len(pictures) < 2 or times[-1] <= 0:
        return none
    across = min(TRACK_WIDTH, round(_MOST_TALL * TRACK_WIDTH * width / height))
    size = (max(_LEAST_PX, across), max(_LEAST_PX, round(across * height / width)))
    small = [np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8) for each in pictures]
    # None where there is none, of which no dimension comes
    corners = np.asarray(
        cv2.goodFeaturesToTrack(small[0], _MOST_POINTS, _LEAST_CORNER, _APART_PX), np.float32
    )
    if not corners.ndim:
        return none
    ways = [corners]
    found = np.ones(len(corners), np.bool_)
    for now, then in pairwise(small):
        ways.append(_followed(now, then, ways[-1], found))
    home = ways[-1]
    for now, then in pairwise(small[::-1]):
        home = _followed(now, then, home, found)
    points = np.concatenate(ways, axis=1).astype(np.float64)
    way = points[:, -1] - points[:, 0]
    length = np.linalg.norm(way, axis=1)
    middle = len(points[0]) // 2
    half = points[:, middle] - points[:, 0] - way * (times[middle] / times[-1])
    found &= np.linalg.norm(home[:, 0] - points[:, 0], axis=1) < _HOME_PX + _HOME_SHARE * length
    found &= np.linalg.norm(half, axis=1) <= _STEADY_PX + _STEADY_SHARE * length
    centre = np.array([0.5, 0.5 * size[1] / size[0]])
    places = (points[:, 0] + way / 2) / size[0] - centre
    speeds = way[found] / (size[0] * times[-1])
    return Tracks(places[found], speeds, _sureness(small[0], points[found, 0]), size[1] / size[0])


def _followed(
    now: NDArray[np.uint8],
    then: NDArray[np.uint8],
    points: NDArray[np.float32],
    found: NDArray[np.bool_],
) -> NDArray[np.float32]:
    moved, status, _ = cv2.calcOpticalFlowPyrLK(  # type: ignore[call-overload]
        now, then, points, None, winSize=(_WINDOW_PX, _WINDOW_PX), maxLevel=_LEVELS, criteria=_RULE
    )
    found &= status[:, 0] > 0
    return np.asarray(moved, np.float32)


def _sureness(picture: NDArray[np.uint8], points: Floats) -> Floats:
    """The structure tensors about the points, their larger value 1."""
    height, width = picture.shape
    across = np.clip(np.rint(points[:, 0]).astype(np.int64), 0, width - 1)
    down = np.clip(np.rint(points[:, 1]).astype(np.int64), 0, height - 1)
    found = cv2.cornerEigenValsAndVecs(picture, _WINDOW_PX, 3)[down, across].astype(np.float64)
    values, ways = found[:, :2], found[:, 2:].reshape(-1, 2, 2)
    values = values / np.maximum(values.max(axis=1, keepdims=True), 1e-12)
    return np.asarray(np.einsum("nk,nki,nkj->nij", values, ways, ways))


def camera_of_tracks(tracks: Tracks) -> Array | None:
    """float32[4], as in `EdgeTable`, by random pairs of points and least squares over those that agree; the points of
    each part of the picture weigh as much as those of any other.

    All 0 but the share, where what moves alike is small enough to be a thing. None where there are too few points.
    """
    if len(tracks) < _LEAST_POINTS:
        return None
    weights = _weights(tracks)
    guesses = _guesses(tracks)
    apart, reach = _apart(tracks, guesses)
    score = np.clip(1 - apart / reach, 0, None) @ weights
    camera = guesses[int(score.argmax())]
    for _ in range(_ROUNDS):
        camera = _least_squares(tracks, weights * _follows(tracks, camera), camera)
    follow = _follows(tracks, camera)
    share = float(weights @ follow / weights.sum())
    is_still = float(np.hypot(*camera[:2])) < _STILL and abs(camera[2]) < _STILL_GROWTH
    if not is_still and (share < _LEAST_SHARE or _is_small(tracks, follow)):
        camera = np.zeros(3)
        share = float(weights @ _follows(tracks, camera) / weights.sum())
    return np.array([*camera, share], np.float32)


def thing_of_tracks(tracks: Tracks, camera: Array) -> Array:
    """float32[3]: where what moves before that camera, float32[4], goes, right and down in widths a second, and the
    share of what moves that goes there, 0 to 1: of a crowd it is small. All 0 where nothing moves."""
    against = tracks.speeds - _motion(tracks, camera[:3].astype(np.float64))
    speed = np.linalg.norm(tracks.speeds - against, axis=1)
    moves = _lengths(against, tracks.sure) > np.maximum(_LEAST_SPEED, _AGAINST_CAMERA * speed)
    if moves.sum() < _LEAST_OF_THING:
        return np.zeros(3, np.float32)
    against, sure = against[moves], tracks.sure[moves]
    guesses = _common(against, sure)
    reach = np.maximum(_REACH, _REACH_SHARE * np.linalg.norm(guesses, axis=1))[:, None]
    off = _lengths(against - guesses[:, None], sure) / reach
    thing = guesses[int(np.clip(1 - off, 0, None).sum(axis=1).argmax())]
    for _ in range(_ROUNDS):
        follow = _lengths(against - thing, sure) < max(_REACH, _REACH_SHARE * float(np.hypot(*thing)))
        if not follow.any():
            break
        thing = _solved(sure[follow].sum(axis=0), np.einsum("nij,nj->i", sure[follow], against[follow]))
    return np.array([*thing, follow.mean()], np.float32)


def _common(speeds: Floats, sure: Floats) -> Floats:
    """float64[m, 2]: the points' speeds, and those that some pairs of points have in common."""
    one, other = np.random.default_rng(_GUESS_SEED).integers(0, len(speeds), (2, _GUESSES))
    sums = np.einsum("nij,nj->ni", sure, speeds)
    return np.concatenate([speeds, _solved(sure[one] + sure[other], sums[one] + sums[other])])


def _solved(matrix: Floats, vector: Floats) -> Floats:
    """float64[..., 2] of float64[..., 2, 2] and float64[..., 2]; what is not known of it stays near 0."""
    return np.asarray(np.linalg.solve(matrix + _UNKNOWN * np.eye(2), vector[..., None])[..., 0])


def _lengths(vectors: Floats, sure: Floats) -> Floats:
    """float64[..., n] of float64[..., n, 2], as far as they are sure."""
    return np.asarray(np.sqrt(np.maximum(np.einsum("...ni,nij,...nj->...n", vectors, sure, vectors), 0)))


def _weights(tracks: Tracks) -> Floats:
    columns, rows = _CELLS
    across = np.clip(((tracks.places[:, 0] + 0.5) * columns).astype(np.int64), 0, columns - 1)
    down = np.clip(((tracks.places[:, 1] / tracks.tall + 0.5) * rows).astype(np.int64), 0, rows - 1)
    cell = down * columns + across
    is_outer = (across == 0) | (across == columns - 1) | (down == 0) | (down == rows - 1)
    return np.asarray(np.where(is_outer, 1.0, _INNER_WEIGHT) / np.bincount(cell)[cell])


def _guesses(tracks: Tracks) -> Floats:
    """float64[n, 3], right, down and growth: of some pairs of points, of the usual point, and none at all."""
    places, speeds = tracks.places, tracks.speeds
    one, other = np.random.default_rng(_GUESS_SEED).integers(0, len(places), (2, _GUESSES))
    between = places[one] - places[other]
    far = (between**2).sum(axis=1) > _GUESS_APART**2
    one, other, between = one[far], other[far], between[far]
    growth = (between * (speeds[one] - speeds[other])).sum(axis=1) / (between**2).sum(axis=1)
    shift = (speeds[one] + speeds[other] - growth[:, None] * (places[one] + places[other])) / 2
    pairs = np.concatenate([shift, growth[:, None]], axis=1)
    return np.concatenate([pairs, [[*np.median(speeds, axis=0), 0.0]], np.zeros((1, 3))])


def _motion(tracks: Tracks, cameras: Floats) -> Floats:
    """float64[..., n, 2], how the points move by cameras of float64[..., 3]."""
    return np.asarray(cameras[..., None, :2] + cameras[..., None, 2:] * tracks.places)


def _apart(tracks: Tracks, cameras: Floats) -> tuple[Floats, Floats]:
    """float64[..., n] twice: how far the points' speeds are from each camera's, and how far they may be."""
    motion = _motion(tracks, cameras)
    reach = np.maximum(_REACH, _REACH_SHARE * np.linalg.norm(motion, axis=-1))
    return _lengths(tracks.speeds - motion, tracks.sure), reach


def _follows(tracks: Tracks, camera: Floats) -> NDArray[np.bool_]:
    apart, reach = _apart(tracks, camera)
    return np.asarray(apart < reach)


def _least_squares(tracks: Tracks, weights: Floats, camera: Floats) -> Floats:
    total = weights.sum()
    if total <= 0:
        return camera
    place, speed = (weights @ each / total for each in (tracks.places, tracks.speeds))
    off, faster = tracks.places - place, tracks.speeds - speed
    spread = float(weights @ (off**2).sum(axis=1))
    growth = float(weights @ (off * faster).sum(axis=1)) / spread if spread > 1e-3 * total else 0.0
    return np.array([*(speed - growth * place), growth])


def _is_small(tracks: Tracks, follow: NDArray[np.bool_]) -> bool:
    if follow.sum() < _LEAST_POINTS:
        return True
    low, high = np.quantile(tracks.places[follow], [0.05, 0.95], axis=0)
    across, down = high - low
    return bool(across < _LEAST_ACROSS or down < _LEAST_TALL * tracks.tall)
