"""The shapes of wipes: when the edge reaches each place of the picture."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.evaluation.synthetic_plan import Join
from seamline.evaluation.synthetic_sources import Size

Field = NDArray[np.float32]

ASPECT = 16 / 9
_SAMPLED_WIDTH = 192  # small pictures are sampled finer, and take the mean of each pixel
_ANTIALIAS = 1.5  # pixels of edge where a picture is sampled once a pixel


def wipe_masks(join: Join, size: Size, shares: Field) -> tuple[Field, Field | None]:
    """How much of the incoming picture shows, and how much of the border line: float32[n, h, w], 0 to 1.

    `shares` is how far the wipe has come, 0 to 1, in each of n pictures. The mean over each pixel's area.
    """
    times = max(1, math.ceil(_SAMPLED_WIDTH / size[0]))
    width, height = size[0] * times, size[1] * times
    arrival = _arrival(join, width, height)
    softness = max(join.softness, _ANTIALIAS / width)
    reach = join.border / 2
    shown = np.empty((len(shares), size[1], size[0]), np.float32)
    line = np.empty_like(shown) if join.border else None
    for at, share in enumerate(shares):
        # at 0 the whole edge is still outside the picture, at 1 it has left it
        edge = float(share) * (1 + softness + 2 * reach) - reach
        mask = np.clip((edge - arrival) / softness, 0, 1)
        cv2.resize(mask, size, shown[at], interpolation=cv2.INTER_AREA)
        if line is not None:
            near = np.clip(
                (reach + softness / 2 - np.abs(edge - softness / 2 - arrival)) / softness + 0.5, 0, 1
            )
            if share in (0, 1):
                near = np.zeros_like(arrival)
            cv2.resize(near, size, line[at], interpolation=cv2.INTER_AREA)
    return shown, line


def _arrival(join: Join, width: int, height: int) -> Field:
    """float32[height, width], 0 to 1: at which share of the wipe its edge reaches each place."""
    across, down = np.broadcast_arrays(
        ((np.arange(width) + 0.5) / width)[None, :], ((np.arange(height) + 0.5) / height)[:, None]
    )
    field = _FIELDS[join.subtype](np.asarray(across, np.float32), np.asarray(down, np.float32), join)
    low, high = float(field.min()), float(field.max())
    return np.asarray((field - low) / max(1e-6, high - low), np.float32)


def _edge(x: Field, y: Field, join: Join) -> Field:
    turn = math.radians(join.angle_deg)
    return np.asarray(x * math.cos(turn) + y * math.sin(turn), np.float32)


def _centred(x: Field, y: Field, join: Join) -> tuple[Field, Field]:
    """Places from a point near the middle, in picture heights."""
    shift = np.random.default_rng(join.seed).uniform(-0.2, 0.2, 2)
    return (
        np.asarray((x - 0.5 - shift[0]) * ASPECT, np.float32),
        np.asarray(y - 0.5 - shift[1], np.float32),
    )


def _circle(x: Field, y: Field, join: Join) -> Field:
    return np.asarray(np.hypot(*_centred(x, y, join)), np.float32)


def _rectangle(x: Field, y: Field, join: Join) -> Field:
    across, down = _centred(x, y, join)
    return np.asarray(np.maximum(np.abs(across) / ASPECT, np.abs(down)), np.float32)


def _diamond(x: Field, y: Field, join: Join) -> Field:
    across, down = _centred(x, y, join)
    return np.asarray(np.abs(across) + np.abs(down), np.float32)


def _clock(x: Field, y: Field, join: Join) -> Field:
    turn = np.arctan2((x - 0.5) * ASPECT, 0.5 - y) / (2 * math.pi) % 1
    return np.asarray(1 - turn if join.seed % 2 else turn, np.float32)


def _doors(x: Field, y: Field, join: Join) -> Field:
    return np.asarray(np.abs((y if join.seed % 2 else x) - 0.5), np.float32)


def _blinds(x: Field, y: Field, join: Join) -> Field:
    slats = 4 + join.seed // 2 % 9
    return np.asarray((y if join.seed % 2 else x) * slats % 1, np.float32)


def _checker(x: Field, y: Field, join: Join) -> Field:
    columns, rows = 4 + join.seed % 7, 3 + join.seed // 7 % 5
    row, across = np.floor(y * rows), x * columns
    # the first half of the way fills every other square, the second half the rest
    return np.asarray((across % 1 + (row + np.floor(across)) % 2) / 2, np.float32)


def _cells(x: Field, y: Field, columns: int, rows: int, seed: int) -> Field:
    order = np.random.default_rng(seed).permutation(columns * rows).astype(np.float32)
    return order[(np.floor(y * rows) * columns + np.floor(x * columns)).astype(np.intp)]


def _matrix(x: Field, y: Field, join: Join) -> Field:
    columns = 10 + join.seed % 15
    return _cells(x, y, columns, round(columns / ASPECT), join.seed)


def _pixels(x: Field, y: Field, join: Join) -> Field:
    return _cells(x, y, 96, 54, join.seed)


def _bars(x: Field, y: Field, join: Join) -> Field:
    return _cells(np.zeros_like(x) if join.seed % 2 else x, y if join.seed % 2 else np.zeros_like(y),
                  1 if join.seed % 2 else 64, 40 if join.seed % 2 else 1, join.seed)  # fmt: skip


def _clouds(x: Field, _y: Field, join: Join) -> Field:
    noise = np.random.default_rng(join.seed).random((7, 11)).astype(np.float32)
    smooth = cv2.resize(noise, (96, 54), interpolation=cv2.INTER_CUBIC)
    # every level covers the same area, so that the wipe goes on evenly
    ranks = smooth.ravel().argsort().argsort().reshape(smooth.shape).astype(np.float32)
    return np.asarray(cv2.resize(ranks, (x.shape[1], x.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def _wave(x: Field, y: Field, join: Join) -> Field:
    waves = 1 + join.seed % 4
    other = y if abs(math.cos(math.radians(join.angle_deg))) > 0.7 else x
    return np.asarray(_edge(x, y, join) + 0.08 * np.sin(2 * math.pi * waves * other), np.float32)


def _closing(field: Callable[[Field, Field, Join], Field]) -> Callable[[Field, Field, Join], Field]:
    return lambda x, y, join: np.asarray(-field(x, y, join), np.float32)


_FIELDS: dict[str, Callable[[Field, Field, Join], Field]] = {
    "edge": _edge,
    "diagonal": _edge,
    "wave": _wave,
    "circle opens": _circle,
    "circle closes": _closing(_circle),
    "rectangle opens": _rectangle,
    "rectangle closes": _closing(_rectangle),
    "diamond": _diamond,
    "clock": _clock,
    "doors open": _doors,
    "doors close": _closing(_doors),
    "blinds": _blinds,
    "checker": _checker,
    "matrix": _matrix,
    "pixels": _pixels,
    "bars": _bars,
    "clouds": _clouds,
}

MASKED_WIPES = tuple(_FIELDS)
"""The subtypes where both pictures stand still and an edge goes over them."""

MOVING_WIPES = ("push", "cover", "reveal", "zoom in", "zoom out")
"""The subtypes where a picture itself moves."""
