"""Projects with steps in them, for tests."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from seamline.project.database import connect, rollback_journal
from seamline.project.edits import AddSeam, ConfirmSeam, DeleteSeam, MoveSeam, SetFilmDetails
from seamline.project.file import ProjectFile
from seamline.project.types import Origin, Seam, SeamKind


def cut(frame: int, origin: Origin = Origin.USER) -> Seam:
    return Seam(frame - 1, frame, origin=origin)


def frames(journal: ProjectFile) -> list[int]:
    return [seam.in_frame for seam in journal.project.seams]


def files(folder: Path) -> list[Path]:
    """All in the folder but locks."""
    return sorted(path for path in folder.iterdir() if path.suffix != ".lock" and path.is_file())


def filled(journal: ProjectFile) -> ProjectFile:
    """Steps of every kind; the last of them is undone."""
    journal.do(AddSeam(cut(20)))
    journal.do(AddSeam(Seam(30, 40, SeamKind.WIPE, 0.5, Origin.USER)))
    journal.do(MoveSeam(journal.project.seams[0], 22, 23))
    journal.do(DeleteSeam(cut(50, Origin.ANALYSIS)))
    journal.do(ConfirmSeam(cut(60, Origin.ANALYSIS)))
    journal.do(SetFilmDetails("Ä002", 25, False))
    journal.undo()
    journal.redo()
    journal.do(AddSeam(cut(80)))
    journal.undo()
    return journal


def changed(path: Path, *statements: str) -> None:
    """Have another program change the file."""
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def with_an_interrupted_step(path: Path) -> Path:
    """The file as a process leaves it that was killed while it wrote; gives the rollback journal."""
    connection = connect(path, "rw")
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("PRAGMA cache_spill = 1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE state SET done = 0")
    for number in range(200):
        connection.execute("INSERT INTO settings VALUES (?, ?)", (f"x{number}", '"' + "x" * 2000 + '"'))
    data, left = path.read_bytes(), rollback_journal(path).read_bytes()
    connection.execute("ROLLBACK")
    connection.close()
    assert data != path.read_bytes()
    path.write_bytes(data)
    rollback_journal(path).write_bytes(left)
    return rollback_journal(path)
