"""Which way the eye is led at the edge of a shot: the largest and fastest of what moves before the camera.

Followed points alone say how exactly a thing goes, but not which one is looked at: most lie on what sways a little, and
few on a hand, a ball or a rider in full motion, whose pictures are blurred. So pixels choose, by area times speed
squared, and points that go nearly so then tell the speed; of what is smaller than some 2 % of them, the ground is
mixed into it, and it seems slower than it is. Of 98 edges of real shots where the eye follows one thing, the direction
is right of 76, of 51 by points alone before (`evaluation.real_motions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_camera import Camera
from seamline.analysis.match_directions import between
from seamline.analysis.match_flows import sure_flow
from seamline.analysis.match_tables import Array
from seamline.analysis.match_tracks import Tracks, shrunk

TRAVEL_WIDTH = 160
"""Of the pictures that flow is computed of."""
_SOFT_PX = 0.8
"""Blur: without it grain hides every seventh thing instead of every twelfth (`evaluation.match_motion`)."""
_SAME_GREY = 1.5
"""Mean difference of any block, in grey levels, below which a picture is the one before it, shown again."""
_BLOCKS = (16, 9)

_LEAST_SPEED, _AGAINST_CAMERA = 0.06, 0.3
"""Widths a second, and share of the camera's speed there, that pixels move against it."""
_MOST_SHIFT = 0.06
"""Widths from one picture to the next: in a faster pan flow loses the ground, and its errors would be a thing."""
_LEAST = 3
_REACH, _REACH_SHARE = 0.075, 0.375
"""Widths a second, and share of the speed: pixels that differ no more from a motion go with it."""
_ROUNDS = 4
_GUESSES, _HEARD, _GUESS_SEED = 150, 3000, 0
_ONE_THING = 0.3, 0.6
"""Share of the weight that goes one way: no one thing does below the first, and one surely above the second."""
_SURE = 0.5
"""Of pixels: where they are less sure than that, points may be surer."""
_SEEN_OF_PIXELS, _SEEN_OF_POINTS = (0.001, 0.004), (0.02, 0.06)
"""Share of the pixels, and of the points, likewise."""

Floats = NDArray[np.float64]
Vectors = NDArray[np.complex128]


def thing_of(
    pictures: Sequence[NDArray[np.uint8]],
    seconds: Sequence[Fraction | float],
    camera: Camera,
    tracks: Tracks,
) -> Array:
    """float32[3]: where what the eye follows goes against the ground, right and down in widths a second, and how sure
    that is, 0 to 1: of a crowd it is not. All 0 where nothing moves.

    Of neighbouring frames in grey, uint8[h, w] each, the seconds from one to the next, the camera's motion, and points
    that were followed over some of the frames. So a rider who is kept in the middle of the picture goes where the
    ground does not.
    """
    pixels, points = _pixels(pictures, seconds, camera), _points(tracks, camera)
    found = np.zeros(3)
    for which in (pixels, points):
        usual = which.usual()
        sure = 0.0 if usual is None else which.sure_01(usual)
        if usual is not None and sure >= found[2]:
            thing = points.settled(usual)
            found = np.array([thing.real, thing.imag, sure])
        if found[2] > _SURE:
            break
    return found.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Moving:
    """What goes against the camera: `velocities` complex128[n], `weights` float64[n], and how many were looked at, of
    which `seen` shares, 0 to 1, must go one way to be seen: none at the first, surely at the second."""

    velocities: Vectors
    weights: Floats
    count: int
    seen: tuple[float, float]

    def usual(self) -> complex | None:
        """What most of the weight goes with; None where too little moves."""
        if len(self.velocities) < _LEAST:
            return None
        rng = np.random.default_rng(_GUESS_SEED)
        count = len(self.velocities)
        guesses = self.velocities[
            rng.choice(count, min(_GUESSES, count), p=self.weights / self.weights.sum())
        ]
        heard = rng.choice(count, min(_HEARD, count), replace=False)
        off = np.abs(self.velocities[heard][None] - guesses[:, None]) / _reach(guesses)[:, None]
        near = (np.clip(1 - off, 0, None) * self.weights[heard]).sum(axis=1)
        return self.settled(complex(guesses[int(near.argmax())]))

    def settled(self, thing: complex) -> complex:
        """The mean of what goes nearly so; the same where too little does."""
        for _ in range(_ROUNDS):
            follow = self._follow(thing)
            if follow.sum() < max(_LEAST, self.seen[0] * self.count):
                break
            thing = complex(
                (self.velocities[follow] * self.weights[follow]).sum() / self.weights[follow].sum()
            )
        return thing

    def sure_01(self, thing: complex) -> float:
        follow = self._follow(thing)
        if follow.sum() < _LEAST:
            return 0.0
        share = float(self.weights[follow].sum() / self.weights.sum())
        seen = float(follow.sum()) / self.count
        return float(between(share, *_ONE_THING)) * float(between(seen, *self.seen))

    def _follow(self, thing: complex) -> NDArray[np.bool_]:
        return np.asarray(np.abs(self.velocities - thing) < _reach(thing))


