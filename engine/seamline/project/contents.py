"""What a project file holds, as values; what is read is checked, not trusted."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from seamline.errors import ProjectError
from seamline.project.edit_records import MAX_RECORD_CHARS, edit_of, most_chars, text_of
from seamline.project.edits import ChangeKind, Edit, MoveSeam, SeamEdit, SeamSteps, SetShotNotes
from seamline.project.film_reference import FilmReference
from seamline.project.footage import ShotFootage
from seamline.project.labels import Label, Movement, ShotLabels, ShotScale
from seamline.project.matches import MAX_MATCHES, Matches
from seamline.project.stored_matches import (
    FILM_COLUMNS,
    MATCH_COLUMNS,
    judged_of,
    place_of,
    write_matches,
)
from seamline.project.texts import is_fingerprint
from seamline.project.types import Seam, SeamKind

MAX_EDITS = 20_000
MAX_PROPOSALS = 200_000
_MAX_SETTINGS = 200
_MAX_PATH_CHARS = 4096
_MAX_SPAN_FRAMES = 5_000_000
"""The frames that all stored seams cover together: far more than an editor decides about."""
_NOTES_A_STEP = 50
"""How many notes of a step count as a step: to colour every shot of a long film is done more than a few times."""

_T = TypeVar("_T")
_Finding = TypeVar("_Finding", ShotLabels, ShotFootage)
BAD_RECORD = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, ProjectError)
_UNREADABLE = (sqlite3.Error, *BAD_RECORD)
_SURROUNDINGS = frozenset({
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
})  # fmt: skip


@dataclass(frozen=True)
class Contents:
    """`film` is None where it could not be read. `done` of the `edits` count, the others were undone.

    `checksum` is that of the last step. `lost_steps`: how many steps are known to be there and could not be read;
    None if some, nobody knows how many. `lost`: what else could not be read, as words. `matches`: what was said of
    match cuts before there were steps of it.
    """

    film: FilmReference | None
    edits: tuple[Edit, ...] = ()
    done: int = 0
    proposals: tuple[Seam, ...] = ()
    analysed_frames: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    checksum: int = 0
    lost_steps: int | None = 0
    lost: tuple[str, ...] = ()
    labels: tuple[ShotLabels, ...] = ()
    footage: tuple[ShotFootage, ...] = ()
    matches: Matches = field(default_factory=Matches)


def is_damage(error: Exception) -> bool:
    """Whether an error is the file's own fault, not that of the disk, the network or whoever has it open."""
    code = getattr(error, "sqlite_errorcode", None)  # not every error comes from SQLite itself
    return code is None or code & 0xFF not in _SURROUNDINGS


def read_contents(connection: sqlite3.Connection) -> Contents:
    """All that can be read, whatever is in the file. Raises sqlite3.Error where the disk fails."""
    lost: list[str] = []

    def kept(read: Callable[[sqlite3.Connection], _T], otherwise: _T, name: str) -> _T:
        try:
            return read(connection)
        except _UNREADABLE as error:
            if not is_damage(error):
                raise
            lost.append(name)
            return otherwise

    film = kept(read_film, None, "which film the project is about")
    edits, checksum, lost_steps = _read_edits(connection)
    done, analysed_frames = kept(_read_state, (len(edits), 0), "which steps were undone")
    if done > len(edits):
        done = len(edits)
        lost_steps = lost_steps if lost_steps != 0 else None
    no_seams: tuple[Seam, ...] = ()
    proposals = kept(_read_proposals, no_seams, "the seams found so far")
    no_settings: dict[str, Any] = {}
    settings = kept(_read_settings, no_settings, "the project's settings")
    no_labels: tuple[ShotLabels, ...] = ()
    labels = kept(_read_labels, no_labels, "the labels of shots found so far")
    no_footage: tuple[ShotFootage, ...] = ()
    footage = kept(_read_footage, no_footage, "which shots were found to be the same footage")
    judged, is_all = _each(connection, "matches", MATCH_COLUMNS, MAX_MATCHES, judged_of)
    if not is_all:
        lost.append("some of what you said of match cuts" if judged else "what you said of match cuts")
    places, is_all = _each(connection, "match_films", FILM_COLUMNS, 2 * MAX_MATCHES, place_of)
    if not is_all:
        lost.append("where some films of match cuts were")
    matches = Matches(tuple(judged), dict(places))
    return Contents(
        film, edits, done, proposals, analysed_frames, settings, checksum, lost_steps, tuple(lost), labels, footage,
        matches,
    )  # fmt: skip


def write_contents(connection: sqlite3.Connection, contents: Contents) -> int:
    """Put all of it into new, empty tables, inside the caller's transaction; gives the last step's checksum."""
    if contents.film is not None:
        write_film(connection, contents.film)
    checksum = 0
    for number, edit in enumerate(contents.edits, 1):
        checksum = add_edit(connection, number, edit, checksum)
    connection.execute("UPDATE state SET done = ?", (contents.done,))
    write_findings(connection, contents)
    for key, value in contents.settings.items():
        write_setting(connection, key, value)
    write_matches(connection, contents.matches)
    return checksum


