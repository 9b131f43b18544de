"""What the window asks and tells in dialogs of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QProgressDialog, QWidget

import seamline
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.run_report import RunReport
from seamline.exchange.formats import format_named
from seamline.models.providers import set_preferred_provider
from seamline_app.diagnostics import diagnose
from seamline_app.document import Document
from seamline_app.export_dialog import ExportDialog, Target, ask_for_list
from seamline_app.film_details import FilmDetailsDialog
from seamline_app.folders import Folders
from seamline_app.jobs.export_job import ExportJob
from seamline_app.settings import Settings
from seamline_widgets.diagnostics import DiagnosticsDialog
from seamline_widgets.message_bar import MessageBar


class Dialogs:
    """Each opens over `window` and is about the document that is open then.

    A film may be opened, or analysed further, while a dialog is open.
    """

    def __init__(
        self,
        window: QWidget,
        folders: Folders,
        messages: MessageBar,
        document: Callable[[], Document | None],
        settings: Settings,
    ) -> None:
        self._window = window
        self._folders = folders
        self._messages = messages
        self._document = document
        self._settings = settings
        self._report: tuple[str, RunReport] | None = None
        self._exporting: QProgressDialog | None = None
        self._networks: QDialog | None = None
        self._partly = ""
        set_preferred_provider(settings.provider or None)
        self.exports = ExportJob(window)
        self.exports.written.connect(self._tell_written)
        self.exports.failed.connect(self._tell_failed)
        self.exports.stopped.connect(self._tell_stopped)
        self.exports.progressed.connect(self._show_progress)

    def remember(self, report: RunReport) -> None:
        """What the film that is open was analysed at just now, told by `diagnostics` even if no disk keeps it."""
        document = self._document()
        if document is not None and report.analysed_frames:
            self._report = document.film.fingerprint, report

    def export(self, only: str | None) -> None:
        """Ask what is written and where to, or only where to for the format `only`; then write it."""
        document = self._document()
        if document is None or self.exports.is_running:
            return
        targets, transitions = self._targets(document, only)
        # another film may have been opened while the dialog was open, or its analysis have gone on
        if not targets:
            return
        if self._document() is not document:
            self._messages.show_info("Another film was opened meanwhile: nothing was exported.")
            return
        self._partly = "" if document.is_complete else " The film is not analysed to its end yet."
        self._exporting = QProgressDialog("Exporting…", "Stop", 0, 1000, self._window)
        self._exporting.setWindowTitle("Export")
        self._exporting.setWindowModality(Qt.WindowModality.WindowModal)
        self._exporting.setMinimumDuration(500)
        self._exporting.setAutoClose(False)
        self._exporting.setAutoReset(False)
        self._exporting.canceled.connect(self.exports.cancel)
        self.exports.export(document.project, targets, transitions=transitions)

    def _targets(self, document: Document, only: str | None) -> tuple[list[Target], bool]:
        """What is written where, and whether gradual seams are transitions there."""
        if only is not None:
            export_format = format_named(only)
            path = ask_for_list(self._window, document.project, export_format)
            return ([] if path is None else [(export_format, path)]), False
        dialog = ExportDialog(document.project, self._settings.last_export, self._window)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return [], False
        self._settings.last_export = dialog.chosen
        return dialog.targets, dialog.transitions

    def _show_progress(self, done: int, total: int) -> None:
        if self._exporting is not None:
            self._exporting.setValue(round(1000 * done / max(1, total)))

    def _tell_written(self, paths: list[Path]) -> None:
        self._end_export()
        self._messages.show_info(f"Wrote {', '.join(map(str, paths))}.{self._partly}")

    def _tell_failed(self, sentence: str) -> None:
        self._end_export()
        self._messages.show_error(sentence)

    def _tell_stopped(self, sentence: str) -> None:
        self._end_export()
        self._messages.show_info(sentence)

    def _end_export(self) -> None:
        if self._exporting is not None:
            self._exporting.deleteLater()
            self._exporting = None

    def edit_film_details(self) -> None:
        document = self._document()
        if document is None:
            return
        dialog = FilmDetailsDialog(document.project, self._window)
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted and dialog.is_changed
        # another film may have been opened meanwhile, or the window closed
        if is_wanted and self._document() is document and self._window.isVisible():
            document.do(dialog.edit())

    def show_diagnostics(self, *, is_running: bool) -> None:
        document = self._document()
        report = self._report_of(document) if document is not None else None
        DiagnosticsDialog(
            diagnose(document, self._folders, report, is_running=is_running), self._window
        ).exec()

    def show_networks(self, changed: Callable[[], object]) -> None:
        """What networks there are, to install and remove; `changed` is called when one has come or gone."""
        if self._networks is not None:
            self._networks.raise_()
            self._networks.activateWindow()
            return
        # what it takes is loaded when it is wanted
        from seamline_app.models_dialog import ModelsDialog

        dialog = self._networks = ModelsDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.provider_chosen.connect(self._set_provider)
        dialog.networks_changed.connect(lambda: changed())
        dialog.finished.connect(self._forget_networks)
        dialog.show()

    def _forget_networks(self) -> None:
        self._networks = None

    def _set_provider(self, name: str) -> None:
        self._settings.provider = name

    def close(self) -> None:
        """Stop what runs for a dialog, and join the threads."""
        if self._networks is not None:
            self._networks.close()
        self.exports.close()

    def show_about(self) -> None:
        QMessageBox.about(
            self._window,
            "About Seamline",
            f"<b>Seamline {seamline.__version__}</b><p>Finds, shows and explains the seams of a film, on your own "
            "machine.</p><p>Seams by TransNetV2 (Souček and Lokoč, arXiv:2008.04838), MIT licence. Figures by "
            "MediaPipe's BlazeFace and BlazePose (arXiv:1907.05047, arXiv:2006.10204), Apache-2.0.</p>",
        )

    def _report_of(self, document: Document) -> RunReport | None:
        fingerprint = document.film.fingerprint
        if self._report is not None and self._report[0] == fingerprint:
            return self._report[1]
        return AnalysisCache(self._folders.cache).load_report(fingerprint)
