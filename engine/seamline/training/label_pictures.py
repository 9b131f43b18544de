"""The pictures of labelled shots, kept in one file that is mapped: far more than memory holds.

`pictures-SIDE.raw` holds one shot's pictures after the other, `pictures-SIDE.txt` the shots' keys, a line each in the
same order, written after the pictures: what a broken run has left counts as far as both go. The file is written, not
mapped for writing, since a full disk would end the process there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.errors import ExchangeError
from seamline.models.videomae import VideoMAESize
from seamline.progress import Progress
from seamline.training.label_inputs import FilmShot, ShotPictures

_SPARE_BYTES = 100 << 20
"""Of the disk, left for others."""
_LEAST_USED_SHARE = 0.5


class MappedPictures:
    """The pictures of some shots; only the rows that are asked for are read."""

    def __init__(self, mapped: NDArray[np.uint8], rows: NDArray[np.int64]) -> None:
        self._mapped, self._rows = mapped, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.uint8]:
        """uint8[len(rows), 16, side, side, 3], RGB."""
        return self._mapped[self._rows[rows]]


def pictures_of(
    size: VideoMAESize, shots: Sequence[FilmShot], folder: Path, *, progress: Progress
) -> MappedPictures:
    """Every shot's pictures, from files in `folder` (2.4 MB a shot); those that lie there already are not made again.

    Where most of what is there is of shots not asked for, it is deleted. Progress counts shots. Cancelled in the
    middle, what was made is kept. Raises Cancelled, MediaError or ExchangeError, also where the disk is too full.
    """
    store = _Store(folder, size)
    try:
        kept = store.open()
        wanted = dict.fromkeys(shot.key for shot in shots)
        if len(wanted.keys() & kept.keys()) < _LEAST_USED_SHARE * len(kept):
            kept = store.begin_anew()
        missing = list({shot.key: shot for shot in shots if shot.key not in kept}.values())
        store.check_space(len(missing))
        done = len(shots) - len(missing)
        pictures = ShotPictures(size.side)
        try:
            for number, shot in enumerate(missing, done):
                clip = pictures.of(shot, partial(progress.step, number, len(shots)))
                kept[shot.key] = store.add(shot.key, clip)
        finally:
            pictures.close()
        progress.step(len(shots), len(shots))
        rows = np.array([kept[shot.key] for shot in shots], np.int64)
        return MappedPictures(store.mapped(), rows)
    except OSError as error:
        raise ExchangeError(
            f"The pictures of the shots cannot be kept in “{folder}” ({error.strerror or error}): free some "
            "space there, or choose another folder."
        ) from error


class _Store:
    """The two files. All raise OSError."""

    def __init__(self, folder: Path, size: VideoMAESize) -> None:
        self._folder = folder
        self._pictures, self._keys = (
            folder / f"pictures-{size.side}.raw",
            folder / f"pictures-{size.side}.txt",
        )
        self._shape = size.frames, size.side, size.side, 3
        self._shot_bytes = int(np.prod(self._shape))
        self._count = 0

    def open(self) -> dict[str, int]:
        """The row of each shot that is there whole; what is torn is cut off."""
        self._pictures.touch()
        self._keys.touch()
        lines = self._keys.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        whole = [line[:-1] for line in lines if line.endswith("\n")]
        self._count = min(len(whole), self._pictures.stat().st_size // self._shot_bytes)
        if self._pictures.stat().st_size > self._count * self._shot_bytes:
            os.truncate(self._pictures, self._count * self._shot_bytes)
        if len(lines) > self._count:
            self._keys.write_text("".join(f"{key}\n" for key in whole[: self._count]), encoding="utf-8")
        return {key: row for row, key in enumerate(whole[: self._count])}

    def begin_anew(self) -> dict[str, int]:
        self._keys.unlink()
        self._pictures.unlink()
        return self.open()

    def check_space(self, shots: int) -> None:
        needed, free = shots * self._shot_bytes, shutil.disk_usage(self._folder).free
        if shots and needed + _SPARE_BYTES > free:
            raise ExchangeError(
                f"The pictures of {shots} shots take {needed / 1e9:,.1f} GB, and “{self._folder}” has "
                f"{free / 1e9:,.1f} GB free: free some space there, choose another folder, or "
                "train the heads alone (--trunk no)."
            )

    def add(self, key: str, pictures: NDArray[np.uint8]) -> int:
        """Keep a shot's pictures; gives its row."""
        with self._pictures.open("rb+") as file:
            file.seek(self._count * self._shot_bytes)
            file.write(np.ascontiguousarray(pictures).data)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the key alone
        with self._keys.open("a", encoding="utf-8") as file:
            file.write(f"{key}\n")
        self._count += 1
        return self._count - 1

    def mapped(self) -> NDArray[np.uint8]:
        shape = (self._count, *self._shape)
        mapped: NDArray[np.uint8] = np.memmap(self._pictures, np.uint8, mode="r", shape=shape)
        return mapped
