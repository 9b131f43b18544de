"""What can be done with the picture: its size, the safe areas, a copy of it, a still."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent

from seamline.project.types import Project
from seamline_app.jobs.still_job import StillJob
from seamline_app.open_dialog import ask_for_still
from seamline_app.settings import Settings

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow


class PictureTools(QObject):
    """Works the actions about the picture; has the player give pictures as large as they are shown."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._copied: tuple[int, Project] | None = None
        self._stilled: tuple[int, Project] | None = None
        self.stills = StillJob(self)
        self.stills.read.connect(self._copy)
        self.stills.written.connect(self._tell_written)
        self.stills.failed.connect(window.messages.show_error)
        picture, actions = window.picture, window.actions_by_id
        picture.limit_changed.connect(window.player.set_limit)
        limit = picture.limit()
        window.player.set_limit(limit.width(), limit.height())
        for action_id, zoom in (("picture_fit", "fit"), ("picture_100", "100")):
            actions[action_id].setCheckable(True)
            actions[action_id].triggered.connect(lambda _=False, zoom=zoom: self._set_zoom(zoom))
        picture.zoom_changed.connect(self._show_zoom)
        self._show_zoom(picture.zoom)
        actions["safe_areas"].setChecked(settings.shows_safe_areas)
        picture.set_safe_areas(settings.shows_safe_areas)
        actions["safe_areas"].toggled.connect(self._set_safe_areas)
        actions["copy_frame"].triggered.connect(lambda: self._ask_for_copy())
        actions["save_still"].triggered.connect(lambda: self._ask_for_still())
        actions["full_screen"].triggered.connect(lambda: self._toggle_full_screen())
        window.installEventFilter(self)

    def close(self) -> None:
        """Join the thread."""
        self.stills.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # no shortcut: Esc comes as far as the window where nothing else, a drag or a field, has a use for it
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and not event.modifiers()
            and self._window.isFullScreen()
        ):
            self._toggle_full_screen()
            return True
        return super().eventFilter(watched, event)

    def _set_zoom(self, zoom: str) -> None:
        self._window.picture.set_zoom(zoom)
        self._show_zoom(self._window.picture.zoom)

    def _show_zoom(self, zoom: str) -> None:
        self._window.actions_by_id["picture_fit"].setChecked(zoom == "fit")
        self._window.actions_by_id["picture_100"].setChecked(zoom == "100")

    def _set_safe_areas(self, shown: bool) -> None:
        self._settings.shows_safe_areas = shown
        self._window.picture.set_safe_areas(shown)

    def _ask_for_copy(self) -> None:
        document = self._window.document
        if document is not None:
            self._copied = self._window.shown_frame, document.project
            self.stills.read_frame(document.film, self._window.shown_frame)

    def _copy(self, image: QImage, shown_frame: int) -> None:
        QGuiApplication.clipboard().setImage(image)
        assert self._copied is not None
        frame, project = self._copied
        self._window.messages.show_info(
            f"The frame {project.timecode(frame)} is on the clipboard ({image.width()} × {image.height()})."
            + _lost(project, frame, shown_frame)
        )

    def _ask_for_still(self) -> None:
        document = self._window.document
        if document is None:
            return
        frame = self._window.shown_frame
        label = document.project.timecode(frame).replace(":", "-").replace(";", "-")
        beside = document.path.with_name(f"{document.film.path.stem} {label}.png")
        path = ask_for_still(self._window, beside)
        if path is not None:
            self._stilled = frame, document.project
            self.stills.write_frame(document.film, frame, path)

    def _tell_written(self, path: Path, shown_frame: int) -> None:
        assert self._stilled is not None
        frame, project = self._stilled
        self._window.messages.show_info(
            f"The still is written to “{path}”." + _lost(project, frame, shown_frame)
        )

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _lost(project: Project, frame: int, shown_frame: int) -> str:
    """What there is to say where a damaged film has another frame in its place."""
    if frame == shown_frame:
        return ""
    return f" The film has lost that frame: it shows {project.timecode(shown_frame)}."
