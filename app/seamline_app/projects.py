"""Project files in the window: saving one under a name, and finding the film of one that is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from seamline.errors import SeamlineError
from seamline.media.remarks import remarks
from seamline.project.locating import FilmMissingError
from seamline_app.document import Document
from seamline_app.open_dialog import ask_for_moved_film, ask_for_project_target
from seamline_app.settings import Settings
from seamline_widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class Projects(QObject):
    """Works the menu entry about projects, asks where a moved film is, and keeps the proposals when all is found."""

    def __init__(self, window: MainWindow, views: Views, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._views = views
        self._settings = settings
        window.actions_by_id["save_project"].triggered.connect(lambda: self.save_as())
        window.analysis.film_missing.connect(self._locate)
        window.analysis.finished.connect(self._keep_proposals)
        window.analysis.stopped.connect(self._keep_proposals)

    def save_as(self) -> None:
        """Ask for a file and copy the project there; its steps are stored there from then on."""
        document = self._window.document
        if document is None:
            return
        path = ask_for_project_target(self._window, document.project_path or document.film.path)
        # another film may have been opened meanwhile, or the window closed
        if path is None or self._window.document is not document or not self._window.isVisible():
            return
        try:
            document.save_as(path)
        except SeamlineError as error:
            self._window.messages.show_error(str(error))
            return
        self._settings.add_recent_film(path)
        self._views.show_name(document.path)
        self._window.messages.show_info(f"Saved {path}. Every further step is stored there as you make it.")

    def _locate(self, missing: FilmMissingError) -> None:
        """Say that the film of a project is not where it was, and open the one that the user finds instead."""
        box = QMessageBox(QMessageBox.Icon.Question, "The project's film", str(missing), parent=self._window)
        locate = box.addButton("Locate the film…", QMessageBox.ButtonRole.AcceptRole)
        use = None
        if missing.changed_path is not None:
            use = box.addButton("Use the changed film", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(locate)
        box.exec()
        film_path: Path | None = None
        if box.clickedButton() is use:
            film_path = missing.changed_path
        elif box.clickedButton() is locate:
            name = missing.reference.name if missing.reference is not None else ""
            film_path = ask_for_moved_film(self._window, missing.project_path.parent, name)
        if not self._window.isVisible() or self._window.analysis.is_running:
            return
        if film_path is None:
            self._window.analysis.failed.emit(str(missing))  # as for any film that cannot be opened
        else:
            self._window.open_film(missing.project_path, film_path)

    def _keep_proposals(self) -> None:
        if self._window.document is not None:
            self._window.document.keep_proposals()


def tell_opened(document: Document, messages: MessageBar) -> None:
    """What is to be said of a film or project that was just opened."""
    if document.damage:
        messages.show_error(document.damage)
    elif document.is_elsewhere:
        messages.show_info(
            "This film is open in another window of Seamline: corrections are made there, and can only be "
            "looked at here."
        )
    elif said := remarks(document.film):
        messages.show_info(" ".join(said))
