"""The segments of the film: controls, the score they follow from, the list, and what can be written of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.notice import Notice
from seamline_widgets.own_keys import OwnKeys
from seamline_widgets.segment_controls import SegmentChoices, SegmentControls
from seamline_widgets.segment_list import SegmentListView
from seamline_widgets.segment_model import SegmentItem

if TYPE_CHECKING:
    from seamline_widgets.score_plot import Floats, Frames, ScorePlot

EMPTY_HINT = "The segments of the film appear here"


class SegmentsPanel(QWidget):
    """Shows what it is given.

    `seek_wanted(frame)`, `picture_wanted(frame)`; `choices_changed`: the user turned something;
    `export_wanted`, `clips_wanted`, `cancel_wanted`: buttons.
    """

    seek_wanted = Signal(int)
    picture_wanted = Signal(int)
    choices_changed = Signal()
    export_wanted = Signal()
    clips_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, methods: tuple[tuple[str, str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controls = SegmentControls(methods)
        self._plot: ScorePlot | None = None
        self._film: tuple[int, Callable[[int], str], int] = 0, str, 25
        self._playhead = 0
        self.list = SegmentListView()
        self.notice = Notice()
        self._summary = QLabel()
        self._summary.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._refusal = QLabel()
        self._refusal.setObjectName("error")
        self._refusal.setTextFormat(Qt.TextFormat.PlainText)
        self._refusal.setWordWrap(True)
        self._refusal.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._refusal.setContentsMargins(12, 0, 12, 8)
        self._refusal.hide()
        self.export_button = QPushButton("&Export…")
        self.export_button.setToolTip(
            "The segments as a table, the embeddings as an array, or the plot as a picture"
        )
        self.clips_button = QPushButton("&Write clips…")
        self.clips_button.setToolTip("Each segment as a film of its own, in a folder")
        self.cancel_button = QPushButton("Cancel")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName("Progress")
        self._doing = QLabel()
        self._doing.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._stack = QStackedWidget()
        for button, signal in (
            (self.export_button, self.export_wanted),
            (self.clips_button, self.clips_wanted),
            (self.cancel_button, self.cancel_wanted),
        ):
            OwnKeys(button, (Qt.Key.Key_Space,))
            button.clicked.connect(signal)
        self.controls.changed.connect(self.choices_changed)
        self.list.seek_wanted.connect(self.seek_wanted)
        self.list.picture_wanted.connect(self.picture_wanted)
        self._lay_out()
        self.set_busy("")
        self.say(EMPTY_HINT)

    @property
    def plot(self) -> ScorePlot:
        """The curve of scores; made when it is first wanted, since what draws it takes long to load."""
        if self._plot is None:
            from seamline_widgets.score_plot import ScorePlot

            self._plot = plot = ScorePlot()
            plot.seek_wanted.connect(self.seek_wanted)
            plot.set_film(*self._film)
            plot.set_playhead(self._playhead)
            self._column.insertWidget(self._column.indexOf(self.list), plot)
        return self._plot

    def set_labels(self, timecode_of: Callable[[int], str], nominal_rate: int) -> None:
        """Label the frames of the same film anew."""
        self._film = self._film[0], timecode_of, nominal_rate
        if self._plot is not None:
            self._plot.set_labels(timecode_of, nominal_rate)

    @property
    def choices(self) -> SegmentChoices:
        """What the controls say."""
        return self.controls.choices

    @property
    def is_shown(self) -> bool:
        """Whether segments can be seen, and not a notice in their place."""
        return self._stack.currentIndex() == 1

    def say(self, text: str, *, is_working: bool = False) -> None:
        """Show why there are no segments to see."""
        self.notice.say(text, is_working=is_working)
        self._stack.setCurrentIndex(0)

    def set_film(self, frame_count: int, timecode_of: Callable[[int], str], nominal_rate: int) -> None:
        """Make room for another film."""
        self._film = frame_count, timecode_of, nominal_rate
        if self._plot is not None:
            self._plot.set_film(*self._film)
        self.list.forget_pictures()
        self.list.set_items(())

    def show_segments(
        self,
        items: Sequence[SegmentItem],
        frames: Frames,
        scores: Floats,
        thresholds: Floats,
        starts: Frames,
        summary: str,
    ) -> None:
        """Show these segments, and the curves as `ScorePlot.set_scores` takes them; `summary` in a few words."""
        self.plot.set_scores(frames, scores, thresholds, starts)
        self.list.set_items(items)
        self._summary.setText(summary)
        self._refusal.hide()
        self._stack.setCurrentIndex(1)

    def tell_working(self) -> None:
        """Say that the next answer takes its time; the segments shown before stay until then."""
        if self.is_shown:
            self._summary.setText("Looking through the film…")
        else:
            self.say("Looking through the film…", is_working=True)

    def refuse(self, text: str) -> None:
        """Say why the settings cannot be; the segments shown before stay."""
        self._refusal.setText(text)
        self._refusal.show()

    @property
    def summary(self) -> str:
        """What the foot says of the segments."""
        return self._summary.text()

    @property
    def refusal(self) -> str:
        """Why the settings cannot be, empty if they can."""
        return "" if self._refusal.isHidden() else self._refusal.text()

    def set_playhead(self, frame: int, *, follow: bool = False) -> None:
        """Mark the frame in the plot and in the list."""
        self._playhead = frame
        if self._plot is not None:
            self._plot.set_playhead(frame)
        self.list.set_current_frame(frame, follow=follow)

    def set_picture(self, frame: int, image: object) -> None:
        """Show the picture of a keyframe."""
        self.list.set_picture(frame, image)  # type: ignore[arg-type]

    def set_busy(self, text: str, share: float | None = None) -> None:
        """Show that files are being written, with a way to stop it; an empty text: none are."""
        is_busy = bool(text)
        self._doing.setText(text)
        self._bar.setRange(0, 1000 if share is not None else 0)
        self._bar.setValue(round(1000 * (share or 0.0)))
        for widget in (self._doing, self._bar, self.cancel_button):
            widget.setVisible(is_busy)
        for widget in (self.export_button, self.clips_button, self._summary):
            widget.setVisible(not is_busy)

    @property
    def doing(self) -> str:
        """What the foot of the panel says is being done."""
        return self._doing.text()

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.controls)
        column.addWidget(self._refusal)
        column.addWidget(self.list, 1)
        self._column = column
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(8)
        foot.addWidget(self.export_button)
        foot.addWidget(self.clips_button)
        foot.addStretch()
        foot.addWidget(self._summary)
        foot.addWidget(self._doing)
        foot.addWidget(self._bar, 1)
        foot.addWidget(self.cancel_button)
        column.addLayout(foot)
        self._stack.addWidget(self.notice)
        self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
