"""The tabs “Segments” and “Map”: when they are filled, with what, and what their controls do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QImage

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.segmentation import SegmentationSettings
from seamline.analysis.successor import SuccessorMethod
from seamline.analysis.thumbnails_stage import ThumbnailStage, ThumbnailStrip
from seamline.errors import SeamlineError
from seamline.media.film import Film
from seamline_app.folders import Folders
from seamline_app.jobs.frame_source import as_image
from seamline_app.jobs.segment_files_job import SegmentFilesJob
from seamline_app.jobs.segments_job import Divided, SegmentsJob, Undivided
from seamline_app.map_view import MapView
from seamline_app.menus import Menus
from seamline_app.segments_dialogs import ask_for_clips_folder, ask_for_segments_file
from seamline_app.settings import Settings
from seamline_app.views import Views
from seamline_widgets.segment_model import SegmentItem
from seamline_widgets.segments_panel import EMPTY_HINT
from seamline_widgets.shot_model import length_text

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow

ANALYSING = "Analysing…\nThe segments appear when the whole film has been looked at."
NEEDS = "The segments need the film's embeddings."
_DEBOUNCE_MS = 80
_SLOW_MS = 400


class SegmentsView(QObject):
    """Follows the document, the analysis and the player of `window` by itself; `close` it before the end.

    What a tab shows is computed only once it is opened.
    """

    def __init__(
        self,
        window: MainWindow,
        views: Views,
        menus: Menus,
        folders: Folders,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._views = views
        self._folders = folders
        self._settings = settings
        self._analysis = window.analysis
        self._panel = views.segments
        self._film: Film | None = None
        self._strip: ThumbnailStrip | None = None
        self._playhead = 0
        self._is_stale = True
        self._failures: tuple[str, ...] = ()
        self.divided: Divided | None = None
        self.job = SegmentsJob(self)
        self.files = SegmentFilesJob(self)
        self.map = MapView(views.map, self)
        self._wait = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_MS)
        self._panel.controls.set_choices(settings.segment_choices)
        self._connect()
        for index, action in enumerate(menus.tabs):
            action.triggered.connect(lambda _=False, index=index: self._open_tab(index))

    def close(self) -> None:
        """Stop all that runs, and join the threads."""
        self._wait.stop()
        self._slow.stop()
        self.job.close()
        self.files.close()
        self.map.close()

    # -- the film

    def _open_tab(self, index: int) -> None:
        """Open it and give it the keyboard."""
        self._views.side.setCurrentIndex(index)
        self._views.side.tabBar().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _set_playhead(self, _image: QImage, frame: int) -> None:
        self._playhead = frame
        self._panel.set_playhead(frame, follow=True)
        self.map.panel.map.set_playhead(frame)

    def _connect(self) -> None:
        self._analysis.opened.connect(self._on_opened)
        self._analysis.finished.connect(lambda report: self._on_analysis_ended(report.failures))
        for ended in (self._analysis.stopped, self._analysis.failed):
            ended.connect(lambda *_: self._on_analysis_ended())
        self._window.player.picture_ready.connect(self._set_playhead)
        self._views.side.currentChanged.connect(self._refresh)
        self._window.thumbnails.ready.connect(self._show_picture)
        self._wait.timeout.connect(self._divide)
        self._slow.timeout.connect(lambda: self._panel.tell_working())
        self.job.divided.connect(self._on_divided)
        self.job.undivided.connect(self._on_undivided)
        self.job.failed.connect(self._on_refused)
        self._panel.choices_changed.connect(self._on_choices)
        for source in (self._panel.seek_wanted, self.map.panel.map.seek_wanted):
            source.connect(self._window.go_to)
        for source in (self._panel.picture_wanted, self.map.panel.map.picture_wanted):
            source.connect(self._fetch_picture)
        self._panel.export_wanted.connect(self._export)
        self._panel.clips_wanted.connect(self._write_clips)
        self._panel.cancel_wanted.connect(self.files.cancel)
        self.map.content_wanted.connect(self._refresh)
        messages = self._views.messages
        self.files.written.connect(messages.show_info)
        self.files.failed.connect(messages.show_error)
        self.files.stopped.connect(messages.show_info)
        for signal in (self.files.written, self.files.failed, self.files.stopped):
            signal.connect(lambda _: self._panel.set_busy(""))
        self.files.progressed.connect(self._show_progress)

    def _on_opened(self) -> None:
        self._wait.stop()
        self.job.drop()
        self.files.drop()
        self._panel.set_busy("")
        self.divided = None
        document = self._window.document
        self._film = document.film if document is not None else None
        if document is None or self._film is None:
            self._panel.say(EMPTY_HINT)
            self.map.set_film(None, None)
            return
        film, project = self._film, document.project
        cache = AnalysisCache(self._folders.cache)
        self._strip = ThumbnailStrip(
            ThumbnailStage.for_film(film, cache.thumbnail_folder(film.fingerprint)).path
        )
        self.job.open(film, cache)
        self._panel.set_film(film.frame_count, project.timecode, project.timecode_rate.nominal)
        self.map.set_film(film, cache.film_folder(film.fingerprint))
        document.changed.connect(self._on_changed)
        self._begin_anew()

    def _on_analysis_ended(self, failures: tuple[str, ...] = ()) -> None:
        self._failures = failures
        if self._film is not None:
            self.job.open(self._film, AnalysisCache(self._folders.cache))  # more is in the cache than before
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._is_stale = True
        self._refresh()

    def _on_changed(self) -> None:
        """Seams or timecodes are others."""
        document = self._window.document
        if document is not None and document.film is self._film:
            self._panel.set_labels(document.project.timecode, document.project.timecode_rate.nominal)
            self._is_stale = True
            self._refresh()

    def _on_choices(self) -> None:
        self._settings.segment_choices = self._panel.choices
        self._is_stale = True
        self._refresh()

    def _refresh(self, *_: object) -> None:
        """Compute what the open tab shows, if that is not done."""
        shown = self._views.side.currentWidget()
        if self._film is None or shown not in (self._panel, self.map.panel):
            return
        if self.divided is None and self._analysis.is_running:
            self._panel.say(ANALYSING, is_working=True)
            self.map.say_analysing()
            return
        if self._is_stale and not self._wait.isActive():
            self._wait.start()  # not begun anew by each change: a slider shows what it does while it is moved
        if shown is self.map.panel and self.divided is not None:
            self.map.show(self.divided)

    # -- segments

    def _divide(self) -> None:
        document = self._window.document
        if document is None or (self.divided is None and self._analysis.is_running):
            return
        try:
            settings = self._chosen_settings()
        except SeamlineError as error:
            self._panel.refuse(str(error))
            return
        self._is_stale = False
        self._slow.start()
        self.job.divide(document.project, settings)

    def _chosen_settings(self) -> SegmentationSettings:
        choices = self._panel.choices
        method = SuccessorMethod(choices.method)
        return SegmentationSettings(method, choices.sensitivity, choices.min_s, choices.max_s)

    def _on_divided(self, divided: Divided) -> None:
        self._slow.stop()
        self.divided = divided
        segmentation, nominal = divided.segmentation, divided.project.timecode_rate.nominal
        items = [
            SegmentItem(
                row.number,
                row.start_frame,
                row.end_frame,
                row.start_timecode,
                row.end_timecode,
                length_text(row.end_frame - row.start_frame, nominal),
                _shots_text(row.last_shot - row.first_shot + 1),
                tuple(keyframe.frame for keyframe in keyframes),
            )
            for row, keyframes in zip(divided.rows, segmentation.keyframes, strict=True)
        ]
        starts = np.array([item.start_frame for item in items], np.int64)
        self._panel.show_segments(
            items,
            segmentation.gap_frames,
            segmentation.scores,
            segmentation.thresholds,
            starts,
            _summary(divided),
        )
        self._panel.set_playhead(self._playhead)
        if self._views.side.currentWidget() is self.map.panel:
            self.map.show(divided)

    def _on_undivided(self, why: Undivided) -> None:
        self._slow.stop()
        self.divided = None
        text = f"{NEEDS} {' '.join(self._failures)}" if self._failures else why.text
        self._panel.say(text)
        self.map.say(text)

    def _on_refused(self, text: str) -> None:
        self._slow.stop()
        if self.divided is None:
            self._panel.say(text)
        else:
            self._panel.refuse(text)

    # -- pictures

    def _fetch_picture(self, frame: int) -> None:
        """Show what the analysis has kept of about that frame at once, and the frame itself as it comes."""
        strip = self._strip
        if strip is not None and (shown := strip.shown_frame(frame)) is not None:
            picture = strip.picture_at(frame)
            if picture is not None:
                self._show_picture(frame, as_image(picture))
                if shown == frame:
                    return
        self._window.thumbnails.request(frame)

    def _show_picture(self, frame: int, image: QImage) -> None:
        self._panel.list.set_picture(frame, image)
        self.map.panel.map.set_picture(frame, image)

    # -- files

    def _export(self) -> None:
        divided = self.divided
        if (
            divided is None
            or (path := ask_for_segments_file(self._window, divided.project.film.path)) is None
        ):
            return
        self._panel.set_busy("Writing…")
        self.files.export(divided, path)

    def _write_clips(self) -> None:
        divided = self.divided
        if (
            divided is None
            or (folder := ask_for_clips_folder(self._window, divided.project.film.path)) is None
        ):
            return
        self._panel.set_busy("Writing clips", 0.0)
        self.files.write_clips(divided, folder)

    def _show_progress(self, done: int, total: int) -> None:
        if self.files.is_running:
            self._panel.set_busy(self._panel.doing, done / max(1, total))


def _summary(divided: Divided) -> str:
    count = len(divided.rows)
    partly = divided.content.sampling.frame_count < divided.project.film.frame_count
    return f"{count} {'segment' if count == 1 else 'segments'}{', as far as analysed' if partly else ''}"


def _shots_text(count: int) -> str:
    return "1 shot" if count == 1 else f"{count} shots"
