"""How the camera moves at the edge of a shot: by points that are followed, and by pictures laid over one another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_tables import Array
from seamline.analysis.match_tracks import Tracks

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
STILL, _STILL_GROWTH = 0.015, 0.03
"""Widths a second, and growth a second: of what nobody sees moving."""
_STANDS_STILL = 0.25
"""Share of the points, by their weights, that stand still before a camera that does."""
_USUAL_REACH, _USUAL_REACH_SHARE = 0.04, 0.5
"""As _REACH, of the usual motion where near and far things go at speeds of their own."""

_LEAST_OF_ALL = 0.25
"""As _LEAST_SHARE, where nothing stands still: below it, all goes its own way."""
_SOFT_PX, _BLOCKS, _CLEARLY = 1.5, (16, 9), 0.2
"""Blur, and blocks of which one picture lies better than the other where their errors differ by more than a fifth."""

Floats = NDArray[np.float64]
Plane = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Camera:
    """How the whole picture moves: `shift`, right and, as its imaginary part, down, in widths a second; `swell`, how it
    grows, the natural logarithm a second, and, as the imaginary part, turns clockwise, radians a second; and the
    `share`, 0 to 1, of the picture that this explains."""

    shift: complex
    swell: complex
    share: float

    @property
    def is_still(self) -> bool:
        return abs(self.shift) < STILL and abs(self.swell) < _STILL_GROWTH

    def motion(self, places: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """complex128[...], widths a second, at places from the picture's centre, in widths, right and down."""
        return np.asarray(self.shift + self.swell * places, np.complex128)

    @property
    def row(self) -> Array:
        """float32[4], as in `EdgeTable`."""
        return np.array([self.shift.real, self.shift.imag, self.swell.real, self.share], np.float32)

    def against(self, tracks: Tracks) -> tuple[Plane, Plane]:
        """complex128[n] twice: how the points go before it, and how it moves the ground there."""
        ground = self.motion(_plane(tracks.places))
        return np.asarray(_plane(tracks.speeds) - ground, np.complex128), ground

    @classmethod
    def of_row(cls, row: Array) -> Camera:
        right, down, growth, share = (float(each) for each in row)
        return cls(complex(right, down), complex(growth), share)


def camera_of_tracks(tracks: Tracks) -> Camera | None:
    """By random pairs of points and least squares over those that agree; the points of each part of the picture weigh
    as much as those of any other.

    All 0 but the share, where what moves alike is small enough to be a thing, and where much of the picture stands
    still. Where all of it moves, but by no one motion, as near and far things do before a camera that is carried, it is
    the usual motion. None where there are too few points.
    """
    if len(tracks) < _LEAST_POINTS:
        return None
    weights = _weights(tracks)
    places, speeds = _plane(tracks.places), _plane(tracks.speeds)
    shifts, swells = _guesses(places, speeds)
    apart, reach = _apart(tracks, shifts[:, None] + swells[:, None] * places)
    best = int((np.clip(1 - apart / reach, 0, None) @ weights).argmax())
    found = Camera(complex(shifts[best]), complex(swells[best]), 0.0)
    for _ in range(_ROUNDS):
        found = _least_squares(places, speeds, weights * _follows(tracks, found.motion(places)), found)
    follow = _follows(tracks, found.motion(places))
    share = float(weights @ follow / weights.sum())
    found = replace(found, share=share)
    if found.is_still or (share >= _LEAST_SHARE and not _is_small(tracks, follow)):
        return found
    rest = _follows(tracks, np.zeros(len(tracks), np.complex128))
    rest_share = float(weights @ rest / weights.sum())
    if rest_share >= _STANDS_STILL or _is_small(tracks, ~rest):
        return Camera(0j, 0j, rest_share)
    usual = complex(_weighted_median(speeds.real, weights), _weighted_median(speeds.imag, weights))
    near = np.abs(speeds - usual) < max(_USUAL_REACH, _USUAL_REACH_SHARE * abs(usual))
    usual_share = float(weights @ near / weights.sum())
    if max(share, usual_share) < _LEAST_OF_ALL:
        return Camera(0j, 0j, rest_share)
    return found if share > usual_share else Camera(usual, 0j, usual_share)


