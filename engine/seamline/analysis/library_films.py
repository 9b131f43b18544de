"""The films of the library: what is known of each, where it lies, and what a search finds in them."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.cache import default_cache_folder
from seamline.analysis.kept_files import kept_whole
from seamline.errors import MediaError, SeamlineError
from seamline.media.fingerprint import fingerprint
from seamline.media.timebase import FrameIndex
from seamline.media.timecode import TimecodeRate
from seamline.project.types import Project

_log = logging.getLogger(__name__)

_SUFFIX = ".film"
_VERSION = 1
_MOST_BYTES = 16 << 20
"""Of what is written of a film; a day's film, cut every second, has a tenth."""
_MOST_FRAMES = 1 << 31


def default_library_folder() -> Path:
    """Where this system keeps the library of films."""
    return default_cache_folder() / "library"


class LibraryError(SeamlineError):
    """The library of films cannot be written."""


class Presence(Enum):
    """What lies where a film of the library was last seen."""

    THERE = "there"
    GONE = "gone"
    """Nothing, or nothing that can be read: a drive that is not plugged in, perhaps."""
    CHANGED = "changed"
    """Another film."""


@dataclass(frozen=True, slots=True)
class FilmEntry:
    """A film as the library knows it. `bytes` and `modified_ns` tell quickly whether its file is still the same."""

    fingerprint: str
    path: Path
    frame_count: int
    rate: Fraction
    bytes: int
    modified_ns: int
    first_timecode_frame: int = 0
    drop_frame: bool = False

    def __post_init__(self) -> None:
        if not self.fingerprint.isalnum() or not self.fingerprint.isascii() or len(self.fingerprint) > 64:
            raise ValueError(f"a fingerprint is letters and digits, not {self.fingerprint[:80]!r}")
        if not 0 < self.frame_count < _MOST_FRAMES or self.rate <= 0 or not self.path.is_absolute():
            raise ValueError(
                f"need frames, a rate and a whole path: {self.frame_count}, {self.rate}, {self.path}"
            )

    @classmethod
    def of(cls, project: Project) -> FilmEntry:
        """The entry of the project's film, whose file is there. Raises MediaError."""
        film = project.film
        try:
            about = film.path.stat()
        except OSError as error:
            raise MediaError(
                f"“{film.path.name}” cannot be read: {error.strerror}. Check its disk, or copy it again."
            ) from error
        return cls(
            film.fingerprint,
            film.path.absolute(),
            film.frame_count,
            film.rate,
            about.st_size,
            about.st_mtime_ns,
            project.first_timecode_frame,
            project.timecode_rate.drop_frame,
        )

    @property
    def name(self) -> str:
        return self.path.name

    def timecode(self, frame: int, index: FrameIndex | None = None) -> str:
        """The source timecode label of `frame`; a film of a variable rate needs its `index` for it."""
        place = frame if index is None or frame > len(index) else index.grid_frame(frame)
        return TimecodeRate.of(self.rate, drop_frame=self.drop_frame).format(
            self.first_timecode_frame + place
        )


@dataclass(frozen=True, slots=True, eq=False)
class LibraryFilm:
    """A film with its shots, int64[n, 2]: start and end, rising and apart."""

    entry: FilmEntry
    shots: NDArray[np.int64]

    def __post_init__(self) -> None:
        shots = self.shots
        is_fit = (
            shots.dtype == np.int64
            and shots.ndim == 2
            and shots.shape[1] == 2
            and bool((shots[:, 0] < shots[:, 1]).all() and (shots[1:, 0] >= shots[:-1, 1]).all())
            and (len(shots) == 0 or (int(shots[0, 0]) >= 0 and int(shots[-1, 1]) <= self.entry.frame_count))
        )
        if not is_fit:
            raise ValueError(
                f"shots must be ranges that rise within {self.entry.frame_count} frames, not {shots.dtype}{shots.shape}"
            )


@dataclass(frozen=True, slots=True)
class LibraryHit:
    """A shot [start_frame, end_frame) of a film, its best `frame`, and that one's score: a cosine, -1 to 1.

    `is_there`: the film lies where it was; else its drive may not be plugged in.
    """

    film: FilmEntry
    frame: int
    start_frame: int
    end_frame: int
    shot_number: int
    score: float
    is_there: bool = True

    @property
    def fingerprint(self) -> str:
        return self.film.fingerprint

    @property
    def path(self) -> Path:
        return self.film.path

    @property
    def name(self) -> str:
        return self.film.name


