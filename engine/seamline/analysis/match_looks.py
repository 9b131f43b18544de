"""How a picture is composed: light and dark, colours, masses and lines, on grids blurred against small shifts."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.match_masses import mass_map
from seamline.analysis.match_tables import COLOUR_GRID, GRID, ORIENTATIONS, Array

Picture = NDArray[np.uint8]
"""uint8[height, width, 3], RGB."""

_SIZE = (160, 90)
_LIGHT_BLUR_CELLS, _LINES_BLUR_CELLS, _MASS_BLUR_CELLS = 0.8, 0.8, 0.7
_PLAIN_CONTRAST, _BLACK_ALL_OVER = 0.012, 0.08
"""Standard deviation and 99th percentile of the brightness, 0 to 1: below either, a frame is blank. A silhouette before
a plain sky is not."""
_LINES_SIZE = (80, 45)
"""Lines are looked for in so small a picture, so that leaves, grass and grain have none."""
_SAME_GREY = 5
_MOSTLY_PLAIN, _PLAIN_IF_WRITTEN, _MOST_ELSE = 0.8, 0.5, 0.3
"""Of the picture: one brightness in so much of it is plain; in so much, where there is writing on it, and no more than
the last is of brightnesses between."""
_WHITE = 235
_WRITING_CONTRAST = 40
_THICK_SHARE = 0.35
_THING_SHARE, _THING_THICKNESS = 0.015, 0.75
"""Of a picture that is black elsewhere: what takes so much of it, and keeps so much of that without its edges, is a
thing, and no writing. Where the ground has colours, so little is no writing, either."""
_MANY_COLOURS = 2.0
"""Standard deviation of a and b: below it, what is of one brightness is plain. Of planted grounds of one brightness it
is 2.2 to 12, of pages of writing 0 to 1.5."""

_BLACK = 20
_MOST_BARS = 0.3
_STRIPS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The composition of one frame: see `EdgeTable`."""

    is_plain: bool
    light: Array
    colour: Array
    mass: Array
    lines: Array


def look_of(picture: Picture) -> Look:
    """Of a picture without bars, of any size."""
    small = cv2.resize(picture, _SIZE, interpolation=cv2.INTER_AREA)
    # L to 100, a and b about 0
    lab = np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
    bright = np.ascontiguousarray(lab[..., 0])
    return Look(
        _is_plain(bright, np.ascontiguousarray(lab[..., 1:])),
        _light(bright),
        _colour(lab),
        _grid(mass_map(lab), _MASS_BLUR_CELLS),
        _lines(bright),
    )


def picture_part(pictures: list[Picture]) -> tuple[slice, slice]:
    """The rows and columns of the picture without its black bars, as neighbouring frames show them together.

    Bars lie above and below, or left and right, nearly as wide on both sides, a third of the picture's at most.
    """
    brightest = np.max(np.stack([cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in pictures]), axis=0)
    height, width = brightest.shape
    # by averages of some pixels, so that grain in the bars does not count
    rows = cv2.resize(brightest, (_STRIPS, height), interpolation=cv2.INTER_AREA).max(axis=1)
    columns = cv2.resize(brightest, (width, _STRIPS), interpolation=cv2.INTER_AREA).max(axis=0)
    return _lit_part(rows), _lit_part(columns)


def _lit_part(brightest: NDArray[np.uint8]) -> slice:
    length = len(brightest)
    lit = np.flatnonzero(brightest > _BLACK)
    if not len(lit):
        return slice(0, length)
    before, behind = int(lit[0]), length - 1 - int(lit[-1])
    if max(before, behind) > _MOST_BARS * length or abs(before - behind) > max(2, (before + behind) / 8):
        return slice(0, length)
    # the edge of a bar is blurred
    return slice(before + 1, length - behind - 1) if before and behind else slice(0, length)


def _is_plain(bright: Array, colours: Array) -> bool:
    """Whether next to nothing is to be seen, or nothing but writing on one plain area."""
    is_coloured = float(np.hypot(*colours.std(axis=(0, 1)))) > _MANY_COLOURS
    is_level = float(bright.std()) / 100 < _PLAIN_CONTRAST and not is_coloured
    if is_level or float(np.percentile(bright, 99)) / 100 < _BLACK_ALL_OVER:
        return True
    greys = np.clip(bright * 2.55, 0, 255).astype(np.int64)
    shares = (
        np.convolve(np.bincount(greys.ravel(), minlength=256), np.ones(2 * _SAME_GREY + 1), "same")
        / greys.size
    )
    ground = int(shares.argmax())
    apart = np.abs(greys - ground)
    # of writing, little is left where its edges are taken off, and there is little else
    written = np.asarray(apart > _WRITING_CONTRAST, np.uint8)
    thick = cv2.erode(written, np.ones((3, 3), np.uint8))
    thickness = float(thick.sum()) / max(1, int(written.sum()))
    if float(shares.max()) > _MOSTLY_PLAIN and not _BLACK < ground < _WHITE:
        # a thing by night
        return float(written.mean()) < _THING_SHARE or thickness < _THING_THICKNESS
    else_share = float(((apart > _SAME_GREY) & (apart <= _WRITING_CONTRAST)).mean())
    return bool(
        float(shares.max()) > _PLAIN_IF_WRITTEN
        and float(written.mean()) > (_THING_SHARE if is_coloured else 0)
        and thickness < _THICK_SHARE
        and else_share < _MOST_ELSE
    )


def _light(bright: Array) -> Array:
    grid = _grid(bright, _LIGHT_BLUR_CELLS) / 100
    return np.asarray(grid - grid.mean(), np.float32)


def _colour(lab: Array) -> Array:
    cells = cv2.resize(lab, COLOUR_GRID, interpolation=cv2.INTER_AREA)
    return np.asarray(cells.reshape(-1) / 100, np.float32)


def _lines(bright: Array) -> Array:
    """Edges by their direction (not which side is lighter), each shared by the two nearest of the directions."""
    small = np.asarray(cv2.resize(bright, _LINES_SIZE, interpolation=cv2.INTER_AREA), np.float32)
    right, down = _gradients(small)
    size = np.sqrt(np.hypot(right, down))  # so that one hard edge does not outweigh all
    turn = np.mod(np.arctan2(down, right) / np.pi, 1) * ORIENTATIONS
    low = np.floor(turn).astype(np.int64) % ORIENTATIONS
    share = turn - np.floor(turn)
    planes = np.zeros((*size.shape, ORIENTATIONS), np.float32)
    rows, columns = np.indices(size.shape)
    planes[rows, columns, low] += size * (1 - share)
    planes[rows, columns, (low + 1) % ORIENTATIONS] += size * share
    grid = cv2.resize(planes, GRID, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(grid, (0, 0), _LINES_BLUR_CELLS, borderType=cv2.BORDER_REPLICATE)
    return _direction(np.asarray(blurred, np.float32).reshape(-1))


def _gradients(bright: Array) -> tuple[Array, Array]:
    soft = cv2.GaussianBlur(bright, (0, 0), 1.0)
    return (
        np.asarray(cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.125), np.float32),
        np.asarray(cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.125), np.float32),
    )


def _grid(plane: Array, blur_cells: float) -> Array:
    cells = cv2.resize(plane, GRID, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(cells, (0, 0), blur_cells, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float32).reshape(-1)


def _direction(values: NDArray[np.floating]) -> Array:
    return np.asarray(values / max(float(np.linalg.norm(values)), 1e-9), np.float32)
