"""What was made of the edges of a film's shots, kept on disk by frame so that none is looked at twice."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, fields
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.kept_arrays import read_arrays
from seamline.analysis.kept_files import kept_whole
from seamline.analysis.match_tables import COLOUR_GRID, FIGURE_WIDTH, GRID, ORIENTATIONS, Array

_log = logging.getLogger(__name__)

_VERSION = 13  # of how edges are measured, and of the file
_MOST_EDGES = 50_000
"""On disk: 4 KB each."""
_CELLS = GRID[0] * GRID[1]
_LARGEST = 1000.0
"""Of any of the numbers: what is larger was not written by us."""
_FEATURES = 128


class EdgeSide(IntEnum):
    """Which side of a cut a frame is looked at for: the frames before it are looked at, too, or those behind it."""

    HEAD = 0
    TAIL = 1


@dataclass(frozen=True, slots=True, order=True)
class EdgeKey:
    """An edge as it is kept: the frame that is cut at, and how many more frames there are to look at on its side."""

    frame: int
    side: EdgeSide
    reach: int


@dataclass(frozen=True, slots=True, eq=False)
class EdgeLook:
    """What was made of one edge; the arrays as the rows of `EdgeTable` say, `usable` 0 or 1, and `face` as
    `match_figures.seen_face`."""

    usable: Array
    light: Array
    colour: Array
    mass: Array
    lines: Array
    flow: Array
    camera: Array
    thing: Array
    face: Array
    siamese: Array

    @property
    def is_finite(self) -> bool:
        """Whether all of it is numbers."""
        return all(bool(np.isfinite(getattr(self, field.name)).all()) for field in fields(self))


def no_look(features: int) -> EdgeLook:
    """Of an edge that cannot be decoded; `features` of the siamese network."""
    return EdgeLook(*(np.zeros(width, np.float32) for width in _widths(features).values()))


def _widths(features: int) -> dict[str, int]:
    return {
        "usable": 1,
        "light": _CELLS,
        "colour": 3 * COLOUR_GRID[0] * COLOUR_GRID[1],
        "mass": _CELLS,
        "lines": ORIENTATIONS * _CELLS,
        "flow": 2 * _CELLS,
        "camera": 4,
        "thing": 3,
        "face": FIGURE_WIDTH,
        "siamese": features,
    }


class KeptEdges:
    """The looks at edges by one siamese network, or by none, with or without a look for faces, in one file in the
    film's own `folder`.

    None where nothing is to be kept. A film that changed has another folder. Values are of half precision, from when
    they are put, so that they are the same in every run. What cannot be read counts as not there; what cannot be
    written is logged. Of more than 50,000 edges those put first are dropped.
    """

    def __init__(self, folder: Path | None, siamese_key: str | None, figures_key: str = "") -> None:
        keys = f"{siamese_key or ''} {figures_key}".strip()
        key = hashlib.blake2b(keys.encode(), digest_size=6).hexdigest()
        self._path = None if folder is None else folder / f"match-edges-{_VERSION}-{key}.npz"
        self.features = _FEATURES if siamese_key is not None else 0
        self._held: dict[EdgeKey, NDArray[np.float16]] = {}
        self._ends = np.cumsum(list(_widths(self.features).values()))
        self._is_changed = False
        if self._path is not None:
            self._load(read_arrays(self._path))

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, key: EdgeKey) -> bool:
        return key in self._held

    def get(self, key: EdgeKey, missing: EdgeLook) -> EdgeLook:
        """What was made of the edge, else `missing`."""
        values = self._held.get(key)
        if values is None:
            return missing
        return EdgeLook(*np.split(values.astype(np.float32), self._ends[:-1]))

    def put(self, key: EdgeKey, look: EdgeLook) -> None:
        """Keep it. Raises ValueError where an array has another length, or holds what is no number: one such edge would
        make the whole file unreadable."""
        parts = [getattr(look, field.name) for field in fields(EdgeLook)]
        if [len(part) for part in parts] != list(_widths(self.features).values()):
            raise ValueError(f"need {_widths(self.features)}, not {[len(part) for part in parts]}")
        if not look.is_finite:
            raise ValueError(f"need numbers of the edge at frame {key.frame}")
        self._held[key] = np.clip(np.concatenate(parts), -_LARGEST, _LARGEST).astype(np.float16)
        self._is_changed = True

    def save(self) -> None:
        """Write what is new, whole or not at all."""
        if self._path is None or not self._is_changed:
            return
        kept = list(self._held.items())[-_MOST_EDGES:]
        keys = np.array([(key.frame, key.side, key.reach) for key, _ in kept], np.int64)
        values = np.stack([values for _, values in kept])
        try:
            with kept_whole(self._path) as file:
                np.savez(file, keys=keys, values=values)
            self._is_changed = False
            self._remove_earlier(self._path.parent)
        except OSError as error:
            _log.warning("Edges of shots could not be kept in %s: %s", self._path.parent, error)

    @staticmethod
    def _remove_earlier(folder: Path) -> None:
        """Nobody reads files of other versions again."""
        for path in folder.glob("match-edges-*.npz"):
            if not path.name.startswith(f"match-edges-{_VERSION}-"):
                path.unlink(missing_ok=True)

    def _load(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        keys, values = arrays.get("keys"), arrays.get("values")
        if keys is None or values is None:
            return
        shapes_fit = keys.shape == (len(keys), 3) and values.shape == (len(keys), self._ends[-1])
        if not shapes_fit or keys.dtype != np.int64 or values.dtype != np.float16:
            return
        numbers, halves = np.asarray(keys, np.int64), np.asarray(values, np.float16)
        if not (np.isfinite(halves).all() and (np.abs(halves) <= _LARGEST).all() and (numbers >= 0).all()):
            return
        if not (numbers[:, 1] <= EdgeSide.TAIL).all():
            return
        for (frame, side, reach), row in zip(numbers.tolist(), halves, strict=True):
            self._held[EdgeKey(frame, EdgeSide(side), reach)] = row
