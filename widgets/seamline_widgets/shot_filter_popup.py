"""The choices behind the Filter button of the shot list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
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
from seamline_resources.label_looks import LABEL_LOOKS
from seamline_widgets.label_paint import CHIP_SIZE, class_icon
from seamline_widgets.shot_filter import ShotFilter
from seamline_widgets.shot_labels import LABEL_KINDS, UNLABELLED, UNSURE, LabelKind
from seamline_widgets.shot_paint import swatch

_MOST_S = 3600.0
_ANY = "any"
_CLASSES_IN_ROW = 4
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
        self.classes = {
            (kind, value): _class_button(kind, value, name)
            for kind in LABEL_KINDS
            for value, name in _class_names(kind).items()
        }
        self.by_user = QCheckBox("Labelled by you")
        self.clear_button = QPushButton("&Clear")
        self.clear_button.setToolTip("Show all shots")
        self.clear_button.clicked.connect(self._clear)
        for box in (self.longer, self.shorter, self.below):
            box.valueChanged.connect(self._choose)
            box.installEventFilter(self)
            box.setMinimumHeight(28)
            box.lineEdit().setTextMargins(4, 0, 0, 0)  # style sheets pad no spin box on its left
        self.review.currentIndexChanged.connect(self._choose)
        for button in (
            *self.kinds.values(),
            *self.colours.values(),
            *self.classes.values(),
            self.comment,
            self.by_user,
        ):
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
            scales=self._asked_classes("scale"),
            movements=self._asked_classes("movement"),
            is_labelled_by_user=self.by_user.isChecked(),
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
        for (of, value), button in self.classes.items():
            button.setChecked(value in criteria.classes(of))
        self.by_user.setChecked(criteria.is_labelled_by_user)
        self.clear_button.setEnabled(criteria.has_criteria)
        del blockers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QAbstractSpinBox):
            # after the click has put the cursor somewhere: digits shall take the place of the word
            QTimer.singleShot(0, watched, watched.selectAll)
        return super().eventFilter(watched, event)

    def _asked_classes(self, kind: LabelKind) -> frozenset[str]:
        return frozenset(
            value for (one, value), button in self.classes.items() if one == kind and button.isChecked()
        )

    def _choose(self) -> None:
        self.clear_button.setEnabled(self.criteria.has_criteria)
        self.chosen.emit()

    def _clear(self) -> None:
        self.set_criteria(ShotFilter())
        self.chosen.emit()
        self.close()

    def _class_grids(self) -> list[QGridLayout]:
        """The classes of each kind with their words, those of one in the columns of the other."""
        grids = []
        widths = [0] * _CLASSES_IN_ROW
        for kind in LABEL_KINDS:
            grid = QGridLayout()
            grid.setSpacing(0)
            buttons = [button for (one, _), button in self.classes.items() if one == kind]
            for at, button in enumerate(buttons):
                row, column = divmod(at, _CLASSES_IN_ROW)
                widths[column] = max(widths[column], button.sizeHint().width())
                grid.addWidget(button, row, column, Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(_CLASSES_IN_ROW, 1)
            grids.append(grid)
        for grid in grids:
            for column, wide in enumerate(widths):
                grid.setColumnMinimumWidth(column, wide)
        return grids

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        lengths = _row(self.longer, _quiet("to"), self.shorter)
        kinds = _row(*self.kinds.values())
        colours = _row(*self.colours.values(), spacing=0)
        scales, movements = self._class_grids()
        for row, (text, what) in enumerate(
            (
                ("Length", lengths),
                ("Begins with", kinds),
                ("Less sure than", _row(self.below)),
                ("Review", _row(self.review)),
                ("Scale", scales),
                ("Movement", movements),
                ("", _row(self.by_user)),
                ("Colour", colours),
                ("", _row(self.comment)),
                ("", _row(self.clear_button)),
            )
        ):
            label = _quiet(text)
            if what in (scales, movements):
                # beside the first of its rows
                label.setFixedHeight(self.by_user.sizeHint().height())
                label.setContentsMargins(0, 4, 0, 0)
                grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            else:
                grid.addWidget(label, row, 0)
            grid.addLayout(what, row, 1)


def _first_words(name: str, kind: LabelKind) -> str:
    """What stands on the button, below the kind's own name: `Close` for `Close shot`."""
    return name.removesuffix(" shot").removeprefix(f"{kind.capitalize()} ").capitalize()


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


def _class_names(kind: LabelKind) -> dict[str, str]:
    """All that can be asked for, by the words of the filter."""
    names = {value: look.name for value, look in LABEL_LOOKS[kind].items()}
    return {**names, UNSURE: f"{kind.capitalize()} unsure", UNLABELLED: f"No {kind} yet"}


def _class_button(kind: LabelKind, value: str, name: str) -> QToolButton:
    button = _icon_button(class_icon(kind, value), name)
    button.setIconSize(CHIP_SIZE)
    button.setText(" None yet" if value == UNLABELLED else f" {_first_words(name, kind)}")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _colour_button(colour: ShotColour) -> QToolButton:
    button = _icon_button(swatch(colour), colour.capitalize())
    button.setIconSize(QSize(12, 12))
    button.setAccessibleName(f"Marked {colour}")
    return button


def _icon_button(icon: QIcon, name: str) -> QToolButton:
    button = QToolButton()
    button.setCheckable(True)
    button.setIcon(icon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setStyleSheet(f"QToolButton:checked {{ border-color: {palette.TEXT_STRONG}; }}")
    return button
