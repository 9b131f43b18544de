"""The tables of a project file, version by version."""

from __future__ import annotations

import sqlite3
from functools import cache

APPLICATION_ID = 0x5365_616D
"""“Seam”, where SQLite's header has room for what a file belongs to."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE film (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            path TEXT NOT NULL,
            relative_path TEXT,
            fingerprint TEXT NOT NULL,
            frame_count INTEGER NOT NULL,
            rate TEXT NOT NULL,
            bytes INTEGER NOT NULL
        )""",
        "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        """CREATE TABLE proposals (
            out_frame INTEGER NOT NULL,
            in_frame INTEGER NOT NULL,
            kind TEXT NOT NULL,
            confidence REAL NOT NULL
        )""",
        """CREATE TABLE edits (
            number INTEGER PRIMARY KEY,
            record TEXT NOT NULL,
            checksum INTEGER NOT NULL
        )""",
        """CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            done INTEGER NOT NULL,
            analysed_frames INTEGER NOT NULL
        )""",
        "INSERT INTO state VALUES (1, 0, 0)",
    ),
    # the same tables, with steps that the first version would take for damage: ChangeKind, SeamSteps, SetShotNotes
    (),
    # what the analysis labels shots with; and notes with labels, which the second version would lose
    (
        """CREATE TABLE labels (
            start_frame INTEGER NOT NULL,
            end_frame INTEGER NOT NULL,
            scale TEXT,
            scale_confidence REAL,
            movement TEXT,
            movement_confidence REAL
        )""",
    ),
    # which shots the analysis says were taken together
    (
        """CREATE TABLE footage (
            start_frame INTEGER NOT NULL,
            end_frame INTEGER NOT NULL,
            setup INTEGER NOT NULL,
            scene INTEGER NOT NULL,
            repeats_start_frame INTEGER,
            repeats_end_frame INTEGER,
            confidence REAL NOT NULL
        )""",
    ),
    # what the editor said of pairs of shots that would cut together, and where their films were
    (
        """CREATE TABLE matches (
            out_film TEXT NOT NULL,
            out_start_frame INTEGER NOT NULL,
            out_end_frame INTEGER NOT NULL,
            out_frame INTEGER NOT NULL,
            in_film TEXT NOT NULL,
            in_start_frame INTEGER NOT NULL,
            in_end_frame INTEGER NOT NULL,
            in_frame INTEGER NOT NULL,
            kind TEXT NOT NULL,
            score REAL NOT NULL,
            frame_score REAL NOT NULL,
            motion_score REAL NOT NULL,
            siamese_score REAL NOT NULL,
            reason TEXT NOT NULL,
            verdict TEXT NOT NULL,
            note TEXT NOT NULL
        )""",
        "CREATE TABLE match_films (fingerprint TEXT PRIMARY KEY, path TEXT NOT NULL)",
    ),
    # the same tables, with steps that the fifth version would take for damage: JudgeMatch
    (),
)
"""What makes version n of version n - 1; the first makes the tables. An entry that was published never changes."""


def newest_version() -> int:
    return len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring the tables from `version` (0: none yet) to the newest one, inside the caller's transaction."""
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {newest_version()}")


def objects_of(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """All that the database consists of; at most one more than a project file can have."""
    limit = len(expected_objects(newest_version())) + 10
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name LIMIT ?"
    return list(connection.execute(query, (limit,)))


@cache
def expected_objects(version: int) -> tuple[tuple[object, ...], ...]:
    """What a project file of that version consists of, to the letter: no trigger, no view, no code."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                connection.execute(statement)
        query = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        return tuple(connection.execute(query))
    finally:
        connection.close()
