"""The table of an index of films: which films are in it, where their vectors lie, and those not yet in a graph."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.library_films import LibraryError, unwritable

_log = logging.getLogger(__name__)

_APPLICATION_ID = 0x5345_4C49  # "SELI"
_SCHEMA_VERSION = 1
_BUSY_S = 20.0  # as long as another process may take to write a film on a slow disk
_SCHEMA = """
CREATE TABLE about (encoder_key TEXT NOT NULL, dimension INTEGER NOT NULL);
CREATE TABLE films (
  number INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint TEXT NOT NULL UNIQUE,
  vectors INTEGER NOT NULL, content TEXT NOT NULL, graph TEXT
);
CREATE TABLE loose (number INTEGER PRIMARY KEY, frames BLOB NOT NULL, vectors BLOB NOT NULL);
CREATE TABLE graphs (name TEXT PRIMARY KEY, vectors INTEGER NOT NULL, mark TEXT NOT NULL, digest TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class IndexedFilm:
    """A film by its number, which is never given to another, nor to the same film put in anew.

    `vectors` of its frames lie in the graph of that name; None where they are loose. `content` is different for
    different vectors.
    """

    number: int
    fingerprint: str
    vectors: int
    content: str
    graph: str | None


@dataclass(frozen=True, slots=True)
class GraphFile:
    """`digest` tells whether the file is the one that was written; `mark` is the one it had when that was last looked
    at, and was so."""

    name: str
    vectors: int
    mark: str
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class LooseVectors:
    """`frames`: int64[n]. `vectors`: float16[n, dimension]."""

    frames: NDArray[np.int64]
    vectors: NDArray[np.float16]

    @property
    def content(self) -> str:
        """32 hex digits of the frames and the vectors."""
        digest = hashlib.blake2b(self.frames.tobytes(), digest_size=16)
        digest.update(self.vectors.tobytes())
        return digest.hexdigest()


class _DamagedError(LibraryError):
    """What was there is thrown away; asked again, there is nothing in it."""


class LibraryDatabase:
    """One SQLite file for an encoder. What is damaged or foreign is thrown away: it can be made again.

    For any threads, one at a time. Every method raises LibraryError where the disk does not let it write, read or wait.
    """

    def __init__(self, path: Path, encoder_key: str, dimension: int) -> None:
        self._path = path
        self._about = (encoder_key, dimension)
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._seen_version: int | None = None

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def is_changed(self) -> bool:
        """Whether another process, or another connection, has written since this was last asked; True at first."""
        with self._working() as connection:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            is_changed, self._seen_version = version != self._seen_version, int(version)
            return bool(is_changed)

    def contents(self) -> tuple[tuple[IndexedFilm, ...], tuple[GraphFile, ...]]:
        """The films, and the graphs that they lie in."""
        try:
            return self._contents()
        except _DamagedError:
            return self._contents()

    def _contents(self) -> tuple[tuple[IndexedFilm, ...], tuple[GraphFile, ...]]:
        with self._working() as connection:
            connection.execute("BEGIN")  # both as they were at one time
            try:
                films = connection.execute("SELECT * FROM films ORDER BY number").fetchall()
                graphs = connection.execute("SELECT name, vectors, mark, digest FROM graphs ORDER BY rowid")
                return tuple(map(_film, films)), tuple(GraphFile(*row) for row in graphs.fetchall())
            finally:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("COMMIT")

    def loose(self, number: int) -> LooseVectors | None:
        """The vectors of a film that are in no graph; None where they are gone, or damaged."""
        try:
            return self._loose(number)
        except _DamagedError:
            return None

    def _loose(self, number: int) -> LooseVectors | None:
        with self._working() as connection:
            row = connection.execute(
                "SELECT frames, loose.vectors, content FROM loose JOIN films USING (number) WHERE number = ?",
                (number,),
            ).fetchone()
            if row is None:
                return None
            frames, vectors = _bytes(row[0]), _bytes(row[1])
            count = len(frames) // 8
            if len(frames) != count * 8 or len(vectors) != count * self._about[1] * 2:
                return None
        every = np.frombuffer(vectors, np.float16).reshape(count, self._about[1])
        loose = LooseVectors(np.frombuffer(frames, np.int64), every)
        return loose if loose.content == row[2] else None

    def put(self, film_fingerprint: str, loose: LooseVectors) -> None:
        """Put the film in, in the place of what was known of it; what is the same already stays where it is."""
        content = loose.content
        with self._writing() as connection:
            row = connection.execute(
                "SELECT content FROM films WHERE fingerprint = ?", (film_fingerprint,)
            ).fetchone()
            if row == (content,):
                return
            self._drop(connection, "fingerprint = ?", (film_fingerprint,))
            number = connection.execute(
                "INSERT INTO films VALUES (NULL, ?, ?, ?, NULL)",
                (film_fingerprint, len(loose.frames), content),
            ).lastrowid
            values = (number, loose.frames.tobytes(), loose.vectors.tobytes())
            connection.execute("INSERT INTO loose VALUES (?, ?, ?)", values)

    def drop(self, film_fingerprint: str) -> bool:
        """Take a film out; whether it was in."""
        with self._writing() as connection:
            return self._drop(connection, "fingerprint = ?", (film_fingerprint,))

    def drop_films_of(self, graph: str) -> None:
        """Take out a graph that cannot be used, with the films that lie in it."""
        with self._writing() as connection:
            self._drop(connection, "graph = ?", (graph,))
            connection.execute("DELETE FROM graphs WHERE name = ?", (graph,))

    def drop_number(self, number: int) -> None:
        with self._writing() as connection:
            self._drop(connection, "number = ?", (number,))

    def fold(self, graph: GraphFile, numbers: list[int], replaced: tuple[str, ...]) -> None:
        """Note a new graph with the films of these numbers, as far as they are still in, in the place of others."""
        with self._writing() as connection:
            for name in replaced:
                connection.execute("DELETE FROM graphs WHERE name = ?", (name,))
            connection.execute(
                "INSERT INTO graphs VALUES (?, ?, ?, ?)",
                (graph.name, graph.vectors, graph.mark, graph.digest),
            )
            for number in numbers:
                connection.execute("UPDATE films SET graph = ? WHERE number = ?", (graph.name, number))
                connection.execute("DELETE FROM loose WHERE number = ?", (number,))

    def note_mark(self, graph: str, mark: str) -> None:
        """The graph's file was found as it was written, and has this mark now."""
        with self._writing() as connection:
            connection.execute("UPDATE graphs SET mark = ? WHERE name = ?", (mark, graph))

    def damage(self) -> str | None:
        """What SQLite finds wrong with the file, read whole; None if nothing."""
        try:
            with self._working() as connection:
                (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
                return None if verdict == "ok" else str(verdict)
        except _DamagedError as error:
            return str(error.__cause__)

    def throw_away(self) -> None:
        """Begin anew, with nothing in it."""
        with self._lock:
            self.close()
            try:
                for path in (self._path, self._path.with_name(f"{self._path.name}-journal")):
                    path.unlink(missing_ok=True)
            except OSError as error:
                raise unwritable(self._path.parent, error) from error

    def _drop(self, connection: sqlite3.Connection, which: str, values: tuple[object, ...]) -> bool:
        rows = connection.execute(f"SELECT number FROM films WHERE {which}", values).fetchall()
        for row in rows:
            for table in ("films", "loose"):
                connection.execute(f"DELETE FROM {table} WHERE number = ?", row)
        return bool(rows)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """What is done inside is on the disk at the end, or nothing of it."""
        with self._working() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(
                    sqlite3.Error
                ):  # whatever it says, the next reader takes the step back
                    connection.execute("ROLLBACK")
                raise
            self._seen_version = None  # what this connection wrote is news to who asks, too

    @contextlib.contextmanager
    def _working(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connected()
            except (sqlite3.DatabaseError, ValueError, TypeError, ArithmeticError) as error:
                if not _is_damage(error):
                    raise unwritable(self._path.parent, error) from error
                _log.warning("%s cannot be used and will be made again: %s", self._path, error)
                self.throw_away()
                raise _DamagedError(
                    f"The index of films “{self._path}” was damaged ({error}) and is made anew: do the same again."
                ) from error

    def _connected(self) -> sqlite3.Connection:
        if self._connection is not None and self._connection.in_transaction:
            self.close()  # what could be neither finished nor taken back
        if self._connection is None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise unwritable(self._path.parent, error) from error
            try:
                self._connection = self._opened()
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not _is_damage(error):
                    raise
                _log.warning("%s cannot be used and will be made again: %s", self._path, error)
                self.throw_away()
                self._connection = self._opened()
            self._seen_version = None
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, timeout=_BUSY_S, check_same_thread=False
        )
        try:
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "journal_mode = DELETE"):
                connection.execute(f"PRAGMA {pragma}")
            if not _has_tables(connection):  # else it is only read: the disk may not let it write
                self._create(connection)
            self._check_own(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _create(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        if not _has_tables(connection):  # else another process was faster
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute("INSERT INTO about VALUES (?, ?)", self._about)
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
        connection.execute("COMMIT")

    def _check_own(self, connection: sqlite3.Connection) -> None:
        found = tuple(
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        is_own = found == (_APPLICATION_ID, _SCHEMA_VERSION)
        if not is_own or connection.execute("SELECT * FROM about").fetchone() != self._about:
            raise sqlite3.DatabaseError("it is no index of this encoder")


def _has_tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _is_damage(error: Exception) -> bool:
    """Whether the file itself is at fault, and not that it is busy, or its disk full or not writable."""
    # without a code: what is no text; with the one for faults in statements: ours are right for a file of ours
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return not isinstance(error, sqlite3.OperationalError) or code & 0xFF == sqlite3.SQLITE_ERROR


def _film(row: tuple[Any, ...]) -> IndexedFilm:
    number, film_fingerprint, vectors, content, graph = row
    return IndexedFilm(
        int(number), str(film_fingerprint), int(vectors), str(content), None if graph is None else str(graph)
    )


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise sqlite3.DatabaseError("it holds other things than an index")
    return value
