"""The film in numbers: its shots, how long they are, and which scale and movement they have, where and how often."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from seamline.project.label_statistics import UNLABELLED, UNSURE
from seamline.project.types import Project
from seamline_resources import palette
from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.fitting_label import FittingLabel
from seamline_widgets.notice import Notice
from seamline_widgets.shot_labels import LABEL_KINDS, LabelKind
from seamline_widgets.statistics_facts import (
    FilmStatistics,
    coverage_texts,
    published_sentence,
    seconds_text,
    so_far_sentence,
)
from seamline_widgets.statistics_rows import RowsHead, ShareRow
from seamline_widgets.statistics_strips import FilmStrips

EMPTY_HINT = "The film's shots in numbers appear here"
UNLABELLED_HINT = "Shot labels appear when the pictures have been looked at."
_TITLES = {"scale": "Shot scale", "movement": "Camera movement"}
_LATER_MS = 200


class StatisticsPanel(QWidget):
    """Reckons when it is seen, at most some times a second.

    `frame_wanted(frame)`: show that frame of the film. `filter_wanted(kind, value)`: list the shots alone that are of
    this class: “scale” or “movement”, and the class's own word, UNSURE or UNLABELLED.
    """

    frame_wanted = Signal(int)
    filter_wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._shown: Project | None = None
        self.numbers: FilmStatistics | None = None
        self.notice = Notice()
        self.notice.say(EMPTY_HINT)
        self.strips = FilmStrips()
        self.strips.frame_wanted.connect(self.frame_wanted)
        self.rows = {
            (kind, value): ShareRow(kind, value)
            for kind in LABEL_KINDS
            for value in (*LABEL_LOOKS[kind], UNSURE, UNLABELLED)
        }
        for row in self.rows.values():
            row.clicked.connect(lambda _=False, row=row: self.filter_wanted.emit(row.kind, row.value))
        self._facts = {name: _Fact(name) for name in ("Shots", "Mean length", "Median length")}
        self._hint = _quiet_label(UNLABELLED_HINT)
        self._published = _quiet_label("")
        self._so_far = _quiet_label("")
        self._coverage = {kind: FittingLabel() for kind in LABEL_KINDS}
        self._sections: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._later.timeout.connect(self._refresh)
        self._lay_out()
        self.setAccessibleName("Statistics")

    @property
    def hint(self) -> str:
        """The sentence that stands in place of what cannot be shown, empty where all is."""
        if self._stack.currentIndex() == 0:
            return self.notice.text
        return "" if self._hint.isHidden() else self._hint.text()

    def set_project(self, project: Project | None) -> None:
        """Show this project's shots; of another film at once, else soon, and only while the panel is seen."""
        before, self._project = self._project, project
        if project is None or before is None or before.film is not project.film:
            self._later.stop()
            self._refresh()
        elif project is not self._shown and self.isVisible() and not self._later.isActive():
            self._later.start()

    def set_playhead(self, frame: int) -> None:
        """Mark the frame where the playhead stands; cheap enough for every frame that is shown."""
        self.strips.set_playhead(frame)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        project = self._project
        if project is self._shown or (project is not None and not self.isVisible()):
            return
        self._shown = project
        if project is None:
            self.numbers = None
            self._stack.setCurrentIndex(0)
            return
        self.numbers = numbers = FilmStatistics.of(project)
        self._facts["Shots"].say(f"{numbers.shot_count:,}")
        self._facts["Mean length"].say(seconds_text(numbers.mean_s))
        self._facts["Median length"].say(seconds_text(numbers.median_s))
        self.strips.set_statistics(numbers, project.timecode)
        for kind in LABEL_KINDS:
            shares = numbers.kind(kind)
            self._coverage[kind].set_texts(coverage_texts(shares, is_whole=numbers.is_whole))
            for share in shares.shares:
                row = self.rows[kind, share.value]
                row.set_share(share)
                row.setVisible(share.shots > 0 or share.value in LABEL_LOOKS[kind])
            self._sections[kind].setVisible(shares.unlabelled.shots < numbers.shot_count)
        self._hint.setVisible(numbers.labels.is_empty)
        so_far = so_far_sentence(numbers)
        self._so_far.setText(so_far)
        self._so_far.setVisible(bool(so_far))
        sentence = published_sentence(numbers.labels)
        self._published.setText(sentence)
        self._published.setVisible(bool(sentence))
        self._stack.setCurrentIndex(1)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(0)
        facts = QHBoxLayout()
        facts.setContentsMargins(12, 0, 12, 0)
        facts.setSpacing(8)
        for fact in self._facts.values():
            facts.addWidget(fact, 1)
        column.addLayout(facts)
        column.addWidget(self._so_far)
        column.addSpacing(12)
        column.addWidget(_title("Along the film"))
        column.addWidget(self.strips)
        column.addWidget(self._hint)
        for kind in LABEL_KINDS:
            column.addWidget(self._section(kind))
        column.addStretch()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        self._stack.addWidget(self.notice)
        self._stack.addWidget(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _section(self, kind: LabelKind) -> QWidget:
        section = self._sections[kind] = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(0)
        coverage = self._coverage[kind]
        coverage.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        coverage.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        coverage.setContentsMargins(0, 4, 12, 4)
        coverage.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(_title(_TITLES[kind]))
        head.addWidget(coverage, 1)
        column.addLayout(head)
        column.addWidget(RowsHead())
        for (row_kind, _), row in self.rows.items():
            if row_kind == kind:
                column.addWidget(row)
        if kind == "movement":
            column.addWidget(self._published)
        return section


class _Fact(QFrame):
    """A number and its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setStyleSheet(f"_Fact {{ background: {palette.RAISED}; border-radius: 4px; }}")
        self._name = name
        self._number = QLabel()
        font = self._number.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self._number.setFont(font)
        self._number.setStyleSheet(f"color: {palette.TEXT_STRONG};")
        label = FittingLabel()
        label.set_texts((name, name.split()[0]))
        label.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(0)
        for part in (label, self._number):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            column.addWidget(part)

    def say(self, text: str) -> None:
        self._number.setText(text)
        self.setAccessibleName(f"{self._name}: {text}")


def _title(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    label.setContentsMargins(12, 4, 12, 4)
    return label


def _quiet_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setStyleSheet(f"color: {palette.TEXT_QUIET};")
    label.setContentsMargins(12, 8, 12, 8)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
