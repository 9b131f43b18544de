"""Projects come from strangers: nothing in one is run, and nothing outside it is read but its film."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from edited import changed, cut, frames, with_an_interrupted_step

from seamline.errors import ProjectError
from seamline.project.edits import AddSeam, DeleteSeam
from seamline.project.file import ProjectFile
from seamline.project.locating import film_of_project
from seamline.project.types import Project, Seam, SeamKind

MakeProject = Callable[..., Project]
Reopened = Callable[[Project, Path], ProjectFile]
NewFile = Callable[..., Path]


class TestStrangers:
    @pytest.mark.parametrize(
        "code",
        [
            "CREATE TRIGGER t AFTER UPDATE ON state BEGIN DELETE FROM edits; END",
            "CREATE VIEW v AS SELECT 1",
            "CREATE INDEX i ON edits (record)",
            "CREATE TABLE more (a)",
            "ALTER TABLE edits ADD COLUMN more TEXT DEFAULT 'x'",
            "ALTER TABLE edits RENAME TO others",
        ],
    )
    def test_tables_that_are_not_ours_are_refused(
        self, project: MakeProject, new_file: NewFile, reopened: Reopened, code: str
    ) -> None:
        path = new_file(project(1000))
        changed(path, code)
        with pytest.raises(ProjectError, match="not written by Seamline"):
            reopened(project(1000), path)

    def test_another_programs_database_is_refused_before_sqlite_sees_it(
        self, project: MakeProject, tmp_path: Path, reopened: Reopened, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "film.seamline"
        changed(path, "CREATE TABLE a (b)")
        monkeypatch.setattr("seamline.project.database.connect", None)
        with pytest.raises(ProjectError, match="not a Seamline project"):
            reopened(project(1000), path)

    def test_a_rollback_journal_that_names_another_file_is_not_followed(
        self, project: MakeProject, new_file: NewFile, reopened: Reopened
    ) -> None:
        path = new_file(project(1000))
        victim = path.with_name("victim")
        victim.write_bytes(b"")
        left = with_an_interrupted_step(path)
        name = bytes(victim)
        left.write_bytes(
            left.read_bytes()
            + b"\0\0\0\0"
            + name
            + len(name).to_bytes(4, "big")
            + sum(name).to_bytes(4, "big")
            + bytes.fromhex("d9d505f920a163d7")
        )
        for is_reader in (True, False):
            with pytest.raises(ProjectError, match="was not written by Seamline: move it away"):
                ProjectFile(project(1000), path, read_only=is_reader)
        assert victim.exists()
        left.unlink()
        left.symlink_to(victim)
        with pytest.raises(ProjectError, match="move it away"):
            reopened(project(1000), path)

    @pytest.mark.parametrize(
        "seam",
        [Seam(0, 10**12, SeamKind.DISSOLVE), Seam(0, 1000, SeamKind.FADE), Seam(999, 1000)],
    )
    def test_seams_beyond_the_film_are_damage(
        self, project: MakeProject, new_file: NewFile, reopened: Reopened, seam: Seam
    ) -> None:
        path = new_file(project(10**6))
        file = ProjectFile(project(10**6), path)
        file.do(AddSeam(cut(20)))
        file._store(lambda connection: _add_unchecked(connection, DeleteSeam(seam)), (), 0)
        file.close()
        changed(path, "UPDATE film SET frame_count = 1000", "UPDATE state SET done = 2")
        back = reopened(project(1000), path)
        assert frames(back) == [20]
        assert back.damage is not None
        assert back.damage.startswith("1 of your earlier steps")

    def test_proposals_that_cannot_be_are_left_out(
        self, project: MakeProject, new_file: NewFile, reopened: Reopened
    ) -> None:
        path = new_file(project(1000))
        frames = ((500, 501), (10, 11), (10, 11), (400, 600), (999, 1000), (5000, 5001))
        kinds = ("fade" if b - a > 1 else "cut" for a, b in frames)
        changed(path, *(
            f"INSERT INTO proposals VALUES ({a}, {b}, '{kind}', 0.5)"
            for (a, b), kind in zip(frames, kinds, strict=True)
        ))  # fmt: skip
        back = reopened(project(1000), path)
        assert [seam.in_frame for seam in back.last_proposals] == [11, 600]

    def test_one_that_is_too_large_is_not_read(
        self, project: MakeProject, new_file: NewFile, reopened: Reopened
    ) -> None:
        path = new_file(project(1000))
        with path.open("r+b") as file:
            file.truncate(65 << 20)
        with pytest.raises(ProjectError, match="too large"):
            reopened(project(1000), path)

    def test_a_folder_and_a_missing_one_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.seamline").mkdir()
        for name in ("a.seamline", "b.seamline"):
            with pytest.raises(ProjectError, match=r"\.$"):
                film_of_project(tmp_path / name)


def _add_unchecked(connection: sqlite3.Connection, edit: DeleteSeam) -> int:
    from seamline.project.contents import add_edit

    ((before,),) = connection.execute("SELECT checksum FROM edits").fetchall()
    return add_edit(connection, 2, edit, before)
