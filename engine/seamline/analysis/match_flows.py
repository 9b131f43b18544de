"""What moves where at the edge of a shot: a grid of speeds, and the camera's part of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_tables import GRID, Array

FLOW_SIZE = (160, 90)

_BLUR_CELLS = 0.7
_STILL_PX = 0.15
"""A pixel of the small picture that moved less than that from one frame to the next but one has not moved."""
_STEADY, _UNSTEADY = 0.5, 1.0
"""How far pairs of frames may be from the median of them, against it: what moves goes on, what flickers does not."""
_ROUNDS = 8
_LEAST_REACH = 0.02
"""Widths a second: cells that differ no more from the camera's motion follow it; or by a fifth of its speed."""
_REACH_SHARE = 0.2


def edge_flow(pictures: Sequence[NDArray[np.uint8]], seconds: Sequence[Fraction | float]) -> Array:
    """float32[288], what the GRID's cells show moves right and down, in widths a second, of neighbouring frames in
    grey, uint8[90, 160] each, and the seconds from one to the next.

    From each frame to the next but one, so that drawings held for two frames, and doubled ones, do move; the median of
    the pairs counts, cell by cell, as far as all of them say much the same. Flow by dense inverse search (Kroeger et
    al., ECCV 2016), both ways: where the way back does not lead home, there is no flow. All 0 of fewer than two
    pictures.
    """
    step = min(2, len(pictures) - 1)
    fields = []
    for first in range(len(pictures) - step if step else 0):
        apart_s = float(sum(seconds[first : first + step]))
        if apart_s <= 0:
            continue
        field = sure_flow(pictures[first], pictures[first + step]) / (FLOW_SIZE[0] * apart_s)
        fields.append(cv2.resize(field, GRID, interpolation=cv2.INTER_AREA))
    if not fields:
        return np.zeros(GRID[0] * GRID[1] * 2, np.float32)
    grid = np.median(np.stack(fields), axis=0).astype(np.float32)
    grid *= _steadiness(np.stack(fields), grid)[..., None]
    blurred = cv2.GaussianBlur(grid, (0, 0), _BLUR_CELLS, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float32).reshape(-1)


def _steadiness(fields: NDArray[np.float32], usual: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32[9, 16], 0 to 1: whether a cell moves alike in all of some float32[n, 9, 16, 2], or is a crowd's noise."""
    apart = np.linalg.norm(fields - usual, axis=-1).max(axis=0)
    against = apart / np.maximum(np.linalg.norm(usual, axis=-1), 1e-9)
    return np.asarray(np.clip((_UNSTEADY - against) / (_UNSTEADY - _STEADY), 0, 1), np.float32)


def camera_of(flow: Array) -> Array:
    """float32[4]: what of a grid's flow is the whole picture's, right and down in widths a second, its growth a
    second, and the share of the cells that this explains, of float32[288].

    Least squares over the cells that agree, beginning with all, the outer ones weighing more: figures stand in the
    middle (a quarter of the weight).
    """
    x, y = _places()
    u, v = flow[0::2].astype(np.float64), flow[1::2].astype(np.float64)
    usual = np.median(u), np.median(v)
    fit = np.array([*usual, 0.0])
    agree = np.ones(len(u), np.bool_)
    weights = _outer_weights()
    for _ in range(_ROUNDS):
        apart = np.hypot(u - fit[0] - fit[2] * x, v - fit[1] - fit[2] * y)
        reach = max(_LEAST_REACH, _REACH_SHARE * float(np.hypot(fit[0], fit[1])) + 0.1 * abs(fit[2]))
        # wide at first, so that a first guess by the median finds its way
        now = apart <= max(reach, float(np.quantile(apart, 0.5)))
        if not now.any():
            break
        w = weights * now
        total = w.sum()
        mx, my, mu, mv = ((w * each).sum() / total for each in (x, y, u, v))
        spread = (w * ((x - mx) ** 2 + (y - my) ** 2)).sum()
        growth = (w * ((x - mx) * (u - mu) + (y - my) * (v - mv))).sum() / max(spread, 1e-9)
        fit = np.array([mu - growth * mx, mv - growth * my, growth])
        if np.array_equal(now, agree):
            break
        agree = now
    apart = np.hypot(u - fit[0] - fit[2] * x, v - fit[1] - fit[2] * y)
    reach = max(_LEAST_REACH, _REACH_SHARE * float(np.hypot(fit[0], fit[1])) + 0.1 * abs(fit[2]))
    share = float((weights * (apart <= reach)).sum() / weights.sum())
    return np.array([*fit, share], np.float32)


def camera_flow(camera: Array) -> Array:
    """float32[n, 288]: the grids that cameras of float32[n, 4] alone give."""
    x, y = (places.astype(np.float32) for places in _places())
    grids = np.empty((len(camera), 2 * len(x)), np.float32)
    grids[:, 0::2] = camera[:, :1] + camera[:, 2:3] * x
    grids[:, 1::2] = camera[:, 1:2] + camera[:, 2:3] * y
    return grids


def sure_flow(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """float32[h, w, 2], right and down in pixels, of two pictures in grey, uint8[h, w] each; 0 where a pixel stands
    still, and where the way back does not lead home."""
    there, back = _flow(first, second), _flow(second, first)
    rows, columns = np.indices(first.shape, np.float32)
    led = cv2.remap(
        back, columns + there[..., 0], rows + there[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    lost = np.hypot(*np.moveaxis(led + there, -1, 0))
    length = np.hypot(*np.moveaxis(there, -1, 0))
    sure = (lost <= 1 + 0.25 * length) & (length > _STILL_PX)
    return np.asarray(there * sure[..., None], np.float32)


def _flow(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return np.asarray(finder.calc(first, second, None), np.float32)  # type: ignore[call-overload]


def _places() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The cells' centres from the picture's, in widths; the picture is taken for one of 16:9."""
    columns, rows = GRID
    x = (np.arange(columns) + 0.5) / columns - 0.5
    y = ((np.arange(rows) + 0.5) / rows - 0.5) * rows / columns
    across, down = np.meshgrid(x, y)
    return across.ravel(), down.ravel()


def _outer_weights() -> NDArray[np.float64]:
    x, y = _places()
    half = np.maximum(np.abs(x) / 0.5, np.abs(y) / 0.28125)
    return np.asarray(np.where(half < 0.5, 0.25, 1.0))
