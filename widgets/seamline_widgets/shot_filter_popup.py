"""The choices behind the Filter button of the shot list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from seamline.project.types import SeamKind, ShotColour
from seamline_resources import palette
from seamline_widgets.shot_filter import ShotFilter
from seamline_widgets.shot_paint import swatch

_MOST_S = 3600.0
_ANY = "any"
_REVIEW = (("Any", None), ("To review", False), ("Reviewed", True))


class ShotFilterPopup(QFrame):
    """A small window at the button. `chosen`: the user turned something; `criteria` has it all, without a text."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("filter")
        self.setStyleSheet(
            f"QFrame#filter {{ background: {palette.RAISED}; border: 1px solid {palette.OUTLINE}; }}"
        )
        self.setAccessibleName("Filter the shots")
        self.longer = _seconds("Shots of at least this length")
        self.shorter = _seconds("Shots of at most this length")
        self.kinds = {kind: QCheckBox(palette.SEAM_LOOKS[kind].name) for kind in SeamKind}
        self.below = QSpinBox()
        self.below.setRange(0, 100)
        self.below.setSingleStep(5)
        self.below.setSuffix(" %")
        self.below.setSpecialValueText(_ANY)
        self.below.setAccessibleName("Seams of which the analysis is less sure than this")
        self.review = QComboBox()
        for text, _ in _REVIEW:
            self.review.addItem(text)
        self.review.setAccessibleName("Whether the seam was reviewed")
        self.colours = {colour: _colour_button(colour) for colour in ShotColour}
        self.comment = QCheckBox("With a comment")
        self.clear_button = QPushButton("&Clear")
        self.clear_button.setToolTip("Show all shots")
        self.clear_button.clicked.connect(self._clear)
        for box in (self.longer, self.shorter, self.below):
            box.valueChanged.connect(self._choose)
            box.installEventFilter(self)
            box.setMinimumHeight(28)
            box.lineEdit().setTextMargins(4, 0, 0, 0)  # style sheets pad no spin box on its left
        self.review.currentIndexChanged.connect(self._choose)
        for button in (*self.kinds.values(), *self.colours.values(), self.comment):
            button.toggled.connect(self._choose)
        self._lay_out()

    @property
    def criteria(self) -> ShotFilter:
        """What the controls ask for."""
        return ShotFilter(
            longer_than_s=self.longer.value() or None,
            shorter_than_s=self.shorter.value() or None,
            kinds=frozenset(kind for kind, box in self.kinds.items() if box.isChecked()),
            confidence_below=self.below.value() / 100 or None,
            is_reviewed=_REVIEW[self.review.currentIndex()][1],
            colours=frozenset(colour for colour, button in self.colours.items() if button.isChecked()),
            has_comment=self.comment.isChecked(),
        )

    def set_criteria(self, criteria: ShotFilter) -> None:
        """Show these, without `chosen`."""
        blockers = [QSignalBlocker(self)]
        self.longer.setValue(criteria.longer_than_s or 0)
        self.shorter.setValue(criteria.shorter_than_s or 0)
        for kind, box in self.kinds.items():
            box.setChecked(kind in criteria.kinds)
        self.below.setValue(round(100 * (criteria.confidence_below or 0)))
        self.review.setCurrentIndex([value for _, value in _REVIEW].index(criteria.is_reviewed))
        for colour, button in self.colours.items():
            button.setChecked(colour in criteria.colours)
        self.comment.setChecked(criteria.has_comment)
        self.clear_button.setEnabled(criteria.has_criteria)
        del blockers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QAbstractSpinBox):
            # after the click has put the cursor somewhere: digits shall take the place of the word
            QTimer.singleShot(0, watched, watched.selectAll)
        return super().eventFilter(watched, event)

    def _choose(self) -> None:
        self.clear_button.setEnabled(self.criteria.has_criteria)
        self.chosen.emit()

    def _clear(self) -> None:
        self.set_criteria(ShotFilter())
        self.chosen.emit()
        self.close()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        lengths = _row(self.longer, _quiet("to"), self.shorter)
        kinds = _row(*self.kinds.values())
        colours = _row(*self.colours.values(), spacing=0)
        for row, (text, what) in enumerate(
            (
                ("Length", lengths),
                ("Begins with", kinds),
                ("Less sure than", _row(self.below)),
                ("Review", _row(self.review)),
                ("Colour", colours),
                ("", _row(self.comment)),
                ("", _row(self.clear_button)),
            )
        ):
            grid.addWidget(_quiet(text), row, 0)
            grid.addLayout(what, row, 1)


def _row(*widgets: QWidget, spacing: int = 8) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch()
    return row


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setStyleSheet(f"color: {palette.TEXT_QUIET};")
    return label


def _seconds(name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0, _MOST_S)
    box.setDecimals(1)
    box.setSuffix(" s")
    box.setSpecialValueText(_ANY)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box


def _colour_button(colour: ShotColour) -> QToolButton:
    button = QToolButton()
    button.setCheckable(True)
    button.setIcon(swatch(colour))
    button.setIconSize(QSize(12, 12))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(f"Marked {colour}")
    button.setToolTip(colour.capitalize())
    button.setStyleSheet(f"QToolButton:checked {{ border-color: {palette.TEXT_STRONG}; }}")
    return button
