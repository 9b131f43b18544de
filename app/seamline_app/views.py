"""The window's views: how they lie, and how they show a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from seamline.analysis.stage import FloatArray
from seamline.media.timecode import TimecodeRate
from seamline.project.types import Project
from seamline_app.settings import Settings
from seamline_widgets.footage_panel import FootagePanel
from seamline_widgets.map_panel import MapPanel
from seamline_widgets.match_panel import MatchPanel
from seamline_widgets.message_bar import MessageBar
from seamline_widgets.picture import PictureView
from seamline_widgets.review_panel import SeamReviewPanel
from seamline_widgets.search_panel import SearchPanel
from seamline_widgets.segments_panel import SegmentsPanel
from seamline_widgets.shots_panel import ShotsPanel
from seamline_widgets.side_tabs import SideTabs
from seamline_widgets.statistics_panel import StatisticsPanel
from seamline_widgets.status import StatusLine
from seamline_widgets.step_list import StepList
from seamline_widgets.timeline import TimelineView
from seamline_widgets.transport import TransportBar

_SIDE_PX = 440
_METHODS = (
    (
        "pipeline",
        "Preset: pipeline, score over .4",
        "As published: every change that scores over .4 on the film's scale.",
    ),
    (
        "notebook",
        "Preset: notebook, score over .6",
        "As published: every change that scores over .6 on the film's scale.",
    ),
    ("dynamic", "Dynamic", "Changes far over what is usual in the ten seconds around them."),
    ("surveyor", "Surveyed", "Changes over what a survey of the film's neighbourhoods found usual."),
)


class Views:
    """All that the editor sees of a film. Shows what it is given; what the editor does, the views emit."""

    def __init__(self, window: QMainWindow) -> None:
        # the picture is made first, so that it has the keyboard at the start
        self.picture = PictureView()
        self.transport = TransportBar()
        self.timeline = TimelineView()
        self.review = SeamReviewPanel()
        self.shots = ShotsPanel()
        self.search = SearchPanel()
        self.footage = FootagePanel()
        self.match = MatchPanel()
        self.steps = StepList()
        self.statistics = StatisticsPanel()
        self.segments = SegmentsPanel(_METHODS)
        self.map = MapPanel()
        self.side = SideTabs(
            (
                ("Shots", self.shots),
                ("Find", self.search),
                ("Footage", self.footage),
                ("Match", self.match),
                ("Statistics", self.statistics),
                ("Segments", self.segments),
                ("Map", self.map),
                ("Steps", self.steps),
            )
        )
        self.messages = MessageBar()
        self.status = StatusLine()
        self._window = window
        self._shown_counting: tuple[int, TimecodeRate] | None = None
        self._shown: tuple[object, ...] = ()
        self.screen = QStackedWidget()
        """The place of the picture, whatever is in it."""
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._stage = QSplitter(Qt.Orientation.Vertical)
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()

    def show_nothing(self) -> None:
        """There is no film."""
        self._window.setWindowTitle("Seamline")
        self._window.setWindowFilePath("")
        self.picture.clear()
        self.transport.clear()
        self.transport.set_sound_enabled(True)  # the volume is a preference, film or not
        self.timeline.clear()
        self.shots.set_shots(None)
        self._shown = ()
        self.status.set_idle("")
        self.status.set_review("")
        self.status.set_device("")
        self.status.set_sound("")

    def show_name(self, path: Path) -> None:
        """What is open, a film or a project."""
        self._window.setWindowTitle(f"{path.name} – Seamline")
        self._window.setWindowFilePath(str(path))

    def show_film(self, project: Project, path: Path) -> None:
        """Another film, opened as `path`: everything that belonged to the one before goes."""
        film = project.film
        self.show_name(path)
        self._shown_counting = None
        self._shown = ()
        self.picture.clear("")
        self.timeline.set_film(film.frame_count, project.timecode, project.timecode_rate.nominal)
        self.status.set_sound("")  # what was said of the film before
        has_sound = film.info.audio is not None
        self.transport.set_sound_enabled(has_sound)
        self.timeline.set_sound_note("" if has_sound else "No sound")

    def show_project(self, project: Project, similarity: FloatArray, shown_frame: int) -> None:
        """The newest state of the film that is shown."""
        self._show_counting(project, shown_frame)
        self.timeline.set_similarity(similarity)
        self.timeline.set_analysed(project.analysed_frames)
        # thousands of rows are looked at only if there is something new in them
        shown = (
            project.seams,
            project.notes,
            project.labels,
            project.first_timecode_frame,
            project.timecode_rate,
        )
        if shown != self._shown:
            self._shown = shown
            self.timeline.set_seams(project.seams)
            self.shots.set_shots(project)

    def show_selection(self, seam_ids: Sequence[str]) -> None:
        """Show these seams as selected, the first as the leading one."""
        leading, others = (seam_ids[0], seam_ids[1:]) if seam_ids else (None, ())
        self.timeline.set_selected(leading, others)
        self.shots.set_selected(leading, others)

    def show_instead(self, view: QWidget) -> None:
        """Have that in the place of the picture, with the room of what belongs to the player."""
        self.screen.addWidget(view)
        self.screen.setCurrentWidget(view)
        self.transport.hide()
        self.review.hide()

    def show_picture(self, *, has_review: bool) -> None:
        """Have the picture in its place again, and with it the seam review where that is wanted."""
        self.screen.setCurrentWidget(self.picture)
        self.transport.show()
        self.review.setVisible(has_review)

    def show_rows(self, settings: Settings) -> None:
        """Show or hide the rows of the timeline as they are set; the picture above makes room for them."""
        before_px = self.timeline.sizeHint().height()
        self._set_rows(settings)
        wanted_px = self.timeline.sizeHint().height() - before_px
        above_px, timeline_px = self._down.sizes()
        self._down.setSizes([above_px - wanted_px, timeline_px + wanted_px])

    def save_layout(self, settings: Settings) -> None:
        settings.set_layout("window", self._window.saveGeometry())
        settings.set_layout("across", self._across.saveState())
        settings.set_layout("down", self._down.saveState())
        settings.set_layout("stage", self._stage.saveState())

    def restore_layout(self, settings: Settings) -> None:
        # first the rows: a stored height is one of these rows
        self._set_rows(settings)
        geometry = settings.layout("window")
        if geometry is not None:
            self._window.restoreGeometry(geometry)
        for part, splitter in (("across", self._across), ("down", self._down), ("stage", self._stage)):
            state = settings.layout(part)
            if state is not None:
                splitter.restoreState(state)

    def _set_rows(self, settings: Settings) -> None:
        self.timeline.set_rows(
            filmstrip=settings.shows_filmstrip,
            waveform=settings.shows_waveform,
            labels=settings.shows_labels,
            camera=settings.shows_camera,
            footage=settings.shows_footage,
        )

    def _show_counting(self, project: Project, shown_frame: int) -> None:
        """Label all frames, anew where the start timecode has changed."""
        counting = project.first_timecode_frame, project.timecode_rate
        if counting == self._shown_counting:
            return
        self._shown_counting = counting
        self.timeline.set_labels(project.timecode, project.timecode_rate.nominal)
        self.transport.set_clock(project.clock)
        self.transport.set_frame(shown_frame)

    def _lay_out(self) -> None:
        window = self._window
        # from the outside in: a widget that comes into another is styled anew with all that is in it
        window.setCentralWidget(self._down)
        self._down.addWidget(self._across)
        stage = QWidget()
        self._across.addWidget(stage)
        column = QVBoxLayout(stage)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stage, 1)
        self._stage.addWidget(self.screen)
        self.screen.addWidget(self.picture)
        self._stage.addWidget(self.review)
        column.addWidget(self.transport)
        self.messages.lie_over(stage)
        self._across.addWidget(self.side)
        self._down.addWidget(self.timeline)
        for splitter in (self._across, self._down, self._stage):
            splitter.setStretchFactor(0, 1)
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(4)
        # where the window is small, the review gives as much as the picture does
        self._stage.setStretchFactor(0, 2)
        self._stage.setStretchFactor(1, 1)
        window.statusBar().addWidget(self.status, 1)
        window.statusBar().setSizeGripEnabled(False)
        window.resize(1360, 840)
        self._across.setSizes([1360 - _SIDE_PX, _SIDE_PX])
