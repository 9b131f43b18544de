"""What an export that ends early leaves, and what it says of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from seamline.exchange.formats import ExportFormat, format_named
from seamline.media.open_film import open_film
from seamline.progress import Progress
from seamline.project.types import Project, Seam
from seamline_app.jobs.export_job import ExportJob

if TYPE_CHECKING:
    from tests.films import FilmShelf


@pytest.fixture
def project(films: FilmShelf) -> Project:
    film = open_film(films("mp4").path)
    return Project(film).with_proposals([Seam(24, 25), Seam(59, 60)], film.frame_count)


@pytest.fixture
def job(qtbot: QtBot) -> Iterator[ExportJob]:
    job = ExportJob()
    yield job
    job.close()


@pytest.fixture
def endless() -> tuple[ExportFormat, threading.Event]:
    """A format that is never done; the event says that it has begun."""
    begun = threading.Event()

    def save(_project: Project, _path: Path, _overwrite: bool, progress: Progress) -> None:
        begun.set()
        while True:
            progress.step(1, 2)

    return ExportFormat("endless", "Endless", ".end", "Never done.", save=save), begun


def test_all_that_was_written_is_told(job: ExportJob, project: Project, tmp_path: Path, qtbot: QtBot) -> None:
    targets = [(format_named(name), tmp_path / f"cuts.{name}") for name in ("csv", "edl")]
    with qtbot.waitSignal(job.written) as written:
        job.export(project, targets)
    assert written.args == [[path for _, path in targets]]
    assert all(path.stat().st_size for _, path in targets)


def test_a_failure_names_what_was_written_before_it(
    job: ExportJob, project: Project, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(job.failed) as failed:
        job.export(
            project,
            [(format_named("csv"), tmp_path / "a.csv"), (format_named("edl"), tmp_path / "gone" / "b.edl")],
        )
    assert "there is no folder" in failed.args[0]
    assert failed.args[0].endswith(f"Written before: {tmp_path / 'a.csv'}.")


def test_stopped_it_says_what_is_there(
    job: ExportJob,
    project: Project,
    tmp_path: Path,
    qtbot: QtBot,
    endless: tuple[ExportFormat, threading.Event],
) -> None:
    slow, begun = endless
    job.export(project, [(format_named("csv"), tmp_path / "a.csv"), (slow, tmp_path / "b.end")])
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(job.stopped) as stopped:
        job.cancel()
    assert stopped.args == [f"The export is stopped. Written before: {tmp_path / 'a.csv'}."]
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_closed_in_the_middle_no_thread_is_left(
    job: ExportJob,
    project: Project,
    tmp_path: Path,
    qtbot: QtBot,
    endless: tuple[ExportFormat, threading.Event],
) -> None:
    slow, begun = endless
    job.export(project, [(slow, tmp_path / "b.end")])
    qtbot.waitUntil(begun.is_set)
    job.close()
    assert not job.is_running
    assert not [t for t in threading.enumerate() if t.name == "export"]
