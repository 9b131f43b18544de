"""The steps on films that are in no project of the user's: kept by the film's fingerprint, without being asked."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from platformdirs import user_data_path

from seamline.errors import ProjectError
from seamline.project.contents import Contents
from seamline.project.database import NotAProjectError
from seamline.project.file import ProjectFile
from seamline.project.locating import SUFFIX
from seamline.project.old_journal import read_old_journal
from seamline.project.types import Project

_log = logging.getLogger(__name__)


def default_journal_folder() -> Path:
    """Where this system keeps what the user made."""
    return user_data_path("seamline", appauthor=False) / "edits"


class Journal(ProjectFile):
    """A project file in Seamline's own folder, which comes into being with the first step.

    A file there that cannot be read at all is set aside: it must not keep the film from being worked on. Steps
    that an older Seamline stored as lines of JSON are taken over once; their file is kept under another name.
    """

    _is_own = True

    def __init__(self, base: Project, folder: Path | None = None, *, read_only: bool = False) -> None:
        path = (folder or default_journal_folder()) / f"{base.film.fingerprint}{SUFFIX}"
        self._old_path = path.with_suffix(".jsonl")
        # the lock that older versions take, so that two of different versions exclude each other, too
        super().__init__(base, path, read_only=read_only, lock_path=path.with_suffix(".lock"))

    def _read(self) -> tuple[Contents, bool]:
        try:
            if self._path.exists():
                return super()._read()
        except NotAProjectError as error:
            _log.warning("%s", error)
            return Contents(None, lost_steps=None), False
        return self._read_old()

    def _load(self) -> None:
        is_old = not self._path.exists() and self._old_path.exists()
        super()._load()
        try:
            if not self._writes or not self._old_path.exists():
                return
            if not self._path.exists():
                self._write_whole(self._now())
            backup = next(
                path
                for k in range(1000)
                if not (path := self._old_path.with_suffix(f".backup-{k}.jsonl")).exists()
            )
            self._old_path.rename(backup)
        except OSError as error:
            raise ProjectError(
                f"Your corrections in “{self._old_path}” cannot be written ({error.strerror}): "
                "make room or allow writing there, then open the film again."
            ) from error
        if is_old and self.damage is not None:
            self.damage = f"{self.damage} What was stored is kept in “{backup}”."

    def _set_aside(self) -> None:
        if self._path.exists():
            super()._set_aside()
        elif not self._writes:
            self.damage = (
                f"{self.damage} Open it in the window once, which keeps a copy of “{self._old_path.name}”."
            )

    def _read_old(self) -> tuple[Contents, bool]:
        try:
            return replace(read_old_journal(self._old_path), film=None), True
        except FileNotFoundError:
            return Contents(None), True
        except OSError as error:
            raise ProjectError(
                f"Your earlier corrections in “{self._old_path}” cannot be read ({error.strerror}): "
                "allow reading the file, then open the film again."
            ) from error
