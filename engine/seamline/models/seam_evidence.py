"""What Seamline's own seam network looks at: how a film changes around each gap between two frames.

Maps of 14 x 24 cells. A dissolve shows as a picture that is the mean of those before and behind it although
they differ much; a wipe as change that travels over the cells; a jump cut as a change in one gap that wider
spans do not outgrow; a flash as one that wider spans do not have.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
Maps = NDArray[np.float32]

MAP_ROWS, MAP_COLUMNS = 14, 24
LUMA_SPANS = (1, 2, 4, 8, 16)
"""A span of n compares the frames n - 1 before the gap's first with those n - 1 behind its second."""
COLOUR_SPANS = (1, 4, 16)
MEAN_SPANS = (2, 4, 8, 16)
_DETAIL_SPAN = 4
MAP_COUNT = len(LUMA_SPANS) + len(COLOUR_SPANS) + len(MEAN_SPANS) + 3
REACH_FRAMES = 16
"""Frames before a gap and behind it that its maps depend on."""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, section 2.5.1


def evidence_maps(pictures: Pictures) -> Maps:
    """The maps of every gap between neighbouring pictures, float32[T - 1, 15, 14, 24].

    `pictures`: uint8[T, 27, 48, 3], RGB, T >= 2. Beyond the ends the outermost pictures stand in.
    """
    cells = _cells(pictures)
    luma = cells @ _LUMA
    colour = cells[..., [2, 0]] - luma[..., np.newaxis]
    detail = _detail(luma)
    last = len(pictures) - 1
    gaps = np.arange(last)

    def at(values: Maps, offset: int) -> Maps:
        taken: Maps = values[np.clip(gaps + offset, 0, last)]
        return taken

    maps = [_compressed(at(luma, n) - at(luma, 1 - n)) for n in LUMA_SPANS]
    maps += [_compressed(np.abs(at(colour, n) - at(colour, 1 - n)).sum(-1)) for n in COLOUR_SPANS]
    maps += [_compressed(at(luma, 0) - (at(luma, -n) + at(luma, n)) * np.float32(0.5)) for n in MEAN_SPANS]
    maps += [
        at(luma, 0),
        at(detail, 0) * 4,
        _compressed(at(detail, _DETAIL_SPAN) - at(detail, 1 - _DETAIL_SPAN)),
    ]
    return np.stack(maps, axis=1).astype(np.float32, copy=False)


def _cells(pictures: Pictures) -> Maps:
    """Means of 2 x 2 pixels, the last row doubled: float32[T, 14, 24, 3], 0 to 1."""
    padded = np.concatenate((pictures, pictures[:, -1:]), axis=1).astype(np.float32)
    rows = padded[:, 0::2] + padded[:, 1::2]
    cells: Maps = (rows[:, :, 0::2] + rows[:, :, 1::2]) * np.float32(1 / (4 * 255))
    return cells


def _detail(luma: Maps) -> Maps:
    """The standard deviation of each 3 x 3 neighbourhood, float32[T, 14, 24]; zeros lie around the picture."""
    mean, square = _neighbourhood_mean(luma), _neighbourhood_mean(luma * luma)
    return np.sqrt(np.maximum(square - mean * mean, 0))


def _neighbourhood_mean(values: Maps) -> Maps:
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1)))
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    mean: Maps = (rows[..., :-2] + rows[..., 1:-1] + rows[..., 2:]) * np.float32(1 / 9)
    return mean


def _compressed(difference: Maps) -> Maps:
    """Small differences of luma spread, large ones pressed together: 0 to 1.7."""
    return np.log1p(np.abs(difference) * np.float32(30)) * np.float32(0.5)
