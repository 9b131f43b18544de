"""The shots that a search has found, as text, as a table of comma-separated values, or as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.library_films import FilmEntry, LibraryHit
from seamline.analysis.search import Hit
from seamline.exchange.csv_list import guarded
from seamline.exchange.film_facts import shown_text
from seamline.media.timebase import FrameIndex
from seamline_app.commands.output import in_columns
from seamline_app.commands.search_films import SearchedFilm

COLUMNS = (
    "rank",
    "film",
    "shot",
    "frame",
    "timecode",
    "start_frame",
    "end_frame",
    "start_timecode",
    "end_timecode",
    "score",
    "is_there",
    "path",
)
"""Frames count from 0; those of the shot are [start_frame, end_frame). `frame` is the one most like what was asked."""


@dataclass(frozen=True, slots=True)
class FoundShot:
    """One line of the results."""

    film: str
    path: Path
    shot: int
    frame: int
    timecode: str
    start_frame: int
    end_frame: int
    start_timecode: str
    end_timecode: str
    score: float
    is_there: bool = True

    @classmethod
    def of_film(cls, film: SearchedFilm, hit: Hit) -> FoundShot:
        project = film.project
        return cls(
            project.film.path.name,
            project.film.path,
            1 + film.shots.index((hit.start_frame, hit.end_frame)),
            hit.frame,
            project.timecode(hit.frame),
            hit.start_frame,
            hit.end_frame,
            project.timecode(hit.start_frame),
            project.timecode(hit.end_frame),
            hit.score,
        )

    @classmethod
    def of_library(cls, hit: LibraryHit, index: FrameIndex | None) -> FoundShot:
        entry: FilmEntry = hit.film
        return cls(
            entry.name,
            entry.path,
            hit.shot_number,
            hit.frame,
            entry.timecode(hit.frame, index),
            hit.start_frame,
            hit.end_frame,
            entry.timecode(hit.start_frame, index),
            entry.timecode(hit.end_frame, index),
            hit.score,
            hit.is_there,
        )


def of_library(hits: tuple[LibraryHit, ...]) -> list[FoundShot]:
    """In their order. Films of a variable rate need their frames' times for a timecode, which the cache has."""
    cache = AnalysisCache()
    indices = {identity: cache.load_index(identity) for identity in {hit.fingerprint for hit in hits}}
    return [FoundShot.of_library(hit, indices[hit.fingerprint]) for hit in hits]


def as_text(found: list[FoundShot]) -> str:
    """In columns, for people."""
    rows = [("#", "film", "shot", "timecode", "from", "to", "score")]
    for rank, shot in enumerate(found, 1):
        name = shown_text(shot.film) + ("" if shot.is_there else " (not there now)")
        rows.append(
            (
                str(rank),
                name,
                str(shot.shot),
                shot.timecode,
                shot.start_timecode,
                shot.end_timecode,
                f"{shot.score:.3f}",
            )
        )
    return in_columns(rows, right=(0, 2, 6))


def as_csv(found: list[FoundShot]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(found):
        film, path = (guarded(str(row[name])) for name in ("film", "path"))
        writer.writerow({**row, "film": film, "path": path, "is_there": int(bool(row["is_there"]))}.values())
    return text.getvalue()


def as_json(found: list[FoundShot]) -> str:
    text = json.dumps({"shots": _rows(found)}, indent=2, ensure_ascii=False) + "\n"
    # bytes of a path that are no characters, as Python and JSON both can say them
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _rows(found: list[FoundShot]) -> list[dict[str, object]]:
    return [
        {
            "rank": rank,
            "film": shown_text(shot.film),
            "shot": shot.shot,
            "frame": shot.frame,
            "timecode": shot.timecode,
            "start_frame": shot.start_frame,
            "end_frame": shot.end_frame,
            "start_timecode": shot.start_timecode,
            "end_timecode": shot.end_timecode,
            "score": round(shot.score, 6),
            "is_there": shot.is_there,
            "path": str(shot.path),
        }
        for rank, shot in enumerate(found, 1)
    ]
