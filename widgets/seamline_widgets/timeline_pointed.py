"""What the timeline says of the thing under the mouse: its tool tip, and a label that stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent
from PySide6.QtWidgets import QToolTip

from seamline_widgets.timeline_band import Selection
from seamline_widgets.timeline_grips import Grip, Sight, grip_at, grip_text
from seamline_widgets.timeline_labels import LabelBlock, LabelKind, LabelRow, LabelSpot
from seamline_widgets.timeline_matches import MatchTimeline
from seamline_widgets.timeline_rows import LABELS_PX


class PointedTimeline(MatchTimeline):
    """`label_clicked(kind, start_frame, global_position)`: the user wants to choose that shot's label.

    `kind` is "scale" or "movement"; the shot may have no label yet. By a click, or what asks for a menu there.
    `shot_clicked(start_frame)` comes before it, as from the row of shots.
    """

    shot_clicked = Signal(int)
    label_clicked = Signal(str, int, QPoint)

    def sight(self) -> Sight:
        """The timeline as it is, for a drag."""
        return Sight(
            scale=self._scale,
            rows=self._rows,
            frame_count=self._frame_count,
            seams=self._seams,
            faint=self._faint,
            shots=self._shots,
            labels=self._labels,
            selection=Selection(self._selected_id, self._selected_ids),
            playhead=self._playhead,
            in_out=self._in_out,
            threshold=self._threshold,
        )

    def set_shot_labels(self, scale: Sequence[LabelBlock], movement: Sequence[LabelBlock]) -> None:
        """Show these labels below the shots."""
        rows = LabelRow("scale", scale), LabelRow("movement", movement)
        self._labels = replace(self._labels, scale=rows[0], movement=rows[1])
        self.update()

    def set_footage(self, blocks: Sequence[LabelBlock]) -> None:
        """Show which shots were taken together, below their labels."""
        self._labels = replace(self._labels, footage=LabelRow("footage", blocks))
        self.update()

    def label_position(self, kind: LabelKind, frame: int) -> QPoint | None:
        """On the screen, where a menu for that label of the shot at `frame` opens: below it, at the left of what is in
        view of it; None where nothing of it is.

        Where the labels are hidden, below the shots.
        """
        block = self._shots.at(frame) or self._labels.of(kind).at(frame)
        first, end = (frame, frame + 1) if block is None else (block.start_frame, block.end_frame)
        left, right = self._scale.x_of(first), self._scale.x_of(end)
        if not self._frame_count or not self.isVisible() or right < 1 or left > self.width() - 1:
            return None
        x = max(0.0, left)
        below = 1 + self._labels.shown.index(kind) if kind in self._labels.shown else 0
        return self.mapToGlobal(QPoint(round(x), self._rows.plot_bottom + (below + 1) * LABELS_PX))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        # by the key, the position is none of the mouse's
        spot = self._hovered_label if is_key else self._label_at(QPointF(event.pos()))
        if spot is None or self._is_held():
            event.ignore()
            return
        self._choose_label(spot, event.globalPos())

    def tip_at(self, position: QPoint) -> str:
        """What there is to say of what is under the mouse, empty where there is nothing."""
        texts = (self.mark_text, self.match_text, self.hit_text, self.grip_text, self.camera_text)
        return next((text for text_of in texts if (text := text_of(position))), "")

    def mark_text(self, position: QPoint) -> str:
        """What the mark of a difference under the mouse says, empty where there is none."""
        mark = self._marks.at(self._scale, position, self._rows.curve_bottom)
        return "" if mark is None else mark.text

    def grip_text(self, position: QPoint) -> str:
        """What the thing under the mouse is, and how it is held."""
        return grip_text(self.sight(), QPointF(position), self._timecode_of) if self._frame_count else ""

    def camera_text(self, position: QPoint) -> str:
        """How fast the camera moves at the frame under the mouse."""
        if not (self._frame_count and self._rows.labels_bottom <= position.y() < self._rows.ruler_top):
            return ""
        return self._camera.text_at(self._scale.frame_at(position.x()))

    def _grip_at(self, position: QPointF) -> Grip:
        return grip_at(self.sight(), position)

    def _label_at(self, position: QPointF) -> LabelSpot | None:
        return self._grip_at(position).label if self._frame_count else None

    def _hover_label(self, spot: LabelSpot | None) -> None:
        """Make that label stand out, or none."""
        if spot != self._hovered_label:
            self._hovered_label = spot
            self.update()

    def _choose_label(self, spot: LabelSpot, global_position: QPoint) -> None:
        self.shot_clicked.emit(spot.start_frame)
        self.label_clicked.emit(spot.kind, spot.start_frame, global_position)
