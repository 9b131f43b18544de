"""Looking at the film that is open with the networks that it is searched by, once it is analysed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from seamline.analysis.cache import AnalysisCache
from seamline.models.encoder import EncoderSpec
from seamline_app.analysing import Analysing
from seamline_app.jobs.embedding_job import EmbeddingJob, EmbeddingWish
from seamline_app.jobs.film_vectors import FilmVectors

if TYPE_CHECKING:
    from seamline.analysis.library_index import LibraryIndex
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class Looking(QObject):
    """Has the frames embedded that lack, and says in panel and status line how far that is.

    `grown`: more can be found than before; `ended`: nothing is looked at any more.
    """

    grown = Signal()
    ended = Signal()

    def __init__(
        self,
        window: MainWindow,
        analysing: Analysing,
        views: Views,
        cache: AnalysisCache,
        library_of: Callable[[EncoderSpec], LibraryIndex],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._analysing = analysing
        self._status = views.status
        self._panel = views.search
        self._cache = cache
        self._encoder_id = ""
        self._progress = 0, 0
        self.film: FilmVectors | None = None
        """What is known of the film that is open, None if there is none."""
        self.job = EmbeddingJob(window.analysis.pace, library_of, self)
        self.job.grown.connect(self.grown)
        self.job.progressed.connect(self._show_progress)
        self.job.ended.connect(self._show_ended)
        self.job.failed.connect(self._tell_failed)
        for news in (window.analysis.finished, window.analysis.stopped, window.analysis.failed):
            news.connect(self._on_analysis_ended)
        self._panel.cancel_wanted.connect(self.job.stop)
        self._panel.resume_wanted.connect(self.job.resume)
        window.actions_by_id["stop_analysis"].triggered.connect(lambda: self.job.stop())
        analysing.share_status_with(lambda: self.job.is_running)

    def open(self) -> None:
        """There is another film, or none."""
        self.job.close_film()
        self._panel.set_working(())
        document = self._window.document
        self.film = None if document is None else FilmVectors(document.film, self._cache)
        self.ask()

    def ask(self) -> None:
        """Have the film's shots, as they are now, looked at, unless its analysis has not come to its end."""
        document = self._window.document
        if (
            document is not None
            and self.film is not None
            and document.film is self.film.film
            and document.is_complete
            and not self._window.analysis.is_running
        ):
            self.job.ask(EmbeddingWish(self.film, document.project, self._encoder_id))

    def use(self, encoder_id: str) -> None:
        """Have that network look at it, too; empty for the best ones alone."""
        self._encoder_id = encoder_id
        self.ask()

    def forget_networks(self) -> None:
        """One was installed, or removed."""
        self.job.forget_networks()

    def close(self) -> None:
        """Stop, and join the thread."""
        self.job.close()

    def _on_analysis_ended(self, *_: object) -> None:
        if self.film is not None:
            self.film.look_again()
        self.ask()
        self.ended.emit()

    def _show_progress(self, done: int, total: int) -> None:
        if self._window.analysis.is_running or done >= total:
            return
        self._progress = done, total
        self._panel.set_working(_progress_texts("Looking at", done, total), done / total)
        self._status.set_activity("Looking at the film's pictures", done, total)
        self._window.refresh_actions()

    def _show_ended(self, is_whole: bool) -> None:
        done, total = self._progress
        texts = () if is_whole or not total else _progress_texts("Looked at", done, total)
        self._panel.set_working(texts, is_stopped=bool(texts))
        self._progress = 0, 0
        self._analysing.show_at_rest()
        self.ended.emit()

    def _tell_failed(self, sentence: str) -> None:
        self._panel.set_working(())
        self._progress = 0, 0
        self._window.messages.show_info(
            f"The film can be searched only as far as it was looked at. {sentence}"
        )
        self._analysing.show_at_rest()
        self.ended.emit()


def _progress_texts(doing: str, done: int, total: int) -> tuple[str, ...]:
    count = f"{done:,} of {total:,}"
    frames = f"{count} frame{'' if total == 1 else 's'}"
    return f"{doing} {frames}", frames, count
