"""Captions of shots or pictures as a table names them, and how they are divided by film.

A table has the columns `film`, `first_frame`, `last_frame` (which still belongs to the shot) and `caption`; or `image`
and `caption`. A shot or picture may have several captions, a line each. Every shot is seen by one frame, drawn by
numpy's generator from the seed and the shot's number alone, so that any of them can be read at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from seamline.errors import ExchangeError
from seamline.exchange.csv_rows import Row, read_rows
from seamline.media.film import Film
from seamline.progress import Part, Progress
from seamline.training.label_clips import at_fault

FILM_COLUMNS = ("film", "first_frame", "last_frame", "caption")
IMAGE_COLUMNS = ("image", "caption")
HELD_SHARE = 0.2
"""Of the captions that are held back to test by, as nearly as whole films allow."""
_MOST_HELD_SHARE = 0.5
_ORDERS = 6
_MOST_MIB = 64
_MOST_FRAME = 2**31
_MOST_CHARACTERS = 2000

OpenFilm = Callable[[Path, Progress], Film]


@dataclass(frozen=True, slots=True)
class Caption:
    """What a person has said of the frames [start_frame, end_frame) of a film, or of an image: then both are 0.

    `line` is the table's.
    """

    path: Path
    start_frame: int
    end_frame: int
    text: str
    line: int

    @property
    def is_of_image(self) -> bool:
        return self.end_frame == 0


@dataclass(frozen=True, slots=True)
class CaptionPicture:
    """One picture to learn from: a frame of an opened film, or an image. `source` names what it comes from."""

    source: str
    path: Path
    film: Film | None = None
    frame: int = 0

    @property
    def key(self) -> str:
        return f"{self.source} {self.frame}"


@dataclass(frozen=True, slots=True)
class CaptionPairs:
    """Captions and the pictures that they are of: `picture_of`, int64[captions], has each caption's picture."""

    pictures: tuple[CaptionPicture, ...]
    captions: tuple[str, ...]
    picture_of: NDArray[np.int64]

    @property
    def sources(self) -> tuple[str, ...]:
        """The film or image of each caption."""
        return tuple(self.pictures[at].source for at in self.picture_of)

    @property
    def identity(self) -> str:
        """What all of it is, as a hash."""
        parts = [*(each.key for each in self.pictures), *self.captions, self.picture_of.tobytes().hex()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_captions(path: Path) -> tuple[Caption, ...]:
    """The lines of a table, in its order; films and images without a folder are looked for beside it.

    Raises ExchangeError, with the line's number where one line is at fault.
    """
    columns: tuple[str, ...] = FILM_COLUMNS

    def check(names: Sequence[str]) -> None:
        nonlocal columns
        columns = IMAGE_COLUMNS if "image" in names else FILM_COLUMNS
        missing = [column for column in columns if column not in names]
        if missing:
            raise ExchangeError(
                f"“{path}” has no column {missing[0]}: its first line must name {','.join(FILM_COLUMNS)}, or "
                f"{','.join(IMAGE_COLUMNS)}."
            )

    def caption(row: Row, table: Path, line: int) -> Caption:
        return (_of_image if columns is IMAGE_COLUMNS else _of_shot)(row, table, line)

    captions = read_rows(path, check, caption, most_mib=_MOST_MIB)
    if len(captions) < 2:
        raise ExchangeError(f"“{path}” holds fewer than two captions: write one line for each.")
    return captions


def opened_pairs(
    captions: Sequence[Caption], table: Path, open_film: OpenFilm, *, seed: int, progress: Progress
) -> CaptionPairs:
    """The captions with their pictures. A copy of a film or image under another name counts as the same one.

    Raises Cancelled, ExchangeError or MediaError.
    """
    films: dict[Path, Film] = {}
    images: dict[Path, str] = {}
    pictures: dict[tuple[str, int, int], int] = {}
    listed: list[CaptionPicture] = []
    picture_of = []
    for done, caption in enumerate(captions):
        progress.step(done, len(captions))
        path, span = caption.path, (caption.start_frame, caption.end_frame)
        if caption.is_of_image:
            source = (
                images[path] if path in images else images.setdefault(path, _image_source(caption, table))
            )
            film = None
        else:
            if path not in films:
                films[path] = open_film(path, Part(progress, done, done, len(captions)))
            film = films[path]
            source = film.fingerprint
            if caption.end_frame > film.frame_count:
                last = film.frame_count - 1
                raise at_fault(
                    table, caption.line, f"“{path.name}” has frames 0 to {last}, so it ends before"
                )
        if (source, *span) not in pictures:
            number = pictures[source, *span] = len(listed)
            frame = 0 if film is None else int(np.random.default_rng([seed, number]).integers(*span))
            listed.append(CaptionPicture(source, path, film, frame))
        picture_of.append(pictures[source, *span])
    progress.step(len(captions), len(captions))
    return CaptionPairs(tuple(listed), tuple(each.text for each in captions), np.array(picture_of, np.int64))


def held_sources(sources: Sequence[str], seed: int, share: float = HELD_SHARE) -> frozenset[str]:
    """Which films or images are held back; `sources` names that of each caption.

    Some orders are drawn from `seed`, and each is divided wherever it can be; taken is the division nearest to `share`
    of the captions, never more than half of them where that can be. Raises ExchangeError where there are not two.
    """
    names, counts = np.unique(np.array(sources), return_counts=True)
    if len(names) < 2:
        raise ExchangeError(
            "All captions are of one film: what is learnt from it cannot be tested by it. Caption some shots of "
            "another film, too."
        )
    random = np.random.default_rng([seed, len(names)])
    best: tuple[tuple[bool, float], NDArray[np.int64]] | None = None
    for drawn in (random.permutation(len(names)) for _ in range(_ORDERS)):
        for order in (drawn, drawn[::-1]):
            shares = counts[order].cumsum()[:-1] / len(sources)
            faults = [(bool(each > _MOST_HELD_SHARE), abs(float(each) - share)) for each in shares]
            at = min(range(len(faults)), key=faults.__getitem__)
            if best is None or faults[at] < best[0]:
                best = faults[at], order[: at + 1]
    assert best is not None
    return frozenset(str(names[at]) for at in best[1])


def _of_shot(row: Row, table: Path, line: int) -> Caption:
    path = _existing(row, "film", table, line)
    first, last = (_frame(row, column, table, line) for column in ("first_frame", "last_frame"))
    if first > last:
        raise at_fault(table, line, f"the shot's last frame, {last}, comes before its first, {first}")
    return Caption(path, first, last + 1, _text(row, table, line), line)


def _of_image(row: Row, table: Path, line: int) -> Caption:
    return Caption(_existing(row, "image", table, line), 0, 0, _text(row, table, line), line)


def _existing(row: Row, column: str, table: Path, line: int) -> Path:
    name = _word(row, column)
    if not name:
        raise at_fault(table, line, f"it names no {column}")
    path = table.parent / name
    if not path.is_file():
        raise at_fault(table, line, f"there is no {column} “{path}”")
    return path


def _frame(row: Row, column: str, table: Path, line: int) -> int:
    text = _word(row, column)
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) >= _MOST_FRAME:
        raise at_fault(table, line, f"{column} is a whole number from 0, not “{text}”")
    return int(text)


def _text(row: Row, table: Path, line: int) -> str:
    text = _word(row, "caption")
    if not text:
        raise at_fault(table, line, "it has no caption")
    if len(text) > _MOST_CHARACTERS:
        raise at_fault(table, line, f"its caption has more than {_MOST_CHARACTERS} characters")
    return text


def _word(row: Mapping[str, str | None], column: str) -> str:
    return (row.get(column) or "").strip()


def _image_source(caption: Caption, table: Path) -> str:
    """A hash of its content, after a look whether it is an image."""
    try:
        with caption.path.open("rb") as file:
            with Image.open(file) as image:
                image.verify()
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise at_fault(table, caption.line, f"“{caption.path.name}” is no image that can be read") from error
