"""Reads a cut list and holds it against the film, in a thread of its own: a list may be long, or on a slow disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from seamline.errors import ExchangeError
from seamline.exchange.compare import Comparison, NoOffsetError, compare
from seamline.exchange.cut_list import CutList
from seamline.exchange.import_seams import ImportPlan, plan_import
from seamline.exchange.lists import read_list
from seamline.progress import Progress
from seamline.project.types import Project
from seamline_app.jobs.task_thread import TaskThread


@dataclass(frozen=True)
class Compared:
    """The list of that file against this state of the project."""

    path: Path
    cut_list: CutList
    project: Project
    comparison: Comparison


@dataclass(frozen=True)
class Planned:
    """What importing the list of that file would do to this state of the project."""

    path: Path
    project: Project
    plan: ImportPlan


class CompareJob(QObject):
    """One list at a time; a newer wish takes the older one's place.

    `compared(Compared)`, `planned(Planned)` or `failed(sentence)` ends it.
    """

    compared = Signal(object)
    planned = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = TaskThread("compare", self)
        self._thread.done.connect(self._pass_on)
        self._thread.failed.connect(self.failed)

    def compare(self, path: Path, project: Project, cut_list: CutList | None = None) -> None:
        """Compare the list at `path`, which was read already if it is given."""

        def task(_: Progress) -> Compared:
            read = cut_list or read_list(path, rate=project.film.rate)
            try:
                return Compared(path, read, project, compare(read, project))
            except NoOffsetError as error:
                raise _without_hand(error) from error

        self._thread.run(task)

    def plan_import(self, path: Path, project: Project) -> None:
        def task(_: Progress) -> Planned:
            cut_list = read_list(path, rate=project.film.rate)
            try:
                return Planned(path, project, plan_import(cut_list, project))
            except NoOffsetError as error:
                raise _without_hand(error) from error

        self._thread.run(task)

    def drop(self) -> None:
        """Break off, and have no word of it."""
        self._thread.drop()

    def close(self) -> None:
        """Stop, and join the thread."""
        self._thread.close()

    def _pass_on(self, result: Compared | Planned) -> None:
        if isinstance(result, Compared):
            self.compared.emit(result)
        else:
            self.planned.emit(result)


def _without_hand(error: NoOffsetError) -> ExchangeError:
    return ExchangeError(f"{error} (The command `seamline compare` takes one, as --offset.)")
