"""The window: picture, shots and timeline, held together by the open document."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QImage, QKeySequence
from PySide6.QtWidgets import QMainWindow

from seamline.analysis.cache import AnalysisCache
from seamline.errors import SeamlineError
from seamline_app.analysing import Analysing
from seamline_app.commanding import Commanding
from seamline_app.comparing import Comparing
from seamline_app.dialogs import Dialogs
from seamline_app.document import Document
from seamline_app.finding import Finding
from seamline_app.folders import Folders
from seamline_app.footage import Footage
from seamline_app.jobs.analysis_events import OpenedFilm
from seamline_app.jobs.analysis_job import AnalysisJob
from seamline_app.jobs.player import Player
from seamline_app.jobs.previews import Previews
from seamline_app.jobs.thumbnails import Thumbnails
from seamline_app.labelling import Labelling
from seamline_app.matching import Matching
from seamline_app.menus import Menus
from seamline_app.open_dialog import ask_for_film, dropped_film
from seamline_app.picture_tools import PictureTools
from seamline_app.projects import Projects, tell_opened
from seamline_app.refusals import Refusals
from seamline_app.review import Review, review_text
from seamline_app.scrubbing import Scrubbing
from seamline_app.seam_view import SeamView
from seamline_app.segments_view import SegmentsView
from seamline_app.settings import Settings
from seamline_app.shot_tools import ShotTools
from seamline_app.steps import Steps
from seamline_app.timeline_tools import TimelineTools
from seamline_app.transporting import Transporting
from seamline_app.views import Views
from seamline_widgets.actions import make_actions


class MainWindow(QMainWindow):
    """One film under review. `open_film(None)` opens the demo film.

    `frame_wanted`: somebody wants to see a frame of it, standing.
    """

    frame_wanted = Signal()

    def __init__(self, folders: Folders) -> None:
        super().__init__()
        self._folders = folders
        self._settings = Settings(folders.settings)
        self._document: Document | None = None
        self._target_frame: int | None = None
        self._lost = ""
        self._peeked_from: int | None = None
        self._views = Views(self)
        self.picture = self._views.picture
        self.transport = self._views.transport
        self.timeline = self._views.timeline
        self.shots = self._views.shots
        self.messages = self._views.messages
        self.status = self._views.status
        self._refusals = Refusals(self.messages, self)
        self.actions_by_id = make_actions(self)
        self.player = Player(self)
        self.thumbnails = Thumbnails(self)
        self.previews = Previews(self)
        self.analysis = AnalysisJob(folders, self)
        self._review = Review(self.actions_by_id, lambda: self.shown_frame, self.go_to, self)
        self._menus = Menus(self.menuBar(), self.actions_by_id, self)
        self._dialogs = Dialogs(self, folders, self.messages, lambda: self._document, self._settings)
        self._analysing = Analysing(self, self.analysis, self._views, self._menus, self._dialogs)
        self.setAcceptDrops(True)
        self._connect_views()
        self._connect_jobs()
        self._connect_actions()
        self._transporting = Transporting(self, self._views, self.player, self._settings)
        self._timeline_tools = TimelineTools(self, self._views, self._menus, self._settings)
        self._shot_tools = ShotTools(self, self._views, self._menus, self._settings)
        self._labelling = Labelling(
            self, self._analysing, self._views, self._menus, self._dialogs, self._settings, folders
        )
        self.footage = Footage(self, self._analysing, self._views, self._settings, folders)
        self.finding = Finding(self, self._analysing, self._views, self._menus, folders)
        self._labelling.networks_changed.connect(self.finding.forget_networks)
        self.matching = Matching(self, self._analysing, self._views, self._menus, self._settings, folders)
        self._steps = Steps(self._views.steps, lambda: self._document, self)
        self.seam_view = SeamView(
            self._views.review,
            lambda: self._document,
            lambda: self.shown_frame,
            self,
            doubtful_key=self._doubtful_key,
        )
        self.player.speed_changed.connect(self.seam_view.set_speed)
        self._review.ask_about(lambda: self.seam_view.shown)
        for view in (self.timeline, self._views.review):
            view.seam_dragged.connect(self._preview_seam)
            view.drag_ended.connect(self._end_preview)
        self._picture_tools = PictureTools(self, self._settings)
        self._commanding = Commanding(self, self._views, self._settings)
        self.segments = SegmentsView(self, self._views, self._menus, folders, self._settings)
        self._scrubbing = Scrubbing(self, self._menus, folders, self._settings)
        self._projects = Projects(self, self._views, self._settings)
        self.comparing = Comparing(self, self._views, self._menus)
        self._views.side.currentChanged.connect(lambda _: self._steps.show())
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
        self.refresh_actions()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._views.save_layout(self._settings)
        self._dialogs.close()
        self.matching.close()  # first: what is being said of a pair is a step, which the others would follow
        self._labelling.close()
        self.footage.close()
        self.finding.close()
        self._picture_tools.close()
        self.seam_view.close()
        self.segments.close()
        self.comparing.close()
        self.analysis.close()
        self._close_film()
        event.accept()

    def _close_film(self) -> None:
        self._transporting.close()
        self.seam_view.close_film()
        self.player.close()
        self.thumbnails.close()
        self.previews.close()
        if self._document is not None:
            self._document.close()
            self._document.deleteLater()
        self._document = None
        self._target_frame = self._peeked_from = None
        self._lost = ""

    def _on_opened(self, opened: OpenedFilm) -> None:
        self.matching.leave_film()
        self._close_film()
        try:
            document = Document(opened, self._folders.edits, self)
        except SeamlineError as error:
            self.analysis.drop()
            self._show_document()
            self._analysing.fail(str(error))
            return
        self._document = document
        document.changed.connect(self.show_seams)
        document.selection_changed.connect(self._show_selection)
        self._refusals.follow(document)
        document.told.connect(self._show_review)
        film = document.film
        document.taught.connect(lambda decisions: self.analysis.learn(film, decisions, document.threshold))
        document.set_learning(self._settings.learns)
        if not film.path.is_relative_to(self._folders.cache):
            self._settings.add_recent_film(document.path)
        self._show_document()
        self.player.open(film)
        self._transporting.open(document.project)
        self.seam_view.open()
        cache = AnalysisCache(self._folders.cache)
        thumbnails = cache.thumbnail_folder(film.fingerprint)
        self.thumbnails.open(film, thumbnails)
        self.previews.open(film, cache.film_folder(film.fingerprint), thumbnails)
        tell_opened(document, self.messages)

    # -- showing the document

    def _show_document(self) -> None:
        document = self._document
        self._review.set_document(document)
        self._views.review.setVisible(document is not None and self._settings.shows_review)
        if document is None:
            self._views.show_nothing()
            self._labelling.show()
            self.footage.show()
            self.refresh_actions()
            return
        self._views.show_film(document.project, document.path)
        self.show_seams()

    def show_seams(self) -> None:
        """Show the newest state of the document everywhere."""
        document = self._document
        if document is None:
            return
        self._views.show_project(document.project, document.similarity, self.shown_frame)
        self.shots.set_current_frame(self.shown_frame)
        self._timeline_tools.show()
        self._labelling.show()
        self.footage.show()
        self._steps.show()
        self.seam_view.show_changes()
        self._show_selection()
        self._review.refresh()
        self.refresh_actions()
        self._show_review()
        self._analysing.tell_summary()

    def _show_selection(self) -> None:
        self._views.show_selection(self._document.selected_ids if self._document is not None else ())
        self.seam_view.show_selection()

    def _show_review(self) -> None:
        if self._document is not None:
            said = (self._lost, review_text(self._document, self.shown_frame))
            self.status.set_review("   ·   ".join(text for text in said if text))

    def refresh_actions(self) -> None:
        """Enable what can be done now."""
        document, is_running = self._document, self._analysing.is_busy
        can_resume = document is not None and not document.is_complete and not is_running
        self._menus.refresh(has_film=document is not None, is_running=is_running, can_resume=can_resume)

    # -- the playhead

    @property
    def shown_frame(self) -> int:
        """Where the editor is: the frame asked for last, or the one that plays; in a drag that shows others, the one
        before it."""
        if self._peeked_from is not None:
            return self._peeked_from
        return self.player.frame if self._target_frame is None else self._target_frame

    def typed_frame(self, text: str) -> int:
        """The frame of the open film that `text`, a position as editors type it, means. Raises MediaError."""
        return self._transporting.typed_frame(text)

    def go_to(self, frame: int) -> None:
        """Show that frame, paused."""
        if self._document is None:
            return
        self.frame_wanted.emit()
        frame = min(max(0, frame), self._document.film.frame_count - 1)
        self._peeked_from = None
        selected = self._document.selected
        if (
            selected is not None
            and not selected.out_frame <= frame <= selected.in_frame
            and not self.seam_view.holds(frame)
        ):
            # what is selected and out of sight must not be what the delete key deletes
            self._document.select("")
        self.player.pause()
        self._target_frame = frame
        self.player.seek(frame)
        self.timeline.set_playhead(frame)
        self._analysing.give_way()
        self.seam_view.follow_playhead(frame)
        self._show_review()

    def _on_picture(self, image: QImage, frame: int) -> None:
        document = self._document
        if document is None:
            return
        self.picture.set_picture(image, frame, full_size=QSize(*document.film.info.display_size))
        self.transport.set_frame(frame)
        if self._peeked_from is not None:
            return  # where a seam is being dragged to: the playhead stays
        if self._target_frame is not None and frame != self._target_frame and not self.player.speed:
            return  # an older wish of a scrub: the playhead is further on already
        self._target_frame = None
        self.timeline.set_playhead(frame, playing=bool(self.player.speed))
        self.shots.set_current_frame(frame, follow=True)
        self.seam_view.follow_playhead(frame)

    def _preview_seam(self, seam_id: str, out_frame: int, in_frame: int) -> None:
        """Show where a seam is being dragged to; the playhead and the seam stay where they are."""
        self.frame_wanted.emit()
        frame = self.seam_view.preview(seam_id, out_frame, in_frame)
        if self._peeked_from is None:
            self._peeked_from = self.shown_frame
            self.player.pause()
        self.player.seek(frame)
        self._analysing.give_way()

    def _end_preview(self, seam_id: str) -> None:
        self.seam_view.end_preview(seam_id)
        frame, self._peeked_from = self._peeked_from, None
        if frame is not None:
            # given up, refused, or several were moved: the picture goes back to the playhead
            self._target_frame = frame
            self.player.seek(frame)

    def _on_stand_in(self, frame: int, shown_frame: int) -> None:
        document = self._document
        if document is None:
            return
        timecode = document.project.timecode
        is_lost = frame != shown_frame
        self._lost = (
            f"The film has lost frame {timecode(frame)}: you see {timecode(shown_frame)}" if is_lost else ""
        )
        self._show_review()

    def _on_player_failed(self, text: str) -> None:
        self.messages.show_error(text)
        if self._target_frame is not None:
            # what is on the screen is what the editor works on
            self._target_frame = None
            self.timeline.set_playhead(self.player.frame)
            self.seam_view.follow_playhead(self.player.frame)

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
        self._views.review.set_actions(self.actions_by_id)
        self._views.review.frame_wanted.connect(self.go_to)

    def _connect_jobs(self) -> None:
        self.player.picture_ready.connect(self._on_picture)
        self.player.failed.connect(self._on_player_failed)
        self.player.stand_in.connect(self._on_stand_in)
        self.analysis.opened.connect(self._on_opened)

    def _connect_actions(self) -> None:
        for action_id, handler in {
            "open_film": self._choose_film,
            "export_edl": lambda: self._dialogs.export("edl"),
            "export_as": lambda: self._dialogs.export(None),
            "show_review": self._show_review_panel,
            "show_history": lambda: self._views.side.setCurrentWidget(self._views.steps),
            "quit": self.close,
        }.items():
            self.actions_by_id[action_id].triggered.connect(lambda _=False, handler=handler: handler())
        self._menus.film_details.triggered.connect(lambda: self._dialogs.edit_film_details())
        self._menus.demo.triggered.connect(lambda: self.open_film(None))
        self._menus.about.triggered.connect(lambda: self._dialogs.show_about())
        self._menus.learning.triggered.connect(self._set_learning)
        self._menus.recent_chosen.connect(lambda path: self.open_film(path))
        self._menus.show_recent_from(lambda: self._settings.recent_films)

    def _restore(self) -> None:
        self._menus.learning.setChecked(self._settings.learns)
        self._views.restore_layout(self._settings)
        self.actions_by_id["show_review"].setChecked(self._settings.shows_review)

    def _show_review_panel(self) -> None:
        shown = self.actions_by_id["show_review"].isChecked()
        self._settings.shows_review = shown
        self._views.review.setVisible(shown and self._document is not None)
        self.seam_view.show_changes()

    def _doubtful_key(self) -> str:
        keys = self.actions_by_id["next_doubtful"].shortcuts()
        return keys[-1].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def _set_learning(self, learns: bool) -> None:
        self._settings.learns = learns
        if self._document is not None:
            self._document.set_learning(learns)

    def _choose_film(self) -> None:
        path = ask_for_film(self, self._settings.last_folder)
        if path is not None:
            self.open_film(path)
