"""Which film a project is about, and where that film is now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path, PurePath, PurePosixPath

from seamline.errors import MediaError
from seamline.media.film import Film
from seamline.media.fingerprint import fingerprint

_MAX_ENTRIES = 5_000
_MAX_FOLDERS = 200
_MAX_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class FilmReference:
    """`relative_path` leads from the project's folder to the film, with slashes; None from one drive to another.

    `bytes` is the size of the film's file, so that most other files need not be read to tell them apart.
    """

    path: str
    relative_path: str | None
    fingerprint: str
    frame_count: int
    rate: Fraction
    bytes: int

    @classmethod
    def of(cls, film: Film, project_path: Path) -> FilmReference:
        """The reference to `film` in a project that lies at `project_path`."""
        path = film.path.absolute()
        try:
            relative = Path(os.path.relpath(path, project_path.absolute().parent)).as_posix()
        except ValueError:
            relative = None
        # a name that is no Unicode is not found again by its path, but by what lies near the project
        written, relative = _unicode(str(path)), relative and _unicode(relative)
        return cls(written, relative, film.fingerprint, film.frame_count, film.rate, film.info.bytes)

    @property
    def name(self) -> str:
        """The film's file name, whichever system the path is from."""
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class FoundFilm:
    """`path` is None where the film is nowhere to be found; `is_changed`: another film lies in its place."""

    path: Path | None
    is_changed: bool = False


def find_film(reference: FilmReference, project_path: Path) -> FoundFilm:
    """Look for the film where it was, then where it was as seen from the project, then near the project.

    Near is the project's folder and the folders in it, some thousand files at most; those of the film's size
    are read for their fingerprint. A network share that the project names and does not lie on itself is not
    asked: whoever owns it would be told who opens the project.
    """
    is_changed = False
    changed: Path | None = None
    for path in _told(reference, project_path):
        if not path.is_file():
            continue
        if _is_it(path, reference):
            return FoundFilm(path)
        if not is_changed:
            is_changed, changed = True, path
    candidates = 0
    for path in _near(project_path):
        if path.suffix.lower() == ".seamline" or _size(path) != reference.bytes:
            continue
        candidates += 1
        if candidates > _MAX_CANDIDATES:
            break
        if _is_it(path, reference):
            return FoundFilm(path)
    return FoundFilm(changed, is_changed)


def is_on_strange_share(path: PurePath, project_path: PurePath) -> bool:
    """Whether `path` is on a network share of Windows and the project is not on it."""
    drive = path.drive
    return drive.startswith(("\\\\", "//")) and drive.lower() != project_path.drive.lower()


def _unicode(path: str) -> str:
    return path.encode("utf-8", "replace").decode()


def _told(reference: FilmReference, project_path: Path) -> Iterator[Path]:
    told = [Path(reference.path)]
    if reference.relative_path is not None:
        told.append(Path(os.path.normpath(project_path.parent / PurePosixPath(reference.relative_path))))
    for path in told:
        if path.is_absolute() and not is_on_strange_share(path, project_path.absolute()):
            yield path


def _near(project_path: Path) -> Iterator[Path]:
    """The files in the project's folder, then those in its folders."""
    folder = project_path.absolute().parent
    folders = [folder]
    looked_at = 0
    for place in folders:  # grows while it is walked, by the folders of the first
        try:
            with os.scandir(place) as entries:
                for entry in islice(entries, _MAX_ENTRIES - looked_at):
                    looked_at += 1
                    if entry.is_file():
                        yield Path(entry.path)
                    elif place is folder and len(folders) < _MAX_FOLDERS and entry.is_dir():
                        folders.append(Path(entry.path))
        except OSError:
            continue


def _is_it(path: Path, reference: FilmReference) -> bool:
    if _size(path) != reference.bytes:
        return False
    try:
        return fingerprint(path) == reference.fingerprint
    except MediaError:
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
