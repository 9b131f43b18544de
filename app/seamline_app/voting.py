"""What the shot label network says beside the geometry, while a film is open and the network is installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.label_vote import voted
from seamline.analysis.labels import Range
from seamline.analysis.videomae_labels import ShotProbabilities
from seamline.project.labels import ShotLabels
from seamline_app.analysing import Analysing
from seamline_app.folders import Folders
from seamline_app.jobs.analysis_job import AnalysisJob
from seamline_app.jobs.vote_job import Said, VoteJob, VoteWish
from seamline_app.views import Views

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow


class Voting(QObject):
    """Has the network asked once the film is analysed. `changed`: it has said something new."""

    changed = Signal()

    def __init__(
        self, window: MainWindow, job: AnalysisJob, analysing: Analysing, views: Views, folders: Folders
    ) -> None:
        super().__init__(window)
        self._window = window
        self._analysis = job
        self._analysing = analysing
        self._status = views.status
        self._cache = AnalysisCache(folders.cache)
        self._fingerprint = ""
        self._ranges: tuple[Range, ...] = ()
        self._said: dict[Range, ShotProbabilities] = {}
        self._voted: dict[Range, tuple[ShotLabels, ShotLabels]] = {}
        self.job = VoteJob(job.pace, self)
        self.job.said.connect(self._take)
        self.job.progressed.connect(self._show_progress)
        self.job.ended.connect(analysing.show_at_rest)
        self.job.failed.connect(self._tell_failed)
        job.finished.connect(lambda _: self._ask())
        window.actions_by_id["stop_analysis"].triggered.connect(lambda: self.job.stop())
        analysing.share_status_with(lambda: self.job.is_running)

    def wish(self, ranges: tuple[Range, ...]) -> None:
        """Have these as the shots of the film that is open."""
        document = self._window.document
        fingerprint = "" if document is None else document.film.fingerprint
        if fingerprint != self._fingerprint:
            self._fingerprint = fingerprint
            self._said, self._voted = {}, {}
            self.job.close_film()
        self._ranges = ranges
        self._ask()

    def forget_network(self) -> None:
        """Another one was installed, or it was removed."""
        self._said, self._voted = {}, {}
        self.job.forget_network()
        self.changed.emit()

    def voted(self, labels: Sequence[ShotLabels]) -> tuple[ShotLabels, ...]:
        """These labels by the geometry after the network has voted, where it was asked."""
        return tuple(map(self._voted_of, labels))

    def close(self) -> None:
        self.job.close()

    def _voted_of(self, labels: ShotLabels) -> ShotLabels:
        said = self._said.get(labels.range)
        if said is None:
            return labels
        before = self._voted.get(labels.range)
        if before is None or before[0] != labels:
            before = self._voted[labels.range] = labels, voted(labels, said.scale, said.movement)
        return before[1]

    def _ask(self) -> None:
        document = self._window.document
        if document is not None and not self._analysis.is_running and document.is_complete and self._ranges:
            folder = self._cache.film_folder(document.film.fingerprint)
            self.job.ask(VoteWish(document.film, folder, self._ranges))

    def _take(self, said: Said) -> None:
        if said.fingerprint == self._fingerprint:
            self._said.update(said.probabilities)
            self.changed.emit()

    def _show_progress(self, done: int, total: int) -> None:
        if not self._analysis.is_running:
            self._status.set_activity("Labelling shots", done, total)
            self._window.refresh_actions()

    def _tell_failed(self, sentence: str) -> None:
        self._window.messages.show_info(f"The shots have Seamline's own labels alone. {sentence}")
        self._analysing.show_at_rest()
