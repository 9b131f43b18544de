"""A project in a `.seamline` file: every step is on the disk before it shows."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from filelock import FileLock, Timeout

from seamline.errors import ProjectError
from seamline.media.film import Film
from seamline.project.complaints import damage_text, not_stored, reason_of
from seamline.project.contents import (
    Contents,
    add_edit,
    check_room,
    write_film,
    write_findings,
    write_setting,
)
from seamline.project.database import check_is_project, connected, transaction
from seamline.project.edit_records import text_of
from seamline.project.edits import Edit
from seamline.project.film_reference import FilmReference
from seamline.project.footage import ShotFootage
from seamline.project.history import History
from seamline.project.labels import ShotLabels
from seamline.project.matches import Matches
from seamline.project.stored import copied_aside, read_project, write_project
from seamline.project.stored_matches import write_matches
from seamline.project.types import Project, Seam

_log = logging.getLogger(__name__)


class ProjectFile:
    """A history whose every step is committed to the file before it shows.

    One window at a time writes: it holds a lock until `close`, or until its process ends. Where another one holds
    it, or with `read_only`, the steps are read, nothing beside the file changes, and new steps are refused.

    What cannot be read back is told by `damage`; the damaged file is kept under another name, never overwritten.
    A file that is gone is written anew, whole, with the next step.
    """

    _is_own = False  # whether it lies in a folder of Seamline's, which the user did not choose

    def __init__(
        self, base: Project, path: Path, *, read_only: bool = False, lock_path: Path | None = None
    ) -> None:
        self._path = path
        self._lock = _lock_at(lock_path or _lock_path(path))
        self.is_elsewhere = False
        """Whether another window has this film open for corrections."""
        if not read_only:
            self._take_lock()
        self._writes = not read_only and not self.is_elsewhere
        self._film = base.film
        # on the film alone every stored edit finds the room it had, whatever the analysis says today
        self.history = History(base.without_proposals())
        self.damage: str | None = None
        """What could not be read back, as a sentence for the user; None if all could."""
        self._stored = Contents(None)
        try:
            self._load()
        except BaseException:
            self._lock.release()
            raise
        self.history.rebase(base)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def project(self) -> Project:
        return self.history.project

    @property
    def last_proposals(self) -> tuple[Seam, ...]:
        """What the analysis proposed when the project was open last, as far as it had come then, in order."""
        seams: list[Seam] = []
        for seam in sorted(self._stored.proposals):
            # a file may say anything
            if seam.in_frame < self._film.frame_count and (not seams or seam.out_frame >= seams[-1].in_frame):
                seams.append(seam)
        return tuple(seams)

    @property
    def settings(self) -> Mapping[str, Any]:
        return MappingProxyType(dict(self._stored.settings))

    def close(self) -> None:
        """Let another window write."""
        self._lock.release()
        self._writes = False

    def do(self, edit: Edit) -> Project:
        """Apply and store an edit. Raises ProjectError if it does not fit or cannot be stored."""
        text_of(edit)
        edit.apply(self.project)  # does it fit? it counts once it is stored
        done = self.history.done
        self._store_steps((*self.history.edits[:done], edit), done)
        return self.history.do(edit)

    def do_over(self, edit: Edit) -> Project:
        """Apply and store an edit in place of the last step, or take that back alone, if the edit leads back to where
        it began; nothing is left to do again. Raises ProjectError as `do`: then the last step stays."""
        text_of(edit)
        edits, project = self.history.over(edit)
        self._store_steps(edits, self.history.done - 1)
        return self.history.put(edits, project)

    def undo(self) -> Project:
        """Take back the last step. Raises ProjectError if there is none, or it cannot be stored."""
        if self.history.undo_name is not None:
            self._store_cursor(self.history.done - 1)
        return self.history.undo()

    def redo(self) -> Project:
        """Do the step again that was taken back last. Raises ProjectError as `undo` does."""
        if self.history.redo_name is not None:
            self._store_cursor(self.history.done + 1)
        return self.history.redo()

    def go_to(self, done: int) -> Project:
        """Have the first `done` steps count. Raises ProjectError if there are not so many, or as `undo` does."""
        if done != self.history.done and 0 <= done <= len(self.history.edits):
            self._store_cursor(done)
        return self.history.go_to(done)

    def rebase(self, base: Project) -> Project:
        """Put the steps on a newer state of the analysis."""
        return self.history.rebase(base)

    @property
    def last_labels(self) -> tuple[ShotLabels, ...]:
        """What the analysis labelled shots with when the project was open last, in order."""
        return tuple(labels for labels in self._stored.labels if labels.end_frame <= self._film.frame_count)

    @property
    def last_footage(self) -> tuple[ShotFootage, ...]:
        """Which shots the analysis said were taken together when the project was open last, in order."""
        return tuple(found for found in self._stored.footage if found.end_frame <= self._film.frame_count)

    def remember(
        self,
        proposals: tuple[Seam, ...],
        analysed_frames: int,
        labels: tuple[ShotLabels, ...] = (),
        footage: tuple[ShotFootage, ...] = (),
    ) -> None:
        """Keep what the analysis found, for `last_...`. Where it cannot be stored, that is logged."""
        stored = replace(
            self._stored, proposals=proposals, analysed_frames=analysed_frames, labels=labels, footage=footage
        )
        is_unwritten = self._is_own and not self._path.exists()  # there is no file without a step
        if self._writes and not is_unwritten and stored != self._stored:
            self._keep(lambda connection: write_findings(connection, stored), stored)

    def set_setting(self, key: str, value: object) -> None:
        """Store a setting, in JSON's types. Raises ProjectError if it cannot be stored."""
        stored = replace(self._stored, settings={**self._stored.settings, key: value})
        self._change(lambda connection: write_setting(connection, key, value), stored)

    def relink(self, film: Film) -> None:
        """Have the project be about `film`, a copy of its film or a changed one; no step is made of it.

        Raises ProjectError where the steps cannot fit, and where it cannot be stored.
        """
        self._check_fits(film, self._stored.film)
        reference = FilmReference.of(film, self._path)
        matches = self._matches_about(film)
        self._film = film

        def write(connection: sqlite3.Connection) -> None:
            write_film(connection, reference)
            write_matches(connection, matches)

        if reference != self._stored.film:
            self._change(write, replace(self._stored, film=reference, matches=matches))

    def save_as(self, path: Path) -> None:
        """Copy the project to `path`, over what is there; from then on its steps are stored there.

        Raises ProjectError, and goes on where it was.
        """
        if self._path.exists() and path.exists() and path.samefile(self._path) and self._writes:
            return
        if path.exists() and self._film.path.exists() and path.samefile(self._film.path):
            raise ProjectError(f"“{path}” is the film itself: choose another name.")
        lock = _lock_at(_lock_path(path))
        try:
            if not path.parent.is_dir():
                raise ProjectError(
                    f"“{path}” was not written: there is no folder “{path.parent}”. Create it or choose another."
                )
            lock.acquire()
        except Timeout as error:
            raise ProjectError(
                f"“{path.name}” is open in another window of Seamline: choose another name, or close that window."
            ) from error
        except OSError as error:
            _log.warning("%s cannot be locked: %s", path.name, error)
        stored = replace(self._now(), film=FilmReference.of(self._film, path))
        try:
            checksum = write_project(path, stored)
        except (OSError, sqlite3.Error) as error:
            lock.release()
            raise not_stored(f"“{path}” was not written", error) from error
        self._lock.release()
        self._lock, self._path, self._stored = lock, path, replace(stored, checksum=checksum)
        self._is_own, self._writes, self.is_elsewhere = False, True, False

    # -- the file

    def _take_lock(self) -> None:
        try:
            if not self._is_own and not self._path.exists():
                return  # a lock would make its folder
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            self.is_elsewhere = True
        except OSError as error:
            # nothing can be written there, as the first step will say; or a disk that has no locks
            _log.warning("%s cannot be locked: %s", self._path.name, error)

    def _read(self) -> tuple[Contents, bool]:
        """What is stored, and whether the file is sound. Raises ProjectError."""
        return read_project(self._path, writes=self._writes)

    def _load(self) -> None:
        contents, is_sound = self._read()
        self._check_fits(self._film, contents.film)
        self._stored = replace(contents, edits=(), lost_steps=0, lost=())
        self._stored = replace(self._stored, matches=self._matches_about(self._film))
        self.history = History(replace(self.history.project, matches=self._stored.matches))
        fitting = self.history.load(contents.edits, contents.done)
        misfits = len(contents.edits) - fitting
        lost_steps = None if contents.lost_steps is None else contents.lost_steps + misfits
        self.damage = damage_text(lost_steps, contents.lost, is_sound=is_sound)
        if self.damage is not None:
            self._set_aside()
        if self._is_own or self._stored.film is None or not self._writes:
            return
        try:
            self.relink(self._film)
        except ProjectError as error:
            # a project on a disk that cannot be written can be looked at
            _log.warning("the film's place is not stored: %s", error)

    def _matches_about(self, film: Film) -> Matches:
        """What was said of pairs before there were steps of it, with `film` as the project's own."""
        known, matches = self._stored.film, self._stored.matches
        if known is not None:
            matches = matches.renamed(known.fingerprint, film.fingerprint)
        return matches.within(film)

    def _check_fits(self, film: Film, known: FilmReference | None) -> None:
        if known is not None and known.frame_count != film.frame_count:
            raise ProjectError(
                f"“{film.path.name}” has {film.frame_count} frames and the film of “{self._path.name}” has "
                f"{known.frame_count}: its corrections do not fit. Locate that film, or open “{film.path.name}” "
                "without the project."
            )

    def _set_aside(self) -> None:
        """Keep the damaged file under another name, and have what could be read in its place."""
        if not self._writes:
            self.damage = (
                f"{self.damage} Open it in the window once, which keeps a copy of “{self._path.name}”."
            )
            return
        try:
            aside = copied_aside(self._path, "damaged-{}")
            if self._stored.film is None:
                self._stored = replace(self._stored, film=FilmReference.of(self._film, self._path))
            self._write_whole(self._now())
        except (OSError, sqlite3.Error) as error:
            raise ProjectError(
                f"Your corrections in “{self._path}” cannot be written ({reason_of(error)}): "
                "make room or allow writing there, then open the film again."
            ) from error
        self.damage = f"{self.damage} What was stored is kept in “{aside}”."

    def _now(self) -> Contents:
        return replace(self._stored, edits=self.history.edits, done=self.history.done)

    def _write_whole(self, contents: Contents) -> None:
        if self._is_own:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        film = contents.film or FilmReference.of(self._film, self._path)
        checksum = write_project(self._path, replace(contents, film=film))
        self._stored = replace(contents, film=film, edits=(), checksum=checksum)

    def _store_steps(self, edits: tuple[Edit, ...], kept: int) -> None:
        """Commit that these are all steps; the first `kept` of them are stored already. Raises ProjectError."""
        check_room(edits)

        def write(connection: sqlite3.Connection) -> int:
            connection.execute("DELETE FROM edits WHERE number > ?", (kept,))
            last = connection.execute("SELECT checksum FROM edits WHERE number = ?", (kept,)).fetchone()
            checksum: int = last[0] if last else 0
            for number, edit in enumerate(edits[kept:], kept + 1):
                checksum = add_edit(connection, number, edit, checksum)
            connection.execute("UPDATE state SET done = ?", (len(edits),))
            return checksum

        self._store(write, edits, len(edits))

    def _store_cursor(self, done: int) -> None:
        def move(connection: sqlite3.Connection) -> int:
            connection.execute("UPDATE state SET done = ?", (done,))
            return self._stored.checksum

        self._store(move, self.history.edits, done)

    def _store(self, change: Callable[[sqlite3.Connection], int], edits: tuple[Edit, ...], done: int) -> None:
        """Commit a step; `edits` and `done` are what is stored then. Raises ProjectError."""
        if not self._writes:
            raise ProjectError(
                "This film is open for corrections in another window of Seamline: make them there, or close that "
                "window and open the film here again."
            )
        try:
            if not self._path.exists():
                self._write_whole(replace(self._stored, edits=edits, done=done))
                return
            check_is_project(self._path)
            with connected(self._path, writes=True) as connection, transaction(connection):
                self._check_unchanged(connection)
                checksum = change(connection)
        except (OSError, sqlite3.Error) as error:
            raise not_stored(f"The step could not be stored in “{self._path.parent}”", error) from error
        self._stored = replace(self._stored, checksum=checksum)

    def _change(self, change: Callable[[sqlite3.Connection], None], stored: Contents) -> None:
        """Commit what is no step. Raises ProjectError."""

        def change_and_keep(connection: sqlite3.Connection) -> int:
            change(connection)
            return self._stored.checksum

        before, self._stored = self._stored, stored
        try:
            self._store(change_and_keep, self.history.edits, self.history.done)
        except ProjectError:
            self._stored = before
            raise

    def _keep(self, change: Callable[[sqlite3.Connection], None], stored: Contents) -> None:
        try:
            self._change(change, stored)
        except ProjectError as error:
            _log.warning("%s", error)

    def _check_unchanged(self, connection: sqlite3.Connection) -> None:
        """A copy put in its place, or another program's work, must not be mixed with what is in memory."""
        found = connection.execute(
            "SELECT done, (SELECT count(*) FROM edits), (SELECT checksum FROM edits ORDER BY number DESC LIMIT 1) "
            "FROM state"
        ).fetchall()
        count = len(self.history.edits)
        if found != [(self.history.done, count, self._stored.checksum if count else None)]:
            raise ProjectError(
                f"“{self._path.name}” was changed by another program since it was opened: save the project under "
                "another name, or open it again."
            )


def _lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _lock_at(path: Path) -> FileLock:
    return FileLock(path, timeout=0, fallback_to_soft=False)
