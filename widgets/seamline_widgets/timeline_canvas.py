"""The timeline without hands: what it shows, and how it is set; `timeline.py` adds mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from seamline.project.types import Seam
from seamline_resources import palette
from seamline_widgets.timeline_camera import CameraRow
from seamline_widgets.timeline_curve import CurveRow
from seamline_widgets.timeline_filmstrip import FilmstripRow
from seamline_widgets.timeline_label_paint import LabelPainter
from seamline_widgets.timeline_labels import LABEL_KINDS, LabelSpot, RowKind, ShotLabelRows
from seamline_widgets.timeline_layer import layer_pixmap
from seamline_widgets.timeline_marks import Mark, MarkRow
from seamline_widgets.timeline_minimap import Minimap
from seamline_widgets.timeline_moving import Moving, paint_moving
from seamline_widgets.timeline_paint import TimelinePainter, TimelineState
from seamline_widgets.timeline_raster import Floats
from seamline_widgets.timeline_rows import FLAGS_PX, MAP_PX, TimelineRows
from seamline_widgets.timeline_scale import MIN_VISIBLE_FRAMES, TimeScale, frames_of
from seamline_widgets.timeline_seams import SeamRow
from seamline_widgets.timeline_sheet import Sheet, small_font
from seamline_widgets.timeline_shots import ShotBlock, ShotRow
from seamline_widgets.timeline_waveform import WaveformRow
from seamline_widgets.timeline_wishes import PictureWishes
from seamline_widgets.timeline_words import TimelineWords

EMPTY_HINT = "The similarity of neighbouring frames and the seams appear here"
_TOLD_AFTER_MS = 200  # a screen reader hears where things came to rest, not each frame on the way

_LayerKey = tuple[TimelineState, TimelineRows, int, float]


class TimelineCanvas(QWidget):
    """Flags above, the similarity curve in the middle, below it the shots, a ruler, and a map of the whole film.

    x is the frame number, y the similarity of a frame to the one before, 0 to 1, and the confidence of what is
    proposed. More rows can be shown: pictures above the curve, the loudness of the sound below it, the labels of shots
    below these, and how the camera moves.
    `pictures_wanted(tuple of Wish)`: the view rests, and these pictures (see `FilmstripRow.wishes`) are missing there.
    """

    pictures_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve = CurveRow()
        self._minimap = Minimap(self)
        self._minimap.view_wanted.connect(self.show_frames)
        self._filmstrip = FilmstripRow()
        self._wishes = PictureWishes(self._filmstrip, self)
        self._wishes.wanted.connect(self.pictures_wanted)
        self._waveform = WaveformRow(small_font())
        self._camera = CameraRow()
        self._layered = self._curve, self._filmstrip, self._waveform, self._camera
        self._label_painter = LabelPainter()
        self._rows = TimelineRows(self.height())
        self._labels = ShotLabelRows()
        self._layer: tuple[_LayerKey, QPixmap] | None = None
        self._refine = QTimer(self, singleShot=True, interval=0)
        self._refine.timeout.connect(self._refine_pictures)
        self._telling = QTimer(self, singleShot=True, interval=_TOLD_AFTER_MS)
        self._telling.timeout.connect(self._tell)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._threshold: float | None = None
        self.setMinimumHeight(self._rows.least_height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Timeline")
        self.clear()
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(960, self._rows.usual_height)

    def set_film(self, frame_count: int, timecode_of: Callable[[int], str], nominal_rate: int = 25) -> None:
        """Show an empty timeline for a film of `frame_count` frames.

        `timecode_of(frame)` gives the label `hh:mm:ss:ff`; `nominal_rate`: the frames it counts to a second.
        """
        self._frame_count = frame_count
        self.set_labels(timecode_of, nominal_rate)
        self._scale = TimeScale.fitted(frame_count, max(1, self.width()))
        self._seams = SeamRow()
        self._marks = MarkRow()
        self._selected_id: str | None = None
        self._selected_ids: frozenset[str] = frozenset()
        self._previews: dict[str, tuple[int, int]] = {}
        self._band: tuple[float, float] | None = None
        self._snapped_frame: int | None = None
        self._in_out: tuple[int | None, int | None] = (None, None)
        self._threshold_is_hot = False
        self._shots = ShotRow()
        self._labels = ShotLabelRows(shown=self._labels.shown)
        self._hovered_label: LabelSpot | None = None
        self._camera.set_motion((), nominal_rate)
        self._faint = SeamRow()
        self._analysed_frames = self._playhead = 0
        self._hover_frame: int | None = None
        self._values: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._curve.set_values(self._values)
        self._minimap.set_film(frame_count)
        self._minimap.setVisible(frame_count > 0)
        self._filmstrip.clear()
        self._wishes.forget()
        self._waveform.clear(frame_count)
        self._show_scale()

    def set_labels(self, timecode_of: Callable[[int], str], nominal_rate: int) -> None:
        """Label the frames of the same film anew; what is shown of it stays."""
        # the same few labels stand on the ruler in every paint
        self._timecode_of = lru_cache(maxsize=4096)(timecode_of)
        self._nominal_rate = nominal_rate
        self._first_label_frame = frames_of(timecode_of(0), nominal_rate) if self._frame_count else 0
        self.update()

    def clear(self) -> None:
        """Show that there is no film."""
        self.set_film(0, lambda _: "")

    def set_similarity(self, values: NDArray[np.float32]) -> None:
        """Show float32[<= frame_count], 0 to 1, NaN where nothing is known yet. The array is not copied."""
        self._values = values[: self._frame_count]
        self._curve.set_values(self._values)
        self.update()

    def set_rows(
        self,
        *,
        filmstrip: bool,
        waveform: bool,
        labels: bool = True,
        camera: bool = False,
        footage: bool = False,
    ) -> None:
        """Show or hide rows; what they know stays."""
        shown: tuple[RowKind, ...] = (*(LABEL_KINDS if labels else ()), *(("footage",) if footage else ()))
        self._labels = replace(self._labels, shown=shown)
        self._rows = TimelineRows(self.height(), filmstrip, waveform, 1 + len(shown), camera)
        self.setMinimumHeight(self._rows.least_height)
        self.updateGeometry()
        self.update()

    def add_pictures(self, pictures: Iterable[tuple[int, QImage]], *, passing: bool = False) -> None:
        """Put pictures of these frames into the filmstrip, all of about one shape; `passing`: not for long."""
        self._filmstrip.add(pictures, passing=passing)
        self.update()

    def add_loudness(self, start_frame: int, peak: NDArray[np.float32], rms: NDArray[np.float32]) -> None:
        """Show float32[n], 1 for full scale, of the frames from `start_frame` on."""
        self._waveform.put(start_frame, peak, rms)
        self.update()

    def set_sound_note(self, note: str) -> None:
        """Say in a few words why there is no sound to see."""
        self._waveform.set_note(note)
        self.update()

    def set_seams(self, seams: Sequence[Seam]) -> None:
        """Show these seams; the selection of one that is no longer there ends."""
        self._seams = SeamRow(seams)
        self._filmstrip.set_cuts(self._seams.cut_frames.tolist())
        known = {seam.id for seam in self._seams.seams}
        self._selected_ids &= known
        if self._selected_id not in known:
            self._selected_id = None
        self._previews = {id: frames for id, frames in self._previews.items() if id in known}
        self._minimap.set_content(self._seams, self._analysed_frames)
        self.update()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show where a cut list differs; none for an empty sequence."""
        self._marks = MarkRow(marks)
        self.update()

    def set_analysed(self, frames: int) -> None:
        """Hatch the film from frame `frames` on as not analysed yet."""
        self._analysed_frames = frames
        self._minimap.set_content(self._seams, frames)
        self.update()

    def set_selected(self, seam_id: str | None, others: Sequence[str] = ()) -> None:
        """Emphasise that seam, or none, and less strongly the `others` that are selected with it."""
        self._selected_id = seam_id if seam_id else None
        self._selected_ids = frozenset(filter(None, (seam_id, *others)))
        self.update()

    def set_shots(self, blocks: Sequence[ShotBlock]) -> None:
        """Show these in the row of shots."""
        self._shots = ShotRow(blocks)
        self.update()

    def set_camera(self, pan: Floats | None, *tilt_zoom_roll: Floats) -> None:
        """Draw pan, tilt, zoom and roll of each frame, as `CameraRow.set_motion` has them; None for nothing."""
        self._camera.set_motion(() if pan is None else (pan, *tilt_zoom_roll), self._nominal_rate)
        self.update()

    def set_faint(self, seams: Sequence[Seam]) -> None:
        """Show, by their confidence alone, what was proposed below the threshold."""
        self._faint = SeamRow(seams)
        self.update()

    def set_threshold(self, value_01: float | None) -> None:
        """Draw a line at the confidence from which on a proposal counts as a seam; none for None."""
        self._threshold = value_01
        self.update()

    def threshold_y(self) -> float:
        """Where the line of the threshold is, in pixels of this widget; far outside without one."""
        return -1000.0 if self._threshold is None else self._rows.y_of(self._threshold)

    def value_at(self, y: float) -> float:
        """The similarity or confidence, 0 to 1, at that height."""
        return self._rows.value_at(y)

    def set_in_out(self, in_frame: int | None, out_frame: int | None) -> None:
        """Show the range from the in point to the out point, both inclusive; None: there is no such point."""
        self._in_out = in_frame, out_frame
        self._minimap.set_in_out(in_frame, out_frame)
        self.update()

    def set_playhead(self, frame: int, *, playing: bool = False) -> None:
        """Move the playhead and keep it in view: by pages while `playing`, else by centring on it.

        A playing film does not pull the view back to where the user has panned away from.
        """
        was_visible = self._scale.shows(self._playhead)
        self._playhead = frame
        self._minimap.set_playhead(frame)
        if self._frame_count and not self._is_held() and not self._scale.shows(frame):
            if not playing:
                self._set_scale(self._scale.centred_on(frame))
            elif was_visible:
                self._set_scale(self._scale.paged_to(frame))
        self.update()

    @property
    def rows(self) -> TimelineRows:
        """Where the rows lie."""
        return self._rows

    @property
    def playhead(self) -> int:
        """The frame where the playhead stands."""
        return self._playhead

    @property
    def selected_id(self) -> str | None:
        """The id of the emphasised seam."""
        return self._selected_id

    def visible_frames(self) -> tuple[float, float]:
        """The first frame that can be seen and the end of what can be seen."""
        return self._scale.first, self._scale.last

    def x_of(self, frame: float) -> float:
        """The pixel, in this widget, where `frame` begins."""
        return self._scale.x_of(frame)

    def show_frames(self, first: float, last: float) -> None:
        """Show these frames, as far as the film and the closest zoom allow."""
        if self._frame_count and not self._is_held():
            least = min(MIN_VISIBLE_FRAMES, self._frame_count)
            span = min(max(last - first, float(least)), float(self._frame_count))
            self._set_scale(replace(self._scale, first=0.0, span=span).panned(first))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rows = replace(self._rows, height=self.height())
        self._minimap.setGeometry(0, self.height() - MAP_PX, self.width(), MAP_PX)
        self._scale = self._scale.resized(self.width())
        self._show_scale()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        self.paint_rows(painter)
        self._telling.start()

    def paint_rows(self, painter: QPainter) -> None:
        """Paint all but the map of the film."""
        if not self._frame_count:
            painter.fillRect(self.rect(), QColor(palette.SUNKEN))
            painter.setPen(QColor(palette.TEXT_QUIET))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), EMPTY_HINT)
            return
        seams = self._seams.with_frames(self._previews)
        selected = [seams.index_of(seam_id) for seam_id in self._selected_ids]
        starts = [self._seams.seams[at].cut_frame for at in selected if at is not None]
        state = TimelineState(
            scale=self._scale,
            timecode_of=self._timecode_of,
            nominal_rate=self._nominal_rate,
            first_label_frame=self._first_label_frame,
            analysed_frames=self._analysed_frames,
            seams=seams,
            selected=seams.index_of(self._selected_id),
            all_selected=frozenset(at for at in selected if at is not None),
            selected_starts=frozenset(starts),
            faint=self._faint,
            shots=self._shots,
            labels=self._labels,
            threshold=self._threshold,
            threshold_is_hot=self._threshold_is_hot,
            in_out=self._in_out,
            versions=tuple(row.version for row in self._layered),
            has_curves=self._camera.has_curves,
        )
        painter.drawPixmap(0, 0, self._film_layer(state, painter.device().devicePixelRatio()))
        sheet = Sheet(painter, self.width())
        self._marks.paint(painter, self._scale, self._rows.curve_bottom)
        hover = self._hover_frame, self._hover_text()
        moving = Moving(self._playhead, *hover, self._band, self._snapped_frame, self._hovered_label)
        paint_moving(sheet, self._rows, self._scale, moving)

    def _film_layer(self, state: TimelineState, ratio: float) -> QPixmap:
        """All rows without what moves, painted anew only if the film, the view, or the size changed."""
        key = (state, self._rows, self.width(), ratio)
        if self._layer is None or self._layer[0] != key:
            pixmap = layer_pixmap(self._layer[1] if self._layer is not None else None, self.size(), ratio)
            painter = QPainter(pixmap)
            self._paint_film_rows(painter, state.scale)
            sheet = Sheet(painter, self.width())
            TimelinePainter(sheet, self._rows, self._label_painter).paint_film(state)
            painter.end()
            self._layer = key, pixmap
        return self._layer[1]

    def _paint_film_rows(self, painter: QPainter, scale: TimeScale) -> None:
        rows, width = self._rows, self.width()
        if rows.has_strip:
            self._filmstrip.paint(painter, QRect(0, FLAGS_PX, width, rows.strip_px), scale)
            self._wishes.look(scale, rows.strip_px)
            if self._filmstrip.is_rough:
                self._refine.start()
        if rows.has_wave:
            self._waveform.paint(painter, QRect(0, rows.curve_bottom, width, rows.wave_px), scale)
        curve_px = rows.curve_bottom - rows.curve_top
        self._curve.paint(painter, QRect(0, rows.curve_top, width, curve_px), scale)
        if rows.has_camera:
            self._camera.paint(painter, QRect(0, rows.labels_bottom, width, rows.camera_px), scale)

    def _refine_pictures(self) -> None:
        self._filmstrip.refine()
        self.update()

    def _tell(self) -> None:
        """Describe what is shown, for a screen reader."""
        if not self._frame_count:
            self.setAccessibleDescription(EMPTY_HINT)
            return
        places = (self._seams.index_of(seam_id) for seam_id in self._selected_ids)
        selected = [self._seams.seams[at] for at in places if at is not None]
        words = TimelineWords(
            frame_count=self._frame_count,
            timecode_of=self._timecode_of,
            playhead=self._playhead,
            seam_count=len(self._seams),
            selected=selected,
            in_out=self._in_out,
            threshold=self._threshold,
            analysed_frames=self._analysed_frames,
            view=self.visible_frames(),
            labels=self._labels.words_at(self._playhead),
        )
        self.setAccessibleDescription(words.timeline())
        self._minimap.tell(words.shown())

    def _is_held(self) -> bool:
        """Whether the mouse holds the view, which must not be moved under it."""
        return False

    def _hover_text(self) -> str:
        frame = self._hover_frame
        if frame is None:
            return ""
        if self._previews:
            leading = self._previews.get(self._selected_id or "")
            out_frame, in_frame = leading or next(iter(self._previews.values()))
            return f"{self._timecode_of(out_frame)} | {self._timecode_of(in_frame)}"
        known = frame < len(self._values) and bool(np.isfinite(self._values[frame]))
        label = self._timecode_of(frame)
        return f"{label}  {self._values[frame]:.2f}" if known else label

    def _set_scale(self, scale: TimeScale) -> None:
        if scale != self._scale:
            self._scale = scale
            self._show_scale()

    def _show_scale(self) -> None:
        self._minimap.set_view(self._scale.first, self._scale.last)
        self.update()