def _points(tracks: Tracks, camera: Camera) -> _Moving:
    against, ground = camera.against(tracks)
    moves = np.abs(against) > np.maximum(_LEAST_SPEED, _AGAINST_CAMERA * np.abs(ground))
    return _Moving(against[moves], np.abs(against[moves]) ** 2, max(1, len(tracks)), _SEEN_OF_POINTS)


def _pixels(
    pictures: Sequence[NDArray[np.uint8]], seconds: Sequence[Fraction | float], camera: Camera
) -> _Moving:
    """Of all neighbouring pictures together."""
    small, times = _distinct(pictures, seconds)
    found, count = [], 0
    for at in range(len(small) - 1):
        apart_s = times[at + 1] - times[at]
        if abs(camera.shift) * apart_s > _MOST_SHIFT:
            continue
        height, width = small[at].shape
        flow = sure_flow(small[at], small[at + 1]).astype(np.float64)
        is_known = flow.any(axis=-1)
        going = (flow[..., 0] + 1j * flow[..., 1]) / (width * apart_s)
        x, y = (
            (np.arange(width) + 0.5) / width - 0.5,
            ((np.arange(height) + 0.5) / height - 0.5) * height / width,
        )
        ground = camera.motion(x[None] + 1j * y[:, None])
        against = going - ground
        moves = is_known & (np.abs(against) > np.maximum(_LEAST_SPEED, _AGAINST_CAMERA * np.abs(ground)))
        found.append(against[moves])
        count += going.size
    moving = np.concatenate([*found, np.zeros(0, np.complex128)])
    return _Moving(moving, np.abs(moving) ** 2, max(1, count), _SEEN_OF_PIXELS)


def _distinct(
    pictures: Sequence[NDArray[np.uint8]], seconds: Sequence[Fraction | float]
) -> tuple[list[NDArray[np.uint8]], list[float]]:
    """The pictures, small, and their times, less those that show the one before again: doubled frames, and drawings
    held for two, would seem to go twice as fast."""
    if not pictures:
        return [], []
    times = np.concatenate([[0.0], np.cumsum([float(each) for each in seconds])])
    small: list[NDArray[np.uint8]] = []
    kept: list[float] = []
    for now, time_s in zip(shrunk(pictures, TRAVEL_WIDTH), times.tolist(), strict=True):
        now = np.asarray(cv2.GaussianBlur(now, (0, 0), _SOFT_PX), np.uint8)
        if small and (time_s <= kept[-1] or _is_same(small[-1], now)):
            continue
        small.append(now)
        kept.append(time_s)
    return small, kept


def _is_same(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    blocks = cv2.resize(cv2.absdiff(one, other).astype(np.float32), _BLOCKS, interpolation=cv2.INTER_AREA)
    return bool(blocks.max() < _SAME_GREY)


def _reach(motion: Vectors | complex) -> Floats:
    return np.asarray(np.maximum(_REACH, _REACH_SHARE * np.abs(motion)), np.float64)
