"""Writes what was chosen in the export dialog, in a thread of its own: pictures and clips take a while."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from seamline.exchange.formats import ExportFormat, export
from seamline.progress import Progress
from seamline.project.types import Project
from seamline_app.jobs.task_thread import TaskThread


class ExportJob(QObject):
    """Writes one set of files at a time.

    `written(paths)`, `failed(sentence)` or `stopped(sentence)` ends it; the sentences name what was written by then.
    `progressed(done, total)` comes in between, of the file that is being written.
    """

    written = Signal(object)
    failed = Signal(str)
    stopped = Signal(str)
    progressed = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._finished: list[Path] = []
        self._thread = TaskThread("export", self)
        self._thread.done.connect(self.written)
        self._thread.failed.connect(lambda sentence: self.failed.emit(f"{sentence}{self._so_far()}"))
        self._thread.cancelled.connect(lambda: self.stopped.emit(f"The export is stopped.{self._so_far()}"))
        self._thread.progressed.connect(self.progressed)

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    def export(
        self, project: Project, targets: Sequence[tuple[ExportFormat, Path]], *, transitions: bool = False
    ) -> None:
        """Write each, over what is there; `transitions` as for `seamline.exchange.formats.export`."""

        finished: list[Path] = []
        self._finished = finished

        def task(progress: Progress) -> list[Path]:
            for export_format, path in targets:
                export(
                    project, export_format, path, overwrite=True, transitions=transitions, progress=progress
                )
                finished.append(path)
            return finished

        self._thread.run(task)

    def _so_far(self) -> str:
        return f" Written before: {', '.join(map(str, self._finished))}." if self._finished else ""

    def cancel(self) -> None:
        self._thread.cancel()

    def close(self) -> None:
        """Stop, and join the thread."""
        self._thread.close()
