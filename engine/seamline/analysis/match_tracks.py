"""Points at the edge of a shot that are followed from frame to frame.

They tell speeds more exactly than a grid does: a thing's border shares its cells with the ground (`evaluation.
match_motion` measures how exactly).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

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
    small = shrunk(pictures, TRACK_WIDTH)
    size = small[0].shape[1], small[0].shape[0]
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


def shrunk(pictures: Sequence[NDArray[np.uint8]], width: int) -> list[NDArray[np.uint8]]:
    """uint8[h, w] each, all of one size, made `width` pixels wide, and less where they are tall."""
    height, wide = pictures[0].shape
    across = min(width, round(_MOST_TALL * width * wide / height))
    size = (max(_LEAST_PX, across), max(_LEAST_PX, round(across * height / wide)))
    return [np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8) for each in pictures]


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
