"""Shots that were taken together, in the window: grouped once the film is analysed, and shown by panel and timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint

from seamline.project.types import Project
from seamline_app.analysing import Analysing
from seamline_app.folders import Folders
from seamline_app.jobs.footage_job import FootageJob, FootageWish, Grouped
from seamline_app.settings import Settings
from seamline_widgets.footage_cells import FootageScene, scenes_of, setup_words
from seamline_widgets.footage_panel import EMPTY_HINT
from seamline_widgets.timeline_labels import LabelBlock

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views

ANALYSING = "Shots are grouped when the whole film has been looked at."
GROUPING = "Looking for shots that were taken together…"
NOTHING = "None of the film's shots could be looked at: its pictures cannot be decoded."
STOPPED = "Shots were not grouped: you have stopped it."


class Footage(QObject):
    """Joins document, job, panel and timeline as far as footage goes. `close` it before the end."""

    def __init__(
        self, window: MainWindow, analysing: Analysing, views: Views, settings: Settings, folders: Folders
    ) -> None:
        super().__init__(window)
        self._window = window
        self._views = views
        self._settings = settings
        self._folders = folders
        self._analysing = analysing
        self._panel = views.footage
        self._shown: tuple[object, ...] = ()
        self._failure = ""
        self.job = FootageJob(window.analysis.pace, self)
        self._connect(analysing)

    def show(self) -> None:
        """Show what is known of the document's shots, and ask about them where they have changed."""
        document = self._window.document
        if document is None:
            self._shown = ()
            self._failure = ""
            self.job.close_film()
            self._panel.set_scenes(None, ())
            self._panel.view.forget_pictures()
            return
        project = document.project
        # thousands of shots are looked at only if there is something new in them
        shown = document, project.seams, project.footage, project.first_timecode_frame
        if shown != self._shown:
            if not self._shown or self._shown[0] is not document:
                self._panel.view.forget_pictures()
                self._failure = ""
            self._shown = shown
            scenes = scenes_of(project)
            self._panel.set_scenes(project, scenes)
            self._views.timeline.set_footage(_blocks(project, scenes))
            self._ask()
        self._say()

    def close(self) -> None:
        self.job.close()

    def _connect(self, analysing: Analysing) -> None:
        window, panel, actions = self._window, self._panel, self._window.actions_by_id
        self.job.grouped.connect(self._take)
        self.job.failed.connect(self._fail)
        self.job.progressed.connect(self._show_progress)
        self.job.ended.connect(self._rest)
        window.analysis.finished.connect(lambda _: self._ask())
        actions["stop_analysis"].triggered.connect(lambda: self._stop())
        analysing.share_status_with(lambda: self.job.is_running)
        actions["show_footage"].setChecked(self._settings.shows_footage)
        actions["show_footage"].triggered.connect(lambda _=False: self._show_row())
        panel.frame_wanted.connect(window.go_to)
        self._views.timeline.label_clicked.connect(self._open_menu)
        panel.shots_wanted.connect(self._select)
        panel.retry_wanted.connect(self._retry)
        panel.picture_wanted.connect(window.thumbnails.request)
        window.thumbnails.ready.connect(panel.set_picture)
        window.player.picture_ready.connect(lambda _image, frame: panel.set_playhead(frame, follow=True))

    def _ask(self) -> None:
        document = self._window.document
        if document is None or self._window.analysis.is_running or not document.is_complete:
            return
        ranges = tuple(shot.range for shot in document.project.shots)
        self.job.ask(FootageWish(document.film, self._folders.cache, ranges))
        self._say()

    def _take(self, grouped: Grouped) -> None:
        document = self._window.document
        if document is not None and document.film.fingerprint == grouped.fingerprint:
            self._failure = "" if grouped.footage else NOTHING
            document.take_footage(grouped.footage)

    def _fail(self, sentence: str) -> None:
        self._failure = sentence
        self._say()

    def _stop(self) -> None:
        if self.job.is_running:
            self._failure = STOPPED
            self.job.stop()

    def _retry(self) -> None:
        self._failure = ""
        self.job.retry()
        self._say()

    def _rest(self) -> None:
        self._analysing.show_at_rest()
        self._say()

    def _say(self) -> None:
        """Where there is nothing to show, why."""
        document = self._window.document
        if document is None:
            self._panel.say(EMPTY_HINT)
        elif document.project.footage:
            return
        elif self._failure:
            self._panel.say(self._failure, button="Try again")
        elif document.is_complete and not self._window.analysis.is_running:
            self._panel.say(GROUPING, is_working=True)
        else:
            self._panel.say(ANALYSING, is_working=self._window.analysis.is_running)

    def _show_progress(self, done: int, total: int) -> None:
        if not self._window.analysis.is_running:
            self._views.status.set_activity("Grouping shots", done, total)
            self._window.refresh_actions()

    def _show_row(self) -> None:
        self._settings.shows_footage = self._window.actions_by_id["show_footage"].isChecked()
        self._views.show_rows(self._settings)

    def _open_menu(self, kind: str, start_frame: int, position: QPoint) -> None:
        """The menu of the shot on the timeline: what it was taken together with."""
        if kind == "footage":
            self._panel.open_menu(start_frame, position)

    def _select(self, numbers: tuple[int, ...]) -> None:
        """Have these shots selected in the list of shots."""
        document = self._window.document
        if document is None:
            return
        shots = document.project.shots
        chosen = [shots[number - 1].seam for number in numbers if 0 < number <= len(shots)]
        self._views.side.setCurrentWidget(self._views.shots)
        document.select_many(seam.id for seam in chosen if seam is not None)


def _blocks(project: Project, scenes: Sequence[FootageScene]) -> list[LabelBlock]:
    """The shots as blocks on the timeline, in the colours of their set-ups; thousands, so that words wait."""
    return [
        LabelBlock(
            cell.start_frame,
            cell.end_frame,
            cell.name,
            cell.name,
            cell.colour,
            cell.confidence if cell.comes_back else 0.0,
            tip=lambda cell=cell: "; ".join(setup_words(project, cell)),  # type: ignore[misc]
        )
        for scene in scenes
        for cell in scene.cells
    ]
