"""Project files as a whole: read whatever their version and state, written in one step."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

from seamline.errors import ProjectError
from seamline.project.contents import Contents, is_damage, read_contents, write_contents
from seamline.project.database import (
    NotAProjectError,
    check_is_project,
    connected,
    copied_to_memory,
    rollback_journal,
    transaction,
)
from seamline.project.schema import APPLICATION_ID, expected_objects, migrate, newest_version, objects_of


def read_project(path: Path, *, writes: bool) -> tuple[Contents, bool]:
    """What can be read of the project file at `path`, and whether the file is sound.

    An older one is brought to the newest version: with `writes` in its place, with a copy kept beside it. Raises
    NotAProjectError where nothing can be read, ProjectError where it cannot be opened as it is.
    """
    try:
        check_is_project(path)
        with connected(path, writes=writes) as connection:
            version = _version(connection, path)
            if version == newest_version():
                return _read(connection)
            return _read_older(connection, path, version, writes=writes)
    except FileNotFoundError as error:
        raise ProjectError(f"There is no project “{path}” (any more): choose another one.") from error
    except OSError as error:
        raise ProjectError(
            f"“{path}” cannot be read ({error.strerror}): allow reading the file, then open it again."
        ) from error
    except sqlite3.Error as error:
        if is_damage(error):
            raise NotAProjectError(
                f"“{path.name}” is damaged and nothing of it can be read: open a copy of it."
            ) from error
        raise ProjectError(
            f"“{path}” cannot be read ({error}): check its disk, and whether another program has it open."
        ) from error


def write_project(path: Path, contents: Contents) -> int:
    """Put a new project file in the place of whatever is at `path`; gives the last step's checksum.

    It is whole and on the disk before it takes the name. Raises OSError, sqlite3.Error or ProjectError.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        # what a killed process left; a rollback journal of another file would spoil the new one
        for left in (part, rollback_journal(part)):
            left.unlink(missing_ok=True)
        with connected(part, writes=True, creates=True) as connection, transaction(connection):
            migrate(connection, 0)
            checksum = write_contents(connection, contents)
        rollback_journal(path).unlink(missing_ok=True)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return checksum


def copied_aside(path: Path, ending: str) -> Path:
    """A copy beside `path` under a free name: `ending`, with a number in its braces, before the suffix."""
    for number in range(1000):
        aside = path.with_suffix(f".{ending.format(number)}{path.suffix}")
        try:
            with aside.open("xb") as copy, path.open("rb") as file:
                shutil.copyfileobj(file, copy)
                copy.flush()
                os.fsync(copy.fileno())
        except FileExistsError:
            continue
        return aside
    raise FileExistsError(0, "there are a thousand copies already", str(path))


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Which version's tables the file has, and nothing else."""
    ((application,),) = connection.execute("PRAGMA application_id").fetchall()
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    if application == APPLICATION_ID and version > newest_version():
        raise ProjectError(
            f"“{path.name}” was written by a newer Seamline (version {version} of the format, this one knows "
            f"{newest_version()}): update Seamline, then open it again."
        )
    if (
        application != APPLICATION_ID
        or version < 1
        or tuple(objects_of(connection)) != expected_objects(version)
    ):
        raise NotAProjectError(
            f"“{path.name}” is damaged, or was not written by Seamline: open a copy of it."
        )
    return int(version)


def _read(connection: sqlite3.Connection) -> tuple[Contents, bool]:
    try:
        is_sound = connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        is_sound = False
    return read_contents(connection), is_sound


def _read_older(
    connection: sqlite3.Connection, path: Path, version: int, *, writes: bool
) -> tuple[Contents, bool]:
    if writes:
        copied_aside(path, f"version-{version}-{{}}")
        with transaction(connection):
            migrate(connection, version)
        return _read(connection)
    with copied_to_memory(connection) as copy:
        with transaction(copy):
            migrate(copy, version)
        return _read(copy)


def _sync_folder(folder: Path) -> None:
    """Have the disk know the names in it; where folders cannot be opened (Windows), that is left to the system."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
