"""What a held mouse button does on the timeline: a class for every kind of drag.

Drags read the timeline through `TimelineView.sight()`, show what they do through `show_drag` and the setters,
and say through the view's signals what the user wants.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, QTimer

from seamline_widgets.timeline_band import Selection
from seamline_widgets.timeline_snap import SnapTargets

if TYPE_CHECKING:
    from seamline_widgets.timeline import TimelineView

DRAG_PX = 3
_SHIFT_OR_CTRL = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
_THRESHOLD_EVERY_MS = 30


@dataclass(frozen=True, slots=True)
class Hand:
    """Where the mouse is, in pixels of the timeline, and which modifier keys are down."""

    position: QPointF
    keys: Qt.KeyboardModifier

    @property
    def x(self) -> float:
        return self.position.x()

    @property
    def y(self) -> float:
        return self.position.y()


class Drag:
    """A held button: `press`, `follow` with every move, `end`, and then `click`, `drop` or `give_up`.

    Only beyond a few pixels does it become a drag, unless it begins at once; a release before that is a click.
    """

    cursor: Qt.CursorShape | None = None
    scrolls = False  # beyond the left or right end the view moves on

    def __init__(self, view: TimelineView, button: Qt.MouseButton, hand: Hand) -> None:
        self.view = view
        self.button = button
        self.start = self.hand = hand
        self.has_begun = False
        # frames, not pixels: the view may move under the mouse
        self.start_place = view.sight().scale.place_at(hand.x)

    def press(self) -> None:
        """The button went down."""

    def follow(self, hand: Hand) -> None:
        """The mouse, the modifier keys or the view have moved."""
        self.hand = hand
        if not self.has_begun and self._distance_px() >= DRAG_PX:
            self.has_begun = True
            self.begin()
        if self.has_begun:
            self.move()

    def begin(self) -> None:
        """The first time that it is a drag."""

    def move(self) -> None:
        """Show what it comes to."""

    def click(self) -> None:
        """The button was released before it was a drag."""

    def drop(self) -> None:
        """The button was released."""

    def give_up(self) -> None:
        """The user, or the system, ends it: all is as before."""

    def end(self) -> None:
        """It is over, one way or another."""

    def lose(self) -> None:
        """The film was closed, or what was held is no longer there; neither `drop` nor `give_up` is called."""

    def read_frame(self) -> int | None:
        """The frame to read off: the one under the mouse, or beside it where what is held has snapped to."""
        return self.view.sight().scale.frame_at(self.hand.x)

    def seams_changed(self) -> bool:
        """Whether it can go on with the seams that are there now."""
        return True

    def selection_changed(self) -> None:
        """What is selected was set from outside."""

    def place(self) -> float:
        """Where the mouse is, in frames, at most at the end of what can be seen."""
        scale = self.view.sight().scale
        return scale.place_at(min(max(0.0, self.hand.x), scale.width_px))

    def frames_moved(self) -> int:
        """How far the mouse has come, in whole frames."""
        return round(self.place() - self.start_place)

    def _distance_px(self) -> float:
        return abs(self.hand.x - self.start.x)


class PanDrag(Drag):
    """Moves the view."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: TimelineView, button: Qt.MouseButton, hand: Hand) -> None:
        super().__init__(view, button, hand)
        self._start_scale = view.sight().scale
        self.has_begun = True

    def move(self) -> None:
        by_px = self.start.x - self.hand.x
        self.view.show_scale(self._start_scale.panned(by_px / self._start_scale.frame_px))

    def give_up(self) -> None:
        self.view.show_scale(self._start_scale)


