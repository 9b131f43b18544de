"""Exporting the match cuts that are kept: asking where to, and saying what was written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from seamline.exchange.string_out_formats import STRING_OUT_FORMATS, StringOutFormat
from seamline.project.match_cuts import JudgedPair
from seamline_app.folders import Folders
from seamline_app.jobs.match_export_job import MatchExportJob, StringOutWish, StringOutWritten
from seamline_app.match_list import MatchFilms
from seamline_app.settings import Settings

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow

STILL_WRITING = "Match cuts are still being written: export these when that is done."
_FOLDER, _FORMAT = "match_export_folder", "match_export_format"


class MatchExport(QObject):
    """Remembers folder and format of the last time; `close` it before the end."""

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

    def export(self, pairs: Sequence[JudgedPair], films: MatchFilms) -> None:
        """Ask where to, and write these."""
        document = self._window.document
        if document is None or not pairs:
            return
        if self.job.is_running:
            self._window.messages.show_info(STILL_WRITING)
            return
        folder = Path(self._settings.text(_FOLDER))
        if not self._settings.text(_FOLDER) or not folder.is_dir():
            folder = document.path.parent
        stem = f"{document.film.path.stem} match cuts"
        asked = ask_for_string_out(self._window, folder, stem, self._settings.text(_FORMAT))
        if asked is None:
            return
        if self._window.document is not document or not self._window.isVisible():
            self._window.messages.show_info("Another film was opened meanwhile: nothing was exported.")
            return
        string_format, path = asked
        self._settings.set_text(_FOLDER, str(path.parent))
        self._settings.set_text(_FORMAT, string_format.id)
        known = {films.own.film.fingerprint: films.own, **films.others}
        self.job.export(StringOutWish(tuple(pairs), known, films.paths, string_format, path))

    def _tell_written(self, written: StringOutWritten) -> None:
        pairs = "1 pair" if written.pairs == 1 else f"{written.pairs:,} pairs"
        of_them = "uses frames its film does" if written.left_out == 1 else "use frames their films do"
        without = f", without {written.left_out:,} that {of_them} not have" if written.left_out else ""
        self._window.messages.show_info(f"Wrote {pairs} to {written.path}{without}.")


def ask_for_string_out(
    parent: QWidget, folder: Path, stem: str, format_id: str = ""
) -> tuple[StringOutFormat, Path] | None:
    """What is written where, None if the user cancels. The dialog asks before overwriting."""
    dialog = QFileDialog(parent, "Export the match cuts that you keep", str(folder))
    dialog.setObjectName("match_export_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    by_filter = {f"{each.name} (*{each.suffix})": each for each in STRING_OUT_FORMATS}
    dialog.setNameFilters(list(by_filter))

    def use(text: str) -> None:
        dialog.setDefaultSuffix(by_filter[text].suffix.lstrip("."))
        dialog.selectFile(f"{stem}{by_filter[text].suffix}")

    proposed = next((text for text, each in by_filter.items() if each.id == format_id), next(iter(by_filter)))
    dialog.selectNameFilter(proposed)
    dialog.filterSelected.connect(use)
    use(proposed)
    if dialog.exec() != QFileDialog.DialogCode.Accepted or not dialog.selectedFiles():
        return None
    path = Path(dialog.selectedFiles()[0])
    # a name says what is meant more plainly than the list of formats
    by_suffix = next((each for each in STRING_OUT_FORMATS if each.suffix == path.suffix.lower()), None)
    return by_suffix or by_filter[dialog.selectedNameFilter()], path
