"""The films that pairs of frames are drawn from, and which of them show the same footage."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from seamline.errors import ExchangeError, MediaError
from seamline.exchange.csv_rows import Row, read_rows
from seamline.media.film import Film
from seamline.progress import Progress

SHORTEST = Fraction(5, 2)
"""Seconds that a film must last for pairs 2 s apart to be drawn from it."""
_SHOWN_LEFT_OUT = 5

OpenFilm = Callable[[Path, Progress], Film]


@dataclass(frozen=True, slots=True)
class PairFilm:
    """A film, and the name of the footage it shows.

    Films of one source (copies in other codecs, excerpts, turned or derived ones) are never held to be two films, and
    never lie on two sides of a split. `seams`: (last full frame, next full frame) of each, None where nobody knows.
    """

    film: Film
    source: str
    seams: tuple[tuple[int, int], ...] | None = None

    @property
    def duration(self) -> Fraction:
        """Seconds from the start of the first frame to the end of the last."""
        return self.film.index.duration

    def frame_at(self, time: Fraction) -> int:
        """The frame on screen so many seconds after the first."""
        return self.film.index.frame_at(time)

    def crosses(self, first_frame: int, second_frame: int) -> bool | None:
        """Whether a seam ends or begins between the two frames; None where a frame lies within one, or nobody knows."""
        if self.seams is None:
            return None
        low, high = sorted((first_frame, second_frame))
        if any(out < frame < into for out, into in self.seams for frame in (low, high)):
            return None
        return any(low <= out and into <= high for out, into in self.seams)


def opened_films(
    paths: Sequence[Path],
    open_film: OpenFilm,
    *,
    sources: Mapping[str, str] | None = None,
    progress: Progress,
) -> tuple[list[PairFilm], list[str]]:
    """Those of the paths that last long enough, each file once, and a sentence for each that was left out.

    `sources` has the source by file name; a film that it does not name is a source of its own. Raises Cancelled.
    """
    films: dict[str, PairFilm] = {}
    left_out = []
    for done, path in enumerate(paths):
        progress.step(done, len(paths))
        try:
            film = open_film(path, progress)
        except MediaError as error:
            left_out.append(str(error))
            continue
        if film.index.duration < SHORTEST:
            left_out.append(f"“{path.name}” is shorter than {float(SHORTEST):g} s.")
        elif film.fingerprint in films:
            left_out.append(f"“{path.name}” is a copy of “{films[film.fingerprint].film.path.name}”.")
        else:
            source = (sources or {}).get(path.name, film.fingerprint)
            films[film.fingerprint] = PairFilm(film, source)
    return list(films.values()), left_out


def read_sources(path: Path) -> dict[str, str]:
    """The source by file name, from a table with the columns film and source. Raises ExchangeError."""

    def check(columns: Sequence[str]) -> None:
        if not {"film", "source"} <= set(columns):
            raise ExchangeError(
                f"“{path}” needs the columns film and source: give it a first line with these names."
            )

    def row_of(row: Row, table: Path, line: int) -> tuple[str, str]:
        film, source = (row.get("film") or "").strip(), (row.get("source") or "").strip()
        if not film or not source:
            raise ExchangeError(f"“{table}”, line {line}: give both the film and its source.")
        return film, source

    return dict(read_rows(path, check, row_of, most_mib=16))


def joined(films: Sequence[PairFilm], alike: Sequence[tuple[int, int]]) -> list[PairFilm]:
    """The films, with one source for all that are alike, directly or by way of others; each pair is two places."""
    sources = [film.source for film in films]
    for one, other in alike:
        keep, drop = sorted((sources[one], sources[other]))
        sources = [keep if source == drop else source for source in sources]
    return [replace(film, source=source) for film, source in zip(films, sources, strict=True)]


@contextlib.contextmanager
def naming(left_out: Sequence[str]) -> Iterator[None]:
    """A MediaError in it says what was left out, too, `left_out` in sentences: that is most likely what is wanting."""
    try:
        yield
    except MediaError as error:
        if not left_out:
            raise
        more = f" and {len(left_out) - _SHOWN_LEFT_OUT} more." if len(left_out) > _SHOWN_LEFT_OUT else ""
        raise MediaError(f"{error} Left out: {' '.join(left_out[:_SHOWN_LEFT_OUT])}{more}") from error