def add_edit(connection: sqlite3.Connection, number: int, edit: Edit, checksum_before: int) -> int:
    """Store the step of that number, the first being 1. Raises ProjectError for one that cannot be stored.

    Gives its checksum, a CRC-32 of the record and all before it: what a bad disk changes is found, and so is a gap.
    """
    record = text_of(edit)
    checksum = zlib.crc32(record.encode(), checksum_before)
    connection.execute("INSERT INTO edits VALUES (?, ?, ?)", (number, record, checksum))
    return checksum


def check_room(edits: Sequence[Edit]) -> None:
    """Raises ProjectError for more steps than are read back: each one of many seams counts, of notes each fifty."""
    if sum(map(_steps, edits)) > MAX_EDITS or sum(map(_span, edits)) > _MAX_SPAN_FRAMES:
        raise ProjectError(
            f"The step could not be stored: a project holds {MAX_EDITS} steps, about {_MAX_SPAN_FRAMES} frames. "
            "Export the cut list of what is done."
        )


def write_film(connection: sqlite3.Connection, film: FilmReference) -> None:
    rate = f"{film.rate.numerator}/{film.rate.denominator}"
    values = film.path, film.relative_path, film.fingerprint, film.frame_count, rate, film.bytes
    connection.execute("INSERT OR REPLACE INTO film VALUES (1, ?, ?, ?, ?, ?, ?)", values)


def write_findings(connection: sqlite3.Connection, contents: Contents) -> None:
    """What the analysis found, instead of what it found before. The editor's own labels are steps, stored there."""
    connection.execute("UPDATE state SET analysed_frames = ?", (contents.analysed_frames,))

    def store(table: str, rows: Sequence[tuple[object, ...]]) -> None:
        connection.execute(f"DELETE FROM {table}")
        if rows:
            places = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows[:MAX_PROPOSALS])

    store("proposals", [(s.out_frame, s.in_frame, str(s.kind), s.confidence) for s in contents.proposals])
    store(
        "labels",
        [
            (of.start_frame, of.end_frame, *_label_columns(of.scale), *_label_columns(of.movement))
            for of in contents.labels
        ],
    )
    store(
        "footage",
        [
            (of.start_frame, of.end_frame, of.setup, of.scene, *(of.repeats or (None, None)), of.confidence)
            for of in contents.footage
        ],
    )


def write_setting(connection: sqlite3.Connection, key: str, value: object) -> None:
    """Raises ProjectError for one that is no JSON, too long, or one too many."""
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ProjectError(
            f"The setting “{key}” cannot be stored: its value is no JSON ({error})."
        ) from error
    if len(text) > MAX_RECORD_CHARS or not 0 < len(key) <= _MAX_PATH_CHARS:
        raise ProjectError(f"The setting “{key[:50]}” cannot be stored: it is too long.")
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, text))
    ((count,),) = connection.execute("SELECT count(*) FROM settings").fetchall()
    if count > _MAX_SETTINGS:
        raise ProjectError(f"The setting “{key[:50]}” cannot be stored: there are {_MAX_SETTINGS} already.")


def read_film(connection: sqlite3.Connection) -> FilmReference:
    """Raises sqlite3.Error or ValueError where there is none that makes sense."""
    columns = "path, relative_path, fingerprint, frame_count, rate, bytes"
    path, relative, fingerprint, frames, rate, size = next(
        iter(connection.execute(f"SELECT {columns} FROM film WHERE id = 1")), (None,) * 6
    )
    numerator, slash, denominator = _text(rate, 40).partition("/")
    if not (
        slash and numerator.isdecimal() and denominator.isdecimal() and int(numerator) and int(denominator)
    ):
        raise ValueError("no frame rate")
    if not is_fingerprint(fingerprint):
        raise ValueError("no fingerprint")
    return FilmReference(
        _text(path, _MAX_PATH_CHARS),
        None if relative is None else _text(relative, _MAX_PATH_CHARS),
        fingerprint,
        _whole(frames, 1),
        Fraction(int(numerator), int(denominator)),
        _whole(size),
    )


def _read_edits(connection: sqlite3.Connection) -> tuple[tuple[Edit, ...], int, int | None]:
    """The steps up to the first that cannot be read, their checksum, and how many are lost; None if nobody knows."""
    edits: list[Edit] = []
    covered = checksum = steps = 0
    try:
        for number, record, stored in _rows(connection, "edits", "number, record, checksum", MAX_EDITS):
            text = _text(record, most_chars(record))
            expected = zlib.crc32(text.encode(), checksum)
            if number != len(edits) + 1 or stored != expected:
                break
            edit = edit_of(json.loads(text))
            covered += _span(edit)
            steps += _steps(edit)
            if covered > _MAX_SPAN_FRAMES or steps > MAX_EDITS:
                break
            edits.append(edit)
            checksum = expected
    except _UNREADABLE as error:
        if not is_damage(error):
            raise
    lost: int | None
    try:
        ((count,),) = connection.execute("SELECT count(*) FROM edits").fetchall()
        lost = max(0, count - len(edits))
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        lost = None
    return tuple(edits), checksum, lost


