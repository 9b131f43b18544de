"""The audition: A's last second into B's first, round and round, and the cut slid while it plays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from seamline.media.timebase import FrameIndex
from seamline_widgets.audition_cut import AuditionCut, Place
from seamline_widgets.audition_facts import Timecodes, found_texts, side_titles
from seamline_widgets.audition_keys import key_of
from seamline_widgets.audition_limits import limit_text
from seamline_widgets.audition_page import AuditionPage
from seamline_widgets.audition_pictures import AuditionPictures, Side
from seamline_widgets.audition_player import CutPlayer
from seamline_widgets.match_items import MatchItem

_WAITING = "The pictures of this cut are on their way…"
_BOTH, _OUT, _IN = tuple(Side), (Side.OUT,), (Side.IN,)
_MOVES: dict[str, tuple[tuple[Side, ...], int]] = {
    "roll_back": (_BOTH, -1),
    "roll_on": (_BOTH, 1),
    "out_back": (_OUT, -1),
    "out_on": (_OUT, 1),
    "in_back": (_IN, -1),
    "in_on": (_IN, 1),
}
_OVERLAYS = ("difference", "onion", "wipe", "side")


class AuditionView(AuditionPage):
    """Plays what it is given; the keys of `audition_keys` are its own while it has the focus. While it is paused, a cut
    that is moved shows its frame: A's last if A alone was trimmed, else B's first; both in the overlays.

    `cut_taken`: the user has the cut in the hand. `cut_changed(out_frame, in_frame)`: and moved it there, many times in
    a drag. `cut_let_go`: and there it stays, or back where it was taken. `keep_wanted`, `reject_wanted`, `next_wanted`,
    `previous_wanted`: of the pair that is shown. `note_changed(text)`: the note shall be that. `mute_wanted`: no sound,
    or sound again; `volume_changed(float)`: as loud as that. `left`: back to the film.
    """

    cut_taken = Signal()
    cut_let_go = Signal()
    cut_changed = Signal(int, int)
    keep_wanted = Signal()
    reject_wanted = Signal()
    note_changed = Signal(str)
    next_wanted = Signal()
    previous_wanted = Signal()
    mute_wanted = Signal()
    volume_changed = Signal(float)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = CutPlayer(self)
        self._item: MatchItem | None = None
        self._timecodes: Timecodes | None = None
        self._is_wanted = False
        self._taken: tuple[tuple[Side, ...], AuditionCut] | None = None
        self._by_id: dict[str, Callable[[], None]] = {
            "play": self.toggle,
            "keep": self.keep_wanted.emit,
            "reject": self.reject_wanted.emit,
            "note": self.edit_note,
            "previous": self.previous_wanted.emit,
            "next": self.next_wanted.emit,
            "mute": self.mute_wanted.emit,
            "step_back": lambda: self._step(-1),
            "step_on": lambda: self._step(1),
            "legend": lambda: self.set_legend(self.legend.isHidden()),
            "leave": self.left.emit,
            "put_back": self._put_back,
        }
        self.player.moved.connect(self._show_place)
        self.bar.pressed.connect(self.do)
        self.bar.volume_changed.connect(self.volume_changed)
        strip = self.bar.strip
        strip.taken.connect(self._take)
        strip.dragged.connect(self._drag)
        strip.let_go.connect(self._let_go)
        strip.given_up.connect(self._give_up)
        strip.scrubbed.connect(self._scrub)
        self.stage.pressed.connect(self._press_picture)
        self.note.finished.connect(self._end_note)
        self.stage.say(_WAITING)

    @property
    def item(self) -> MatchItem | None:
        """The pair that is shown."""
        return self._item

    @property
    def cut_frames(self) -> tuple[int, int] | None:
        """Where it is cut now: the last frame out, the first frame in."""
        return None if self.player.cut is None else self.player.cut.frames

    @property
    def is_playing(self) -> bool:
        """Whether it plays, or will as soon as there are pictures."""
        return self._is_wanted and self.mode == "play"

    @property
    def mode(self) -> str:
        """One of `audition_stage.MODES`."""
        return self.stage.mode

    @property
    def is_held(self) -> bool:
        """Whether the cut is being dragged."""
        return self.bar.strip.is_held

    def show_item(
        self,
        item: MatchItem,
        times: FrameIndex,
        *,
        in_times: FrameIndex | None = None,
        proposed: tuple[int, int] | None = None,
        timecodes: Timecodes | None = None,
    ) -> None:
        """Show that pair, cut where it is. The one shown before, judged or cut otherwise, plays on.

        `times`, `in_times`: when the frames of A's film are on, and of B's where it is another. `proposed`: the last
        frame out and the first frame in that R goes back to, by default those that the pair first came with.
        `timecodes` name the frames of the two films, also when the cut is slid.
        """
        before = self.player.cut
        is_same = self._item is not None and before is not None and self._item.key == item.key
        if not is_same:
            self.note.end(keep=True)  # what was written is of the pair before
            self.tell("")
        frames = item.pair.outgoing.frame, item.pair.incoming.frame
        if proposed is None:
            proposed = before.proposed if is_same and before is not None else frames
        both = times, times if in_times is None else in_times
        self._item = item
        self._timecodes = timecodes if timecodes is not None or not is_same else self._timecodes
        self.bar.set_item(item)
        self.setAccessibleDescription(item.sentence)
        cut = AuditionCut(item.pair.outgoing, item.pair.incoming, proposed, both)
        if not is_same:
            self.stage.say(_WAITING)
            self.stage.set_frame(None)
        if not is_same or before is None or cut.frames != before.frames:
            self._taken = None
            self.bar.strip.release_hold(keep=True)  # what the hand had is no more
        self._set_cut(item, cut, before if is_same else None)

    def set_pictures(self, pictures: AuditionPictures) -> None:
        """Play from these. They may come in parts: in place of what is not there yet, the nearest that is stands."""
        self.stage.say("" if pictures else _WAITING)
        self.player.set_pictures(pictures)
        self._run()
        self.stage.set_pair(*self.player.pair)
        self._show_place()

    def set_muted(self, is_muted: bool) -> None:
        """Show whether there is no sound by the user's wish."""
        self.bar.set_muted(is_muted)

    def set_volume(self, volume_01: float) -> None:
        """Show how loud it is, 0 to 1, linear to the slider."""
        self.bar.set_volume(volume_01)

    def tell(self, sentence: str) -> None:
        """Say that below the picture for a few seconds, or until the next key."""
        self.bar.facts.tell(sentence)

    def say(self, text: str) -> None:
        """Say in the picture's place why there is none."""
        self.stage.say(text)

    def play(self) -> None:
        """Round and round; as soon as there are pictures."""
        self._is_wanted = True
        self._set_mode("play")

    def pause(self) -> None:
        self._is_wanted = False
        self._run()

    def toggle(self) -> None:
        """Pause, or play, from an overlay too."""
        (self.pause if self.is_playing else self.play)()

    def edit_note(self) -> None:
        """Open the field for the note."""
        if self._item is not None:
            self.write_note(self._item.judged.note)

    def do(self, action_id: str) -> None:
        """What that key of `audition_keys` does."""
        self.bar.strip.release_hold(keep=True)
        self.tell("")
        if action_id in _MOVES:
            self._move(*_MOVES[action_id])
        elif action_id in _OVERLAYS:
            self._set_mode("play" if action_id == self.mode else action_id)
        else:
            self._by_id[action_id]()

    def event(self, event: QEvent) -> bool:
        # the window has shortcuts for these keys; while the audition has the focus, they are its own
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and key_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = key_of(event)
        if self.is_held and event.key() == Qt.Key.Key_Escape:
            self.bar.strip.release_hold(keep=False)
        elif key is None:
            super().keyPressEvent(event)
        elif key.is_repeated or not event.isAutoRepeat():
            self.do(key.action_id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.note.end(keep=True)
        self._run()

    def _move(self, sides: tuple[Side, ...], by: int) -> None:
        before = self.player.cut
        if before is not None:
            self._tell_end(before, sides, by)
            self._cut_to(before.moved(sides, by))

    def _put_back(self) -> None:
        if self.player.cut is not None:
            self._cut_to(self.player.cut.put_back())

    def _cut_to(self, cut: AuditionCut) -> None:
        before, item = self.player.cut, self._item
        if before is not None and item is not None and cut.frames != before.frames:
            self._set_cut(item, cut, before)
            self.cut_changed.emit(*cut.frames)

    def _set_cut(self, item: MatchItem, cut: AuditionCut, before: AuditionCut | None) -> None:
        """Play on with that cut of the same pair as `before`, or anew; paused, show the frame that it was moved to."""
        self.player.set_cut(cut, anew=before is None)
        if before is not None and cut.frames != before.frames and not self._is_wanted:
            self.player.stand_at(cut.place_since(before))
        self._show_cut(item)

    def _tell_end(self, cut: AuditionCut, sides: tuple[Side, ...], by: int) -> None:
        """Say it where a shot has no frame left for such a move."""
        stopped = cut.stopped_by(sides, by)
        self.tell(limit_text(sides, stopped, is_later=by > 0) if stopped else "")
        if stopped:
            self.bar.strip.flash(stopped, is_later=by > 0)

    def _take(self, sides: tuple[Side, ...]) -> None:
        if self.player.cut is not None:
            self.cut_taken.emit()
            self._taken = sides, self.player.cut

    def _drag(self, by: int) -> None:
        if self._taken is not None:
            sides, cut = self._taken
            self._cut_to(cut.moved(sides, by))
            self._tell_end(cut, sides, by)

    def _let_go(self) -> None:
        taken, self._taken = self._taken, None
        if taken is not None:
            self.cut_let_go.emit()

    def _give_up(self) -> None:
        taken, self._taken = self._taken, None
        if taken is not None:
            self._cut_to(taken[1])
            self.cut_let_go.emit()

    def _scrub(self, place: Place) -> None:
        """Stand at that frame, out of an overlay too."""
        self._is_wanted = False
        self._set_mode("play")
        self.player.stand_at(place)

    def _press_picture(self) -> None:
        if self.mode == "play":
            self.toggle()

    def _set_mode(self, mode: str) -> None:
        self.stage.set_mode(mode)
        self.bar.set_mode(mode)
        self._run()
        self._show_place()

    def _step(self, by: int) -> None:
        if self.mode == "wipe":
            self.stage.move_border(by)
        elif self.mode == "play":
            self.pause()
            self.player.step(by)

    def _run(self) -> None:
        """Play, if that is wanted and can be seen."""
        self.player.run(self.is_playing and self.isVisible())
        self.bar.set_playing(self.is_playing)

    def _end_note(self, text: str | None) -> None:
        if text is not None:
            self.note_changed.emit(text)

    def _show_place(self) -> None:
        """Mark what is seen: the frame that is on, or in an overlay the two at the cut."""
        cut, place = self.player.cut, self.player.place
        if cut is not None and self.mode != "play":
            self.bar.strip.set_places(cut.places)
        else:
            self.bar.strip.set_places(() if place is None else (place,))
        picture = self.player.picture
        if picture is not None:
            self.stage.set_frame(picture)

    def _show_cut(self, item: MatchItem) -> None:
        cut = self.player.cut
        if cut is not None:
            self.bar.set_cut(cut, side_titles(item, cut, self._timecodes))
            self.bar.facts.set_found(found_texts(item, cut, self._timecodes))
            self.stage.set_pair(*self.player.pair)
            self._show_place()
