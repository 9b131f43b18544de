"""Pictures for scrubbing: whether they are made, that they are used, and how one is rid of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.proxies_stage import Proxies, delete_proxies
from seamline.errors import SeamlineError
from seamline_app.diagnostics import size_text
from seamline_app.folders import Folders
from seamline_app.menus import Menus
from seamline_app.settings import Settings

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow


class Scrubbing(QObject):
    """Gives the player the proxies of the film that is open, and works the two menu entries about them."""

    def __init__(self, window: MainWindow, menus: Menus, folders: Folders, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._folders = folders
        self._settings = settings
        menus.proxies.setChecked(settings.makes_proxies)
        menus.proxies.triggered.connect(self._set_making)
        menus.delete_proxies.triggered.connect(lambda: self.delete())
        window.analysis.makes_proxies = settings.makes_proxies
        window.analysis.opened.connect(self._on_opened)

    def delete(self) -> None:
        """Delete the proxies of the film that is open."""
        document = self._window.document
        if document is None:
            return
        cache = AnalysisCache(self._folders.cache)
        try:
            freed = delete_proxies(cache.thumbnail_folder(document.film.fingerprint))
        except SeamlineError as error:
            self._window.messages.show_error(str(error))
            return
        if not freed:
            self._window.messages.show_info("There are no pictures for scrubbing of this film.")
            return
        again = (
            " They are made again when the film is opened next; switch “Keep pictures for scrubbing” off "
            "if you want none."
        )
        self._window.messages.show_info(
            f"The pictures for scrubbing are deleted ({size_text(freed)})."
            + (again if self._settings.makes_proxies else "")
        )

    def _on_opened(self) -> None:
        document = self._window.document
        if document is None:
            return
        folder = AnalysisCache(self._folders.cache).thumbnail_folder(document.film.fingerprint)
        self._window.player.use_proxies(Proxies.of(document.film, folder))
        # of its own: what reads them is for one thread at a time
        self._window.seam_view.pictures.use_proxies(Proxies.of(document.film, folder))

    def _set_making(self, makes: bool) -> None:
        self._settings.makes_proxies = makes
        self._window.analysis.makes_proxies = makes
        if makes and self._window.document is not None:
            self._window.messages.show_info("Pictures for scrubbing are made when the film is opened next.")
