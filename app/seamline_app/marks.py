"""In and out: the part of the film that is marked, and playing it in a loop."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from seamline.project.types import Shot


class Looper(Protocol):
    """What of the player the marks speak to."""

    def set_range(self, start_frame: int | None, end_frame: int | None) -> None: ...

    def set_looping(self, looping: bool, /) -> None: ...


class Marks(QObject):
    """The in and out frames of the open film; both belong to what is marked. Either may be None.

    `playhead()` gives the frame that counts as shown, `go_to(frame)` shows another one, `shots()` gives the
    film's shots. `read()` gives what was stored with the film that is open, whatever that is; `write(value)`
    stores what JSON can hold. `changed`: in or out is another frame, or another film is open.
    """

    changed = Signal()

    def __init__(
        self,
        player: Looper,
        actions: Mapping[str, QAction],
        playhead: Callable[[], int],
        go_to: Callable[[int], None],
        shots: Callable[[], Sequence[Shot]],
        *,
        read: Callable[[], object],
        write: Callable[[dict[str, int | None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._actions = actions
        self._playhead = playhead
        self._go_to = go_to
        self._shots = shots
        self._read = read
        self._write = write
        self._frame_count = 0
        self._in_frame: int | None = None
        self._out_frame: int | None = None
        for action_id, handler in {
            "mark_in": lambda: self.mark_in(playhead()),
            "mark_out": lambda: self.mark_out(playhead()),
            "mark_shot": self._mark_shot_here,
            "clear_marks": self.clear,
            "go_to_in": lambda: self._visit(self._in_frame),
            "go_to_out": lambda: self._visit(self._out_frame),
        }.items():
            actions[action_id].triggered.connect(lambda _=False, handler=handler: handler())
        actions["play_loop"].setCheckable(True)
        actions["play_loop"].toggled.connect(self._player.set_looping)
        self._refresh()

    @property
    def in_frame(self) -> int | None:
        """The first frame of what is marked."""
        return self._in_frame

    @property
    def out_frame(self) -> int | None:
        """The last frame of what is marked."""
        return self._out_frame

    def open(self, frame_count: int) -> None:
        """Another film is open: mark what was marked in it last."""
        self._frame_count = frame_count
        self._take(*_stored(self._read(), frame_count))

    def close(self) -> None:
        """No film is open; what is stored stays."""
        self._frame_count = 0
        self._take(None, None)

    def mark_in(self, frame: int) -> None:
        """Begin at `frame`; an out before it is no longer one."""
        out = self._out_frame
        self._change(frame, out if out is not None and out >= frame else None)

    def mark_out(self, frame: int) -> None:
        """End with `frame`; an in behind it is no longer one."""
        start = self._in_frame
        self._change(start if start is not None and start <= frame else None, frame)

    def mark_shot(self, shot: Shot) -> None:
        """Mark all of `shot`."""
        self._change(shot.start_frame, shot.end_frame - 1)

    def set_frames(self, in_frame: int | None, out_frame: int | None) -> None:
        """Mark from one frame to the other, whichever is the earlier one."""
        if in_frame is not None and out_frame is not None and in_frame > out_frame:
            in_frame, out_frame = out_frame, in_frame
        self._change(in_frame, out_frame)

    def clear(self) -> None:
        """Mark nothing."""
        self._change(None, None)

    def _mark_shot_here(self) -> None:
        shots = self._shots()
        at = bisect_right(shots, self._playhead(), key=lambda shot: shot.start_frame) - 1
        if at >= 0:
            self.mark_shot(shots[at])

    def _visit(self, frame: int | None) -> None:
        if frame is not None:
            self._go_to(frame)

    def _change(self, in_frame: int | None, out_frame: int | None) -> None:
        if not self._frame_count:
            return
        in_frame, out_frame = (
            None if frame is None else min(max(0, frame), self._frame_count - 1)
            for frame in (in_frame, out_frame)
        )
        if (in_frame, out_frame) != (self._in_frame, self._out_frame):
            self._take(in_frame, out_frame)
            self._write({"in": in_frame, "out": out_frame})

    def _take(self, in_frame: int | None, out_frame: int | None) -> None:
        self._in_frame, self._out_frame = in_frame, out_frame
        self._player.set_range(in_frame, out_frame)
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        has_film = self._frame_count > 0
        has_in, has_out = self._in_frame is not None, self._out_frame is not None
        for action_id, can_do in {
            "mark_in": has_film,
            "mark_out": has_film,
            "mark_shot": has_film,
            "clear_marks": has_in or has_out,
            "go_to_in": has_in,
            "go_to_out": has_out,
            "play_loop": has_film,
        }.items():
            self._actions[action_id].setEnabled(can_do)


def _stored(value: object, frame_count: int) -> tuple[int | None, int | None]:
    """In and out as they were stored, as far as they can be those of a film of so many frames."""
    if not isinstance(value, dict):
        return None, None
    start, end = (
        frame if type(frame) is int and 0 <= frame < frame_count else None
        for frame in (value.get("in"), value.get("out"))
    )
    if start is not None and end is not None and start > end:
        return None, None
    return start, end
