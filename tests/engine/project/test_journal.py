"""The editor's steps on disk: none that was reported done is ever lost, and nothing is overwritten."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from seamline.errors import ProjectError
from seamline.project.edits import AddSeam, ConfirmSeam, DeleteSeam, MoveSeam, SetFilmDetails
from seamline.project.journal import Journal
from seamline.project.types import Origin, Project, Seam, SeamKind

MakeProject = Callable[..., Project]


_opened: list[Journal] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    _close_all()


def files(folder: Path) -> list[Path]:
    """All in the folder but locks."""
    return [path for path in folder.iterdir() if path.suffix != ".lock"]


def _close_all() -> None:
    while _opened:
        _opened.pop().close()


def reopened(base: Project, folder: Path) -> Journal:
    """A journal of the film as the next window reads it: the one before is closed."""
    _close_all()
    journal = Journal(base, folder)
    _opened.append(journal)
    return journal


def cut(frame: int, origin: Origin = Origin.USER) -> Seam:
    return Seam(frame - 1, frame, origin=origin)


def frames(journal: Journal) -> list[int]:
    return [seam.in_frame for seam in journal.project.seams]


def journal_file(folder: Path) -> Path:
    return folder / "fedcba9876543210.jsonl"


def filled(project: Project, folder: Path) -> Journal:
    """Steps of every kind."""
    journal = reopened(project, folder)
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


def test_steps_survive_the_program(project: MakeProject, tmp_path: Path) -> None:
    film = project(100, cut(50, Origin.ANALYSIS), cut(60, Origin.ANALYSIS))
    journal = filled(film, tmp_path)
    assert journal.project.seams[-1].is_confirmed
    back = reopened(film, tmp_path)
    assert back.damage is None
    assert back.project == journal.project
    assert (back.history.undo_name, back.history.redo_name) == ("Change film details", "Add cut")
    while journal.history.undo_name:
        assert back.undo() == journal.history.undo()
    assert back.history.undo_name is None


def test_they_fit_whatever_the_analysis_says_next_time(project: MakeProject, tmp_path: Path) -> None:
    filled(project(100, cut(50, Origin.ANALYSIS)), tmp_path)
    back = reopened(project(100, Seam(10, 90, SeamKind.DISSOLVE)), tmp_path)
    assert back.damage is None
    assert frames(back) == [23, 40, 60]
    back.rebase(project(100, cut(50, Origin.ANALYSIS), cut(95, Origin.ANALYSIS)))
    assert frames(back) == [23, 40, 60, 95]


def test_without_a_step_there_is_no_file(project: MakeProject, tmp_path: Path) -> None:
    journal = reopened(project(100), tmp_path / "edits")
    for step in (journal.undo, journal.redo):
        with pytest.raises(ProjectError):
            step()
    with pytest.raises(ProjectError):
        journal.do(AddSeam(cut(500)))
    assert files(tmp_path / "edits") == []


def test_lines_are_only_added(project: MakeProject, tmp_path: Path) -> None:
    journal = reopened(project(1000), tmp_path)
    before = b""
    for frame in range(10, 100, 10):
        journal.do(AddSeam(cut(frame)))
        journal.undo()
        journal.redo()
        now = journal_file(tmp_path).read_bytes()
        assert now.startswith(before)
        before = now
    for line in before.splitlines():
        json.loads(line)


@pytest.mark.parametrize("cut_at", range(1, 60, 7))
def test_a_torn_last_line_is_dropped(project: MakeProject, tmp_path: Path, cut_at: int) -> None:
    film = project(1000)
    journal = reopened(film, tmp_path)
    journal.do(AddSeam(cut(20)))
    journal.do(AddSeam(cut(30)))
    path = journal_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-cut_at])
    back = reopened(film, tmp_path)
    assert back.damage is None
    assert frames(back) == ([20, 30] if cut_at == 1 else [20])  # a whole line counts without its end
    back.do(AddSeam(cut(40)))
    assert frames(reopened(film, tmp_path)) == frames(back)
    assert files(tmp_path) == [path]


@pytest.mark.parametrize("kept", [0, 1, 10, 20])
def test_a_torn_first_line_is_no_start_that_spoils_what_follows(
    project: MakeProject, tmp_path: Path, kept: int
) -> None:
    film = project(1000)
    reopened(film, tmp_path).do(AddSeam(cut(20)))
    path = journal_file(tmp_path)
    path.write_bytes(path.read_bytes()[:kept])
    back = reopened(film, tmp_path)
    back.do(AddSeam(cut(30)))
    again = reopened(film, tmp_path)
    assert again.damage is None
    assert frames(again) == [30]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe garbage",
        b"{}",
        b"[]",
        b"3",
        b"null",
        b'{"do": "Burn"}',
        b'{"do": "AddSeam"}',
        b'{"do": "AddSeam", "seam": {"out_frame": 5, "in_frame": 5, "kind": "cut", "confidence": 1, '
        b'"origin": "user", "id": "x"}}',
        b'{"do": "AddSeam", "seam": {"out_frame": "5", "in_frame": 6, "kind": "cut", "confidence": 1, '
        b'"origin": "user", "id": "x"}}',
        b'{"do": "AddSeam", "seam": {"out_frame": 5000, "in_frame": 5001, "kind": "cut", "confidence": 1, '
        b'"origin": "user", "id": "x"}}',
        b'{"do": "SetFilmDetails", "reel": 3, "start_frame": null, "drop_frame": null}',
        b'{"redo": 1}',
    ],
)
def test_damage_in_the_middle_keeps_what_is_before_it_and_sets_the_file_aside(
    project: MakeProject, tmp_path: Path, garbage: bytes
) -> None:
    film = project(1000)
    journal = reopened(film, tmp_path)
    for frame in (20, 30, 40):
        journal.do(AddSeam(cut(frame)))
    path = journal_file(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = b"".join([*lines[:2], garbage + b"\n", *lines[3:]])
    path.write_bytes(damaged)
    back = reopened(film, tmp_path)
    assert frames(back) == [20]
    assert back.damage is not None
    assert back.damage.startswith("2 of your earlier steps")
    (aside,) = (each for each in files(tmp_path) if each != path)
    assert str(aside) in back.damage
    assert aside.read_bytes() == damaged
    back.do(AddSeam(cut(70)))
    again = reopened(film, tmp_path)
    assert again.damage is None
    assert frames(again) == [20, 70]


def test_a_file_of_an_unknown_version_is_kept_and_what_follows_is_not_lost(
    project: MakeProject, tmp_path: Path
) -> None:
    film = project(1000)
    stranger = b'{"seamline-edits": 99}\n{"add": [1, 2]}\n'
    for times in (1, 2):
        journal_file(tmp_path).write_bytes(stranger)
        back = reopened(film, tmp_path)
        assert back.damage is not None
        assert frames(back) == []
        back.do(AddSeam(cut(20)))
        back.do(AddSeam(cut(30)))
        again = reopened(film, tmp_path)
        assert again.damage is None
        assert frames(again) == [20, 30]
        aside = [each for each in files(tmp_path) if each != journal_file(tmp_path)]
        assert [each.read_bytes() for each in aside] == [stranger] * times


class TestWhatCannotBeStored:
    @pytest.fixture(params=["at once", "half a line", "on the way to the disk"])
    def full_disk(
        self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[], None]:
        error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def fill() -> None:
            if request.param == "on the way to the disk":

                def fsync(descriptor: int) -> None:
                    raise error

                monkeypatch.setattr("seamline.project.journal.os.fsync", fsync)
                return
            open_file = Path.open

            class FullDisk:
                def __init__(self, file: Any) -> None:
                    self._file = file

                def write(self, data: Any) -> int:
                    if request.param == "half a line":
                        self._file.write(data[: len(data) // 2])
                        self._file.flush()
                    raise error

                def __enter__(self) -> FullDisk:
                    return self

                def __exit__(self, *_: object) -> None:
                    self._file.close()

                def __getattr__(self, name: str) -> Any:
                    return getattr(self._file, name)

            monkeypatch.setattr(Path, "open", lambda path, *a, **k: FullDisk(open_file(path, *a, **k)))

        return fill

    @pytest.mark.parametrize("step", ["do", "undo", "redo"])
    def test_it_is_told_and_nothing_changes_in_sight_or_on_disk(
        self,
        project: MakeProject,
        tmp_path: Path,
        full_disk: Callable[[], None],
        monkeypatch: pytest.MonkeyPatch,
        step: str,
    ) -> None:
        film = project(1000)
        journal = reopened(film, tmp_path)
        for frame in (20, 30, 40):
            journal.do(AddSeam(cut(frame)))
        journal.undo()
        stored = journal_file(tmp_path).read_bytes()
        full_disk()
        steps: dict[str, Callable[[], Project]] = {
            "do": lambda: journal.do(AddSeam(cut(90))),
            "undo": journal.undo,
            "redo": journal.redo,
        }
        with pytest.raises(ProjectError, match=r"could not be stored in .*, then do it again\.$") as caught:
            steps[step]()
        assert "Errno" not in str(caught.value)
        assert frames(journal) == [20, 30]
        assert (journal.history.undo_name, journal.history.redo_name) == ("Add cut", "Add cut")
        monkeypatch.undo()
        assert journal_file(tmp_path).read_bytes() == stored
        journal.redo()
        journal.do(AddSeam(cut(90)))
        back = reopened(film, tmp_path)
        assert back.damage is None
        assert frames(back) == frames(journal) == [20, 30, 40, 90]

    def test_a_first_step_that_fails_leaves_nothing_that_spoils_the_next(
        self,
        project: MakeProject,
        tmp_path: Path,
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

    def test_a_folder_that_cannot_be_made(self, project: MakeProject, tmp_path: Path) -> None:
        (tmp_path / "edits").write_text("a file where the folder should be")
        with pytest.raises(ProjectError) as caught:
            reopened(project(1000), tmp_path / "edits").do(AddSeam(cut(20)))
        assert "Errno" not in str(caught.value)
        assert str(caught.value).endswith("again.")

    def test_a_file_that_cannot_be_read(
        self, project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> str:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "read_text", refuse)
        with pytest.raises(ProjectError, match=r"cannot be read \(Permission denied\): allow reading"):
            reopened(project(1000), tmp_path)

    def test_a_step_of_another_kind_is_refused(self, project: MakeProject, tmp_path: Path) -> None:
        class Burn:
            name = "Burn"

            def apply(self, project: Project) -> Project:
                return project

        with pytest.raises(ProjectError, match="cannot be stored"):
            reopened(project(100), tmp_path).do(Burn())


_EDITOR = """
import importlib.util, sys
from pathlib import Path
from seamline.project.edits import AddSeam, DeleteSeam
from seamline.project.journal import Journal
from seamline.project.types import Origin, Seam

