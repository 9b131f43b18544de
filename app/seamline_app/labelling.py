"""Labels of shots in the window: asked of the analysis as shots change, shown, and put right by the editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal

from seamline.project.labels import Label, Movement, ShotScale
from seamline.project.types import Project, Shot
from seamline_app.analysing import Analysing
from seamline_app.dialogs import Dialogs
from seamline_app.folders import Folders
from seamline_app.jobs.analysis_events import CameraCurves, Labelled
from seamline_app.menus import Menus
from seamline_app.settings import Settings
from seamline_app.voting import Voting
from seamline_resources.label_looks import (
    MOVEMENT_LOOKS,
    SCALE_LOOKS,
    UNSURE_NAME,
    UNSURE_SHORT,
    LabelLook,
)
from seamline_widgets.label_menu import LabelMenu
from seamline_widgets.shot_labels import classes_of, shots_name
from seamline_widgets.timeline_labels import LabelBlock, LabelKind, RowKind

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class Labelling(QObject):
    """Joins document, analysis, timeline, statistics and keys as far as labels go.

    `networks_changed`: one was installed or removed.
    """

    networks_changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        analysing: Analysing,
        views: Views,
        menus: Menus,
        dialogs: Dialogs,
        settings: Settings,
        folders: Folders,
    ) -> None:
        super().__init__(window)
        self._window = window
        job = self._job = window.analysis
        self._views = views
        self._settings = settings
        self._asked: tuple[object, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._measured = Labelled(())
        self._voting = Voting(window, job, analysing, views, folders)
        self._voting.changed.connect(lambda: self._take(self._measured))
        job.labelled.connect(self._take)
        job.camera.connect(self._take_camera)
        views.timeline.label_clicked.connect(self._choose_at)
        shots, actions = views.shots, window.actions_by_id
        for scale in SCALE_LOOKS:
            actions[f"scale_{scale.lower()}"].triggered.connect(
                lambda _=False, scale=scale: shots.set_scale(scale)
            )
        actions["label_movement"].triggered.connect(lambda: self._choose_movement())
        actions["clear_labels"].triggered.connect(lambda: shots.clear_labels())
        for action_id in ("show_labels", "show_camera"):
            actions[action_id].triggered.connect(lambda _=False: self._show_rows())
        actions["show_labels"].setChecked(settings.shows_labels)
        actions["show_camera"].setChecked(settings.shows_camera)
        menus.networks.triggered.connect(lambda: dialogs.show_networks(self._forget_networks))
        window.player.picture_ready.connect(lambda _image, frame: views.statistics.set_playhead(frame))
        views.statistics.frame_wanted.connect(window.go_to)
        views.statistics.filter_wanted.connect(self._filter)

    def show(self) -> None:
        """Ask about the document's shots where they have changed, and show what is known of them."""
        document = self._window.document
        if document is None:
            self._asked = self._shown = ()
            self._measured = Labelled(())
            self._views.statistics.set_project(None)
            return
        project = document.project
        # thousands of shots are looked at only if there is something new in them
        asked = document, project.seams
        if asked != self._asked:
            self._asked = asked
            ranges = tuple(shot.range for shot in project.shots)
            self._job.label(document.film, ranges)
            self._voting.wish(ranges)
        shown = document, project.seams, project.labels, project.notes
        if shown != self._shown:
            self._shown = shown
            self._views.timeline.set_shot_labels(*_blocks(project))
        self._views.statistics.set_project(project)
        self._views.statistics.set_playhead(self._window.shown_frame)

    def _forget_networks(self) -> None:
        self._voting.forget_network()
        self.networks_changed.emit()

    def close(self) -> None:
        """Stop what runs, and join its thread."""
        self._voting.close()

    def _take(self, labelled: Labelled) -> None:
        self._measured = labelled
        if self._window.document is not None:
            self._window.document.take_labels(Labelled(self._voting.voted(labelled.labels)))

    def _take_camera(self, curves: CameraCurves) -> None:
        document = self._window.document
        if document is not None:
            document.take_camera(curves)
            self._show_camera()

    def _show_camera(self) -> None:
        """Only where it can be seen: there is a number for each frame of the film."""
        document = self._window.document
        if document is not None and self._settings.shows_camera:
            self._views.timeline.set_camera(*document.camera)

    def _show_rows(self) -> None:
        actions, settings = self._window.actions_by_id, self._settings
        settings.shows_labels = actions["show_labels"].isChecked()
        settings.shows_camera = actions["show_camera"].isChecked()
        self._views.show_rows(settings)
        self._show_camera()

    # -- the editor's hands

    def _choose_movement(self) -> None:
        shots = self._views.shots
        labelled = shots.labelled_shots()
        if labelled:
            timeline = self._views.timeline
            frame = min(max(labelled[0].start_frame, self._window.shown_frame), labelled[0].end_frame - 1)
            position = timeline.label_position("movement", frame)
            self._open("movement", labelled, position or timeline.mapToGlobal(QPoint(8, 8)))

    def _choose_at(self, kind: RowKind, start_frame: int, position: QPoint) -> None:
        document = self._window.document
        if document is None or kind == "footage":
            return
        shot = next((shot for shot in document.project.shots if shot.start_frame == start_frame), None)
        if shot is not None:
            self._open(kind, [shot], position)

    def _open(self, kind: LabelKind, shots: list[Shot], position: QPoint) -> None:
        """Open the menu for these shots: what is chosen is theirs, wherever the playhead has gone and whatever their
        numbers are by then."""
        document = self._window.document
        if document is None:
            return
        starts = {shot.start_frame for shot in shots}

        def choose(value: str) -> None:
            if self._window.document is not document:
                return
            numbers = tuple(shot.number for shot in document.project.shots if shot.start_frame in starts)
            if numbers:
                self._views.shots.noted.emit(numbers, {kind: value})
            else:
                document.refused.emit("That shot is gone: another seam was found meanwhile. Choose again.")

        menu = LabelMenu(
            kind, choose, classes_of(shots, document.project, kind), self._window, shots_name(shots)
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)

    def _filter(self, kind: LabelKind, value: str) -> None:
        self._views.side.setCurrentWidget(self._views.shots)
        self._views.shots.filter_by_label(kind, value)


def _blocks(project: Project) -> tuple[list[LabelBlock], list[LabelBlock]]:
    """The scales and the movements that the shots are labelled with."""
    scales, movements = [], []
    for shot in project.shots:
        labels = project.labels_of(shot)
        if labels.scale is not None:
            scales.append(_block(shot, labels.scale, SCALE_LOOKS))
        if labels.movement is not None:
            movements.append(_block(shot, labels.movement, MOVEMENT_LOOKS))
    return scales, movements


def _block(
    shot: Shot, label: Label[ShotScale] | Label[Movement], looks: Mapping[str, LabelLook]
) -> LabelBlock:
    start, end, confidence = shot.start_frame, shot.end_frame, label.confidence
    if label.value is None:
        return LabelBlock(start, end, UNSURE_SHORT, UNSURE_NAME, None, confidence)
    look = looks[label.value]
    return LabelBlock(start, end, look.short, look.name, look.colour, confidence, label.is_user)
