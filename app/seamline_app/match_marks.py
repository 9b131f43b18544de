"""Marks at those of the film's seams that are match cuts, for as long as the editor wants them, and going through
them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QKeySequence

from seamline.project.types import Seam, SeamKind
from seamline_app.jobs.film_job import ASKED_AFTER_MS
from seamline_app.jobs.match_wishes import Marked, MarkWish
from seamline_app.match_keys import place_of
from seamline_app.match_seeking import MatchSeeking
from seamline_widgets.timeline_matches import MatchMark

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

NOT_YET = "The film is not analysed to its end yet: match cuts are marked among all its seams."
GROUPING = "Match cuts are marked as soon as the shots are grouped."
_ASKED_AFTER_MS = ASKED_AFTER_MS
"""Two shots are looked at anew for each seam that has moved."""


class MatchMarks(QObject):
    """Works the actions “Mark match cuts among the seams”, “Next match cut” and “Previous match cut”; the marks follow
    the seams, and what is known of the set-ups of shots. `is_auditioned()`: whether a pair is played."""

    def __init__(
        self, window: MainWindow, views: Views, seeking: MatchSeeking, is_auditioned: Callable[[], bool]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._views = views
        self._seeking = seeking
        self._job = seeking.job
        self._is_auditioned = is_auditioned
        self._action = window.actions_by_id["mark_match_cuts"]
        self._marks: tuple[MatchMark, ...] = ()
        self._is_known = False  # which seams are match cuts
        self._goes = 0  # on (1) or back (-1), once it is known
        self._place: tuple[object, ...] = ()  # where the editor was when that was wanted
        self._soon = QTimer(self, singleShot=True, interval=_ASKED_AFTER_MS)
        self._soon.timeout.connect(self._ask)
        self._action.triggered.connect(lambda _=False: self._switch())
        for direction, action_id in ((1, "next_match_cut"), (-1, "previous_match_cut")):
            window.actions_by_id[action_id].triggered.connect(
                lambda _=False, direction=direction: self.step(direction)
            )
        self._job.marked.connect(self._take)
        self._job.unmarked.connect(self._fail)
        # the project has been told before
        window.footage.job.grouped.connect(lambda _: self.follow())

    def open(self) -> None:
        """There is another film, or none: what it costs to mark its seams is for the editor to want."""
        self._end()

    def follow(self) -> None:
        """The film's seams or set-ups are others: marks go with their seams, and all are looked at anew soon."""
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

    def step(self, direction: int) -> None:
        """Go to the next match cut along the film (1) or the one before (-1) and say what it is; beyond the last comes
        the first. Where it is not known which they are, they are looked for first, and gone to if the editor does
        nothing else meanwhile."""
        if self._window.document is None:
            return
        if not self._is_known or self._soon.isActive() or self._job.is_marking:
            self._goes, self._place = direction, place_of(self._window)
            if not (self._soon.isActive() or self._job.is_marking):
                self._action.setChecked(True)
                self._switch()
            elif self._seeking.is_grouping:
                self._say(GROUPING)
            return
        if not self._marks:
            self._say(_counted(0, self._window.document.project.seams))
            return
        at = self._window.shown_frame
        onwards = self._marks if direction > 0 else self._marks[::-1]
        mark = next((mark for mark in onwards if (mark.frame - at) * direction > 0), onwards[0])
        seam = next((s for s in self._window.document.project.seams if s.cut_frame == mark.frame), None)
        if seam is not None:
            self._window.document.select(seam.id)
        self._window.go_to(mark.frame)
        place = f"{self._marks.index(mark) + 1:,} of {len(self._marks):,}"
        self._say(f"{place}: {mark.sentence}")

    def _switch(self) -> None:
        document = self._window.document
        if not self._action.isChecked():
            self._end()
        elif document is None or not document.is_complete or self._window.analysis.is_running:
            self._end()
            self._say(NOT_YET)
        else:
            self._ask()
            if self._seeking.is_grouping:
                self._say(GROUPING)

    def _ask(self) -> None:
        document = self._window.document
        if document is not None and document.is_complete and not self._window.analysis.is_running:
            if self._seeking.is_grouping:  # two shots of one set-up are no match cut
                self._soon.start()
                return
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
        if self._soon.isActive():  # this is how they were before: what is true now comes after it
            return
        is_new, self._is_known = not self._is_known, True
        goes, self._goes = self._goes, 0
        if goes and self._marks and self._is_at_rest and self._place == place_of(self._window):
            self.step(goes)
        elif is_new or goes:
            text = _counted(len(marked.found), marked.wish.project.seams)
            self._say(f"{text} {self._how}" if marked.found else text)

    @property
    def _is_at_rest(self) -> bool:
        return not self._is_auditioned() and not self._window.player.speed

    @property
    def _how(self) -> str:
        """How to go through them, by the keys that the editor has now."""
        keys = (
            self._window.actions_by_id[action_id].shortcut()
            for action_id in ("next_match_cut", "previous_match_cut")
        )
        on, back = (key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
        by = f"{on} and {back} go" if on and back else "The menu “Go” goes"
        return f"{by} from one to the next; its sign below the seam's flag says why."

    def _fail(self, sentence: str) -> None:
        self._end()
        self._window.messages.show_error(sentence)

    def _end(self) -> None:
        self._soon.stop()
        self._is_known = False
        self._goes = 0
        self._job.stop_marking()
        self._action.setChecked(False)
        self._show(())

    def _say(self, sentence: str) -> None:
        self._window.messages.show_info(sentence)

    def _show(self, marks: tuple[MatchMark, ...]) -> None:
        """Those of them whose seams are there."""
        document = self._window.document
        cuts = {seam.cut_frame for seam in document.project.seams} if document is not None else set()
        self._marks = tuple(mark for mark in marks if mark.frame in cuts)
        self._views.timeline.set_matches(self._marks)
        self._views.review.set_matches(self._marks)


def _counted(matches: int, seams: Sequence[Seam]) -> str:
    cuts = sum(seam.kind is SeamKind.CUT for seam in seams)  # the others cannot be one
    if not cuts:
        return "The film has no cut that could be a match cut."
    if cuts == 1:
        return f"The film's one cut is {'a' if matches else 'no'} match cut."
    if not matches:
        return f"None of the {cuts:,} cuts is a match cut."
    return f"{matches:,} of the {cuts:,} cuts {'is a match cut' if matches == 1 else 'are match cuts'}."
