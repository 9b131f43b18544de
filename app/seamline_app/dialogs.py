"""What the window asks and tells in dialogs of their own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

import seamline
from seamline.analysis.cache import AnalysisCache
from seamline.analysis.run_report import RunReport
from seamline.errors import SeamlineError
from seamline.exchange.formats import export
from seamline_app.diagnostics import diagnose
from seamline_app.document import Document
from seamline_app.export_dialog import ask_for_target
from seamline_app.film_details import FilmDetailsDialog
from seamline_app.folders import Folders
from seamline_widgets.diagnostics import DiagnosticsDialog
from seamline_widgets.message_bar import MessageBar
from seamline_widgets.shortcuts_sheet import ShortcutsSheet


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
    ) -> None:
        self._window = window
        self._folders = folders
        self._messages = messages
        self._document = document
        self._report: tuple[str, RunReport] | None = None

    def remember(self, report: RunReport) -> None:
        """What the film that is open was analysed at just now, told by `diagnostics` even if no disk keeps it."""
        document = self._document()
        if document is not None and report.analysed_frames:
            self._report = document.film.fingerprint, report

    def export(self, only: str | None) -> None:
        """Ask for a file and write the cut list there, in the format `only` if one is given."""
        document = self._document()
        if document is None:
            return
        target = ask_for_target(self._window, document.project, only)
        if target is None:
            return
        path, export_format = target
        # the analysis went on while the dialog was open: this is the state that is written
        project, is_complete = document.project, document.is_complete
        try:
            export(project, export_format, path, overwrite=True)
        except SeamlineError as error:
            self._messages.show_error(str(error))
            return
        partly = "" if is_complete else " The film is not analysed to its end yet."
        self._messages.show_info(f"Wrote {path}.{partly}")

    def edit_film_details(self) -> None:
        document = self._document()
        if document is None:
            return
        dialog = FilmDetailsDialog(document.project, self._window)
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted and dialog.is_changed
        # another film may have been opened meanwhile, or the window closed
        if is_wanted and self._document() is document and self._window.isVisible():
            document.do(dialog.edit())

    def show_shortcuts(self) -> None:
        ShortcutsSheet(self._window).exec()

    def show_diagnostics(self, *, is_running: bool) -> None:
        document = self._document()
        report = self._report_of(document) if document is not None else None
        DiagnosticsDialog(
            diagnose(document, self._folders, report, is_running=is_running), self._window
        ).exec()

    def show_about(self) -> None:
        QMessageBox.about(
            self._window,
            "About Seamline",
            f"<b>Seamline {seamline.__version__}</b><p>Finds, shows and explains the seams of a film, on your own "
            "machine.</p><p>Seams by TransNetV2 (Souček and Lokoč, arXiv:2008.04838), MIT licence.</p>",
        )

    def _report_of(self, document: Document) -> RunReport | None:
        fingerprint = document.film.fingerprint
        if self._report is not None and self._report[0] == fingerprint:
            return self._report[1]
        return AnalysisCache(self._folders.cache).load_report(fingerprint)
