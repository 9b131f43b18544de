"""What the editor said of pairs of shots, as a project file keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from seamline.errors import ProjectError
from seamline.media.film import Film
from seamline.project.match_cuts import JudgedPair, MatchKind, MatchPair, MatchSide, Verdict
from seamline.project.types import MAX_COMMENT_CHARS

MAX_MATCHES = 10_000
_MAX_TEXT_CHARS = 4096
_SIDE = "{0}_film, {0}_start_frame, {0}_end_frame, {0}_frame"
MATCH_COLUMNS = (
    f"{_SIDE.format('out')}, {_SIDE.format('in')}, kind, score, frame_score, motion_score, siamese_score, reason, "
    "verdict, note"
)
FILM_COLUMNS = "fingerprint, path"


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

        What says nothing (an open verdict without a note) is left out. Raises ProjectError for words that cannot be
        stored, and for more pairs than a project holds.
        """
        _check_words(judged)
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

    def renamed(self, old: str, new: str) -> Matches:
        """Those of a project whose own film was stored under the fingerprint `old` and is now `new`."""
        if old == new:
            return self
        judged = {of.pair.key: of for of in (_renamed(of, old, new) for of in self.judged)}
        return Matches(
            tuple(judged.values()), {name: path for name, path in self.films.items() if name != new}
        )

    def within(self, film: Film) -> Matches:
        """Without the pairs that use frames of `film` which it does not have: a file may say anything."""
        judged = tuple(of for of in self.judged if of.pair.is_within(film.fingerprint, film.frame_count))
        return replace(self, judged=judged)

    @property
    def kept(self) -> tuple[JudgedPair, ...]:
        return tuple(judged for judged in self.judged if judged.verdict is Verdict.KEPT)


def write_matches(connection: sqlite3.Connection, matches: Matches) -> None:
    """These, instead of what is stored, inside the caller's transaction."""
    connection.execute("DELETE FROM matches")
    connection.execute("DELETE FROM match_films")
    places = ", ".join("?" * (MATCH_COLUMNS.count(",") + 1))
    connection.executemany(f"INSERT INTO matches VALUES ({places})", map(_row, matches.judged))
    connection.executemany(
        "INSERT INTO match_films VALUES (?, ?)",
        ((name, str(path)) for name, path in matches.films.items() if _is_text(str(path))),
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


def judged_of(row: Sequence[Any]) -> JudgedPair:
    """What a row of `MATCH_COLUMNS` says. Raises ValueError, TypeError or ProjectError for what makes no sense."""
    out, into, scores, (kind, reason, verdict, note) = row[:4], row[4:8], row[9:13], (row[8], *row[13:])
    sides = [
        MatchSide(_text(film), _whole(start), _whole(end), _whole(at)) for film, start, end, at in (out, into)
    ]
    if not all(isinstance(score, float) for score in scores):
        raise ValueError("a score is none")
    score, frame, motion, siamese = scores
    pair = MatchPair(sides[0], sides[1], MatchKind(kind), score, frame, motion, siamese, _text(reason))
    judged = JudgedPair(pair, Verdict(verdict), _text(note))
    _check_words(judged)
    return judged


def place_of(row: Sequence[Any]) -> tuple[str, Path]:
    """Which film a row of `FILM_COLUMNS` says is where. Raises ValueError for what makes no sense."""
    fingerprint, path = row
    return _text(fingerprint), Path(_text(path))


def _renamed(judged: JudgedPair, old: str, new: str) -> JudgedPair:
    out, into = (
        replace(side, fingerprint=new) if side.fingerprint == old else side
        for side in (judged.pair.outgoing, judged.pair.incoming)
    )
    return replace(judged, pair=replace(judged.pair, outgoing=out, incoming=into))


def _check_words(judged: JudgedPair) -> None:
    """Raises ProjectError for what a project does not hold: the same when it is said and when it is read."""
    if len(judged.note) > MAX_COMMENT_CHARS:
        raise ProjectError(
            f"A note has at most {MAX_COMMENT_CHARS} characters, and this one has {len(judged.note)}."
        )
    if not (_is_text(judged.note) and _is_text(judged.pair.reason)):
        raise ProjectError(
            "What you said of this pair cannot be stored, as its note or reason is too long or holds characters that "
            "are none: write the note anew."
        )


def _text(value: object) -> str:
    if not (isinstance(value, str) and _is_text(value)):
        raise ValueError("a text is none")
    return value


def _whole(value: object) -> int:
    if not (isinstance(value, int) and 0 <= value < 1 << 40):
        raise ValueError("a frame is none")
    return value


def _is_text(text: str) -> bool:
    """Whether it is stored: not every file name is Unicode, which is all that SQLite holds."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return len(text) <= _MAX_TEXT_CHARS
