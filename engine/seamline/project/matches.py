"""What the editor said of pairs of shots, as a project file keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from seamline.errors import ProjectError
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.types import MAX_COMMENT_CHARS

MAX_MATCHES = 10_000
_MAX_TEXT_CHARS = 4096
_SIDE = "{0}_film, {0}_start_frame, {0}_end_frame, {0}_frame"
_COLUMNS = (
    f"{_SIDE.format('out')}, {_SIDE.format('in')}, kind, score, frame_score, motion_score, siamese_score, reason, "
    "verdict, note"
)


@dataclass(frozen=True)
class Matches:
    """The pairs that something was said of, in the order they were said; `films`: where other films than the
    project's own were, by fingerprint."""

    judged: tuple[JudgedPair, ...] = ()
    films: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, pair: MatchPair) -> JudgedPair:
        """What was said of these two shots; the pair itself, cut where it is, if nothing was."""
        return next((judged for judged in self.judged if judged.pair.key == pair.key), JudgedPair(pair))

    def having(self, judged: JudgedPair, films: Mapping[str, Path] | None = None) -> Matches:
        """With this said of its shots, in place of what was said before; `films`: where their films are.

        What says nothing (an open verdict without a note) is left out. Raises ProjectError for a note that is too
        long, and for more pairs than a project holds.
        """
        if len(judged.note) > MAX_COMMENT_CHARS:
            raise ProjectError(
                f"A note has at most {MAX_COMMENT_CHARS} characters, and this one has {len(judged.note)}."
            )
        pairs = list(self.judged)
        at = next((n for n, other in enumerate(pairs) if other.pair.key == judged.pair.key), len(pairs))
        says = judged.verdict is not Verdict.OPEN or bool(judged.note)
        pairs[at : at + 1] = [judged] if says else []
        if len(pairs) > MAX_MATCHES:
            raise ProjectError(
                f"A project holds what you said of {MAX_MATCHES:,} pairs: export those that you keep."
            )
        known = {**self.films, **(films or {})}
        named = {
            name for of in pairs for name in (of.pair.outgoing.fingerprint, of.pair.incoming.fingerprint)
        }
        return Matches(tuple(pairs), {name: path for name, path in known.items() if name in named})

    @property
    def kept(self) -> tuple[JudgedPair, ...]:
        return tuple(judged for judged in self.judged if judged.verdict is Verdict.KEPT)


def write_matches(connection: sqlite3.Connection, matches: Matches) -> None:
    """These, instead of what is stored, inside the caller's transaction."""
    connection.execute("DELETE FROM matches")
    connection.execute("DELETE FROM match_films")
    places = ", ".join("?" * (_COLUMNS.count(",") + 1))
    connection.executemany(f"INSERT INTO matches VALUES ({places})", map(_row, matches.judged))
    connection.executemany(
        "INSERT INTO match_films VALUES (?, ?)",
        ((name, str(path)) for name, path in matches.films.items() if _is_text(str(path))),
    )


def read_matches(connection: sqlite3.Connection) -> Matches:
    """Raises sqlite3.Error, or ValueError, TypeError or ProjectError for what makes no sense."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM matches ORDER BY rowid LIMIT {MAX_MATCHES + 1}"
    ).fetchall()
    films = connection.execute(
        f"SELECT fingerprint, path FROM match_films LIMIT {2 * MAX_MATCHES + 1}"
    ).fetchall()
    if len(rows) > MAX_MATCHES or len(films) > 2 * MAX_MATCHES:
        raise ValueError("too many matches")
    return Matches(
        tuple(_judged(row) for row in rows), {_text(name): Path(_text(path)) for name, path in films}
    )


def _row(judged: JudgedPair) -> tuple[str | int | float, ...]:
    pair = judged.pair
    sides = [
        value
        for side in (pair.outgoing, pair.incoming)
        for value in (side.fingerprint, side.start_frame, side.end_frame, side.frame)
    ]
    scores = pair.score_01, pair.frame_01, pair.motion_01, pair.siamese_01
    return (*sides, str(pair.kind), *map(float, scores), pair.reason, str(judged.verdict), judged.note)


def _judged(row: tuple[Any, ...]) -> JudgedPair:
    out, into, scores, (kind, reason, verdict, note) = row[:4], row[4:8], row[9:13], (row[8], *row[13:])
    sides = [
        MatchSide(_text(film), _whole(start), _whole(end), _whole(at)) for film, start, end, at in (out, into)
    ]
    if not all(isinstance(score, float) for score in scores):
        raise ValueError("a score is none")
    score, frame, motion, siamese = scores
    pair = MatchPair(sides[0], sides[1], MatchKind(kind), score, frame, motion, siamese, _text(reason))
    return JudgedPair(pair, Verdict(verdict), _text(note))


def _text(value: object) -> str:
    if not (isinstance(value, str) and len(value) <= _MAX_TEXT_CHARS):
        raise ValueError("a text is none")
    return value


def _whole(value: object) -> int:
    if not (isinstance(value, int) and 0 <= value < 1 << 40):
        raise ValueError("a frame is none")
    return value


def _is_text(text: str) -> bool:
    """Whether SQLite can hold it: not every file name is Unicode."""
    try:
        return len(text.encode("utf-8")) <= _MAX_TEXT_CHARS
    except UnicodeEncodeError:
        return False
