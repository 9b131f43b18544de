"""Exporting the match cuts that are kept: asking where to, and saying what was written."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seamline.exchange.string_out import USUAL_SECONDS
from seamline.exchange.string_out_choice import PairOrder, left_out_at_other_rates
from seamline.project.match_cuts import JudgedPair
from seamline_app.folders import Folders
from seamline_app.jobs.match_export_job import (
    MatchExportJob,
    StringOutChoice,
    StringOutWish,
    StringOutWritten,
)
from seamline_app.match_export_dialog import (
    OfferedPairs,
    StringOutHabits,
    ask_for_string_out,
)
from seamline_app.match_list import MatchFilms
from seamline_app.settings import Settings
from seamline_widgets.match_items import MatchItem

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow

STILL_WRITING = "Match cuts are still being written: export these when that is done."
_FOLDER, _FORMAT = "match_export_folder", "match_export_format"
_SECONDS, _ORDER = "match_export_seconds", "match_export_order"


class MatchExport(QObject):
    """Remembers what was chosen the last time; `close` it before the end."""

    def __init__(self, window: MainWindow, settings: Settings, folders: Folders) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self.job = MatchExportJob(folders, self)
        self.job.written.connect(self._tell_written)
        self.job.failed.connect(window.messages.show_error)

    def close(self) -> None:
        """Stop, and join the thread."""
        self.job.close()

    def export(self, pairs: Sequence[JudgedPair], films: MatchFilms, selected: MatchItem | None) -> None:
        """Ask which of these or whether `selected`, how and where to, and write them."""
        document = self._window.document
        if document is None or not pairs:
            return
        if self.job.is_running:
            self._window.messages.show_info(STILL_WRITING)
            return
        known = {films.own.film.fingerprint: films.own, **films.others}
        rates = {name: project.film.rate for name, project in known.items()}
        offered = OfferedPairs(
            pairs,
            rates,
            None if selected is None else selected.judged,
            "" if selected is None else selected.title,
        )
        habits = self._habits(document.path.parent, f"{document.film.path.stem} match cuts")
        chosen = ask_for_string_out(self._window, offered, habits)
        if chosen is None:
            return
        if self._window.document is not document or not self._window.isVisible():
            self._window.messages.show_info("Another film was opened meanwhile: nothing was exported.")
            return
        self._remember(chosen)
        self.job.export(StringOutWish(chosen, films.own.film.fingerprint, known, films.paths))

    def _habits(self, folder: Path, stem: str) -> StringOutHabits:
        said = self._settings.text
        before = Path(said(_FOLDER))
        if said(_FOLDER) and before.is_dir():
            folder = before
        try:
            seconds, order = Fraction(said(_SECONDS) or USUAL_SECONDS), PairOrder(said(_ORDER) or "score")
        except (ValueError, ZeroDivisionError):  # a file of settings may say anything
            seconds, order = USUAL_SECONDS, PairOrder.SCORE
        return StringOutHabits(folder, stem, said(_FORMAT), seconds, order)

    def _remember(self, chosen: StringOutChoice) -> None:
        for name, text in (
            (_FOLDER, str(chosen.path.parent)),
            (_FORMAT, chosen.string_format.id),
            (_SECONDS, str(chosen.seconds)),
            (_ORDER, str(chosen.order)),
        ):
            self._settings.set_text(name, text)

    def _tell_written(self, written: StringOutWritten) -> None:
        pairs = "1 pair" if written.pairs == 1 else f"{written.pairs:,} pairs"
        of_them = "uses frames its film does" if written.left_out == 1 else "use frames their films do"
        parts = [
            f"Wrote {pairs} to {written.path}",
            f"without {written.left_out:,} that {of_them} not have" if written.left_out else "",
            left_out_at_other_rates(written.at_other_rates, written.format_id),
        ]
        self._window.messages.show_info(f"{', '.join(part for part in parts if part)}.")
