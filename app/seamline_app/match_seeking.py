"""Looking for match cuts: where, of which kind, with which other film, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from seamline.project.film_reference import is_on_strange_share
from seamline.project.types import Project
from seamline_app.analysing import Analysing
from seamline_app.document import Document
from seamline_app.folders import Folders
from seamline_app.jobs.match_job import MatchJob
from seamline_app.jobs.match_wishes import LookedUp, LookUpWish, Matched, MatchWish, shots_of
from seamline_app.match_list import MatchFilms
from seamline_app.open_dialog import ask_for_other_film
from seamline_app.settings import Settings
from seamline_widgets.match_scope import MatchScope, MatchStart

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

NOT_YET = "Match cuts can be looked for when the whole film has been analysed."
WAITING = "Waiting until the shots are grouped"
STOPPED = "You have stopped looking for match cuts."
_FOLDER = "match_folder"
_LONGEST_NAME = 31


class MatchSeeking(QObject):
    """Looks when the editor says so, never by itself.

    `asked`: it will look where the editor wants, once the shots are grouped. `found`: there are other pairs in
    `matched`. `changed`: it looks, does so no more, or has failed; or a film became known.
    """

    asked = Signal()
    found = Signal()
    changed = Signal()

    def __init__(
        self, window: MainWindow, analysing: Analysing, views: Views, settings: Settings, folders: Folders
    ) -> None:
        super().__init__(window)
        self._window = window
        self._analysing = analysing
        self._status = views.status
        self._side = views.side
        self._panel = views.match
        self._settings = settings
        self._scope = MatchScope()
        self._other: Path | None = None
        self._held_for: int | None = None  # the frame to look by as soon as the shots are grouped
        self._others: dict[str, Project] = {}
        self._paths: dict[str, Path] = {}
        self.matched: Matched | None = None
        """What was found last in this film, None while it is looked in another place."""
        self.failure = ""
        """Why the last search came to nothing, as a sentence."""
        self.job = MatchJob(folders, window.analysis.pace, self)
        self.job.found.connect(self._take)
        self.job.failed.connect(self._fail)
        self.job.looked_up.connect(self._take_films)
        self.job.progressed.connect(self._show_progress)
        self.job.ended.connect(self._rest)
        grouping = window.footage.job
        for end in (grouping.grouped, grouping.failed, grouping.ended):
            end.connect(lambda *_: self._go_on())
        analysing.share_status_with(lambda: self.is_finding or self.job.is_marking)
        self._panel.find_wanted.connect(lambda: self.find())
        self._panel.scope_chosen.connect(self._choose_scope)
        self._panel.other_wanted.connect(lambda: self._choose_other())
        for action_id, start in (
            ("match_out_of_frame", MatchStart.OUT),
            ("match_into_frame", MatchStart.INTO),
        ):
            action = window.actions_by_id[action_id]
            action.triggered.connect(lambda _=False, start=start: self._find_from(start))

    @property
    def films(self) -> MatchFilms | None:
        """The films that pairs are of, None while none is open."""
        document = self._window.document
        return None if document is None else MatchFilms(document.project, self._others, self._paths)

    @property
    def is_outdated(self) -> bool:
        """Whether the film's shots are others than when pairs were looked for."""
        document, matched = self._window.document, self.matched
        return matched is not None and document is not None and not matched.wish.is_current(document.project)

    @property
    def is_finding(self) -> bool:
        """Whether pairs are looked for, or will be once the shots are grouped."""
        return self._held_for is not None or self.job.is_finding

    @property
    def is_grouping(self) -> bool:
        """Whether it will be known which shots are of one set-up, and is not yet."""
        return self._window.footage.job.is_pending and not self._is_grouped

    @property
    def can_find(self) -> bool:
        """Whether a film is open and analysed."""
        return self._ready_document() is not None

    @property
    def scope(self) -> MatchScope:
        """Where pairs are looked for."""
        return self._scope

    def open(self) -> None:
        """There is another film, or none."""
        self.job.close_film()
        self._held_for = None
        self._panel.set_progress("", 0, 0)
        self.matched = self._other = None
        self.failure = ""
        self._others, self._paths = {}, {}
        self._set_scope(MatchScope(), "")
        self.know_films()

    def know_films(self) -> None:
        """Look up the films of pairs that were not known until now: what was undone may come back."""
        document = self._window.document
        if document is None:
            return
        # a project may come from a stranger: what it names on a network share is not asked for
        new = {
            name: path
            for name, path in document.project.matches.films.items()
            if name not in self._paths and not is_on_strange_share(path.absolute(), document.path.absolute())
        }
        self._paths.update(new)
        self.look_up({name: path for name, path in new.items() if name not in self._others})

    def close(self) -> None:
        """Stop, and join the thread."""
        self.job.close()

    def look_up(self, paths: Mapping[str, Path]) -> None:
        """Know the films of these fingerprints, if they are there."""
        document = self._window.document
        if document is not None:
            self.job.look_up(LookUpWish(document.project, paths, self._settings.learns))

    def find(self) -> None:
        """Look for pairs where the panel says, by the frame that is shown."""
        document = self._ready_document()
        if document is None:
            return
        frame = self._window.shown_frame
        self.failure = ""
        self._held_for = None
        wish = self._wish(document, frame)
        if self.matched is not None and not self.matched.wish.is_alike(wish):
            self.matched = None
        is_within = not self._scope.is_other  # no two shots of two films are of one set-up
        if is_within and self.is_grouping:
            self.job.stop()
            self._held_for = frame
            self._show_progress(WAITING, 0, 0)
        else:
            self._panel.set_progress("Looking for match cuts…", 0, 0)
            self.job.find(wish)
        self._window.refresh_actions()
        self.changed.emit()
        self.asked.emit()

    def stop(self) -> bool:
        """Look no further; whether it did look."""
        was_finding = self.is_finding
        if was_finding:
            self.failure = "" if self.matched is not None else STOPPED
            is_waiting, self._held_for = self._held_for is not None, None
            self.job.stop()
            if is_waiting:
                self._rest()
        return was_finding

    def _go_on(self) -> None:
        """Look now for what was waiting for the shots to be grouped; as they are, where they will not be."""
        frame, document = self._held_for, self._ready_document()
        if frame is None or self.is_grouping:
            return
        self._held_for = None
        if document is None:
            self._rest()
        else:
            self.job.find(self._wish(document, frame))

    @property
    def _is_grouped(self) -> bool:
        """Whether it is known which shots are of one set-up: of these shots, not of those before a seam was moved."""
        document = self._window.document
        if document is None:
            return False
        grouped = {of.range for of in document.project.footage}
        return bool(grouped) and grouped <= set(shots_of(document.project))

    def _wish(self, document: Document, frame: int) -> MatchWish:
        return MatchWish(
            document.project,
            other=self._other if self._scope.is_other else None,
            out_frame=frame if self._scope.start is MatchStart.OUT else None,
            in_frame=frame if self._scope.start is MatchStart.INTO else None,
            learns=self._settings.learns,
        )

    def _ready_document(self) -> Document | None:
        document = self._window.document
        if document is None or not document.is_complete or self._window.analysis.is_running:
            return None
        return document

    def _find_from(self, start: MatchStart) -> None:
        """By the frame shown, in the film that the panel looks in."""
        if self._window.document is None:
            return
        self._set_scope(replace(self._scope, start=start))
        self._side.setCurrentWidget(self._panel)
        if self.can_find:
            self.find()
        else:
            self._window.messages.show_info(NOT_YET)

    def _choose_scope(self, scope: MatchScope) -> None:
        self._set_scope(scope)
        self.find()

    def _choose_other(self) -> None:
        """Look in another film from now on, if the editor chooses one."""
        document = self._window.document
        if document is None:
            return
        stored = self._settings.text(_FOLDER)
        folder = Path(stored) if stored and Path(stored).is_dir() else document.film.path.parent
        path = ask_for_other_film(self._window, folder)
        if path is not None and self._window.document is document:
            self._settings.set_text(_FOLDER, str(path.parent))
            self._other = path
            self._set_scope(replace(self._scope, is_other=True), path.name)
            self.find()

    def _set_scope(self, scope: MatchScope, other_name: str | None = None) -> None:
        self._scope = scope
        self._panel.set_scope(scope, other_name)

    def _take(self, matched: Matched) -> None:
        document = self._window.document
        if document is None or document.film is not matched.wish.project.film:
            return
        self.matched = matched
        for project in matched.films[1:]:
            fingerprint = project.film.fingerprint
            self._others[fingerprint] = project
            # a project, where the user chose one: its corrections count
            self._paths[fingerprint] = matched.wish.other or project.film.path
        self.found.emit()

    def _take_films(self, looked_up: LookedUp) -> None:
        self._others.update({project.film.fingerprint: project for project in looked_up.films})
        self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self.failure = sentence
        if self.matched is not None or self._panel.list.items:
            self._window.messages.show_error(sentence)  # the list has no place for it

    def _show_progress(self, text: str, done: int, total: int) -> None:
        count = f"{done:,} of {total:,}" if total else ""
        texts = (f"{text}: {count}", f"{text}…") if count else (f"{text}…",)
        self._panel.set_progress(texts, done, total)
        if not self._window.analysis.is_running:
            self._status.set_activity(_short(text), done, total)
            self._window.refresh_actions()

    def _rest(self) -> None:
        if self._held_for is not None:  # what was marked or found meanwhile is over
            self._show_progress(WAITING, 0, 0)
        elif not (self.is_finding or self.job.is_marking):
            self._panel.set_progress("", 0, 0)
            self._analysing.show_at_rest()
        self.changed.emit()


def _short(text: str) -> str:
    """With no more of a film's name than the status bar has room for beside what is done."""
    start, end = text.find("“") + 1, text.rfind("”")
    name = text[start:end]
    if not 0 < start < end or len(name) <= _LONGEST_NAME:
        return text
    half = (_LONGEST_NAME - 1) // 2
    return f"{text[:start]}{name[:half]}…{name[-half:]}{text[end:]}"
