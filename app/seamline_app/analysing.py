"""The analysis of the open film: what it finds goes to the document, what it says to the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from seamline.analysis.run_report import RunReport
from seamline_app.analysis_news import AnalysisNews
from seamline_app.dialogs import Dialogs
from seamline_app.jobs.analysis_events import Activity, Findings
from seamline_app.jobs.analysis_job import AnalysisJob
from seamline_app.menus import Menus
from seamline_app.views import Views

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow

_GIVES_WAY_MS = 400


class Analysing(QObject):
    """Takes what the job gives while a film is open, and works the menu entries that stop and resume it."""

    def __init__(
        self, window: MainWindow, job: AnalysisJob, views: Views, menus: Menus, dialogs: Dialogs
    ) -> None:
        super().__init__(window)
        self._window = window
        self._job = job
        self._views = views
        self._dialogs = dialogs
        self._news = AnalysisNews(views.status, views.messages, menus.resume)
        job.found.connect(self._on_found)
        job.activity.connect(self._on_activity)
        job.finished.connect(self._on_finished)
        job.stopped.connect(self._on_stopped)
        job.failed.connect(self.fail)
        job.warned.connect(views.messages.show_info)
        self._others: list[Callable[[], bool]] = []
        self._giving_way = QTimer(self, singleShot=True, interval=_GIVES_WAY_MS)
        self._giving_way.timeout.connect(self._look_at_player)
        window.player.speed_changed.connect(lambda _: self._look_at_player())
        window.actions_by_id["stop_analysis"].triggered.connect(lambda: job.stop())
        menus.resume.triggered.connect(lambda: self.resume())
        menus.diagnostics.triggered.connect(lambda: dialogs.show_diagnostics(is_running=job.is_running))

    @property
    def is_busy(self) -> bool:
        """Whether the status line has work to tell of: the analysis, or what comes after it."""
        return self._job.is_running or any(is_running() for is_running in self._others)

    def share_status_with(self, is_running: Callable[[], bool]) -> None:
        """Leave the status line to something else, too, while that runs."""
        self._others.append(is_running)

    def resume(self) -> None:
        """Go on where the analysis was stopped."""
        document = self._window.document
        if document is not None and not self._job.is_running:
            self._views.messages.clear()
            self._job.resume(document.film)
            self._window.refresh_actions()

    def give_way(self) -> None:
        """Have the analysis rest for the next moment: the editor looks for something."""
        self._job.give_way(True)
        self._giving_way.start()

    def _look_at_player(self) -> None:
        self._job.give_way(bool(self._window.player.speed) or self._giving_way.isActive())

    def tell_summary(self) -> None:
        """Say what is known of the film, unless something runs."""
        document = self._window.document
        if document is not None and not self.is_busy:
            self._news.tell_summary(document)

    def fail(self, text: str) -> None:
        """Say why there is no film, or no more of the analysis."""
        self._news.tell_failed(text, self._window.document)
        self.show_at_rest()

    def _on_found(self, findings: Findings) -> None:
        if self._window.document is not None:
            self._window.document.take(findings)

    def _on_activity(self, activity: Activity) -> None:
        self._news.tell_activity(activity, self._window.document)

    def _on_finished(self, report: RunReport) -> None:
        self._dialogs.remember(report)
        self._news.tell_finished(report)
        self.show_at_rest()

    def _on_stopped(self) -> None:
        document = self._window.document
        if document is not None and not document.is_complete:
            self._news.tell_stopped()
        self.show_at_rest()

    def show_at_rest(self) -> None:
        """Say what is known of the film, and enable what can be done with it, now that nothing runs."""
        if self._window.document is None:
            self._views.show_nothing()
        else:
            self.tell_summary()
        self._window.refresh_actions()
