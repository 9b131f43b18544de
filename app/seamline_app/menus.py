"""The menu bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from seamline_widgets.actions import menu_text

_PLAY = (
    "play_pause", "shuttle_back", "shuttle_stop", "shuttle_forward", "",
    "mark_in", "mark_out", "mark_shot", "clear_marks", "play_loop", "",
    "mute", "scrub_sound",
)  # fmt: skip
_GO = (
    "step_back", "step_forward", "jump_back", "jump_forward", "",
    "previous_seam", "next_seam", "previous_doubtful", "next_doubtful",
    "previous_match_cut", "next_match_cut", "previous_shot_middle", "next_shot_middle", "",
    "go_to_in", "go_to_out", "go_to_start", "go_to_end", "go_to_timecode",
)  # fmt: skip
_EDIT = (
    "undo",
    "redo",
    "show_history",
    "",
    "select_all",
    "snapping",
    "",
    "copy_frame",
    "",
    "command_palette",
)
_SEAMS = (
    "add_seam", "confirm_seam", "change_kind", "delete_seam", "", "nudge_back", "nudge_forward",
    "out_earlier", "out_later", "in_earlier", "in_later", "",
)  # fmt: skip
_SHOTS = (
    "rename_shot", "comment_shot", "merge_shots", "", "find_shots", "shot_grid", "",
    "label_movement", "clear_labels", "",
)  # fmt: skip
_FIND = (
    "find_pictures", "find_like_frame", "find_like_region", "", "next_hit", "previous_hit", "",
    "find_match_cuts", "match_out_of_frame", "match_into_frame",
)  # fmt: skip
_SCALES = ("scale_ecs", "scale_cs", "scale_ms", "scale_fs", "scale_ls")
_VIEW = (
    "picture_fit", "picture_100", "safe_areas", "position_display", "", "show_review", "",
    "zoom_in", "zoom_out", "zoom_fit", "zoom_selection", "",
)  # fmt: skip
_CHECKABLE = (
    "play_loop",
    "scrub_sound",
    "snapping",
    "safe_areas",
    "show_review",
    "shot_grid",
    "show_labels",
    "show_camera",
    "show_footage",
    "mark_match_cuts",
)
# those that are a preference, or that another part of the window enables
_WITHOUT_FILM = (
    "mark_in", "mark_out", "mark_shot", "clear_marks", "play_loop", "go_to_in", "go_to_out", "mute", "scrub_sound",
    "snapping", "safe_areas", "position_display", "show_review", "command_palette", "undo", "redo", "show_history",
    "shot_grid", "show_labels", "show_camera", "show_footage", "next_pane", "previous_pane",
    "find_pictures", "next_hit", "previous_hit", "find_match_cuts",
    "previous_seam", "next_seam", "previous_doubtful", "next_doubtful", "select_all",
)  # fmt: skip
_FILM_ACTIONS = tuple(
    action_id
    for action_id in (
        *_PLAY,
        *_GO,
        *_EDIT,
        *_FIND,
        *_SHOTS,
        *_SCALES,
        *_VIEW,
        "save_project",
        "save_still",
        "export_edl",
        "export_as",
        "mark_match_cuts",
    )
    if action_id and action_id not in _WITHOUT_FILM
)


class Menus(QObject):
    """Menus made of the shortcut table's actions and a few that have no key.

    `recent_chosen(Path)`: the user wants one of the films opened lately.
    """

    recent_chosen = Signal(Path)

    def __init__(self, bar: QMenuBar, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        for action_id in _CHECKABLE:
            actions[action_id].setCheckable(True)
        self.resume = QAction("Go on with the analysis", parent)
        self.film_details = QAction("Film details for cut lists…", parent)
        self.compare = QAction("Compare with a cut list…", parent)
        self.import_list = QAction("Import a cut list as seams…", parent)
        self.export_matches = QAction("Export the match cuts that you keep…", parent)
        self.demo = QAction("Open the demo film", parent)
        self.proxies = _switch("Keep pictures for scrubbing", parent)
        self.delete_proxies = QAction("Delete this film's pictures for scrubbing", parent)
        self.learning = _switch("Learn from my corrections", parent)
        self.filmstrip = _switch("Filmstrip on the timeline", parent)
        self.waveform = _switch("Waveform on the timeline", parent)
        self.tabs = tuple(
            QAction(name, parent)
            for name in ("Shots", "Find", "Footage", "Match", "Statistics", "Segments", "Map", "Steps")
        )
        self.networks = QAction("Networks…", parent)
        self.diagnostics = QAction("Diagnostics…", parent)
        self.about = QAction("About Seamline", parent)
        film = bar.addMenu("&Film")
        film.addAction(actions["open_film"])
        self._recent = QMenu("Open recent", film)
        film.addMenu(self._recent)
        film.addAction(self.demo)
        film.addSeparator()
        film.addAction(actions["save_project"])
        film.addSeparator()
        film.addActions(
            [actions["export_edl"], actions["export_as"], actions["save_still"], self.film_details]
        )
        film.addSeparator()
        film.addActions([self.compare, self.import_list])
        film.addSeparator()
        film.addActions([actions["mark_match_cuts"], self.export_matches])
        film.addSeparator()
        film.addActions([self.resume, actions["stop_analysis"]])
        film.addSeparator()
        film.addActions([self.proxies, self.delete_proxies])
        film.addSeparator()
        film.addAction(actions["quit"])
        self._add(bar, "&Edit", actions, _EDIT)
        self._add(bar, "&Seams", actions, _SEAMS).addAction(self.learning)
        self.shots = self._add(bar, "Sh&ots", actions, _SHOTS)
        scales = QMenu("&Scale", self.shots)
        scales.addActions([actions[action_id] for action_id in _SCALES])
        self.shots.insertMenu(actions["label_movement"], scales)
        self._add(bar, "&Play", actions, _PLAY)
        self._add(bar, "&Go", actions, _GO)
        self._add(bar, "F&ind", actions, _FIND)
        view = self._add(bar, "&View", actions, _VIEW)
        rows = (actions[action_id] for action_id in ("show_labels", "show_footage", "show_camera"))
        view.addActions([self.filmstrip, self.waveform, *rows])
        view.addSeparator()
        view.addActions(list(self.tabs))
        view.addSeparator()
        view.addActions([actions["next_pane"], actions["previous_pane"]])
        view.addSeparator()
        view.addAction(actions["full_screen"])
        help_menu = self._add(bar, "&Help", actions, ("show_shortcuts",))
        help_menu.addActions([self.networks, self.diagnostics, self.about])
        self._recent_films: Callable[[], list[Path]] = list
        self._recent.aboutToShow.connect(self._fill_recent)

    def refresh(self, *, has_film: bool, is_running: bool, can_resume: bool) -> None:
        """Enable what can be done now."""
        for action_id in _FILM_ACTIONS:
            self._actions[action_id].setEnabled(has_film)
        self._actions["stop_analysis"].setEnabled(is_running)
        for action in (self.film_details, self.compare, self.import_list, self.export_matches):
            action.setEnabled(has_film)
        self.delete_proxies.setEnabled(has_film and not is_running)
        self.resume.setEnabled(can_resume)

    def show_recent_from(self, recent_films: Callable[[], list[Path]]) -> None:
        """Ask `recent_films` whenever the menu opens."""
        self._recent_films = recent_films

    def _add(self, bar: QMenuBar, title: str, actions: Mapping[str, QAction], ids: tuple[str, ...]) -> QMenu:
        menu = bar.addMenu(title)
        for action_id in ids:
            if action_id:
                menu.addAction(actions[action_id])
            else:
                menu.addSeparator()
        return menu

    def _fill_recent(self) -> None:
        self._recent.clear()
        films = self._recent_films()
        for path in films:
            action = self._recent.addAction(menu_text(path.name))
            action.setToolTip(str(path))
            action.triggered.connect(lambda _=False, path=path: self.recent_chosen.emit(path))
        if not films:
            self._recent.addAction("No film opened yet").setEnabled(False)


def _switch(text: str, parent: QWidget) -> QAction:
    switch = QAction(text, parent)
    switch.setCheckable(True)
    return switch
