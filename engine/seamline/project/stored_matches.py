"""What was said of pairs of shots, as a project file keeps it; what is read back is checked, not trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.matches import Matches, check_words
from seamline.project.texts import is_fingerprint, is_stored_text

_SIDE = ("film", "start_frame", "end_frame", "frame")
_FIELDS = (
    *(f"out_{name}" for name in _SIDE),
    *(f"in_{name}" for name in _SIDE),
    *("kind", "score", "frame_score", "motion_score", "siamese_score", "reason", "verdict", "note"),
)
MATCH_COLUMNS = ", ".join(_FIELDS)
FILM_COLUMNS = "fingerprint, path"
_MOST_FILMS = 2
"""That a record names: those of the two shots."""
_OWN = ""
"""The project's own film, in a step alone."""


def write_matches(connection: sqlite3.Connection, matches: Matches) -> None:
    """These, instead of what is stored, inside the caller's transaction."""
    connection.execute("DELETE FROM matches")
    connection.execute("DELETE FROM match_films")
    places = ", ".join("?" * len(_FIELDS))
    connection.executemany(f"INSERT INTO matches VALUES ({places})", map(_row, matches.judged))
    connection.executemany("INSERT INTO match_films VALUES (?, ?)", _places(matches.films))


def judged_of(row: Sequence[Any], own: tuple[str, ...] = ()) -> JudgedPair:
    """What a row of `MATCH_COLUMNS` says; `own`: what may stand for a fingerprint. Raises ValueError, TypeError or
    ProjectError for what makes no sense."""
    out, into, scores, (kind, reason, verdict, note) = row[:4], row[4:8], row[9:13], (row[8], *row[13:])
    sides = [
        MatchSide(film if film in own else _fingerprint(film), _whole(start), _whole(end), _whole(at))
        for film, start, end, at in (out, into)
    ]
    if not all(isinstance(score, float) for score in scores):
        raise ValueError("a score is none")
    score, frame, motion, siamese = scores
    pair = MatchPair(sides[0], sides[1], MatchKind(kind), score, frame, motion, siamese, _text(reason))
    judged = JudgedPair(pair, Verdict(verdict), _text(note))
    check_words(judged)
    return judged


def place_of(row: Sequence[Any]) -> tuple[str, Path]:
    """Which film a row of `FILM_COLUMNS` says is where. Raises ValueError for what makes no sense."""
    fingerprint, path = row
    return _fingerprint(fingerprint), Path(_text(path))


def record_of_judged(judged: JudgedPair, films: Mapping[str, Path]) -> dict[str, Any]:
    """The same as JSON's types, for a step. Raises ProjectError for words that cannot be stored."""
    check_words(judged)
    said = dict(zip(_FIELDS, _row(judged), strict=True))
    return {**said, "is_slid": judged.is_slid, "films": dict(_places(films))}


def judged_of_record(record: Mapping[str, Any]) -> tuple[JudgedPair, dict[str, Path]]:
    """What such a record says, and where it says that films are. Raises as `judged_of` does, or KeyError."""
    judged = judged_of([record[name] for name in _FIELDS], (_OWN,))
    films, is_slid = record["films"], record["is_slid"]
    if not isinstance(films, dict) or len(films) > _MOST_FILMS or not isinstance(is_slid, bool):
        raise ValueError("no films, too many, or a cut that is neither moved nor not")
    return replace(judged, is_slid=is_slid), dict(place_of(row) for row in films.items())


def _places(films: Mapping[str, Path]) -> Iterable[tuple[str, str]]:
    """Where they are, as far as that can be stored."""
    return ((name, str(path)) for name, path in films.items() if is_stored_text(str(path)))


def _row(judged: JudgedPair) -> tuple[str | int | float, ...]:
    pair = judged.pair
    sides = [
        value
        for side in (pair.outgoing, pair.incoming)
        for value in (side.fingerprint, side.start_frame, side.end_frame, side.frame)
    ]
    scores = pair.score_01, pair.frame_01, pair.motion_01, pair.siamese_01
    return (*sides, str(pair.kind), *map(float, scores), pair.reason, str(judged.verdict), judged.note)


def _text(value: object) -> str:
    if not (isinstance(value, str) and is_stored_text(value)):
        raise ValueError("a text is none")
    return value


def _fingerprint(value: object) -> str:
    if not is_fingerprint(value):
        raise ValueError("a fingerprint is none")
    return value


def _whole(value: object) -> int:
    if not (type(value) is int and 0 <= value < 1 << 40):
        raise ValueError("a frame is none")
    return value