def _read_state(connection: sqlite3.Connection) -> tuple[int, int]:
    row = next(iter(connection.execute("SELECT done, analysed_frames FROM state WHERE id = 1")), (None, None))
    return _whole(row[0]), _whole(row[1])


def _read_proposals(connection: sqlite3.Connection) -> tuple[Seam, ...]:
    seams = tuple(
        Seam(_whole(out_frame), _whole(in_frame), SeamKind(kind), float(confidence))
        for out_frame, in_frame, kind, confidence in _rows(
            connection, "proposals", "out_frame, in_frame, kind, confidence", MAX_PROPOSALS
        )
    )
    if sum(seam.in_frame - seam.out_frame for seam in seams) > _MAX_SPAN_FRAMES:
        raise ValueError("too many frames")
    return seams


def _read_labels(connection: sqlite3.Connection) -> tuple[ShotLabels, ...]:
    columns = "start_frame, end_frame, scale, scale_confidence, movement, movement_confidence"
    labels = []
    for start, end, scale, scale_confidence, movement, movement_confidence in _rows(
        connection, "labels", columns, MAX_PROPOSALS
    ):
        of_scale = None if scale_confidence is None else Label(
            ShotScale(scale) if scale else None, float(scale_confidence)
        )  # fmt: skip
        of_movement = None if movement_confidence is None else Label(
            Movement(movement) if movement else None, float(movement_confidence)
        )  # fmt: skip
        labels.append(ShotLabels(_whole(start), _whole(end), of_scale, of_movement))
    return _apart(labels)


def _read_footage(connection: sqlite3.Connection) -> tuple[ShotFootage, ...]:
    columns = "start_frame, end_frame, setup, scene, repeats_start_frame, repeats_end_frame, confidence"
    return _apart([
        ShotFootage(
            _whole(start),
            _whole(end),
            _whole(setup, 1),
            _whole(scene, 1),
            None if repeats == [None, None] else (_whole(repeats[0]), _whole(repeats[1])),
            float(confidence),
        )
        for start, end, setup, scene, *repeats, confidence in _rows(
            connection, "footage", columns, MAX_PROPOSALS
        )
    ])  # fmt: skip


def _apart(findings: list[_Finding]) -> tuple[_Finding, ...]:
    """In the order of frames; of those that lie over each other the first, as they are not the editor's work."""
    findings.sort(key=lambda of: of.start_frame)
    apart: list[_Finding] = []
    for of in findings:
        if not apart or of.start_frame >= apart[-1].end_frame:
            apart.append(of)
    return tuple(apart)


def _label_columns(label: Label[Any] | None) -> tuple[str | None, float | None]:
    """No confidence says: not looked at; no value: not sure."""
    if label is None:
        return None, None
    return None if label.value is None else str(label.value), label.confidence


def _read_settings(connection: sqlite3.Connection) -> dict[str, Any]:
    rows = _rows(connection, "settings", "key, value", _MAX_SETTINGS)
    return {_text(key, _MAX_PATH_CHARS): json.loads(_text(value, MAX_RECORD_CHARS)) for key, value in rows}


def _rows(connection: sqlite3.Connection, table: str, columns: str, most: int) -> Iterator[tuple[Any, ...]]:
    for count, row in enumerate(connection.execute(f"SELECT {columns} FROM {table} ORDER BY rowid")):
        if count == most:
            raise ValueError(f"too much in {table}")
        yield row


def _each(
    connection: sqlite3.Connection, table: str, columns: str, most: int, read: Callable[[Sequence[Any]], _T]
) -> tuple[list[_T], bool]:
    """What each row says, without those that cannot be read or make no sense; whether that is all.

    Each is asked for by itself, as SQLite reads no further than a row that is damaged.
    """
    found: list[_T] = []
    is_all = True

    def rows(statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        nonlocal is_all
        try:
            yield from connection.execute(statement, values)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            is_all = False

    for (rowid,) in rows(f"SELECT rowid FROM {table} ORDER BY rowid LIMIT {most + 1}"):
        for row in rows(f"SELECT {columns} FROM {table} WHERE rowid = ?", rowid):
            try:
                found.append(read(row))
            except BAD_RECORD:
                is_all = False
    return found[:most], is_all and len(found) <= most


def _steps(edit: Edit) -> int:
    if isinstance(edit, SetShotNotes):
        return 1 + len(edit.notes) // _NOTES_A_STEP
    return max(1, len(edit.steps)) if isinstance(edit, SeamSteps) else 1


def _span(edit: Edit) -> int:
    if isinstance(edit, SeamSteps):
        return sum(map(_span, edit.steps))
    if not isinstance(edit, SeamEdit):
        return 0
    moved = edit.in_frame - edit.out_frame if isinstance(edit, MoveSeam | ChangeKind) else 0
    return edit.seam.in_frame - edit.seam.out_frame + abs(moved)


def _text(value: object, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise ValueError("no text, or too long")
    return value


def _whole(value: object, least: int = 0) -> int:
    if type(value) is not int or not least <= value < 1 << 53:
        raise ValueError("no count")
    return value
