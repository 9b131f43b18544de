"""The editor's steps on disk, as they happen: undo survives a crash and a restart."""

from __future__ import annotations

import errno
import json
import logging
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from seamline.errors import ProjectError
from seamline.project.edits import AddSeam, DeleteSeam, Edit, MoveSeam, SetFilmDetails
from seamline.project.history import History
from seamline.project.types import Origin, Project, Seam, SeamKind

_log = logging.getLogger(__name__)
_VERSION = 1
_EDITS: dict[str, type[AddSeam | DeleteSeam | MoveSeam | SetFilmDetails]] = {
    kind.__name__: kind for kind in (AddSeam, DeleteSeam, MoveSeam, SetFilmDetails)
}


def default_journal_folder() -> Path:
    """Where this system keeps what the user made."""
    return user_data_path("seamline", appauthor=False) / "edits"


class Journal:
    """A history whose every step is a line of JSON in a file of the film's own, flushed before it shows.

    Lines are only appended. A torn last line, from a crash while writing, is dropped; a line that does not
    make sense ends the replay there, and the file is set aside under another name, never overwritten.
    """

    def __init__(self, base: Project, folder: Path | None = None) -> None:
        self._path = (folder or default_journal_folder()) / f"{base.film.fingerprint}.jsonl"
        # on the film alone every stored edit finds the room it had, whatever the analysis says today
        self.history = History(base.without_proposals())
        self.damage: str | None = None
        """What could not be read back, as a sentence for the user; None if all could."""
        self._replay()
        self.history.rebase(base)

    @property
    def project(self) -> Project:
        return self.history.project

    def do(self, edit: Edit) -> Project:
        """Apply and store an edit. Raises ProjectError if it does not fit or cannot be stored."""
        if type(edit).__name__ not in _EDITS:
            raise ProjectError(f"A step of the kind {type(edit).__name__} cannot be stored.")
        edit.apply(self.project)  # does it fit? it counts once it is stored
        self._append({"do": type(edit).__name__, **asdict(edit)})  # type: ignore[call-overload]
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

    def _append(self, record: dict[str, Any]) -> None:
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
                    self.history.do(_edit_of(record))
            except (ValueError, TypeError, KeyError, AttributeError, ProjectError) as error:
                damaged = not (torn and number == len(lines) - 1)
                _log.warning("line %d of %s: %s", number + 1, self._path.name, error)
                break
            good.append(line if line.endswith("\n") else line + "\n")
        if damaged or torn:
            self._set_aside(good, lost=len(lines) - len(good), damaged=damaged)

    def _set_aside(self, good: list[str], *, lost: int, damaged: bool) -> None:
        try:
            if damaged:
                aside = next(
                    path
                    for k in range(1000)
                    if not (path := self._path.with_suffix(f".damaged-{k}.jsonl")).exists()
                )
                self._path.replace(aside)
                self.damage = (
                    f"{lost} of your earlier steps on this film could not be read back. "
                    f"What was stored is kept in “{aside}”."
                )
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


def _edit_of(record: dict[str, Any]) -> Edit:
    """The edit that a stored line names. Raises KeyError, TypeError, ValueError or ProjectError if it is none."""
    fields = dict(record)
    kind = _EDITS[fields.pop("do")]
    if kind is SetFilmDetails:
        reel, start, drop = fields["reel"], fields["start_frame"], fields["drop_frame"]
        if not (
            (reel is None or isinstance(reel, str))
            and (start is None or type(start) is int)
            and (drop is None or isinstance(drop, bool))
        ):
            raise ValueError("film details of the wrong type")
        return SetFilmDetails(reel, start, drop)
    seam = _seam_of(fields["seam"])
    if kind is MoveSeam:
        return MoveSeam(seam, _whole(fields["out_frame"]), _whole(fields["in_frame"]))
    return AddSeam(seam) if kind is AddSeam else DeleteSeam(seam)


def _seam_of(fields: dict[str, Any]) -> Seam:
    return Seam(
        _whole(fields["out_frame"]),
        _whole(fields["in_frame"]),
        SeamKind(fields["kind"]),
        float(fields["confidence"]),
        Origin(fields["origin"]),
        str(fields["id"]),
    )


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a frame number")
    return value
