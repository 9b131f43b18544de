"""The timeline under the editor's hands: scrub, select, drag seams, marks and threshold, zoom, pan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from seamline.project.types import Seam
from seamline_resources import palette
from seamline_widgets.own_keys import keeps_escape
from seamline_widgets.timeline_band import Selection
from seamline_widgets.timeline_drags import (
    BandDrag,
    Drag,
    Hand,
    MarkDrag,
    PanDrag,
    ScrubDrag,
    ThresholdDrag,
)
from seamline_widgets.timeline_grips import USUAL_THRESHOLD, Grip, Thing
from seamline_widgets.timeline_pointed import PointedTimeline
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_seam_drags import EdgeDrag, MoveDrag, StretchDrag
from seamline_widgets.timeline_seams import Part

_SCROLL_EVERY_MS = 30
_SCROLL_SHARE = 0.04  # of the visible part, at most, each time
_SCROLL_FULL_PX = 160  # beyond the end of the view, for that much

_NO_KEY, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_THRESHOLD_STEPS = {Qt.Key.Key_PageUp: 0.05, Qt.Key.Key_PageDown: -0.05}
_ENDING_EVENTS = {QEvent.Type.WindowDeactivate, QEvent.Type.UngrabMouse, QEvent.Type.Hide}


class TimelineView(PointedTimeline):
    """The whole film, or a part of it, to look at and to work on.

    The left button scrubs, selects seams by line or flag, and drags them by their flag: a gradual seam by its middle or
    by one end, with Shift by both, and all that are selected together. Shift and click selects up to a seam, Ctrl and
    click one more; a band drawn where no flag is, or with Ctrl anywhere, those in it. What is dragged snaps, or with
    Ctrl pressed meanwhile does not; Esc gives a drag up. A double click on a seam goes there. The wheel or a pinch
    zooms about the mouse; Shift and wheel, the sideways wheel, the middle button, or Alt and the left button pan. With
    the focus, Page Up and Page Down move the threshold.

    `scrubbed(frame)`: the user wants to see this frame, many times in a drag.
    `seam_selected(id)`: the user chose a seam, or by scrubbing none (an empty id).
    `seams_selected(ids)`: the user chose any number of seams; a tuple, the leading one first.
    `seam_dragged(id, out_frame, in_frame)`: where the seam under the hand is now, many times in a drag;
    `drag_ended(id)`: once after that, when what the drag came to was said, or it was given up.
    `seam_moved(id, out_frame, in_frame)`: once, when a drag ends at other frames.
    `seams_moved(moves)`: the same of several, a tuple of such triples.
    `threshold_moved(value)`: while it is dragged; `threshold_set(value)`: where it was left.
    `in_out_moved(in_frame, out_frame)`: once, when a drag ends; a point that is not set is None.
    `shot_clicked(start_frame)`, `shot_activated(start_frame)`: a click, a double click on a shot's name.
    `label_clicked(kind, start_frame, global_position)`: a click on a shot's scale or movement; see `PointedTimeline`.
    `hit_clicked(frame)`: a click on a hit of a search.
    """

    scrubbed = Signal(int)
    seam_selected = Signal(str)
    seams_selected = Signal(tuple)
    seam_dragged = Signal(str, int, int)
    drag_ended = Signal(str)
    seam_moved = Signal(str, int, int)
    seams_moved = Signal(tuple)
    threshold_moved = Signal(float)
    threshold_set = Signal(float)
    in_out_moved = Signal(object, object)
    shot_activated = Signal(int)
    hit_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drag: Drag | None = None
        self._is_snapping = True
        self._has_key_focus = False
        super().__init__(parent)
        self._scrolling = QTimer(self, interval=_SCROLL_EVERY_MS)
        self._scrolling.timeout.connect(self._scroll_on)
        self.setMouseTracking(True)
        # clicks take the focus so that Esc can end a drag; but two keys move the threshold, the window has all others
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_film(self, frame_count: int, timecode_of: Callable[[int], str], nominal_rate: int = 25) -> None:
        self._lose_drag()
        super().set_film(frame_count, timecode_of, nominal_rate)

    def set_seams(self, seams: Sequence[Seam]) -> None:
        """Show these seams; the selection, or a drag, of one that is no longer there ends."""
        super().set_seams(seams)
        if self._drag is not None and not self._drag.seams_changed():
            self._lose_drag()

    def set_selected(self, seam_id: str | None, others: Sequence[str] = ()) -> None:
        super().set_selected(seam_id, others)
        if self._drag is not None:
            self._drag.selection_changed()

    def set_snapping(self, on: bool) -> None:
        """Whether drags snap to seams, marks and the playhead."""
        self._is_snapping = on

    def snaps(self, hand: Hand) -> bool:
        """Whether a drag snaps now: Ctrl, pressed while one drags, inverts what is set."""
        return self._is_snapping != bool(hand.keys & _CTRL)

    def show_drag(
        self,
        *,
        previews: dict[str, tuple[int, int]] | None = None,
        band: tuple[float, float] | None = None,
        snapped_frame: int | None = None,
    ) -> None:
        """Show what a drag comes to, and nothing else of the kind."""
        self._previews = previews or {}
        self._band = band
        self._snapped_frame = snapped_frame
        self.update()

    def show_selection(self, selection: Selection) -> None:
        """Emphasise these seams, without a word to the outside."""
        self._selected_id, self._selected_ids = selection.leading, selection.ids
        self.update()

    def show_scale(self, scale: TimeScale) -> None:
        """Show this part of the film."""
        self._set_scale(scale)

    def show_threshold_hot(self, is_hot: bool) -> None:
        """Emphasise the threshold's line, since the mouse can or does hold it."""
        if is_hot != self._threshold_is_hot:
            self._threshold_is_hot = is_hot
            self.update()

    def emit_selection(self, selection: Selection) -> None:
        """The user has chosen these seams."""
        self.show_selection(selection)
        self.seams_selected.emit(selection.ordered(self._seams))

    def select(self, seam_id: str | None) -> None:
        """The user has chosen that seam alone, or none."""
        selection = Selection.of(seam_id)
        if selection != self.sight().selection:
            self.show_selection(selection)
            self.seam_selected.emit(seam_id or "")

    def scrub_to(self, frame: int) -> None:
        """The user wants to see this frame."""
        # what is selected and out of sight must not be what the delete key deletes
        self.select(None)
        self.set_playhead(frame)
        self.scrubbed.emit(frame)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._frame_count or self._drag is not None:
            return
        drag = self._drag_for(event.button(), Hand(event.position(), event.modifiers()))
        self._drag = drag
        if drag is not None:
            if drag.has_begun and drag.cursor is not None:
                self.setCursor(drag.cursor)
            drag.press()
            self._hover_frame = drag.read_frame()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._frame_count:
            return
        hand = Hand(event.position(), event.modifiers())
        if self._drag is not None and not event.buttons() & self._drag.button:
            self._give_up()  # the release went to a menu or to another window
        if self._drag is None:
            self._show_cursor(hand.position)
            self._hover_frame = self._scale.frame_at(hand.x)
        else:
            self._follow(self._drag, hand)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or event.button() is not self._drag.button:
            return
        drag = self._take_drag()
        self._show_cursor(event.position())
        if drag is not None:
            (drag.drop if drag.has_begun else drag.click)()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        is_plain = event.button() is Qt.MouseButton.LeftButton and event.modifiers() == _NO_KEY
        if (
            not self._frame_count
            or not is_plain
            or self._drag is not None
            or self.hit_at(position) is not None
        ):
            self.mousePressEvent(event)
            return
        grip = self._grip_at(position)
        if grip.thing is Thing.THRESHOLD:
            self.set_threshold(USUAL_THRESHOLD)
            self.threshold_set.emit(USUAL_THRESHOLD)
        elif grip.thing in (Thing.FLAG, Thing.LINE):
            seam = self._seams.seams[self._seams.index_of(grip.seam_id) or 0]
            self.set_playhead(seam.cut_frame)
            self.scrubbed.emit(seam.cut_frame)
        elif grip.thing is Thing.SHOT:
            self.shot_activated.emit(grip.start_frame)
        elif grip.thing is not Thing.LABEL:  # the first of the two clicks has asked for its menu
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover_frame = None
        self._hover_label(None)
        self.show_threshold_hot(isinstance(self._drag, ThresholdDrag))
        self.update()

    def event(self, event: QEvent) -> bool:
        # while something is dragged, Esc belongs to the drag and to no shortcut of the window
        if self._drag is not None and keeps_escape(event):
            return True
        if event.type() in _ENDING_EVENTS:
            self._give_up()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._has_key_focus:
            painter = QPainter(self)
            painter.setPen(QColor(palette.ACCENT))
            painter.drawRect(0, 0, self.width() - 1, self.rows.ruler_bottom - 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._has_key_focus = event.reason() in _BY_TAB
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._has_key_focus = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._drag is not None:
            self._give_up()
        elif event.key() in _THRESHOLD_STEPS and self._threshold is not None and not self._is_held():
            value = round(self._threshold + _THRESHOLD_STEPS[Qt.Key(event.key())], 2)
            self.threshold_set.emit(min(max(value, 0.0), 1.0))
        elif not self._follow_key(event, is_down=True):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._follow_key(event, is_down=False):
            event.ignore()

    def _is_held(self) -> bool:
        return self._drag is not None

    def _drag_for(self, button: Qt.MouseButton, hand: Hand) -> Drag | None:
        """What a press there begins."""
        is_left = button is Qt.MouseButton.LeftButton
        if button is Qt.MouseButton.MiddleButton or (is_left and hand.keys & _ALT):
            return PanDrag(self, button, hand)
        if not is_left:
            return None
        hit = None if hand.keys else self.hit_at(hand.position)
        if hit is not None:
            return ScrubDrag(self, button, hand, partial(self.hit_clicked.emit, hit))
        grip = self._grip_at(hand.position)
        thing = grip.thing
        if hand.keys & _CTRL:
            return BandDrag(self, button, hand, partial(self._toggle, grip.seam_id))
        if thing is Thing.BETWEEN_FLAGS:
            return BandDrag(self, button, hand, partial(self._click_between, hand))
        if thing is Thing.THRESHOLD:
            return ThresholdDrag(self, button, hand)
        if thing in (Thing.IN_POINT, Thing.OUT_POINT):
            return MarkDrag(self, button, hand, is_out=thing is Thing.OUT_POINT)
        if thing in (Thing.FLAG, Thing.LINE):
            return self._seam_drag(button, hand, grip)
        if thing is Thing.SHOT:
            return ScrubDrag(self, button, hand, partial(self.shot_clicked.emit, grip.start_frame))
        if grip.label is not None:
            at = self.mapToGlobal(hand.position.toPoint())
            return ScrubDrag(self, button, hand, partial(self._choose_label, grip.label, at))
        return ScrubDrag(self, button, hand)

    def _seam_drag(self, button: Qt.MouseButton, hand: Hand, grip: Grip) -> Drag:
        seam_id, is_flag = grip.seam_id, grip.thing is Thing.FLAG
        if hand.keys & _SHIFT:
            up_to_it = partial(self._select_up_to, seam_id)
            if is_flag:
                return StretchDrag(self, button, hand, seam_id, up_to_it)
            return ScrubDrag(self, button, hand, up_to_it)
        if seam_id not in self._selected_ids:
            self.select(seam_id)
        if not is_flag:
            return ScrubDrag(self, button, hand, partial(self.select, seam_id))
        if grip.part is Part.WHOLE:
            return MoveDrag(self, button, hand, seam_id)
        return EdgeDrag(self, button, hand, seam_id, grip.part)

    def _follow(self, drag: Drag, hand: Hand) -> None:
        had_begun = drag.has_begun
        drag.follow(hand)
        if self._drag is not drag:
            return  # what it said has ended it
        self._hover_frame = drag.read_frame()
        if drag.has_begun and not had_begun and drag.cursor is not None:
            self.setCursor(drag.cursor)
        if drag.has_begun and drag.scrolls and self._beyond_px(hand.x) and not self._scrolling.isActive():
            self._scrolling.start()

    def _follow_key(self, event: QKeyEvent, *, is_down: bool) -> bool:
        """Let a drag know that Ctrl, which turns snapping, went down or up."""
        drag = self._drag
        if drag is None or event.key() != Qt.Key.Key_Control:
            return False
        keys = drag.hand.keys | _CTRL if is_down else drag.hand.keys & ~_CTRL
        self._follow(drag, Hand(drag.hand.position, keys))
        return True

    def _take_drag(self) -> Drag | None:
        """End the drag, show nothing of it any more, and give it back."""
        drag, self._drag = self._drag, None
        if drag is not None:
            drag.end()
            self._scrolling.stop()
            self.show_drag()
            self.unsetCursor()
        return drag

    def _lose_drag(self) -> None:
        if (drag := self._take_drag()) is not None:
            drag.lose()

    def _give_up(self) -> None:
        drag = self._take_drag()
        if drag is not None and drag.has_begun:
            drag.give_up()

    def _scroll_on(self) -> None:
        drag = self._drag
        beyond_px = self._beyond_px(drag.hand.x) if drag is not None else 0.0
        share = _SCROLL_SHARE * min(max(-1.0, beyond_px / _SCROLL_FULL_PX), 1.0)
        scale = self._scale.panned(share * self._scale.span)
        if drag is None or scale == self._scale:
            self._scrolling.stop()
            return
        self._set_scale(scale)
        self._follow(drag, drag.hand)

    def _beyond_px(self, x: float) -> float:
        """How far beyond the left (negative) or right end; the last pixel is beyond, as screens end there too."""
        return min(0.0, x - 1) + max(0.0, x + 2 - self.width())

    def _show_cursor(self, position: QPointF) -> None:
        grip = self._grip_at(position)
        self._hover_label(grip.label)
        self.show_threshold_hot(grip.thing is Thing.THRESHOLD)
        is_hit = grip.thing is not Thing.THRESHOLD and self.hit_at(position) is not None
        cursor = Qt.CursorShape.PointingHandCursor if is_hit else grip.cursor
        if cursor is None:
            self.unsetCursor()
        else:
            self.setCursor(cursor)

    def _click_between(self, hand: Hand) -> None:
        if not hand.keys & _SHIFT:  # nothing is there to be added
            self.scrub_to(self._scale.frame_at(hand.x))

    def _toggle(self, seam_id: str) -> None:
        if seam_id:
            self.emit_selection(self.sight().selection.toggled(self._seams, seam_id))

    def _select_up_to(self, seam_id: str) -> None:
        self.emit_selection(self.sight().selection.up_to(self._seams, seam_id))
