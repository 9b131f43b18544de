"""The editor's steps on disk, as they happen: undo survives a crash and a restart."""

from __future__ import annotations

import errno
import json
import logging
import os
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from seamline.errors import ProjectError
from seamline.project.edit_records import edit_of, record_of
from seamline.project.edits import Edit
from seamline.project.history import History
from seamline.project.types import Project

_log = logging.getLogger(__name__)
_VERSION = 1


def default_journal_folder() -> Path:
    """Where this system keeps what the user made."""
    return user_data_path("seamline", appauthor=False) / "edits"


class Journal:
    """A history whose every step is a line of JSON in a file of the film's own, flushed before it shows.

    Lines are only appended. A torn last line, from a crash while writing, is dropped; a line that does not
    make sense ends the replay there, and the file is set aside under another name, never overwritten.

    One journal at a time writes: it holds a lock until `close`, or until its process ends. Where another one
    holds it, or with `read_only`, the steps are read, nothing on disk changes, and new steps are refused.
    """

    def __init__(self, base: Project, folder: Path | None = None, *, read_only: bool = False) -> None:
        self._path = (folder or default_journal_folder()) / f"{base.film.fingerprint}.jsonl"
        self._lock = FileLock(self._path.with_suffix(".lock"), timeout=0, fallback_to_soft=False)
        self.is_elsewhere = False
        """Whether another window has this film open for corrections."""
        if not read_only:
            self._take_lock()
        self._writes = not read_only and not self.is_elsewhere
        # on the film alone every stored edit finds the room it had, whatever the analysis says today
        self.history = History(base.without_proposals())
        self.damage: str | None = None
        """What could not be read back, as a sentence for the user; None if all could."""
        try:
            self._replay()
        except ProjectError:
            self._lock.release()
            raise
        self.history.rebase(base)

    @property
    def project(self) -> Project:
        return self.history.project

    def close(self) -> None:
        """Let another window write."""
        self._lock.release()
        self._writes = False

    def do(self, edit: Edit) -> Project:
        """Apply and store an edit. Raises ProjectError if it does not fit or cannot be stored."""
        record = record_of(edit)
        edit.apply(self.project)  # does it fit? it counts once it is stored
        self._append(record)
        return self.history.do(edit)

    def undo(self) -> Project:
        """Take back the last step. Raises ProjectError if there is none, or it cannot be stored."""
        if self.history.undo_name is not None:
            self._append({"undo": 1})
        return self.history.undo()

    def redo(self) -> Project:
        """Do the step again that was taken back last. Raises ProjectError as `undo` does."""
        if self.history.redo_name is not None:
            self._append({"redo": 1})
        return self.history.redo()

    def rebase(self, base: Project) -> Project:
        """Put the steps on a newer state of the analysis."""
        return self.history.rebase(base)

    def _take_lock(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            self.is_elsewhere = True
        except OSError as error:
            # nothing can be written there, as the first step will say; or a disk that has no locks
            _log.warning("%s cannot be locked: %s", self._path.name, error)

    def _append(self, record: dict[str, Any]) -> None:
        if not self._writes:
            raise ProjectError(
                "This film is open for corrections in another window of Seamline: make them there, or close that "
                "window and open the film here again."
            )
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab", buffering=0) as file:
                size = file.tell()
                header = [] if size else [{"seamline-edits": _VERSION}]
                lines = "".join(json.dumps(line) + "\n" for line in [*header, record]).encode()
                try:
                    if file.write(lines) != len(lines):
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    os.fsync(file.fileno())
                except OSError:
                    # half a line would spoil the next one
                    file.truncate(size)
                    raise
        except OSError as error:
            raise ProjectError(
                f"The step could not be stored in “{self._path.parent}” ({error.strerror}): "
                "make room or allow writing there, then do it again."
            ) from error

    def _replay(self) -> None:
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        except OSError as error:
            raise ProjectError(
                f"Your earlier corrections in “{self._path}” cannot be read ({error.strerror}): "
                "allow reading the file, then open the film again."
            ) from error
        lines = text.splitlines(keepends=True)
        torn = bool(lines) and not lines[-1].endswith("\n")
        good: list[str] = []
        damaged = False
        for number, line in enumerate(lines):
            try:
                record = json.loads(line)
                if number == 0:
                    if record != {"seamline-edits": _VERSION}:
                        raise ProjectError("another version")
                elif "undo" in record:
                    self.history.undo()
                elif "redo" in record:
                    self.history.redo()
                else:
                    self.history.do(edit_of(record))
            except (ValueError, TypeError, KeyError, AttributeError, ProjectError) as error:
                damaged = not (torn and number == len(lines) - 1)
                _log.warning("line %d of %s: %s", number + 1, self._path.name, error)
                break
            good.append(line if line.endswith("\n") else line + "\n")
        if damaged:
            lost = len(lines) - len(good)
            steps = "1 of your earlier steps" if lost == 1 else f"{lost} of your earlier steps"
            self.damage = f"{steps} on this film could not be read back."
            if not self._writes:
                self.damage += f" Open it in the window once, which keeps a copy of “{self._path.name}”."
        if self._writes and (damaged or torn):
            self._set_aside(good, damaged=damaged)

    def _set_aside(self, good: list[str], *, damaged: bool) -> None:
        try:
            if damaged:
                aside = next(
                    path
                    for k in range(1000)
                    if not (path := self._path.with_suffix(f".damaged-{k}.jsonl")).exists()
                )
                self._path.replace(aside)
                self.damage = f"{self.damage} What was stored is kept in “{aside}”."
            rewritten = self._path.with_suffix(".part")
            with rewritten.open("w", encoding="utf-8", newline="") as file:
                file.write("".join(good))
                file.flush()
                os.fsync(file.fileno())
            rewritten.replace(self._path)
        except OSError as error:
            raise ProjectError(
                f"Your corrections in “{self._path}” cannot be written ({error.strerror}): "
                "make room or allow writing there, then open the film again."
            ) from error
