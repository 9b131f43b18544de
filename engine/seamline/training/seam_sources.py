"""What training films are made of: footage at the networks' picture size, in memory."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seamline.analysis.picture_source import PictureSource
from seamline.errors import MediaError
from seamline.evaluation.synthetic_drawn import DrawnSource
from seamline.evaluation.synthetic_sources import ArraySource, Pictures
from seamline.exchange.csv_list import DISTRACTOR, Transition, read_transitions
from seamline.media.cascade import PictureSpec
from seamline.media.open_film import open_film
from seamline.progress import Progress
from seamline.training.filmed_photographs import filmed, photographs

SIZE = (48, 27)
DRAWN_SCENES = 60
_DRAWN_FRAMES = 160
_FIRST_DRAWN_SEED = 1000
_PIECE_FRAMES = 200
_LEAST_SHOT_FRAMES = 30
_TIMES = 2
"""How often uncut clips and the shots of edited films stand in the list that sources are drawn from."""


@dataclass(frozen=True, eq=False, slots=True)
class EditedFilm:
    """A film, uint8[n, 27, 48, 3], with its table of truth; an uncut one has an empty table."""

    name: str
    pictures: Pictures
    truth: tuple[Transition, ...] = ()


@dataclass(frozen=True, slots=True)
class FootageFolders:
    """Where footage lies: `clips` uncut, `films` edited, both folders or single files; `truth` has the tables,
    one a film, of its name; `stills` has photographs. `drawn` is how many scenes are drawn besides."""

    clips: tuple[Path, ...] = ()
    films: tuple[Path, ...] = ()
    truth: Path | None = None
    stills: Path | None = None
    drawn: int = DRAWN_SCENES


@dataclass(frozen=True, eq=False, slots=True)
class Footage:
    """`sources`: shots to make films of, each as likely as the next. `clips` and `films` are whole."""

    sources: list[ArraySource]
    clips: list[EditedFilm]
    films: list[EditedFilm]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that `folders_of` reads."""
    for name, what in (
        ("--clips", "uncut footage; a clip with a table is cut at its seams"),
        ("--films", "edited films, each with a table of its name"),
    ):
        parser.add_argument(name, type=Path, nargs="+", default=[], metavar="FOLDER", help=what)
    parser.add_argument("--truth", type=Path, metavar="FOLDER", help="tables of truth, as CSV")
    parser.add_argument("--stills", type=Path, metavar="FOLDER", help="photographs")


def folders_of(options: argparse.Namespace) -> FootageFolders:
    """What the command line said."""
    return FootageFolders(tuple(options.clips), tuple(options.films), options.truth, options.stills)


def gather(folders: FootageFolders, *, progress: Progress | None = None) -> Footage:
    """All footage decoded, filmed and drawn: some minutes. Raises MediaError, ExchangeError or Cancelled.

    The order is the same every time, since drawn films depend on it: photographs, divided clips, clips, shots
    of films, drawn scenes.
    """
    clips, divided = [], []
    for path in _files(folders.clips):
        table = _table(path, folders.truth)
        pictures = pictures_of(path, progress=progress)
        if table is None:
            clips.append(EditedFilm(path.name, pictures))
        else:
            divided.append(EditedFilm(path.name, pictures, read_transitions(table)))
    films = []
    for path in _files(folders.films):
        table = _table(path, folders.truth)
        if table is None:
            raise MediaError(
                f"“{path.name}” has no table {path.stem}.csv in {folders.truth or 'a --truth folder'}: "
                "write one, or give the film as a clip if it is uncut."
            )
        films.append(EditedFilm(path.name, pictures_of(path, progress=progress), read_transitions(table)))
    sources: list[ArraySource] = []
    if folders.stills is not None:
        shots = filmed(photographs(folders.stills, progress=progress), SIZE, progress=progress)
        sources += [ArraySource(shot, "a photograph") for shot in shots]
    sources += [shot for film in divided for shot in shots_between_seams(film)]
    sources += [piece for clip in clips for piece in pieces(clip)] * _TIMES
    sources += [shot for film in films for shot in shots_between_seams(film)] * _TIMES
    for number in range(folders.drawn):
        if progress is not None:
            progress.step(number, folders.drawn)
        scene = DrawnSource(_FIRST_DRAWN_SEED + number, _DRAWN_FRAMES)
        sources.append(ArraySource(scene.frames(range(_DRAWN_FRAMES), SIZE), "a drawn scene"))
    if not sources:
        raise MediaError("There is no footage to make films of: give clips, films or stills.")
    return Footage(sources, clips, films)


def pieces(clip: EditedFilm) -> list[ArraySource]:
    """An uncut clip in equal parts of 200 frames or some more."""
    count = max(1, len(clip.pictures) // _PIECE_FRAMES)
    return [ArraySource(part, clip.name) for part in np.array_split(clip.pictures, count)]


def shots_between_seams(film: EditedFilm) -> list[ArraySource]:
    """The shots of at least 30 frames of an edited film, without any frame of its seams."""
    shots, start = [], 0
    seams = sorted((row for row in film.truth if row.scored != DISTRACTOR), key=lambda row: row.out_frame)
    for seam in seams:
        if seam.out_frame + 1 - start >= _LEAST_SHOT_FRAMES:
            shots.append(ArraySource(film.pictures[start : seam.out_frame + 1], film.name))
        start = max(start, seam.in_frame)
    if len(film.pictures) - start >= _LEAST_SHOT_FRAMES:
        shots.append(ArraySource(film.pictures[start:], film.name))
    return shots


def pictures_of(path: Path, *, progress: Progress | None = None) -> Pictures:
    """A whole film as the analysis sees it: uint8[n, 27, 48, 3]. Raises MediaError or Cancelled."""
    film = open_film(path, progress=progress)
    spec = PictureSpec(*SIZE)
    batches = []
    with PictureSource(film, [spec], 0) as source:
        for batch in source.batches():
            if progress is not None:
                progress.step(batch.end_frame if batch else 0, film.frame_count)
            if batch is not None:
                batches.append(batch.pictures(spec))
    if not batches:
        raise MediaError(f"“{path.name}” has no pictures: choose another film.")
    return np.concatenate(batches)


def _files(given: Iterable[Path]) -> Sequence[Path]:
    """Files as given; of folders what lies in them, by name."""
    files: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
            files += [p for p in inside if p.suffix.lower() != ".csv"]
        else:
            files.append(path)
    return files


def _table(film: Path, truth: Path | None) -> Path | None:
    table = None if truth is None else truth / f"{film.stem}.csv"
    return table if table is not None and table.is_file() else None
