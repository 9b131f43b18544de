"""Where the editor is in the film while a pair is auditioned: at its cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seamline.project.match_cuts import MatchPair

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow


class AuditionPlayhead:
    """Has the timeline's playhead stand at A's frame at the cut, or at B's where A is of another film. The film itself
    goes there when the audition is left, if another pair was gone to, or the cut is elsewhere than it was."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._frame: int | None = None
        self._first_cut: tuple[int, int] | None = None
        self._has_gone = False
        self._is_cut_elsewhere = False

    def begin(self) -> None:
        """A pair is opened."""
        self._frame = self._first_cut = None
        self._has_gone = self._is_cut_elsewhere = False

    def go(self) -> None:
        """The editor has gone on to another pair."""
        self._has_gone = True

    def show(self, pair: MatchPair | None) -> None:
        """That pair is auditioned, cut as it is."""
        document = self._window.document
        if document is None or pair is None:
            return
        self._first_cut = self._first_cut or pair.frames
        self._is_cut_elsewhere = pair.frames != self._first_cut
        own = document.film.fingerprint
        sides = pair.outgoing, pair.incoming
        self._frame = next((side.frame for side in sides if side.fingerprint == own), None)
        self.hold()

    def hold(self) -> None:
        """Stay there, though the film has shown a frame that was asked for before."""
        frame = self._window.shown_frame if self._frame is None else self._frame
        self._window.timeline.set_playhead(frame)

    def end(self) -> int | None:
        """It is over: put the playhead back to where the film is. Gives the frame to go to, None for none."""
        frame, self._frame = self._frame, None
        if self._window.document is not None:
            self.hold()
        return frame if self._has_gone or self._is_cut_elsewhere else None
