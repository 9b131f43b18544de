"""What the hands do on the timeline, done to the document and the playhead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seamline.project.types import NO_NOTE, Project
from seamline_app.menus import Menus
from seamline_app.settings import Settings
from seamline_resources import palette
from seamline_widgets.timeline_shots import ShotBlock

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class TimelineTools(QObject):
    """Selecting, moving and zooming on the timeline; its switches; the threshold."""

    def __init__(self, window: MainWindow, views: Views, menus: Menus, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._timeline = views.timeline
        self._settings = settings
        self._shown: tuple[object, ...] = ()
        timeline, actions = views.timeline, window.actions_by_id
        timeline.scrubbed.connect(window.go_to)
        timeline.seam_selected.connect(self._select)
        timeline.seams_selected.connect(self._select_many)
        timeline.seam_moved.connect(self._move)
        views.review.seam_moved.connect(self._move)
        timeline.seams_moved.connect(self._move_many)
        timeline.threshold_moved.connect(lambda value: self._set_threshold(value, store=False))
        timeline.threshold_set.connect(lambda value: self._set_threshold(value, store=True))
        timeline.shot_clicked.connect(self._select_shot)
        timeline.shot_activated.connect(window.go_to)
        for action_id, handler in {
            "zoom_in": timeline.zoom_in,
            "zoom_out": timeline.zoom_out,
            "zoom_fit": timeline.fit,
            "zoom_selection": timeline.zoom_to_selection,
        }.items():
            actions[action_id].triggered.connect(lambda _=False, handler=handler: handler())
        self._views, self._menus = views, menus
        menus.filmstrip.setChecked(settings.shows_filmstrip)
        menus.waveform.setChecked(settings.shows_waveform)
        for switch in (menus.filmstrip, menus.waveform):
            switch.triggered.connect(self._show_rows)
        actions["snapping"].setChecked(settings.snaps)
        timeline.set_snapping(settings.snaps)
        actions["snapping"].toggled.connect(self._set_snapping)
        self._connect_previews()

    def show(self) -> None:
        """Show the newest state of the document, but for what all views show."""
        document = self._window.document
        if document is not None:
            self._timeline.set_threshold(document.threshold)
            self._timeline.set_faint(document.faint)
            # thousands of blocks are made anew only if there is something new in them
            shown = document.project.seams, document.project.notes, document
            if shown != self._shown:
                self._shown = shown
                self._timeline.set_shots(_blocks(document.project))

    def _connect_previews(self) -> None:
        """Pictures and sound along the timeline."""
        timeline, previews, analysis = self._timeline, self._window.previews, self._window.analysis
        previews.pictures_ready.connect(
            lambda some: timeline.add_pictures(some.pictures, passing=some.is_passing)
        )
        timeline.pictures_wanted.connect(previews.want)
        for news in (analysis.found, analysis.finished, analysis.stopped, analysis.failed):
            news.connect(lambda *_: previews.look_again())
        previews.loudness_ready.connect(
            lambda some: timeline.add_loudness(some.start_frame, some.peak, some.rms)
        )
        previews.unheard.connect(timeline.set_sound_note)

    def _select(self, seam_id: str) -> None:
        if self._window.document is not None:
            self._window.document.select(seam_id)

    def _select_many(self, seam_ids: tuple[str, ...]) -> None:
        if self._window.document is not None:
            self._window.document.select_many(seam_ids)

    def _select_shot(self, start_frame: int) -> None:
        document = self._window.document
        if document is not None:
            shot = next((shot for shot in document.project.shots if shot.start_frame == start_frame), None)
            document.select(shot.seam.id if shot is not None and shot.seam is not None else "")

    def _move(self, seam_id: str, out_frame: int, in_frame: int) -> None:
        document = self._window.document
        if document is None:
            return
        if document.move(seam_id, out_frame, in_frame):
            self._window.go_to(document.project.seam(seam_id).cut_frame)
        else:
            self._window.show_seams()

    def _move_many(self, moves: tuple[tuple[str, int, int], ...]) -> None:
        document = self._window.document
        if document is None or not moves:
            return
        selection, frames = document.selection, {seam_id: out_frame for seam_id, out_frame, _ in moves}
        moved = [seam for seam in selection if seam.id in frames]
        if not moved or not document.nudge(moved, frames[moved[0].id] - moved[0].out_frame):
            self._window.show_seams()

    def _set_threshold(self, value: float, *, store: bool) -> None:
        if self._window.document is not None:
            self._window.document.set_threshold(value, store=store)

    def _show_rows(self) -> None:
        settings = self._settings
        settings.shows_filmstrip = self._menus.filmstrip.isChecked()
        settings.shows_waveform = self._menus.waveform.isChecked()
        self._views.show_rows(settings)

    def _set_snapping(self, snaps: bool) -> None:
        self._settings.snaps = snaps
        self._timeline.set_snapping(snaps)


def _blocks(project: Project) -> list[ShotBlock]:
    blocks = []
    notes = project.notes_by_shot
    for shot in project.shots:
        note = notes.get(shot.number, NO_NOTE)
        colour = None if note.colour is None else palette.SHOT_COLOURS[note.colour]
        blocks.append(ShotBlock(shot.start_frame, shot.end_frame, note.name or str(shot.number), colour))
    return blocks
