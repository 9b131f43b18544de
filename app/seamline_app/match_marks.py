"""Marks on the timeline at those of the film's seams that are match cuts, for as long as the editor wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from seamline_app.jobs.film_job import ASKED_AFTER_MS
from seamline_app.jobs.match_job import MatchJob
from seamline_app.jobs.match_wishes import Marked, MarkWish
from seamline_widgets.timeline_matches import MatchMark

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

NOT_YET = "The film is not analysed to its end yet: match cuts are marked among all its seams."
_ASKED_AFTER_MS = ASKED_AFTER_MS
"""Two shots are looked at anew for each seam that has moved."""


class MatchMarks(QObject):
    """Works the action “Mark match cuts among the seams”; the marks follow the seams."""

    def __init__(self, window: MainWindow, views: Views, job: MatchJob) -> None:
        super().__init__(window)
        self._window = window
        self._timeline = views.timeline
        self._job = job
        self._action = window.actions_by_id["mark_match_cuts"]
        self._marks: tuple[MatchMark, ...] = ()
        self._is_new = False
        self._soon = QTimer(self, singleShot=True, interval=_ASKED_AFTER_MS)
        self._soon.timeout.connect(self._ask)
        self._action.triggered.connect(lambda _=False: self._switch())
        job.marked.connect(self._take)
        job.unmarked.connect(self._fail)

    def open(self) -> None:
        """There is another film, or none: what it costs to mark its seams is for the editor to want."""
        self._end()

    def follow(self) -> None:
        """The film's seams are others: marks go with theirs, and the new ones are looked at soon."""
        document = self._window.document
        if self._action.isChecked() and document is not None:
            self._show(self._marks)
            self._soon.start()

    def stop(self) -> None:
        """Look no further, if it does."""
        if self._job.is_marking or self._soon.isActive():
            self._end()

    def close(self) -> None:
        self._soon.stop()

    def _switch(self) -> None:
        document = self._window.document
        if not self._action.isChecked():
            self._end()
        elif document is None or not document.is_complete or self._window.analysis.is_running:
            self._end()
            self._window.messages.show_info(NOT_YET)
        else:
            self._is_new = True
            self._ask()

    def _ask(self) -> None:
        document = self._window.document
        if document is not None and document.is_complete and not self._window.analysis.is_running:
            self._job.mark(MarkWish(document.project))
            self._window.refresh_actions()

    def _take(self, marked: Marked) -> None:
        document = self._window.document
        if document is None or document.film is not marked.wish.project.film or not self._action.isChecked():
            return
        self._show(
            tuple(
                MatchMark(seam.cut_frame, str(pair.kind), pair.score_01, pair.reason)
                for seam, pair in marked.found
            )
        )
        if self._is_new:
            self._is_new = False
            self._window.messages.show_info(_counted(len(marked.found), len(marked.wish.project.seams)))

    def _fail(self, sentence: str) -> None:
        self._end()
        self._window.messages.show_error(sentence)

    def _end(self) -> None:
        self._soon.stop()
        self._is_new = False
        self._job.stop_marking()
        self._action.setChecked(False)
        self._show(())

    def _show(self, marks: tuple[MatchMark, ...]) -> None:
        """Those of them whose seams are there."""
        document = self._window.document
        cuts = {seam.cut_frame for seam in document.project.seams} if document is not None else set()
        self._marks = tuple(mark for mark in marks if mark.frame in cuts)
        self._timeline.set_matches(self._marks)


def _counted(matches: int, seams: int) -> str:
    if not seams:
        return "The film has no seam that could be a match cut."
    of_them = f"of the {seams:,} seams" if seams > 1 else "the one seam"
    if not matches:
        return f"None {of_them} is a match cut." if seams > 1 else "The one seam is no match cut."
    return f"{matches:,} {of_them} {'is a match cut' if matches == 1 else 'are match cuts'}."