def stands_still(first: NDArray[np.uint8], last: NDArray[np.uint8], seconds: float, camera: Camera) -> bool:
    """Whether the last picture lies better over the first as it is than moved by that camera, in most of the blocks in
    which one of the two lies clearly better; uint8[h, w] in grey each, `seconds` apart.

    Grain leaves hardly a point to follow but on what is large and moves, which then looks like all.
    """
    height, width = first.shape
    swell = np.exp(camera.swell * seconds)
    shift = camera.shift * seconds * width
    centre = complex(width / 2, height / 2)
    # a place of the first picture is found in the last one at swell * (place - centre) + shift + centre
    off = centre + shift - swell * centre
    matrix = np.array([[swell.real, -swell.imag, off.real], [swell.imag, swell.real, off.imag]])
    soft = [cv2.GaussianBlur(each, (0, 0), _SOFT_PX).astype(np.float32) for each in (first, last)]
    moved = cv2.warpAffine(soft[1], matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    inside = cv2.warpAffine(np.ones_like(soft[1]), matrix, (width, height), flags=cv2.WARP_INVERSE_MAP)
    as_it_is, as_moved = (
        cv2.resize(np.abs(soft[0] - each) * inside, _BLOCKS, interpolation=cv2.INTER_AREA)
        for each in (soft[1], moved)
    )
    apart = as_moved - as_it_is
    clear = np.abs(apart) > _CLEARLY * np.maximum(as_it_is, as_moved)
    return bool((apart[clear] > 0).sum() > (apart[clear] < 0).sum())


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


def _guesses(places: Plane, speeds: Plane) -> tuple[Plane, Plane]:
    """complex128[n] twice, shifts and swells: of some pairs of points, of the usual point, and none at all."""
    one, other = np.random.default_rng(_GUESS_SEED).integers(0, len(places), (2, _GUESSES))
    far = np.abs(places[one] - places[other]) > _GUESS_APART
    one, other = one[far], other[far]
    swells = (speeds[one] - speeds[other]) / (places[one] - places[other])
    shifts = (speeds[one] + speeds[other] - swells * (places[one] + places[other])) / 2
    usual = complex(np.median(speeds.real), np.median(speeds.imag))
    return np.append(shifts, [usual, 0]), np.append(swells, [0, 0])


def _apart(tracks: Tracks, motion: Plane) -> tuple[Floats, Floats]:
    """float64[..., n] twice: how far the points' speeds are from a motion, complex128[..., n], and may be."""
    off = _plane(tracks.speeds) - motion
    reach = np.maximum(_REACH, _REACH_SHARE * np.abs(motion))
    return _lengths(np.stack([off.real, off.imag], axis=-1), tracks.sure), reach


def _follows(tracks: Tracks, motion: Plane) -> NDArray[np.bool_]:
    apart, reach = _apart(tracks, motion)
    return np.asarray(apart < reach)


def _least_squares(places: Plane, speeds: Plane, weights: Floats, before: Camera) -> Camera:
    """`before` where no point weighs anything."""
    total = float(weights.sum())
    if total <= 0:
        return before
    place, speed = weights @ places / total, weights @ speeds / total
    off, faster = places - place, speeds - speed
    spread = float(weights @ np.abs(off) ** 2)
    swell = complex(weights @ (off.conj() * faster)) / spread if spread > 1e-3 * total else 0j
    return Camera(complex(speed - swell * place), swell, 0.0)


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    upto = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(upto, upto[-1] / 2)])


def _plane(rows: Floats) -> Plane:
    """complex128[n] of float64[n, 2]: right, and down as the imaginary part."""
    return np.asarray(rows[..., 0] + 1j * rows[..., 1], np.complex128)


def _is_small(tracks: Tracks, follow: NDArray[np.bool_]) -> bool:
    if follow.sum() < _LEAST_POINTS:
        return True
    low, high = np.quantile(tracks.places[follow], [0.05, 0.95], axis=0)
    across, down = high - low
    return bool(across < _LEAST_ACROSS or down < _LEAST_TALL * tracks.tall)
