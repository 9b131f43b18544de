"""What on the timeline the mouse is on, and what it could hold there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, Qt

from seamline.project.types import Origin
from seamline_resources import palette
from seamline_widgets.percent import percent_text
from seamline_widgets.timeline_band import Selection
from seamline_widgets.timeline_labels import LabelSpot, ShotLabelRows
from seamline_widgets.timeline_rows import FLAGS_PX, LABELS_PX, TimelineRows
from seamline_widgets.timeline_scale import TimeScale
from seamline_widgets.timeline_seams import Part, SeamRow
from seamline_widgets.timeline_shots import ShotRow

# the threshold is held by the label at the right end of its line alone: elsewhere on it one scrubs
_THRESHOLD_HANDLE_PX, _THRESHOLD_REACH_PX = 112, 8
_MARK_REACH_PX = 5
USUAL_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Sight:
    """The timeline as it is; `faint` are proposals that do not count as seams."""

    scale: TimeScale
    rows: TimelineRows
    frame_count: int
    seams: SeamRow
    faint: SeamRow
    shots: ShotRow
    labels: ShotLabelRows
    selection: Selection
    playhead: int
    in_out: tuple[int | None, int | None]
    threshold: float | None


class Thing(Enum):
    """What can be under the mouse; `FILM` is all that there is nothing to hold on."""

    FLAG = "flag"
    LINE = "line"
    BETWEEN_FLAGS = "between flags"
    THRESHOLD = "threshold"
    IN_POINT = "in point"
    OUT_POINT = "out point"
    SHOT = "shot"
    LABEL = "label"
    FILM = "film"


_CURSORS = {
    Thing.FLAG: Qt.CursorShape.SizeHorCursor,
    Thing.LINE: Qt.CursorShape.PointingHandCursor,
    Thing.LABEL: Qt.CursorShape.PointingHandCursor,
    Thing.THRESHOLD: Qt.CursorShape.SizeVerCursor,
    Thing.IN_POINT: Qt.CursorShape.SplitHCursor,
    Thing.OUT_POINT: Qt.CursorShape.SplitHCursor,
}


@dataclass(frozen=True, slots=True)
class Grip:
    """A thing; with it the seam's id and part if it is a flag or a line, the first frame if it is a shot or a label."""

    thing: Thing
    seam_id: str = ""
    part: Part = Part.WHOLE
    start_frame: int = 0
    label: LabelSpot | None = None

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """What the mouse looks like there, None for the usual arrow."""
        if self.thing is Thing.FLAG and self.part is not Part.WHOLE:
            return Qt.CursorShape.SplitHCursor
        return _CURSORS.get(self.thing)


def grip_at(sight: Sight, position: QPointF) -> Grip:
    """What is under that pixel; of things that overlap, the smallest."""
    x, y, scale, rows = position.x(), position.y(), sight.scale, sight.rows
    leading = sight.seams.index_of(sight.selection.leading)
    if y < FLAGS_PX:
        selected = (sight.seams.index_of(seam_id) for seam_id in sight.selection.ids)
        flag = sight.seams.flag_at(scale, x, leading, [at for at in selected if at is not None])
        if flag is None:
            return Grip(Thing.BETWEEN_FLAGS)
        return Grip(Thing.FLAG, sight.seams.seams[flag[0]].id, flag[1])
    if _is_on_threshold(sight, position):
        return Grip(Thing.THRESHOLD)
    if y < rows.plot_bottom:
        at = sight.seams.line_at(scale, x, leading)
        return Grip(Thing.FILM) if at is None else Grip(Thing.LINE, sight.seams.seams[at].id)
    if y < rows.plot_bottom + LABELS_PX:
        block = sight.shots.at(scale.place_at(x))
        return Grip(Thing.FILM) if block is None else Grip(Thing.SHOT, start_frame=block.start_frame)
    if y < rows.ruler_top:
        spot = sight.labels.spot_at(rows, sight.shots, scale.place_at(x), y)
        return (
            Grip(Thing.FILM) if spot is None else Grip(Thing.LABEL, start_frame=spot.start_frame, label=spot)
        )
    return Grip(_mark_at(sight, x) or Thing.FILM) if y < rows.ruler_bottom else Grip(Thing.FILM)


def grip_text(sight: Sight, position: QPointF, timecode_of: Callable[[int], str]) -> str:
    """What that under the mouse is, and how it is held; empty where there is nothing to say."""
    grip = grip_at(sight, position)
    if grip.thing is Thing.THRESHOLD:
        return f"Proposals from here up count as seams: drag, or double-click for {USUAL_THRESHOLD:.2f}"
    if grip.label is not None:
        return sight.labels.text_of(grip.label, sight.shots)
    if grip.thing is not Thing.FLAG:
        return ""
    seam = sight.seams.seams[sight.seams.index_of(grip.seam_id) or 0]
    sure = "Decided by you" if seam.origin is Origin.USER else f"{percent_text(seam.confidence)} sure"
    name = palette.SEAM_LOOKS[seam.kind].name
    return f"{name} at {timecode_of(seam.cut_frame)}\n{sure}\nDrag to move it, with Shift both sides"


def _is_on_threshold(sight: Sight, position: QPointF) -> bool:
    if sight.threshold is None or position.x() < sight.scale.width_px - _THRESHOLD_HANDLE_PX:
        return False
    return abs(position.y() - sight.rows.y_of(sight.threshold)) <= _THRESHOLD_REACH_PX


def _mark_at(sight: Sight, x: float) -> Thing | None:
    in_frame, out_frame = sight.in_out
    # the out point is the last frame of the range: its handle stands where that frame ends
    places = (Thing.IN_POINT, in_frame), (Thing.OUT_POINT, None if out_frame is None else out_frame + 1)
    near = [(abs(sight.scale.x_of(place) - x), thing) for thing, place in places if place is not None]
    distance, thing = min(near, key=lambda one: one[0], default=(_MARK_REACH_PX + 1.0, None))
    return thing if distance <= _MARK_REACH_PX else None