class LibraryFilms:
    """Which films are in the library, with their shots: a small file for each.

    They are the truth: a film that has none is in no index, whatever that says. With the vectors that are kept of the
    films, indexes are made of them again. A file that is damaged counts as not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "films"
        self._known: dict[str, tuple[tuple[int, int, int], LibraryFilm]] = {}

    def __iter__(self) -> Iterator[LibraryFilm]:
        """All of them, sorted by name."""
        try:
            names = [path.stem for path in self._folder.iterdir() if path.suffix == _SUFFIX]
        except OSError:
            names = []
        films = [film for name in names if (film := self.get(name)) is not None]
        yield from sorted(films, key=lambda film: (film.entry.name.casefold(), film.entry.path))

    def get(self, film_fingerprint: str) -> LibraryFilm | None:
        """The film and its shots; None if it is not in the library."""
        path = self._path(film_fingerprint)
        try:
            about = path.stat()
            version = (about.st_ino, about.st_mtime_ns, about.st_size)
            known = self._known.get(film_fingerprint)
            if known is not None and known[0] == version:
                return known[1]
            if about.st_size > _MOST_BYTES:
                raise ValueError("it is too large")
            film = _read(path.read_bytes())
            if film.entry.fingerprint != film_fingerprint:
                raise ValueError("it is about another film")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
            _log.warning("%s in the library cannot be used: %s", path.name, error)
            return None
        self._known[film_fingerprint] = (version, film)
        return film

    def write(self, film: LibraryFilm) -> None:
        """Put the film in, in the place of what was known of it or lay at its path. Raises LibraryError."""
        for other in self:
            if other.entry.path == film.entry.path and other.entry.fingerprint != film.entry.fingerprint:
                self.remove(other.entry.fingerprint)
        known = self.get(film.entry.fingerprint)
        if known is not None and known.entry == film.entry and np.array_equal(known.shots, film.shots):
            return
        try:
            with kept_whole(self._path(film.entry.fingerprint)) as file:
                file.write(_written(film))
        except OSError as error:
            raise unwritable(self._folder, error) from error

    def remove(self, film_fingerprint: str) -> bool:
        """Take the film out; whether it was in. Raises LibraryError."""
        try:
            self._path(film_fingerprint).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise unwritable(self._folder, error) from error
        return True

    def presence(self, entry: FilmEntry) -> Presence:
        """What lies where the film was. If it is another film, this one is taken out, as far as the disk lets it.

        Reads the film's file only where its time has changed and its size has not.
        """
        try:
            about = entry.path.stat()
            is_same = about.st_size == entry.bytes
            if is_same and about.st_mtime_ns == entry.modified_ns:
                return Presence.THERE
            is_same = is_same and fingerprint(entry.path) == entry.fingerprint
        except (OSError, MediaError):
            return Presence.GONE
        film = self.get(entry.fingerprint)
        try:
            if not is_same:
                _log.info("%s has become another film", entry.path)
                self.remove(entry.fingerprint)
            elif film is not None:
                self.write(replace(film, entry=replace(entry, modified_ns=about.st_mtime_ns)))
        except LibraryError as error:
            _log.warning("%s stays in the library as it was: %s", entry.path, error)
        return Presence.THERE if is_same else Presence.CHANGED

    def _path(self, film_fingerprint: str) -> Path:
        return self._folder / f"{film_fingerprint}{_SUFFIX}"


def unwritable(folder: Path, error: Exception) -> LibraryError:
    """What to tell the user of a library that could not be written."""
    reason = getattr(error, "strerror", None) or error
    return LibraryError(
        f"The library of films in “{folder}” cannot be written ({reason}): make room or allow writing there."
    )


def _written(film: LibraryFilm) -> bytes:
    entry, shots = film.entry, film.shots.astype("<i8").tobytes()
    about = {
        "version": _VERSION,
        "fingerprint": entry.fingerprint,
        "path": str(entry.path),
        "frames": entry.frame_count,
        "rate": [entry.rate.numerator, entry.rate.denominator],
        "bytes": entry.bytes,
        "modified_ns": entry.modified_ns,
        "first_timecode_frame": entry.first_timecode_frame,
        "drop_frame": entry.drop_frame,
        "shots_crc": zlib.crc32(shots),
    }
    # json writes what is no Unicode in a path as \udc.., and reads it again
    return json.dumps(about).encode() + b"\n" + shots


def _read(data: bytes) -> LibraryFilm:
    line, _, shots = data.partition(b"\n")
    about = json.loads(line)
    if about["version"] != _VERSION or about["shots_crc"] != zlib.crc32(shots):
        raise ValueError("it is damaged, or of another version")
    numerator, denominator = about["rate"]
    entry = FilmEntry(
        str(about["fingerprint"]),
        Path(str(about["path"])),
        int(about["frames"]),
        Fraction(int(numerator), int(denominator)),
        int(about["bytes"]),
        int(about["modified_ns"]),
        int(about["first_timecode_frame"]),
        bool(about["drop_frame"]),
    )
    return LibraryFilm(entry, np.frombuffer(shots, "<i8").astype(np.int64).reshape(-1, 2))
