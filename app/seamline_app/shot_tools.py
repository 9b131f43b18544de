"""What the menus and keys do in the list of shots, and what the list does to the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seamline_app.menus import Menus
from seamline_app.settings import Settings
from seamline_app.shot_notes import ShotNotes
from seamline_widgets.shot_menu import ColourMenu, joinable

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class ShotTools(QObject):
    """Joins the panel of shots with the window; remembers how it looks."""

    def __init__(self, window: MainWindow, views: Views, menus: Menus, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._views = views
        self._settings = settings
        self._notes = ShotNotes(views.shots, lambda: window.document, self)
        panel, actions = views.shots, window.actions_by_id
        panel.set_actions(actions)
        panel.set_look(is_grid=settings.shows_shot_grid, picture_px=settings.shot_picture_px)
        panel.look_changed.connect(self._remember_look)
        panel.shot_activated.connect(window.go_to)
        panel.seam_selected.connect(self._visit)
        panel.seams_selected.connect(self._select_many)
        panel.thumbnail_wanted.connect(window.thumbnails.request)
        window.thumbnails.ready.connect(panel.set_thumbnail)
        actions["shot_grid"].setChecked(panel.is_grid)
        for action_id, handler in {
            "rename_shot": panel.rename,
            "comment_shot": panel.comment,
            "merge_shots": self._join,
            "find_shots": panel.focus_filter,
        }.items():
            actions[action_id].triggered.connect(lambda _=False, handler=handler: self._in_panel(handler))
        actions["shot_grid"].triggered.connect(lambda: self._in_panel(panel.toggle_grid))
        menus.shots.addMenu(ColourMenu(panel.set_colour, menus.shots))

    def _in_panel(self, handler: object) -> None:
        """Do it where it can be seen."""
        self._views.side.setCurrentWidget(self._views.shots)
        assert callable(handler)
        handler()

    def _join(self) -> None:
        document = self._window.document
        if document is not None and not joinable(self._views.shots.selection.shots):
            document.refused.emit("Select shots in the list that are neighbours, then join them.")
        self._views.shots.join()

    def _visit(self, seam_id: str) -> None:
        document = self._window.document
        if document is None:
            return
        document.select(seam_id)
        self._window.go_to(document.project.seam(seam_id).cut_frame if seam_id else 0)

    def _select_many(self, seam_ids: tuple[str, ...]) -> None:
        if self._window.document is not None:
            self._window.document.select_many(seam_id for seam_id in seam_ids if seam_id)

    def _remember_look(self) -> None:
        panel = self._views.shots
        self._settings.shows_shot_grid = panel.is_grid
        self._settings.shot_picture_px = panel.picture_px
        self._window.actions_by_id["shot_grid"].setChecked(panel.is_grid)