spec = importlib.util.spec_from_file_location("paper", sys.argv[1])
paper = importlib.util.module_from_spec(spec)
spec.loader.exec_module(paper)
journal = Journal(paper.paper_project(100_000), Path(sys.argv[2]))
print(f"{len(journal.project.seams)} {journal.damage}", flush=True)
while True:
    frame = len(journal.project.seams) + 1
    journal.do(AddSeam(Seam(frame - 1, frame, origin=Origin.USER)))
    print(frame, flush=True)
"""


def test_a_process_killed_in_the_middle_of_its_steps_loses_none_that_it_reported(tmp_path: Path) -> None:
    """Ten times over, at another moment each."""
    paper = Path(__file__).with_name("conftest.py")
    kill = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows' terminate is as hard
    reported = 0
    for steps in (1, 2, 3, 5, 8, 13, 21, 34, 4, 1):
        editor = subprocess.Popen(
            [sys.executable, "-c", _EDITOR, str(paper), str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert editor.stdout is not None
        found, damage = editor.stdout.readline().split(maxsplit=1)
        assert damage.strip() == "None"
        assert int(found) >= reported
        for _ in range(steps):
            reported = int(editor.stdout.readline())
        editor.send_signal(kill)
        rest = editor.stdout.read().split()
        editor.stdout.close()
        editor.wait()
        reported = int(rest[-1]) if rest and rest[-1].isdigit() else reported
    assert reported >= 92


class TestTwoWindows:
    def test_the_second_reads_and_refuses_steps_until_the_first_is_closed(
        self, project: MakeProject, tmp_path: Path
    ) -> None:
        film = project(1000)
        first = Journal(film, tmp_path)
        first.do(AddSeam(cut(50)))
        second = Journal(film, tmp_path)
        assert second.is_elsewhere
        assert frames(second) == [50]
        for step in (lambda: second.do(AddSeam(cut(60))), second.undo):
            with pytest.raises(ProjectError, match="another window"):
                step()
        assert frames(second) == [50]
        first.do(AddSeam(cut(70)))
        first.close()
        third = reopened(film, tmp_path)
        assert not third.is_elsewhere
        third.do(AddSeam(cut(60)))
        assert frames(third) == [50, 60, 70]

    def test_reading_changes_nothing_on_disk(self, project: MakeProject, tmp_path: Path) -> None:
        film = project(1000)
        reopened(film, tmp_path).do(AddSeam(cut(50)))
        path = journal_file(tmp_path)
        torn = path.read_bytes() + b'{"do": "Add'
        path.write_bytes(torn)
        reader = Journal(film, tmp_path, read_only=True)
        assert frames(reader) == [50]
        assert (path.read_bytes(), reader.is_elsewhere) == (torn, False)
        assert files(tmp_path) == [path]

    def test_another_process_holds_the_lock_until_it_is_killed(
        self, project: MakeProject, tmp_path: Path
    ) -> None:
        film = project(1000)
        lock = journal_file(tmp_path).with_suffix(".lock")
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

    def test_a_journal_that_cannot_be_opened_holds_no_lock(
        self, project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        film = project(1000)
        reopened(film, tmp_path).do(AddSeam(cut(50)))
        with journal_file(tmp_path).open("a", encoding="utf-8") as file:
            file.write("garbage\n")
        _close_all()

        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(ProjectError, match="allow writing there"):
            Journal(film, tmp_path)
        monkeypatch.undo()
        again = reopened(film, tmp_path)
        assert not again.is_elsewhere
        assert frames(again) == [50]
