"""The audition in the window: a pair of shots played in the picture's place, and its keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from seamline.analysis.cache import AnalysisCache
from seamline.project.match_cuts import JudgedPair, MatchSide, PairKey, Verdict
from seamline.project.match_playing import playable
from seamline.project.types import Project
from seamline_app.audition_commands import audition_commands
from seamline_app.audition_hearing import AuditionHearing
from seamline_app.audition_keys import AuditionKeys
from seamline_app.audition_playhead import AuditionPlayhead
from seamline_app.jobs.audition_job import AuditionJob
from seamline_app.jobs.audition_reading import Auditioned, AuditionSide, AuditionWish
from seamline_app.match_judging import MatchJudging
from seamline_app.match_list import MatchFilms
from seamline_widgets.audition_pictures import AuditionPictures
from seamline_widgets.audition_view import AuditionView
from seamline_widgets.commands import Command
from seamline_widgets.match_items import MatchItem

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

_SETTLED_MS = 250
_SLID_ON_MS = 1500
"""Presses no further apart than this are one slide."""


class Auditioning(QObject):
    """Begins and ends with the player paused; whoever wants to see the film ends it.

    `film_missing(MatchItem)`: this pair was not begun, as a film of it is not known. `shown(MatchItem or None)`: that
    pair is auditioned now, judged and cut like that; None: none is any more.
    """

    film_missing = Signal(object)
    shown = Signal(object)

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
        self._shown_key: PairKey | None = None
        self._row = 0  # where it is in the list, or was
        self._keys = AuditionKeys(window, self._is_being_slid)
        self._playhead = AuditionPlayhead(window)
        self.job = AuditionJob(cache, self)
        self.job.ready.connect(self._take)
        self.job.failed.connect(self._fail)
        self.hearing = AuditionHearing(window.player, views.status.set_sound, self)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._settle)
        self._sliding = QTimer(self, singleShot=True, interval=_SLID_ON_MS)
        self._sliding.timeout.connect(self._hold_on)
        self._goes_on = False
        window.frame_wanted.connect(lambda: self.end())
        window.player.picture_ready.connect(self._stay_at_cut)
        window.player.speed_changed.connect(lambda speed: self.end() if speed else None)

    @property
    def item(self) -> MatchItem | None:
        """The pair that is auditioned, None while none is."""
        return self._item

    @property
    def view(self) -> AuditionView:
        """Made when it is wanted first."""
        if self._view is None:
            view = self._view = AuditionView()
            view.cut_changed.connect(lambda *_: self._slide())
            view.cut_taken.connect(self._begin_slide)
            view.cut_let_go.connect(self._begin_slide)
            view.keep_wanted.connect(self._keep)
            view.reject_wanted.connect(self._reject)
            view.note_changed.connect(self._write_note)
            view.next_wanted.connect(lambda: self._step(1))
            view.previous_wanted.connect(lambda: self._step(-1))
            view.left.connect(self.leave)
            transport = self._views.transport
            view.set_volume(transport.volume_01)
            view.volume_changed.connect(transport.choose_volume)
            transport.volume_changed.connect(view.set_volume)
            view.mute_wanted.connect(self._window.actions_by_id["mute"].trigger)
            view.set_muted(not self._window.player.heard_volume_01)
            self._window.player.volume_changed.connect(lambda volume_01: view.set_muted(not volume_01))
        return self._view

    @property
    def commands(self) -> list[Command]:
        """What its keys do."""
        return audition_commands(lambda action_id: self.view.do(action_id), is_on=self._item is not None)

    def close(self) -> None:
        """Stop, and join the threads."""
        self.end()
        self.hearing.close()
        self.job.close()

    def begin(self, item: MatchItem) -> None:
        """Play that pair in the picture's place."""
        films = self._films()
        if films is None:
            return
        self.rest()
        self._sliding.stop()  # what is slid after another pair is a step of its own
        item = self._judging.now(item)
        known = [films.project(side.fingerprint) for side in (item.pair.outgoing, item.pair.incoming)]
        out, into = known
        if out is None or into is None:
            if self._item is not None:
                self._panel.set_current(self._item.key)  # what plays on
            self.film_missing.emit(item)
            return
        is_new = self._item is None
        self._item = item
        if is_new:
            self._window.player.pause()
            self._views.show_instead(self.view)
            self._keys.begin(self.view)
            self._playhead.begin()
            self.hearing.begin(self.view.player)
        self._show(item, out, into)
        self._panel.set_current(item.key)
        self._row = self._panel.list.currentIndex().row()
        self._read()
        self.view.play()
        if is_new:
            self.view.setFocus()
        else:
            self._playhead.go()
        self.shown.emit(item)

    def leave(self) -> None:
        """Back to the film, by the editor's word: to the cut, if the editor has gone on in the audition.

        The list has the keys again, where there is one: Delete would be meant for a pair there, and take a seam here.
        """
        frame = self.end()
        if frame is not None:
            self._window.go_to(frame)
        self._views.picture.setFocus()
        if self._panel.list.isVisible():
            self._panel.hold_keys()

    def end(self) -> int | None:
        """Show the film again, where it was. Gives the frame of it that the editor has gone to, None for none."""
        if self._item is None:
            return None
        self.rest()
        self._item = None
        frame = self._playhead.end()
        self._keys.end()
        self.hearing.end()
        self.job.stop()
        self.view.pause()
        self.view.set_pictures(AuditionPictures())
        has_film = self._window.document is not None
        self._views.show_picture(
            has_review=has_film and self._window.actions_by_id["show_review"].isChecked()
        )
        self.shown.emit(None)
        return frame

    def refresh(self) -> None:
        """Show what is said of the pair now, listed or not."""
        films = self._films()
        if self._item is None or films is None:
            return
        current = self._panel.current
        if current is None or current.key != self._item.key:
            self._panel.set_current(self._item.key)
        now = self._judging.now(self._item)
        if now == self._item:
            return
        is_cut_elsewhere = now.pair.frames != self._item.pair.frames
        self._item = now
        cut = self.view.cut_frames
        if cut is not None and self._settling.isActive():  # the hand is further on already
            now = replace(now, judged=replace(now.judged, pair=now.pair.cut_at(*cut)))
        out = films.project(now.pair.outgoing.fingerprint)
        into = films.project(now.pair.incoming.fingerprint)
        if out is not None and into is not None:
            self._show(now, out, into)
        if is_cut_elsewhere:  # by a step that was undone, or done again
            self._sliding.stop()
            self._read()
        self.shown.emit(self._item)

    def _stay_at_cut(self, *_: object) -> None:
        """The film has shown what was asked for before."""
        if self._item is not None:
            self._playhead.hold()

    def follow_steps(self) -> None:
        """Others can be undone, or done again."""
        self._keys.follow_steps()

    def keep(self, item: MatchItem) -> None:
        """As the list wants it; what is played, as it is cut now, and go on."""
        if self._is_shown(item):
            self._keep()
        else:
            self._judging.keep(item)

    def reject(self, item: MatchItem) -> None:
        """As the list wants it; what is played, as it is cut now, and go on."""
        if self._is_shown(item):
            self._reject()
        else:
            self._judging.reject(item)

    # -- the pair

    def _show(self, item: MatchItem, out: Project, into: Project) -> None:
        pair = replace(
            item.pair, outgoing=playable(item.pair.outgoing, out), incoming=playable(item.pair.incoming, into)
        )
        self._shown_key = pair.key  # of the frames that play: those of gradual seams are none of them
        self.view.show_item(
            replace(item, judged=replace(item.judged, pair=pair)),
            out.film.index,
            in_times=into.film.index,
            proposed=self._judging.proposed(item.pair),
            timecodes=(out.timecode, into.timecode),
        )
        self._playhead.show(item.pair)

    def _is_shown(self, item: MatchItem) -> bool:
        return self._item is not None and item.key == self._item.key

    def _now(self) -> JudgedPair | None:
        """The pair as it is cut under the editor's hands."""
        cut = self.view.cut_frames
        if self._item is None or cut is None:
            return None
        return replace(self._item.judged, pair=self._item.judged.pair.cut_at(*cut))

    def _is_being_slid(self) -> bool:
        """Whether the cut is on its way, and not where it was."""
        return self._settling.isActive() and self._item is not None and self._now() != self._item.judged

    def _slide(self) -> None:
        """The cut is being moved: it goes on as one step until the editor rests, or does something else."""
        if not self._settling.isActive():
            self._goes_on = self._sliding.isActive()
        self._sliding.start()
        self._settling.start()
        self._keys.follow_steps()
        now = self._now()
        self._playhead.show(None if now is None else now.pair)

    @property
    def _steps_done(self) -> int:
        document = self._window.document
        return 0 if document is None else document.steps[1]

    def _begin_slide(self) -> None:
        """What was slid before is a step of its own."""
        self.settle()
        self._sliding.stop()

    def _hold_on(self) -> None:
        """While the editor has the cut in the hand, it is one slide."""
        if self._item is not None and self.view.is_held:
            self._sliding.start()

    def _settle(self) -> None:
        """The cut has come to rest: keep where it is, and have the pictures about it."""
        item, judged, done = self._item, self._now(), self._steps_done
        if item is not None and judged is not None and judged != item.judged:
            self._item = replace(item, judged=judged)
            self._judging.slide(judged, goes_on=self._goes_on)
            self._read()
            self.shown.emit(self._item)
        if self._steps_done < done + (not self._goes_on):
            self._sliding.stop()  # it has led back and left no step: the last one may be an older slide
        self._keys.follow_steps()

    def rest(self) -> None:
        """Keep what is slid and written, though it was just now."""
        if self._item is not None:
            self.view.note.end(keep=True)
            self.settle()

    def settle(self) -> None:
        """Keep where the cut has been moved to, though it was just now."""
        if self._settling.isActive():
            self._settling.stop()
            self._settle()

    def _keep(self) -> None:
        self._judge(Verdict.KEPT, self._judging.keep)

    def _reject(self) -> None:
        self._judge(Verdict.REJECTED, self._judging.reject)

    def _judge(self, verdict: Verdict, judge: Callable[[MatchItem], None]) -> None:
        """Say it and go on; what is taken back or refused stays before the eyes."""
        self.settle()
        before, following = self._item, self._following()
        if before is None:
            return
        judge(before)
        if self._judging.now(before).judged.verdict is verdict:
            self._go_on(following)

    def _following(self) -> Sequence[MatchItem]:
        """The pairs that are listed behind the one that is auditioned, or behind where that was."""
        items, item = self._panel.list.items, self._item
        at = next((row for row, each in enumerate(items) if item is not None and each.key == item.key), None)
        return tuple(items[self._row if at is None else at + 1 :])

    def _go_on(self, following: Sequence[MatchItem]) -> None:
        """To the next of these that nothing is said of; in a list of what is decided, to the next one."""
        is_of_decided = self._panel.shown in ("kept", "rejected")
        for item in following:
            if is_of_decided or self._judging.now(item).judged.verdict is Verdict.OPEN:
                self.begin(item)
                return
        count = sum(item.judged.verdict is Verdict.OPEN for item in self._panel.list.items)
        rest = f"; {count} before it {'is' if count == 1 else 'are'} undecided" if count else ""
        self.view.tell(f"That was the last one{rest}")

    def _write_note(self, text: str) -> None:
        """Of the pair that the view still shows: going on to another one ends the writing, too."""
        shown = self.view.item
        if self._item is not None and shown is not None and shown.key == self._shown_key:
            self.settle()
            self._judging.write_note(self._item, text)

    def _step(self, by: int) -> None:
        items, current = self._panel.list.items, self._panel.current
        if current is not None and self._is_shown(current):
            item = self._panel.step(by)
            if item is None:
                self.view.tell("This is the last pair" if by > 0 else "This is the first pair")
        else:  # it has left the list: the next one has moved up to its place
            row = self._row if by > 0 else self._row - 1
            item = items[row] if 0 <= row < len(items) else None
        if item is not None:
            self.begin(item)

    # -- pictures and sound

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
        if project is None:
            return None
        return AuditionSide(playable(side, project), project.film.path, project.film)

    def _take(self, came: Auditioned) -> None:
        if self._item is not None:
            self.hearing.take(came)
            self.view.set_pictures(AuditionPictures(came.outgoing, came.incoming))

    def _fail(self, sentence: str) -> None:
        if self._item is not None:
            self.view.say(sentence)
