"""The window: picture, shots and timeline, held together by the open document."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QMainWindow

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.run_report import RunReport
from seamline.errors import SeamlineError
from seamline_app.analysis_news import AnalysisNews
from seamline_app.comparing import Comparing
from seamline_app.dialogs import Dialogs
from seamline_app.document import Document
from seamline_app.folders import Folders
from seamline_app.jobs.analysis_job import Activity, AnalysisJob, Findings, OpenedFilm
from seamline_app.jobs.player import Player
from seamline_app.jobs.previews import Previews
from seamline_app.jobs.thumbnails import Thumbnails
from seamline_app.menus import Menus
from seamline_app.open_dialog import ask_for_film, dropped_film
from seamline_app.playback import Playback
from seamline_app.projects import Projects, tell_opened
from seamline_app.review import Review, review_text
from seamline_app.scrubbing import Scrubbing
from seamline_app.segments_view import SegmentsView
from seamline_app.settings import Settings
from seamline_app.views import Views
from seamline_widgets.actions import make_actions


class MainWindow(QMainWindow):
    """One film under review. `open_film(None)` opens the demo film."""

    def __init__(self, folders: Folders) -> None:
        super().__init__()
        self._folders = folders
        self._settings = Settings(folders.settings)
        self._document: Document | None = None
        self._target_frame: int | None = None
        self._refusal = ""
        self._views = Views(self)
        self.picture = self._views.picture
        self.transport = self._views.transport
        self.timeline = self._views.timeline
        self.shot_list = self._views.shot_list
        self.messages = self._views.messages
        self.status = self._views.status
        self.actions_by_id = make_actions(self)
        self.player = Player(self)
        self.thumbnails = Thumbnails(self)
        self.previews = Previews(self)
        self.analysis = AnalysisJob(folders, self)
        self._playback = Playback(
            self.player, self.actions_by_id, lambda: self._shown_frame, self.go_to, self
        )
        self._review = Review(self.actions_by_id, lambda: self._shown_frame, self.go_to, self)
        self._menus = Menus(self.menuBar(), self.actions_by_id, self)
        self._dialogs = Dialogs(self, folders, self.messages, lambda: self._document, self._settings)
        self._news = AnalysisNews(self.status, self.messages, self._menus.resume)
        self.setAcceptDrops(True)
        self._connect_views()
        self._connect_jobs()
        self._connect_actions()
        self.segments = SegmentsView(self, self._views, self._menus, folders, self._settings)
        self._scrubbing = Scrubbing(self, self._menus, folders, self._settings)
        self._projects = Projects(self, self._views, self._settings)
        self.comparing = Comparing(self, self._views, self._menus)
        self._restore()
        self._show_document()

    @property
    def document(self) -> Document | None:
        """The film that is open, None if there is none."""
        return self._document

    # -- opening and closing

    def open_film(self, path: Path | None, film_path: Path | None = None) -> None:
        """Open this film or project in place of what is open, and begin the analysis.

        What was open stays until the new film is found to be readable; `film_path` is where a project's film is.
        """
        self.messages.clear()
        if self._document is None:
            self.picture.clear("Drawing the demo film…" if path is None else f"Opening “{path.name}”…")
        self.status.set_activity("Opening", 0, 0)
        self.analysis.open(path, film_path)
        self._refresh_actions()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._views.save_layout(self._settings)
        self._dialogs.exports.close()
        self.segments.close()
        self.comparing.close()
        self.analysis.close()
        self._close_film()
        event.accept()

    def _close_film(self) -> None:
        self.player.close()
        self.thumbnails.close()
        self.previews.close()
        if self._document is not None:
            self._document.close()
            self._document.deleteLater()
        self._document = None
        self._target_frame = None

    def _on_opened(self, opened: OpenedFilm) -> None:
        self._close_film()
        try:
            document = Document(opened, self._folders.edits, self)
        except SeamlineError as error:
            self.analysis.drop()
            self._show_document()
            self._on_failed(str(error))
            return
        self._document = document
        document.changed.connect(self._show_seams)
        document.selection_changed.connect(self._show_selection)
        document.stepped.connect(self._forget_refusal)
        document.refused.connect(self._show_refusal)
        document.told.connect(self._show_review)
        film = document.film
        document.taught.connect(lambda decisions: self.analysis.learn(film, decisions))
        document.set_learning(self._settings.learns)
        if not film.path.is_relative_to(self._folders.cache):
            self._settings.add_recent_film(document.path)
        self._show_document()
        self.player.open(film)
        cache = AnalysisCache(self._folders.cache)
        self.thumbnails.open(film, cache.thumbnail_folder(film.fingerprint))
        self.previews.open(film, cache.film_folder(film.fingerprint))
        tell_opened(document, self.messages)

    # -- showing the document

    def _show_document(self) -> None:
        document = self._document
        self._review.set_document(document)
        if document is None:
            self._views.show_nothing()
            self._refresh_actions()
            return
        self._views.show_film(document.project, document.path)
        self._show_seams()

    def _show_seams(self) -> None:
        document = self._document
        if document is None:
            return
        self._views.show_project(document.project, document.similarity, self._shown_frame)
        self.shot_list.set_current_frame(self._shown_frame)
        self._show_selection()
        self._review.refresh()
        self._refresh_actions()
        self._show_review()
        if not self.analysis.is_running:
            self._news.tell_summary(document)

    def _show_selection(self) -> None:
        selected = self._document.selected if self._document is not None else None
        self._views.show_selection(selected.id if selected is not None else None)

    def _show_review(self) -> None:
        if self._document is not None:
            self.status.set_review(review_text(self._document, self._shown_frame))

    def _show_refusal(self, text: str) -> None:
        self._refusal = text
        self.messages.show_error(text)

    def _forget_refusal(self) -> None:
        """A step worked: what was said of one before that did not is over."""
        if self._refusal and self.messages.text == self._refusal:
            self.messages.clear()
        self._refusal = ""

    def _refresh_actions(self) -> None:
        document, is_running = self._document, self.analysis.is_running
        can_resume = document is not None and not document.is_complete and not is_running
        self._menus.refresh(has_film=document is not None, is_running=is_running, can_resume=can_resume)

    # -- the playhead

    @property
    def _shown_frame(self) -> int:
        """Where the editor is: the frame asked for last, or the one that plays."""
        return self.player.frame if self._target_frame is None else self._target_frame

    def go_to(self, frame: int) -> None:
        """Show that frame, paused."""
        if self._document is None:
            return
        frame = min(max(0, frame), self._document.film.frame_count - 1)
        selected = self._document.selected
        if selected is not None and not selected.out_frame <= frame <= selected.in_frame:
            # what is selected and out of sight must not be what the delete key deletes
            self._document.select("")
        self.player.pause()
        self._target_frame = frame
        self.player.seek(frame)
        self.timeline.set_playhead(frame)
        self._show_review()

    def _on_picture(self, image: QImage, frame: int) -> None:
        document = self._document
        if document is None:
            return
        self.picture.set_picture(image, frame, document.film.info.display_aspect)
        self.transport.set_position(document.project.timecode(frame), frame)
        if self._target_frame is not None and frame != self._target_frame and not self.player.speed:
            return  # an older wish of a scrub: the playhead is further on already
        self._target_frame = None
        self.timeline.set_playhead(frame, playing=bool(self.player.speed))
        self.shot_list.set_current_frame(frame, follow=True)

    # -- what the analysis says

    def _on_found(self, findings: Findings) -> None:
        if self._document is not None:
            self._document.take(findings)

    def _on_activity(self, activity: Activity) -> None:
        self._news.tell_activity(activity, self._document)

    def _on_finished(self, report: RunReport) -> None:
        self._dialogs.remember(report)
        self._news.tell_finished(report)
        self._show_at_rest()

    def _on_stopped(self) -> None:
        if self._document is not None and not self._document.is_complete:
            self._news.tell_stopped()
        self._show_at_rest()

    def _on_failed(self, text: str) -> None:
        can_go_on = self._document is not None and not self._document.is_complete
        self.messages.show_error(text, self._menus.resume if can_go_on else None)
        self._show_at_rest()

    def _show_at_rest(self) -> None:
        """Nothing runs any more."""
        if self._document is None:
            self._views.show_nothing()
        else:
            self._news.tell_summary(self._document)
        self._refresh_actions()

    # -- commands

    def _resume_analysis(self) -> None:
        if self._document is not None and not self.analysis.is_running:
            self.messages.clear()
            self.analysis.resume(self._document.film)
            self._refresh_actions()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # -- drag and drop on the whole window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_film(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_film(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.open_film(path)

    # -- putting it together

    def _connect_views(self) -> None:
        self.picture.film_dropped.connect(lambda path: self.open_film(path))
        self.transport.set_actions(self.actions_by_id)
        self.transport.volume_changed.connect(self._set_volume)
        self.transport.muted_changed.connect(self._set_muted)
        self.timeline.scrubbed.connect(self.go_to)
        self.timeline.seam_selected.connect(self._select_seam)
        self.timeline.seam_moved.connect(self._move_seam)
        self.shot_list.shot_activated.connect(self.go_to)
        self.shot_list.seam_selected.connect(self._visit_seam)
        self.shot_list.thumbnail_wanted.connect(self.thumbnails.request)

    def _connect_jobs(self) -> None:
        self.player.picture_ready.connect(self._on_picture)
        self.player.speed_changed.connect(self.transport.set_speed)
        self.player.failed.connect(self.messages.show_error)
        self.player.sound_status.connect(self.status.set_sound)
        self.thumbnails.ready.connect(self.shot_list.set_thumbnail)
        self.previews.pictures_ready.connect(lambda some: self.timeline.add_pictures(some.pictures))
        self.previews.loudness_ready.connect(
            lambda some: self.timeline.add_loudness(some.start_frame, some.peak, some.rms)
        )
        self.previews.unheard.connect(self.timeline.set_sound_note)
        self.analysis.opened.connect(self._on_opened)
        self.analysis.found.connect(self._on_found)
        self.analysis.activity.connect(self._on_activity)
        self.analysis.finished.connect(self._on_finished)
        self.analysis.stopped.connect(self._on_stopped)
        self.analysis.failed.connect(self._on_failed)
        self.analysis.warned.connect(self.messages.show_info)

    def _connect_actions(self) -> None:
        for action_id, handler in {
            "open_film": self._choose_film,
            "export_edl": lambda: self._dialogs.export("edl"),
            "export_as": lambda: self._dialogs.export(None),
            "stop_analysis": self.analysis.stop,
            "zoom_in": self.timeline.zoom_in,
            "zoom_out": self.timeline.zoom_out,
            "zoom_fit": self.timeline.fit,
            "full_screen": self._toggle_full_screen,
            "show_shortcuts": self._dialogs.show_shortcuts,
            "quit": self.close,
        }.items():
            self.actions_by_id[action_id].triggered.connect(lambda _=False, handler=handler: handler())
        self._menus.resume.triggered.connect(self._resume_analysis)
        self._menus.film_details.triggered.connect(lambda: self._dialogs.edit_film_details())
        self._menus.demo.triggered.connect(lambda: self.open_film(None))
        self._menus.about.triggered.connect(lambda: self._dialogs.show_about())
        self._menus.diagnostics.triggered.connect(
            lambda: self._dialogs.show_diagnostics(is_running=self.analysis.is_running)
        )
        self._menus.learning.triggered.connect(self._set_learning)
        for switch in (self._menus.filmstrip, self._menus.waveform):
            switch.triggered.connect(self._show_rows)
        self._menus.recent_chosen.connect(lambda path: self.open_film(path))
        self._menus.show_recent_from(lambda: self._settings.recent_films)

    def _restore(self) -> None:
        self._menus.learning.setChecked(self._settings.learns)
        self._menus.filmstrip.setChecked(self._settings.shows_filmstrip)
        self._menus.waveform.setChecked(self._settings.shows_waveform)
        self._views.restore_layout(self._settings)
        self.transport.set_volume(self._settings.volume)
        self.transport.set_muted(self._settings.muted)
        self.player.set_volume(self._settings.volume)
        self.player.set_muted(self._settings.muted)
        screen = QGuiApplication.primaryScreen()
        if screen is not None:
            size = screen.size() * screen.devicePixelRatio()
            self.player.set_limit(size.width(), size.height())

    def _show_rows(self) -> None:
        settings = self._settings
        settings.shows_filmstrip = self._menus.filmstrip.isChecked()
        settings.shows_waveform = self._menus.waveform.isChecked()
        self._views.set_rows(filmstrip=settings.shows_filmstrip, waveform=settings.shows_waveform)

    def _set_learning(self, learns: bool) -> None:
        self._settings.learns = learns
        if self._document is not None:
            self._document.set_learning(learns)

    def _choose_film(self) -> None:
        path = ask_for_film(self, self._settings.last_folder)
        if path is not None:
            self.open_film(path)

    def _select_seam(self, seam_id: str) -> None:
        if self._document is not None:
            self._document.select(seam_id)

    def _visit_seam(self, seam_id: str) -> None:
        document = self._document
        if document is None:
            return
        document.select(seam_id)
        self.go_to(document.project.seam(seam_id).cut_frame if seam_id else 0)

    def _move_seam(self, seam_id: str, out_frame: int, in_frame: int) -> None:
        document = self._document
        if document is None:
            return
        if document.move(seam_id, out_frame, in_frame):
            self.go_to(document.project.seam(seam_id).cut_frame)
        else:
            self._show_seams()

    def _set_volume(self, volume: float) -> None:
        self._settings.volume = volume
        self.player.set_volume(volume)

    def _set_muted(self, muted: bool) -> None:
        self._settings.muted = muted
        self.player.set_muted(muted)
