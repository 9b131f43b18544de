"""The audition: A's last second into B's first, round and round, and the cut slid while it plays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from seamline.media.timebase import FrameIndex
from seamline_widgets.audition_cut import AuditionCut
from seamline_widgets.audition_facts import Timecodes, side_titles
from seamline_widgets.audition_keys import key_of
from seamline_widgets.audition_page import AuditionPage
from seamline_widgets.audition_pictures import AuditionPictures, Side
from seamline_widgets.audition_player import CutPlayer
from seamline_widgets.match_items import MatchItem

_WAITING = "The pictures of this cut are on their way…"
_MOVES: dict[str, Callable[[AuditionCut], AuditionCut]] = {
    "roll_back": lambda cut: cut.rolled(-1),
    "roll_on": lambda cut: cut.rolled(1),
    "out_back": lambda cut: cut.trimmed(Side.OUT, -1),
    "out_on": lambda cut: cut.trimmed(Side.OUT, 1),
    "in_back": lambda cut: cut.trimmed(Side.IN, -1),
    "in_on": lambda cut: cut.trimmed(Side.IN, 1),
    "put_back": lambda cut: cut.put_back(),
}
_OVERLAYS = ("difference", "onion", "wipe", "side")


class AuditionView(AuditionPage):
    """Plays what it is given; the keys of `audition_keys` are its own while it has the focus.

    `cut_changed(out_frame, in_frame)`: the user moved the cut there. `keep_wanted`, `reject_wanted`, `next_wanted`,
    `previous_wanted`: of the pair that is shown. `note_changed(text)`: the note shall be that. `mute_wanted`: no sound,
    or sound again. `left`: back to the film.
    """

    cut_changed = Signal(int, int)
    keep_wanted = Signal()
    reject_wanted = Signal()
    note_changed = Signal(str)
    next_wanted = Signal()
    previous_wanted = Signal()
    mute_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = CutPlayer(self)
        self._item: MatchItem | None = None
        self._timecodes: Timecodes | None = None
        self._is_wanted = False
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
            "legend": lambda: self.set_legend(self.bar.legend.isHidden()),
            "leave": self.left.emit,
        }
        self.player.moved.connect(self._show_place)
        self.bar.pressed.connect(self._do)
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
        frames = item.pair.outgoing.frame, item.pair.incoming.frame
        if proposed is None:
            proposed = before.proposed if is_same and before is not None else frames
        both = times, times if in_times is None else in_times
        self._item = item
        self._timecodes = timecodes if timecodes is not None or not is_same else self._timecodes
        self.bar.set_item(item)
        self.setAccessibleDescription(item.sentence)
        if not is_same:
            self.stage.say(_WAITING)
            self.stage.set_frame(None)
        self.player.set_cut(
            AuditionCut(item.pair.outgoing, item.pair.incoming, proposed, both), anew=not is_same
        )
        self._show_cut(item)

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
            text = self._item.judged.note
            self.note.begin("Note on this match cut", text, self.bar.geometry())

    def event(self, event: QEvent) -> bool:
        # the window has shortcuts for these keys; while the audition has the focus, they are its own
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and key_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = key_of(event)
        if key is None:
            super().keyPressEvent(event)
        elif key.is_repeated or not event.isAutoRepeat():
            self._do(key.action_id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.note.end(keep=True)
        self._run()

    def _do(self, action_id: str) -> None:
        if action_id in _MOVES:
            self._move(_MOVES[action_id])
        elif action_id in _OVERLAYS:
            self._set_mode("play" if action_id == self.mode else action_id)
        else:
            self._by_id[action_id]()

    def _move(self, to: Callable[[AuditionCut], AuditionCut]) -> None:
        before, item = self.player.cut, self._item
        if before is None or item is None:
            return
        cut = to(before)
        if cut.frames != before.frames:
            self.player.set_cut(cut)
            self._show_cut(item)
            self.cut_changed.emit(*cut.frames)

    def _press_picture(self) -> None:
        if self.mode == "play":
            self.toggle()

    def _set_mode(self, mode: str) -> None:
        self.stage.set_mode(mode)
        self.bar.set_mode(mode)
        self._run()

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
        self.bar.set_place(self.player.place)
        picture = self.player.picture
        if picture is not None:
            self.stage.set_frame(picture)

    def _show_cut(self, item: MatchItem) -> None:
        cut = self.player.cut
        if cut is not None:
            self.bar.set_cut(cut, side_titles(item, cut, self._timecodes))
            self.stage.set_pair(*self.player.pair)
            self._show_place()
