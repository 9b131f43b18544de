"""The audition in the window: a pair of shots played in the picture's place, and its keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence

from seamline.analysis.cache import AnalysisCache
from seamline.project.match_cuts import JudgedPair, MatchSide
from seamline_app.jobs.audition_job import AuditionJob
from seamline_app.jobs.audition_reading import Auditioned, AuditionSide, AuditionWish
from seamline_app.match_judging import MatchJudging
from seamline_app.match_list import MatchFilms, moved
from seamline_resources.shortcuts import SHORTCUTS
from seamline_widgets.audition_keys import key_of
from seamline_widgets.audition_pictures import AuditionPictures
from seamline_widgets.audition_view import AuditionView
from seamline_widgets.match_items import MatchItem

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

_SETTLED_MS = 250
_STAYING: Final = ("undo", "redo", "show_history", "select_all", "snapping", "show_labels", "show_camera")
_OF_THE_FILM: Final = tuple(
    entry.action_id
    for entry in SHORTCUTS
    if entry.section in ("Playing", "Moving", "Seams", "Labels") and entry.action_id not in _STAYING
)
"""Actions on what the player shows, which is hidden meanwhile."""


class Auditioning(QObject):
    """Begins and ends with the player paused; whatever shows another frame of the film ends it."""

    def __init__(
        self,
        window: MainWindow,
        views: Views,
        cache: AnalysisCache,
        judging: MatchJudging,
        films: Callable[[], MatchFilms | None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._views = views
        self._judging = judging
        self._films = films
        self._panel = views.match
        self._view: AuditionView | None = None
        self._item: MatchItem | None = None
        self._frame = -1
        self._is_going_on = False
        self.job = AuditionJob(cache, self)
        self.job.ready.connect(self._take)
        self.job.failed.connect(self._fail)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._settle)
        window.player.picture_ready.connect(self._look_at_player)
        window.player.speed_changed.connect(lambda speed: self.end() if speed else None)
        window.installEventFilter(self)

    @property
    def item(self) -> MatchItem | None:
        """The pair that is auditioned, None while none is."""
        return self._item

    @property
    def view(self) -> AuditionView:
        """Made when it is wanted first."""
        if self._view is None:
            view = self._view = AuditionView()
            view.cut_changed.connect(lambda *_: self._settling.start())
            view.keep_wanted.connect(self._keep)
            view.reject_wanted.connect(self._reject)
            view.note_changed.connect(self._write_note)
            view.next_wanted.connect(lambda: self._step(1))
            view.previous_wanted.connect(lambda: self._step(-1))
            view.left.connect(self.leave)
        return self._view

    def close(self) -> None:
        """Stop, and join the thread."""
        self.end()
        self.job.close()

    def begin(self, item: MatchItem) -> None:
        """Play that pair in the picture's place."""
        films = self._films()
        if films is None:
            return
        self.view.note.end(keep=True)
        self._settle_now()
        item = next((each for each in self._panel.list.items if each.key == item.key), item)
        known = [films.project(side.fingerprint) for side in (item.pair.outgoing, item.pair.incoming)]
        out, into = known
        if out is None or into is None:
            lost = item.pair.outgoing if out is None else item.pair.incoming
            path = films.path(lost.fingerprint)
            name = "The other film" if path is None else f"“{path}”"
            self._window.messages.show_error(
                f"{name} cannot be opened: put it back there, or reject the pair, which cannot be played without it."
            )
            return
        is_new = self._item is None
        self._item = item
        if is_new:
            self._window.player.pause()
            self._frame = self._window.shown_frame
            self._views.show_instead(self.view)
        self.view.show_item(
            item,
            out.film.rate,
            in_rate=into.film.rate,
            proposed=self._judging.proposed(item),
            timecodes=(out.timecode, into.timecode),
        )
        self._panel.set_current(item.key)
        self._read()
        self.view.play()
        if is_new:
            self.view.setFocus()

    def leave(self) -> None:
        """Back to the film, by the editor's word."""
        self.end()
        self._views.picture.setFocus()

    def end(self, *, keeps: bool = True) -> None:
        """Show the film again. Not `keeps`: the film of what was said last is closed already."""
        if self._item is None:
            return
        self.view.note.end(keep=keeps)
        if keeps:
            self._settle_now()
        self._settling.stop()
        self._item = None
        self.job.stop()
        self.view.pause()
        self.view.set_pictures(AuditionPictures())
        self._views.show_picture(has_film=self._window.document is not None)

    def refresh(self) -> None:
        """The list is another: show what is said of the pair now."""
        if self._item is None:
            return
        key = self._item.key
        now = next((item for item in self._panel.list.items if item.key == key), None)
        if now is not None and now != self._item:
            self._item = now
            cut = self.view.cut_frames
            if cut is not None and self._settling.isActive():  # the hand is further on already
                now = replace(now, judged=replace(now.judged, pair=moved(now.pair, *cut)))
            self._show_again(now)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # wherever the focus is: keys on the film behind the audition do nothing, and its own keys come here
        if self._item is not None and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and (key_of(event) or self._is_of_film(event)):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and not self._is_going_on and key_of(event):
                self._is_going_on = True
                QCoreApplication.sendEvent(self.view, event)
                self._is_going_on = False
                return True
        return super().eventFilter(watched, event)

    def _is_of_film(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination())
        actions = self._window.actions_by_id
        return any(pressed in actions[action_id].shortcuts() for action_id in _OF_THE_FILM)

    # -- the pair

    def _show_again(self, item: MatchItem) -> None:
        films = self._films()
        if films is None:
            return
        out = films.project(item.pair.outgoing.fingerprint)
        into = films.project(item.pair.incoming.fingerprint)
        if out is not None and into is not None:
            self.view.show_item(
                item, out.film.rate, in_rate=into.film.rate, proposed=self._judging.proposed(item)
            )

    def _now(self) -> JudgedPair | None:
        """The pair as it is cut under the editor's hands."""
        cut = self.view.cut_frames
        if self._item is None or cut is None:
            return None
        return replace(self._item.judged, pair=moved(self._item.judged.pair, *cut))

    def _settle(self) -> None:
        """The cut has come to rest: keep where it is, and have the pictures about it."""
        item, judged = self._item, self._now()
        if item is not None and judged is not None and judged != item.judged:
            self._item = replace(item, judged=judged)
            self._judging.slide(judged)
            self._read()

    def _settle_now(self) -> None:
        if self._settling.isActive():
            self._settling.stop()
            self._settle()

    def _keep(self) -> None:
        self._settle_now()
        if self._item is not None:
            self._judging.keep(self._item)

    def _reject(self) -> None:
        """Reject it and go on to the pair that has moved up to its place."""
        self._settle_now()
        before = self._item
        if before is None:
            return
        self._judging.reject(before)
        current = self._panel.current
        if current is None:
            self.leave()
        elif current.key != before.key:
            self.begin(current)

    def _write_note(self, text: str) -> None:
        """Of the pair that the view still shows: going on to another one ends the writing, too."""
        shown = self.view.item
        if self._item is not None and shown is not None and shown.key == self._item.key:
            self._settle_now()
            self._judging.write_note(self._item, text)

    def _step(self, by: int) -> None:
        item = self._panel.step(by)
        if item is not None:
            self.begin(item)

    # -- pictures

    def _read(self) -> None:
        items, item = self._panel.list.items, self._item
        if item is None:
            return
        at = next((row for row, each in enumerate(items) if each.key == item.key), len(items))
        following = items[at + 1] if at + 1 < len(items) else None
        wish = self._wish(item)
        if wish is not None:
            self.job.show(wish, None if following is None else self._wish(following))

    def _wish(self, item: MatchItem) -> AuditionWish | None:
        out, into = self._side(item.pair.outgoing), self._side(item.pair.incoming)
        return None if out is None or into is None else AuditionWish(out, into)

    def _side(self, side: MatchSide) -> AuditionSide | None:
        films = self._films()
        project = None if films is None else films.project(side.fingerprint)
        return None if project is None else AuditionSide(side, project.film.path, project.film)

    def _take(self, came: Auditioned) -> None:
        if self._item is not None:
            self.view.set_pictures(AuditionPictures(came.outgoing, came.incoming))

    def _fail(self, sentence: str) -> None:
        if self._item is not None:
            self.view.say(sentence)

    def _look_at_player(self, _image: QImage, frame: int) -> None:
        """The film shows another frame: somebody wants to see it."""
        if self._item is not None and frame != self._frame:
            self.end()
