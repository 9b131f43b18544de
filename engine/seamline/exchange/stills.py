"""Frames of every shot as full-size pictures in a folder."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal, get_args

from seamline.errors import ExchangeError
from seamline.exchange.files import TargetExistsError, check_target, take_free_name
from seamline.exchange.names import SHOT_NAME_LENGTH, file_name_part
from seamline.exchange.shot_frames import ShotFrames, shot_frames
from seamline.exchange.shot_words import words_of
from seamline.media.pictures import RgbPicture
from seamline.media.reader import FrameReader
from seamline.media.still import encode_still
from seamline.progress import Progress
from seamline.project.types import Project

Which = Literal["middle", "first", "last", "all three"]
StillFormat = Literal["png", "jpeg"]

_FRAMES_OF: dict[str, Callable[[ShotFrames], tuple[int, ...]]] = {
    "middle": lambda frames: (frames.middle,),
    "first": lambda frames: (frames.first,),
    "last": lambda frames: (frames.last,),
    "all three": lambda frames: (frames.first, frames.middle, frames.last),
}
_SUFFIXES = {"png": ".png", "jpeg": ".jpg"}
_NAME_LENGTH = 80
_READER_BYTES = 32 << 20  # frames are read once, in order: nothing to keep


def still_paths(
    project: Project, folder: Path, *, which: Which = "middle", format: StillFormat = "png"
) -> dict[Path, int]:
    """Where `write_stills` writes, and the frame that each file shows, in film order.

    `<film>_shot0001_00012345.png`: the shot's number from 1 and the frame's from 0, in printable ASCII; between them
    the shot's name, where it has one that ASCII can hold. A frame
    that is the first, middle and last of a shot at once is there once. Raises ExchangeError for a `which` or
    `format` that does not exist.
    """
    if which not in get_args(Which) or format not in get_args(StillFormat):
        raise ExchangeError(
            f"There are no stills “{which}” in the format “{format}”: choose "
            f"{', '.join(get_args(Which))}, and {' or '.join(get_args(StillFormat))}."
        )
    film = file_name_part(project.film.path.stem, _NAME_LENGTH) or "film"
    digits = max(4, len(str(len(project.shots))))
    return {
        folder / f"{film}_shot{_shot_label(project, frames, digits)}_{frame:08d}{_SUFFIXES[format]}": frame
        for frames in shot_frames(project)
        for frame in sorted(set(_FRAMES_OF[which](frames)))
    }


def write_stills(
    project: Project,
    folder: Path,
    *,
    which: Which = "middle",
    format: StillFormat = "png",
    overwrite: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """The pictures of `still_paths`, upright, in square pixels, 8 bits a channel; JPEG at quality 95.

    They are made in a hidden folder within `folder` (which is created where only its parent is there) and get
    their names when all are made: cancelled or broken off, there is none. `progress` counts pictures. Where a
    damaged film has lost a frame, the still shows the one before it.
    Raises ExchangeError (nothing is written over without `overwrite`), MediaError or Cancelled.
    """
    stills = still_paths(project, folder, which=which, format=format)
    with _folder_for(folder), _staging_in(folder) as staging:
        for path in stills:
            check_target(path, overwrite, sources=(project.film.path,))
        with closing(FrameReader(project.film, cache_bytes=_READER_BYTES)) as reader:
            for done, (path, frame) in enumerate(stills.items()):
                if progress is not None:
                    progress.step(done, len(stills))
                data = _encoded(reader.read(frame).rgb, format)
                with _explained(path):
                    (staging / path.name).write_bytes(data)
        if progress is not None:
            progress.step(len(stills), len(stills))
        _give_names(staging, list(stills), overwrite=overwrite)
    return list(stills)


def _shot_label(project: Project, frames: ShotFrames, digits: int) -> str:
    words = words_of(project, frames.shot)
    name = "" if words is None else file_name_part(words.name, SHOT_NAME_LENGTH)
    return f"{frames.shot.number:0{digits}d}" + (name and f"_{name}")


def _encoded(picture: RgbPicture, format: StillFormat) -> bytes:
    return encode_still(picture, _SUFFIXES[format])


@contextlib.contextmanager
def _folder_for(folder: Path) -> Iterator[None]:
    """`folder`, created if need be; if what follows fails, it goes again if it was created here."""
    if folder.exists() and not folder.is_dir():
        raise ExchangeError(f"“{folder}” is a file: choose a folder for the stills.")
    if not folder.parent.is_dir():
        raise ExchangeError(
            f"“{folder}” cannot be created: there is no folder “{folder.parent}”. Create it or choose another."
        )
    is_new = not folder.exists()
    with _explained(folder):
        folder.mkdir(exist_ok=True)
    try:
        yield
    except BaseException:
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()  # only where nothing is in it
        raise


@contextlib.contextmanager
def _staging_in(folder: Path) -> Iterator[Path]:
    """A hidden folder on the same disk, so that files can be renamed out of it; it goes with what is left in it."""
    with _explained(folder):
        staging = Path(tempfile.mkdtemp(prefix=".seamline-", dir=folder))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _give_names(staging: Path, paths: list[Path], *, overwrite: bool) -> None:
    """Every still its name. Without `overwrite`, one that was taken meanwhile takes back those given before."""
    given: list[Path] = []
    try:
        for path in paths:
            with _explained(path):
                if overwrite:
                    (staging / path.name).replace(path)
                else:
                    take_free_name(staging / path.name, path)
                    given.append(path)
    except BaseException:
        for path in given:
            with contextlib.suppress(OSError):
                path.unlink()
        raise


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise TargetExistsError(
            f"“{path}” exists already: choose another folder, or allow it to be overwritten."
        ) from error
    except OSError as error:
        raise ExchangeError(
            f"“{path}” was not written ({error.strerror or error}): make room, or choose another folder."
        ) from error
