"""The flow pictures of films: two neighbouring frames in the middle of each shot, decoded once and kept in a folder."""

from __future__ import annotations

import contextlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from seamline.analysis.flow_pictures import (
    GRID,
    SIDE,
    flow_field,
    flow_grid,
    flow_picture,
    flow_size,
    mean_grey,
)
from seamline.errors import ExchangeError
from seamline.exchange.files import make_folder, written_whole
from seamline.media.film import Film
from seamline.media.pictures import Scaler
from seamline.media.wanted_frames import wanted_frames
from seamline.progress import Progress
from seamline.training.match_cut_sets import FlowSet, Rows

_VERSION = 1
_OWN_NAME = re.compile(r"[0-9a-f]+\.np[yz]")  # a film's fingerprint

Range = tuple[int, int]
ShotsOf = Callable[[Film, Progress], Sequence[Range]]
"""The shots of a film, [start_frame, end_frame) each. Raises Cancelled, MediaError or ModelError."""


class KeptPictures:
    """The pictures of several films one behind the other, read from their files as they are asked for."""

    def __init__(self, files: Sequence[NDArray[np.uint8]], rows: Sequence[Rows]) -> None:
        self._files, self._rows = list(files), list(rows)
        self._starts = np.cumsum([0, *(len(each) for each in rows)])

    def __getitem__(self, rows: Rows) -> NDArray[np.uint8]:
        """uint8[len(rows), 224, 224, 3]."""
        found = np.empty((len(rows), SIDE, SIDE, 3), np.uint8)
        for at, row in enumerate(np.asarray(rows).tolist()):
            film = int(np.searchsorted(self._starts, row, side="right")) - 1
            found[at] = self._files[film][self._rows[film][row - self._starts[film]]]
        return found


def moments_of(shots: Sequence[Range], every_frames: int | None = None) -> list[tuple[int, int]]:
    """Frame and shot of each picture: a frame in the middle of each shot that has one behind it.

    `every_frames`: others too, so far apart to both sides, which are as far from the shot's ends at least.
    """
    found = []
    for number, (start, end) in enumerate(shots):
        middle = (start + end - 2) // 2
        if end - start < 2:
            continue
        found.append((middle, number))
        if every_frames is not None:
            steps = range(1, (end - start) // (2 * every_frames) + 1)
            others = [middle + way * step * every_frames for step in steps for way in (-1, 1)]
            found += [(at, number) for at in others if start + every_frames <= at < end - every_frames]
    return sorted(found)


def flow_of_film(
    film: Film, moments: Sequence[tuple[int, int]], folder: Path, *, progress: Progress
) -> FlowSet:
    """The pictures at these moments, from `folder` if they are there, else made now and put there.

    Frames that cannot be decoded are left out. `shots` of the set are those of `moments`. Progress counts frames.
    Raises Cancelled, MediaError or ExchangeError.
    """
    wanted = np.array(moments, np.int64).reshape(-1, 2)
    pictures_path, about_path = folder / f"{film.fingerprint}.npy", folder / f"{film.fingerprint}.npz"
    kept = _kept(about_path, pictures_path, wanted)
    if kept is None:
        make_folder(folder)
        about = _make(film, wanted, pictures_path, progress)
        with written_whole(about_path, overwrite=True) as part, part.open("wb") as file:
            np.savez(file, version=np.array([_VERSION]), wanted=wanted, **about)
        kept = about, np.load(pictures_path, mmap_mode="r", allow_pickle=False)
    progress.step(1, 1)
    about, pictures = kept
    rows = about["rows"]
    return FlowSet(KeptPictures([pictures], [rows]), about["greys"], about["grids"], wanted[rows, 1])


def joined_sets(sets: Sequence[FlowSet]) -> FlowSet:
    """All of them, one behind the other, with shots of their own; their pictures must be `KeptPictures`."""
    files, rows, shots, first = [], [], [], 0
    for each in sets:
        assert isinstance(each.pictures, KeptPictures)
        files += each.pictures._files
        rows += each.pictures._rows
        shots.append(each.shots + first)
        first += int(each.shots.max(initial=-1)) + 1
    return FlowSet(
        KeptPictures(files, rows),
        np.concatenate([each.greys for each in sets]),
        np.concatenate([each.grids for each in sets]),
        np.concatenate(shots),
    )


def forget(folder: Path) -> None:
    """Remove what was kept, of films of earlier tries too, and the folder if nothing else is in it."""
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            if _OWN_NAME.fullmatch(path.name):
                path.unlink()
        folder.rmdir()


def _kept(
    about_path: Path, pictures_path: Path, wanted: Rows
) -> tuple[dict[str, Any], NDArray[np.uint8]] | None:
    """What was made for just these moments; None where it was not, or is damaged."""
    try:
        with np.load(about_path, allow_pickle=False) as arrays:
            if arrays["version"].tolist() != [_VERSION] or not np.array_equal(arrays["wanted"], wanted):
                return None
            about = {name: arrays[name] for name in ("rows", "greys", "grids")}
        pictures = np.load(pictures_path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, KeyError, EOFError, zlib.error, zipfile.BadZipFile):
        return None
    if pictures.shape != _shape(wanted) or pictures.dtype != np.uint8:
        return None
    return about, pictures


def _shape(wanted: Rows) -> tuple[int, ...]:
    return max(1, len(wanted)), SIDE, SIDE, 3  # a file of no bytes cannot be mapped


def _make(film: Film, wanted: Rows, path: Path, progress: Progress) -> dict[str, Any]:
    rows, greys, grids = [], [], []
    try:
        pictures = np.lib.format.open_memmap(path, "w+", np.uint8, _shape(wanted))
        for done, (first, second) in _pairs(film, wanted, progress):
            field = flow_field(first, second)
            pictures[done] = flow_picture(field)
            rows.append(done)
            greys.append(mean_grey(pictures[done]))
            grids.append(flow_grid(field))
        pictures.flush()
    except OSError as error:
        raise ExchangeError(
            f"Pictures of “{film.path.name}” were not kept in “{path.parent}” ({error.strerror or error}): free some "
            "space there, or choose another place for the result."
        ) from error
    return {
        "rows": np.array(rows, np.int64),
        "greys": np.array(greys, np.float32),
        "grids": np.array(grids, np.float32).reshape(-1, GRID, GRID, 2),
    }


def _pairs(
    film: Film, wanted: Rows, progress: Progress
) -> Iterator[tuple[int, tuple[NDArray[np.uint8], NDArray[np.uint8]]]]:
    """The place of each moment, and its frame with the next as grey."""
    frames = np.unique(np.concatenate([wanted[:, 0], wanted[:, 0] + 1]))
    scaler = Scaler(*flow_size(*film.info.display_size))
    places: dict[int, int] = {int(frame): place for place, frame in enumerate(wanted[:, 0])}
    before: tuple[int, NDArray[np.uint8]] | None = None
    for done, (number, frame) in enumerate(wanted_frames(film, frames.tolist())):
        progress.step(done, len(frames))
        rgb = scaler.rgb(frame, rotation_deg=film.info.rotation_deg)
        grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        if before is not None and before[0] == number - 1 and before[0] in places:
            yield places[before[0]], (before[1], grey)
        before = number, grey