class ScrubDrag(Drag):
    """Shows the frame under the mouse; at once, or where a click means something else, as soon as it is a drag."""

    scrolls = True

    def __init__(
        self,
        view: TimelineView,
        button: Qt.MouseButton,
        hand: Hand,
        on_click: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(view, button, hand)
        self._on_click = on_click
        self._frame: int | None = None
        self.has_begun = on_click is None

    def press(self) -> None:
        if self.has_begun:
            self.move()

    def move(self) -> None:
        sight = self.view.sight()
        frame = sight.scale.frame_at(self.hand.x)
        snapped = None
        if self.view.snaps(self.hand):
            marks = [mark for mark in sight.in_out if mark is not None]
            targets = SnapTargets((0, sight.frame_count - 1, *marks), sight.seams.cut_frames)
            # from the middle of a frame to the middle of another
            snapped = targets.nearest(self.place() - 0.5, sight.scale.frame_px)
        self.view.show_drag(snapped_frame=snapped)
        frame = frame if snapped is None else snapped
        if frame != self._frame:
            self._frame = frame
            self.view.scrub_to(frame)

    def read_frame(self) -> int | None:
        return super().read_frame() if self._frame is None else self._frame

    def click(self) -> None:
        if self._on_click is not None:
            self._on_click()


class BandDrag(Drag):
    """Selects the seams in a band; with Shift or Ctrl, in addition to what is selected."""

    scrolls = True

    def __init__(
        self, view: TimelineView, button: Qt.MouseButton, hand: Hand, on_click: Callable[[], None]
    ) -> None:
        super().__init__(view, button, hand)
        self._on_click = on_click
        self._before = view.sight().selection
        self._adds = bool(hand.keys & _SHIFT_OR_CTRL)

    def move(self) -> None:
        sight = self.view.sight()
        first, end = sorted(
            min(max(0.0, p), float(sight.frame_count)) for p in (self.start_place, self.place())
        )
        base = self._before if self._adds else Selection()
        self.view.show_drag(band=(first, end))
        self.view.show_selection(base.with_added(sight.seams, sight.seams.between(first, end)))

    def click(self) -> None:
        self._on_click()

    def drop(self) -> None:
        selection = self.view.sight().selection
        if selection != self._before:
            self.view.emit_selection(selection)

    def give_up(self) -> None:
        self.view.show_selection(self._before.within(self.view.sight().seams))

    def seams_changed(self) -> bool:
        if self.has_begun:
            self.move()
        return True

    def selection_changed(self) -> None:
        if self.has_begun:
            self.move()


class MarkDrag(Drag):
    """Moves the in point or the out point."""

    cursor = Qt.CursorShape.SplitHCursor
    scrolls = True

    def __init__(self, view: TimelineView, button: Qt.MouseButton, hand: Hand, *, is_out: bool) -> None:
        super().__init__(view, button, hand)
        self._before = view.sight().in_out
        self._is_out = is_out

    def move(self) -> None:
        sight, (in_frame, out_frame) = self.view.sight(), self._before
        # the out point is the last frame of the range: its handle stands where that frame ends
        past = int(self._is_out)
        handle = (self._before[past] or 0) + past + self.frames_moved()
        snapped = None
        if self.view.snaps(self.hand):
            targets = SnapTargets((sight.playhead + past,), sight.seams.cut_frames)
            snapped = targets.nearest(handle, sight.scale.frame_px)
        frame = (handle if snapped is None else snapped) - past
        last = sight.frame_count - 1
        if self._is_out:
            out_frame = min(max(frame, in_frame or 0), last)
        else:
            in_frame = max(0, min(frame, last if out_frame is None else out_frame))
        self.view.show_drag(snapped_frame=snapped if snapped in (in_frame, (out_frame or 0) + 1) else None)
        self.view.set_in_out(in_frame, out_frame)

    def read_frame(self) -> int | None:
        return self.view.sight().in_out[int(self._is_out)]

    def drop(self) -> None:
        in_out = self.view.sight().in_out
        if in_out != self._before:
            self.view.in_out_moved.emit(*in_out)

    def give_up(self) -> None:
        self.view.set_in_out(*self._before)


class ThresholdDrag(Drag):
    """Moves the threshold; says so while it is dragged, but not more often than the seams can follow."""

    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, view: TimelineView, button: Qt.MouseButton, hand: Hand) -> None:
        super().__init__(view, button, hand)
        self._before = self._value = self._said = view.sight().threshold or 0.0
        self._pause = QTimer(singleShot=True, interval=_THRESHOLD_EVERY_MS)
        self._pause.timeout.connect(self._say)
        view.show_threshold_hot(True)

    def move(self) -> None:
        rows = self.view.sight().rows
        y = rows.y_of(self._before) + self.hand.y - self.start.y
        self._value = round(self.view.value_at(y), 2)
        self.view.set_threshold(self._value)
        if not self._pause.isActive():
            self._say()

    def read_frame(self) -> int | None:
        return None

    def drop(self) -> None:
        self.view.threshold_set.emit(self._value)

    def give_up(self) -> None:
        self._value = self._before
        self.view.set_threshold(self._before)
        self._say()

    def end(self) -> None:
        self._pause.stop()
        self.view.show_threshold_hot(False)

    def _say(self) -> None:
        if self._value != self._said:
            self._said = self._value
            self._pause.start()
            self.view.threshold_moved.emit(self._value)

    def _distance_px(self) -> float:
        return abs(self.hand.y - self.start.y)
