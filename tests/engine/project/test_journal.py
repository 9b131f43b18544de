"""The editor's steps on disk: none that was reported done is ever lost, and nothing is overwritten.

What holds for the files that Seamline keeps by itself holds for those that the user saves: each is tried with both.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from edited import cut, files, filled, frames

from seamline.errors import ProjectError
from seamline.project.edits import AddSeam, MoveSeam, SetFilmDetails
from seamline.project.file import ProjectFile
from seamline.project.journal import Journal
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]
Reopened = Callable[[Project, Path], ProjectFile]


@pytest.fixture(params=["journal", "project of the user's"])
def place(
    request: pytest.FixtureRequest, project: MakeProject, new_file: Callable[..., Path], tmp_path: Path
) -> Callable[[Project], Path]:
    """`place(base)`: where the steps on that film are kept."""
    return (lambda base: tmp_path / "own") if request.param == "journal" else new_file


def stored_at(place: Path) -> Path:
    return place if place.suffix else place / "fedcba9876543210.seamline"


def test_steps_survive_the_program(
    project: MakeProject, place: Callable[[Project], Path], reopened: Reopened
) -> None:
    film = project(100, cut(50, Origin.ANALYSIS), cut(60, Origin.ANALYSIS))
    at = place(film)
    journal = filled(reopened(film, at))
    assert journal.project.seams[-1].is_confirmed
    back = reopened(film, at)
    assert back.damage is None
    assert back.project == journal.project
    assert (back.history.undo_name, back.history.redo_name) == ("Change film details", "Add cut")
    while journal.history.undo_name:
        assert back.undo() == journal.history.undo()
    assert back.history.undo_name is None
    again = reopened(film, at)  # undone to the beginning, and all of it can be done again
    assert again.history.undo_name is None
    for _ in range(7):
        again.redo()
    assert again.history.redo_name is None
    assert frames(again) == [23, 40, 60, 80]


def test_undone_steps_stay_until_a_new_one_replaces_them(
    project: MakeProject, place: Callable[[Project], Path], reopened: Reopened
) -> None:
    film = project(1000)
    at = place(film)
    journal = reopened(film, at)
    for frame in (20, 30, 40):
        journal.do(AddSeam(cut(frame)))
    journal.undo()
    journal.undo()
    journal = reopened(film, at)
    assert journal.history.redo_name == "Add cut"
    journal.do(AddSeam(cut(70)))
    journal = reopened(film, at)
    assert journal.history.redo_name is None
    assert frames(journal) == [20, 70]


def test_they_fit_whatever_the_analysis_says_next_time(
    project: MakeProject, place: Callable[[Project], Path], reopened: Reopened
) -> None:
    film = project(100, cut(50, Origin.ANALYSIS))
    at = place(film)
    filled(reopened(film, at))
    back = reopened(project(100, Seam(10, 90, SeamKind.DISSOLVE)), at)
    assert back.damage is None
    assert frames(back) == [23, 40, 60]
    back.rebase(project(100, cut(50, Origin.ANALYSIS), cut(95, Origin.ANALYSIS)))
    assert frames(back) == [23, 40, 60, 95]


def test_without_a_step_there_is_no_file(project: MakeProject, tmp_path: Path, reopened: Reopened) -> None:
    journal = reopened(project(100), tmp_path / "edits")
    for step in (journal.undo, journal.redo):
        with pytest.raises(ProjectError):
            step()
    with pytest.raises(ProjectError):
        journal.do(AddSeam(cut(500)))
    journal.remember((cut(20, Origin.ANALYSIS),), 100)
    assert files(tmp_path / "edits") == []


def test_a_file_that_is_gone_is_written_anew_with_all_steps(
    project: MakeProject, place: Callable[[Project], Path], reopened: Reopened
) -> None:
    film = project(1000)
    at = place(film)
    journal = reopened(film, at)
    journal.do(AddSeam(cut(20)))
    journal.do(AddSeam(cut(30)))
    stored_at(at).unlink()
    journal.undo()
    back = reopened(film, at)
    assert frames(back) == [20]
    assert back.history.redo_name == "Add cut"


def test_another_file_in_its_place_is_not_mixed_with_what_is_open(
    project: MakeProject, place: Callable[[Project], Path], reopened: Reopened
) -> None:
    film = project(1000)
    at = place(film)
    journal = reopened(film, at)
    journal.do(AddSeam(cut(20)))
    copy = stored_at(at).read_bytes()
    journal.do(AddSeam(cut(30)))
    stored_at(at).write_bytes(copy)
    with pytest.raises(ProjectError, match="changed by another program"):
        journal.do(AddSeam(cut(40)))
    assert frames(journal) == [20, 30]
    assert stored_at(at).read_bytes() == copy


class TestWhatCannotBeStored:
    @pytest.fixture(params=["full", "not writable", "at the commit"])
    def full_disk(
        self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[], None]:
        def fill() -> None:
            connect = sqlite3.connect

            class Failing(sqlite3.Connection):
                def execute(self, sql: str, parameters: object = ()) -> sqlite3.Cursor:
                    if request.param == "at the commit" and sql == "COMMIT":
                        raise sqlite3.OperationalError("disk I/O error")
                    cursor = super().execute(sql, parameters)  # type: ignore[arg-type]
                    if request.param == "full" and sql.startswith("PRAGMA max_page_count"):
                        super().execute("PRAGMA max_page_count = 1")
                        # as SQLite fails where a page more is needed, and here for every change
                        super().execute("PRAGMA query_only = 1")
                    return cursor

            def failing(name: str, **options: object) -> sqlite3.Connection:
                if request.param == "not writable" and "mode=rw" in name:
                    raise sqlite3.OperationalError("unable to open database file")
                return connect(name, factory=Failing, **options)  # type: ignore[call-overload, no-any-return]

            monkeypatch.setattr("seamline.project.database.sqlite3.connect", failing)

        return fill

    @pytest.mark.parametrize("step", ["do", "undo", "redo"])
    def test_it_is_told_and_nothing_changes_in_sight_or_on_disk(
        self,
        project: MakeProject,
        place: Callable[[Project], Path],
        reopened: Reopened,
        full_disk: Callable[[], None],
        monkeypatch: pytest.MonkeyPatch,
        step: str,
    ) -> None:
        film = project(1000)
        at = place(film)
        journal = reopened(film, at)
        for frame in (20, 30, 40):
            journal.do(AddSeam(cut(frame)))
        journal.undo()
        stored = stored_at(at).read_bytes()
        full_disk()
        steps: dict[str, Callable[[], Project]] = {
            "do": lambda: journal.do(AddSeam(cut(90))),
            "undo": journal.undo,
            "redo": journal.redo,
        }
        with pytest.raises(ProjectError, match=r"could not be stored in .*, then do it again\.$"):
            steps[step]()
        assert frames(journal) == [20, 30]
        assert (journal.history.undo_name, journal.history.redo_name) == ("Add cut", "Add cut")
        monkeypatch.undo()
        assert stored_at(at).read_bytes() == stored
        journal.redo()
        journal.do(AddSeam(cut(90)))
        back = reopened(film, at)
        assert back.damage is None
        assert frames(back) == frames(journal) == [20, 30, 40, 90]

    def test_a_first_step_that_fails_leaves_nothing_that_spoils_the_next(
        self,
        project: MakeProject,
        tmp_path: Path,
        reopened: Reopened,
        full_disk: Callable[[], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        film = project(1000)
        journal = reopened(film, tmp_path)
        full_disk()
        with pytest.raises(ProjectError, match="could not be stored"):
            journal.do(AddSeam(cut(90)))
        monkeypatch.undo()
        journal.do(AddSeam(cut(20)))
        assert frames(reopened(film, tmp_path)) == frames(journal) == [20]

    def test_a_folder_that_cannot_be_made(
        self, project: MakeProject, tmp_path: Path, reopened: Reopened
    ) -> None:
        (tmp_path / "edits").write_text("a file where the folder should be")
        with pytest.raises(ProjectError) as caught:
            reopened(project(1000), tmp_path / "edits").do(AddSeam(cut(20)))
        assert "Errno" not in str(caught.value)
        assert str(caught.value).endswith("again.")

    def test_a_folder_of_the_users_that_is_gone_is_not_made_again(
        self, project: MakeProject, tmp_path: Path, new_file: Callable[..., Path], reopened: Reopened
    ) -> None:
        (tmp_path / "disk").mkdir()
        path = new_file(project(100), "disk/film.seamline")
        journal = reopened(project(100), path)
        (tmp_path / "disk").rename(tmp_path / "taken out")
        with pytest.raises(ProjectError, match="could not be stored"):
            journal.do(AddSeam(cut(20)))
        assert not (tmp_path / "disk").exists()

    def test_a_file_that_cannot_be_read(
        self,
        project: MakeProject,
        place: Callable[[Project], Path],
        reopened: Reopened,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        film = project(1000)
        at = place(film)
        reopened(film, at).do(AddSeam(cut(20)))

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(ProjectError, match=r"cannot be read \(Permission denied\): allow reading"):
            reopened(film, at)

    def test_a_step_of_another_kind_is_refused(
        self, project: MakeProject, tmp_path: Path, reopened: Reopened
    ) -> None:
        class Burn:
            name = "Burn"

            def apply(self, project: Project) -> Project:
                return project

        with pytest.raises(ProjectError, match="cannot be stored"):
            reopened(project(100), tmp_path).do(Burn())
        for reel in ("A" * 300, "\ud800"):
            with pytest.raises(ProjectError, match="256 characters"):
                reopened(project(100), tmp_path).do(SetFilmDetails(reel, None))


class TestTwoWindows:
    def test_the_second_reads_and_refuses_steps_until_the_first_is_closed(
        self, project: MakeProject, place: Callable[[Project], Path], reopened: Reopened
    ) -> None:
        film = project(1000)
        at = place(film)

        def opened() -> ProjectFile:
            return ProjectFile(film, at) if at.suffix else Journal(film, at)

        first = opened()
        first.do(AddSeam(cut(50)))
        second = opened()
        assert second.is_elsewhere
        assert frames(second) == [50]
        for step in (lambda: second.do(AddSeam(cut(60))), second.undo):
            with pytest.raises(ProjectError, match="another window"):
                step()
        assert frames(second) == [50]
        first.do(AddSeam(cut(70)))
        first.close()
        third = reopened(film, at)
        assert not third.is_elsewhere
        third.do(AddSeam(cut(60)))
        assert frames(third) == [50, 60, 70]

    def test_reading_changes_nothing_on_disk(
        self, project: MakeProject, place: Callable[[Project], Path], reopened: Reopened
    ) -> None:
        film = project(1000)
        at = place(film)
        reopened(film, at).do(AddSeam(cut(50)))
        path = stored_at(at)
        damaged = bytearray(path.read_bytes())
        damaged[damaged.rindex(b'"AddSeam"') + 3] ^= 1
        path.write_bytes(damaged)
        there = files(path.parent)
        reader = ProjectFile(film, at, read_only=True) if at.suffix else Journal(film, at, read_only=True)
        assert frames(reader) == []
        assert reader.damage is not None
        assert "Open it in the window once" in reader.damage
        assert (path.read_bytes(), reader.is_elsewhere) == (bytes(damaged), False)
        assert files(path.parent) == there

    def test_another_process_holds_the_lock_until_it_is_killed(
        self, project: MakeProject, tmp_path: Path, reopened: Reopened
    ) -> None:
        film = project(1000)
        lock = stored_at(tmp_path).with_suffix(".lock")
        code = (
            "import sys, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); "
            "print(1, flush=True); input()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            assert Journal(film, tmp_path).is_elsewhere
            holder.kill()
        assert not reopened(film, tmp_path).is_elsewhere

    def test_a_file_that_cannot_be_opened_holds_no_lock(
        self,
        project: MakeProject,
        place: Callable[[Project], Path],
        reopened: Reopened,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        film = project(1000)
        at = place(film)
        journal = reopened(film, at)
        journal.do(AddSeam(cut(50)))
        journal.do(AddSeam(cut(60)))
        journal.close()
        with sqlite3.connect(stored_at(at)) as connection:
            connection.execute("UPDATE edits SET record = 'garbage' WHERE number = 2")
        connection.close()

        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(ProjectError, match="allow writing there"):
            reopened(film, at)
        monkeypatch.undo()
        again = reopened(film, at)
        assert not again.is_elsewhere
        assert frames(again) == [50]


def test_a_long_history_opens_and_undoes_at_once(
    project: MakeProject, tmp_path: Path, reopened: Reopened
) -> None:
    """Thousands of steps: what was done is not copied for each of them."""
    film = project(100_000)
    journal = reopened(film, tmp_path)
    edits = [AddSeam(cut(frame)) for frame in range(10, 30_000, 10)]
    journal.history.load(edits, len(edits))
    journal.do(MoveSeam(edits[0].seam, 11, 12))
    assert reopened(film, tmp_path).project == journal.project
