"""SQLite connections to project files, which may come from strangers."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from seamline.errors import ProjectError
from seamline.project.schema import APPLICATION_ID

MAX_BYTES = 64 << 20
"""As many steps about seams as a project can have take less than a tenth of it, as many verdicts on match cuts a sixth;
where long notes in very many of these fill it, the next step is refused."""
_MAX_ROW_BYTES = 5 << 20  # an import of ten thousand seams is one row of half that
_MAX_STEPS = 2_000
_STEP_OPERATIONS = 10_000  # so that reading ends after 20 million operations, about a second
_PAGE_BYTES = 4096
_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"
_SUPER_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


class NotAProjectError(ProjectError):
    """The file is no project file, or its very beginning is destroyed."""


def check_is_project(path: Path) -> None:
    """Look at the file's head without SQLite. Raises NotAProjectError or ProjectError; OSError where it cannot be read.

    What lies beside it matters too: SQLite would take a rollback journal for its own, and one that names a
    journal of several databases can have it delete any file; a project never has such a one.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise NotAProjectError(f"“{path.name}” is not a Seamline project: choose another file.")
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    is_project = (
        len(head) == _HEADER_BYTES
        and head.startswith(_MAGIC)
        and int.from_bytes(head[68:72], "big") == APPLICATION_ID
        and head[18:20] == b"\1\1"  # a rollback journal: others would have more files beside it
    )
    if not is_project:
        raise NotAProjectError(
            f"“{path.name}” is not a Seamline project, or its beginning is destroyed: choose another file, or a "
            "copy of it."
        )
    if size > MAX_BYTES:
        raise ProjectError(
            f"“{path.name}” is too large for a Seamline project ({size >> 20} MiB, at most {MAX_BYTES >> 20}): "
            "choose another file, or a copy of it."
        )
    _check_journal(rollback_journal(path))


def rollback_journal(path: Path) -> Path:
    """What SQLite keeps beside the file while it writes, and after a crash."""
    return path.with_name(f"{path.name}-journal")


@contextlib.contextmanager
def connected(path: Path, *, writes: bool, creates: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection that is closed at the end; transactions are the caller's. Raises sqlite3.Error.

    Where an interrupted step waits to be taken back and nothing may be written, that is done on a copy.
    """
    with _damage_as_such(), contextlib.ExitStack() as undoing:
        connection = connect(path, "rwc" if creates else "rw" if writes else "ro")
        undoing.callback(connection.close)
        if not writes:
            try:
                connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
            except sqlite3.OperationalError:
                if not rollback_journal(path).exists():
                    raise
                folder = Path(undoing.enter_context(tempfile.TemporaryDirectory(prefix="seamline-")))
                copy = folder / "copy.seamline"
                shutil.copyfile(path, copy)
                shutil.copyfile(rollback_journal(path), rollback_journal(copy))
                connection = connect(copy, "rw")
                undoing.callback(connection.close)
        yield connection


@contextlib.contextmanager
def _damage_as_such() -> Iterator[None]:
    """Where SQLite quotes a destroyed name in its complaint, Python fails to decode the complaint."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("names in it are destroyed") from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done inside is on the disk at the end, or nothing of it. Raises sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # whatever it says, the next reader takes the step back
            connection.execute("ROLLBACK")
        raise


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that trusts nothing in the file and writes safely. `mode`: ro, rw, or rwc to create it.

    A rollback journal, not WAL: that one needs memory shared between processes, which network disks do not have,
    and leaves files beside the project that are forgotten when it is copied. The journal is deleted by each
    commit, and EXTRA is FULL that also waits until this is on the disk.
    """
    name = path.absolute().as_posix()
    uri = "file://" + ("" if name.startswith("/") else "/") + quote(os.fsencode(name))
    connection = sqlite3.connect(f"{uri}?mode={mode}", uri=True, isolation_level=None, timeout=2)
    try:
        _restrict(connection)
        if mode != "ro":
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute(f"PRAGMA max_page_count = {MAX_BYTES // _PAGE_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def copied_to_memory(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The same database where changing it changes no file. Raises sqlite3.Error."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        connection.backup(copy)
        _restrict(copy)
        yield copy


def _restrict(connection: sqlite3.Connection) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_ROW_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    if set_config := getattr(connection, "setconfig", None):  # since Python 3.12
        set_config(getattr(sqlite3, "SQLITE_DBCONFIG_DEFENSIVE"), True)  # noqa: B009
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    steps = iter(range(_MAX_STEPS))
    connection.set_progress_handler(lambda: next(steps, None) is None, _STEP_OPERATIONS)


def _check_journal(journal: Path) -> None:
    try:
        about = journal.lstat()
        is_fit = stat.S_ISREG(about.st_mode) and about.st_size <= 2 * MAX_BYTES
        if is_fit and about.st_size >= len(_SUPER_JOURNAL_MAGIC):
            with journal.open("rb") as file:
                file.seek(-len(_SUPER_JOURNAL_MAGIC), os.SEEK_END)
                is_fit = file.read() != _SUPER_JOURNAL_MAGIC
    except FileNotFoundError:
        return  # none, or a step that another window has just ended
    if not is_fit:
        raise ProjectError(
            f"“{journal.name}” lies beside the project and was not written by Seamline: move it away, then open "
            "the project again."
        )
