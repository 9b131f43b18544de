"""Labels of shots in the window: asked of the analysis as shots change, shown, and put right by the editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt

from seamline.project.labels import Label, Movement, ShotScale
from seamline.project.types import Project, Shot
from seamline_app.dialogs import Dialogs
from seamline_app.jobs.analysis_events import CameraCurves, Labelled
from seamline_app.jobs.analysis_job import AnalysisJob
from seamline_app.menus import Menus
from seamline_app.settings import Settings
from seamline_resources.label_looks import LABEL_LOOKS, SCALE_LOOKS, UNSURE_NAME, UNSURE_SHORT
from seamline_widgets.label_menu import LabelMenu
from seamline_widgets.shot_labels import classes_of
from seamline_widgets.timeline_labels import LABEL_KINDS, LabelBlock, LabelKind

if TYPE_CHECKING:
    from seamline_app.main_window import MainWindow
    from seamline_app.views import Views


class Labelling(QObject):
    """Joins document, analysis, timeline, statistics and keys as far as labels go."""

    def __init__(
        self,
        window: MainWindow,
        job: AnalysisJob,
        views: Views,
        menus: Menus,
        dialogs: Dialogs,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._job = job
        self._views = views
        self._settings = settings
        self._asked: tuple[object, ...] = ()
        self._shown: tuple[object, ...] = ()
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
        menus.networks.triggered.connect(lambda: dialogs.show_networks(self._ask_again))
        views.statistics.frame_wanted.connect(window.go_to)
        views.statistics.filter_wanted.connect(self._filter)

    def show(self) -> None:
        """Ask about the document's shots where they have changed, and show what is known of them."""
        document = self._window.document
        if document is None:
            self._asked = self._shown = ()
            self._views.statistics.set_project(None)
            return
        project = document.project
        # thousands of shots are looked at only if there is something new in them
        asked = document, project.seams
        if asked != self._asked:
            self._asked = asked
            ranges = tuple((shot.start_frame, shot.end_frame) for shot in project.shots)
            self._job.label(document.film, ranges)
        shown = document, project.seams, project.labels, project.notes
        if shown != self._shown:
            self._shown = shown
            self._views.timeline.set_shot_labels(*(_blocks(project, kind) for kind in LABEL_KINDS))
        self._views.statistics.set_project(project)
        self._views.statistics.set_playhead(self._window.shown_frame)

    def _ask_again(self) -> None:
        """A network has come, or gone: ask about the same shots."""
        self._asked = ()
        self.show()

    def _take(self, labelled: Labelled) -> None:
        if self._window.document is not None:
            self._window.document.take_labels(labelled)

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
        position = self._views.timeline.label_position("movement", self._window.shown_frame)
        self._open("movement", shots.set_movement, shots.labelled_shots(), position)

    def _choose_at(self, kind: LabelKind, start_frame: int, position: QPoint) -> None:
        document = self._window.document
        if document is None:
            return
        shot = next((shot for shot in document.project.shots if shot.start_frame == start_frame), None)
        if shot is not None:
            noted = self._views.shots.noted
            self._open(kind, lambda value: noted.emit((shot.number,), {kind: value}), [shot], position)

    def _open(
        self, kind: LabelKind, choose: Callable[[str], object], shots: list[Shot], position: QPoint
    ) -> None:
        document = self._window.document
        if document is None or not shots:
            return
        menu = LabelMenu(kind, choose, classes_of(shots, document.project, kind), self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)

    def _filter(self, kind: LabelKind, value: str) -> None:
        self._views.side.setCurrentWidget(self._views.shots)
        self._views.shots.filter_by_label(kind, value)


def _blocks(project: Project, kind: LabelKind) -> list[LabelBlock]:
    """The labels of that kind that the shots have."""
    blocks = []
    for shot in project.shots:
        labels = project.labels_of(shot)
        label: Label[ShotScale] | Label[Movement] | None = (
            labels.scale if kind == "scale" else labels.movement
        )
        if label is None:
            continue
        short, name, colour = UNSURE_SHORT, UNSURE_NAME, None
        if label.value is not None:
            look = LABEL_LOOKS[kind][label.value]
            short, name, colour = look.short, look.name, look.colour
        blocks.append(
            LabelBlock(shot.start_frame, shot.end_frame, short, name, colour, label.confidence, label.is_user)
        )
    return blocks
