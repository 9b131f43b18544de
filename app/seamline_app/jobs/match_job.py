"""Finds pairs of shots that would cut together, in a thread of its own, when it is asked to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from seamline.analysis.pace import Pace
from seamline.progress import Progress
from seamline_app.folders import Folders
from seamline_app.jobs.match_wishes import LookedUp, LookUpWish, Marked, MarkWish, Matched, MatchWish
from seamline_app.jobs.task_thread import TaskThread

if TYPE_CHECKING:
    # what it takes is loaded in the job's thread, when it is wanted
    from seamline_app.jobs.match_search import MatchSearch

Wish = MatchWish | MarkWish | LookUpWish


class MatchJob(QObject):
    """One wish at a time, in the order they came; of each kind the newest alone, but what is looked up adds up.

    `found(Matched)` or `failed(sentence)` answers `find`; `marked(Marked)` or `unmarked(sentence)` answers `mark`;
    `looked_up(LookedUp)` answers `look_up`. `progressed(text, done, total)` says what is being done for the former
    two, of an unknown total where that is 0; `ended` comes when one of them is over, however that came.
    """

    found = Signal(object)
    failed = Signal(str)
    marked = Signal(object)
    unmarked = Signal(str)
    looked_up = Signal(object)
    progressed = Signal(str, int, int)
    ended = Signal()

    _told = Signal(object, str)  # from the thread: the wish, and what is being done for it

    def __init__(self, folders: Folders, pace: Pace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self._pace = pace
        self._search: MatchSearch | None = None  # the thread's alone
        self._waiting: list[Wish] = []
        self._wish: Wish | None = None
        self._doing = ""
        self._forgets = False
        self._thread = TaskThread("match-cuts", self)
        self._thread.progressed.connect(self._pass_on_progress)
        self._thread.done.connect(self._pass_on)
        self._thread.failed.connect(self._fail)
        self._thread.cancelled.connect(self._end)
        self._told.connect(self._take_text)

    @property
    def is_finding(self) -> bool:
        return self._has(MatchWish)

    @property
    def is_marking(self) -> bool:
        return self._has(MarkWish)

    @property
    def is_looking_up(self) -> bool:
        return self._has(LookUpWish)

    def find(self, wish: MatchWish) -> None:
        """Find these pairs, and no more what was to be found before."""
        self._ask(wish)

    def mark(self, wish: MarkWish) -> None:
        """Tell which of these seams are match cuts."""
        self._ask(wish)

    @property
    def looked_for(self) -> frozenset[str]:
        """The fingerprints of the films that `looked_up` will tell of."""
        wishes = (wish for wish in (self._wish, *self._waiting) if isinstance(wish, LookUpWish))
        return frozenset(name for wish in wishes for name in wish.films)

    def look_up(self, wish: LookUpWish) -> None:
        """Open these films, too, to know their seams and timecodes; nothing is analysed for it."""
        if wish.films:
            self._waiting.append(wish)
            self._go_on()

    def stop(self) -> None:
        """Find no more; what was looked at is kept."""
        self._drop(MatchWish)

    def stop_marking(self) -> None:
        self._drop(MarkWish)

    def close_film(self) -> None:
        """There is another film, or none: nothing more is heard of this one."""
        self._waiting.clear()
        self._wish = None
        self._forgets = True
        if self._search is None:
            self._thread.drop()
        else:
            self._thread.run(lambda _: self._forget())

    def close(self) -> None:
        """Stop, and join the thread. No signal comes after this."""
        self.close_film()
        self._thread.close()

    def _has(self, kind: type) -> bool:
        return isinstance(self._wish, kind) or any(isinstance(wish, kind) for wish in self._waiting)

    def _ask(self, wish: Wish) -> None:
        self._waiting = [other for other in self._waiting if type(other) is not type(wish)]
        if type(self._wish) is type(wish):
            self._thread.drop()
            self._wish = None
        self._waiting.append(wish)
        self._go_on()

    def _drop(self, kind: type) -> None:
        was_asked = self._has(kind)
        self._waiting = [wish for wish in self._waiting if not isinstance(wish, kind)]
        if isinstance(self._wish, kind):
            self._thread.drop()
            self._wish = None
        if was_asked:
            self.ended.emit()
        self._go_on()

    def _go_on(self) -> None:
        if self._wish is None and self._waiting:
            wish = self._wish = self._waiting.pop(0)
            self._doing = ""
            self._thread.run(lambda progress: self._fulfil(wish, progress))

    # -- in the job's thread

    def _forget(self) -> None:
        """The task where there is no wish, and the first of every other: this one may not have been begun."""
        if self._forgets and self._search is not None:
            self._forgets = False
            self._search.forget()

    def _fulfil(self, wish: Wish, progress: Progress) -> object:
        """The task."""
        if self._search is None:
            from seamline_app.jobs.match_search import MatchSearch

            self._search = MatchSearch(self._folders, self._pace)
        self._forget()

        def tell(text: str) -> None:
            progress.step(0, 1)
            self._told.emit(wish, text)

        if isinstance(wish, MatchWish):
            return self._search.find(wish, tell, progress)
        if isinstance(wish, MarkWish):
            return self._search.mark(wish, tell, progress)
        return self._search.look_up(wish, progress)

    # -- in the window's

    @Slot(object, str)
    def _take_text(self, wish: object, text: str) -> None:
        if wish is self._wish:
            self._doing = text
            self.progressed.emit(text, 0, 0)

    def _pass_on_progress(self, done: int, total: int) -> None:
        if self._doing and total > 1:
            self.progressed.emit(self._doing, done, total)

    def _pass_on(self, result: object) -> None:
        if result is None:
            return  # the film before was forgotten
        signal_of: dict[type, Callable[[object], None]] = {
            Matched: self.found.emit,
            Marked: self.marked.emit,
            LookedUp: self.looked_up.emit,
        }
        self._wish = None
        signal_of[type(result)](result)
        if not isinstance(result, LookedUp):
            self.ended.emit()
        self._go_on()

    def _fail(self, sentence: str) -> None:
        wish, self._wish = self._wish, None
        if isinstance(wish, MatchWish):
            self.failed.emit(sentence)
        elif isinstance(wish, MarkWish):
            self.unmarked.emit(sentence)
        self._end()

    def _end(self) -> None:
        self._wish = None
        self.ended.emit()
        self._go_on()
