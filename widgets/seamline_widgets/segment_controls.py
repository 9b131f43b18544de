"""What a user can turn about the segments: which changes count, how small ones, and how long segments are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QHBoxLayout, QLabel, QSlider, QWidget

from seamline_resources import palette
from seamline_widgets.own_keys import ARROWS, UP_AND_DOWN, OwnKeys
from seamline_widgets.theme import figures_font

_LEAST_S, _MOST_S = 0.2, 600.0


@dataclass(frozen=True, slots=True)
class SegmentChoices:
    """`method` is an id of those the controls were given; `sensitivity` 0 to 1; lengths in seconds."""

    method: str
    sensitivity: float
    min_s: float
    max_s: float


class SegmentControls(QWidget):
    """`changed` comes with every change by the user; the lengths keep apart by themselves.

    `methods`: id, name and explanation of each.
    """

    changed = Signal()

    def __init__(self, methods: tuple[tuple[str, str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_setting = False
        self.method = QComboBox()
        for method_id, name, hint in methods:
            self.method.addItem(name, method_id)
            self.method.setItemData(self.method.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        self.method.setAccessibleName("Which changes begin a segment")
        self.method.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.method.setMinimumContentsLength(8)
        self.sensitivity = QSlider(Qt.Orientation.Horizontal)
        self.sensitivity.setRange(0, 100)
        self.sensitivity.setPageStep(10)
        self.sensitivity.setAccessibleName("Sensitivity")
        self.sensitivity.setToolTip(
            "Further to the right, smaller changes begin a segment; the middle is usual."
        )
        self._sensitivity_text = QLabel()
        self._sensitivity_text.setFont(figures_font())
        self._sensitivity_text.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        self._sensitivity_text.setFixedWidth(QFontMetrics(figures_font()).horizontalAdvance("100") + 4)
        self._sensitivity_text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.min_s = _seconds("Shortest segment")
        self.max_s = _seconds("Longest segment")
        OwnKeys(self.method, (*UP_AND_DOWN, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_End))
        OwnKeys(self.sensitivity, (*ARROWS, Qt.Key.Key_Home, Qt.Key.Key_End))
        for box in (self.min_s, self.max_s):
            OwnKeys(box, UP_AND_DOWN, focus=None)
            # typed to its end, the number is done and the keys are the playhead's again
            box.lineEdit().returnPressed.connect(box.clearFocus)
        self.method.currentIndexChanged.connect(self._on_change)
        self.sensitivity.valueChanged.connect(self._on_change)
        self.min_s.valueChanged.connect(self._on_min)
        self.max_s.valueChanged.connect(self._on_max)
        self._lay_out()
        self.set_choices(SegmentChoices(methods[0][0], 0.5, 2.0, 15.0))

    @property
    def choices(self) -> SegmentChoices:
        """What the controls say now."""
        return SegmentChoices(
            str(self.method.currentData()),
            self.sensitivity.value() / 100,
            self.min_s.value(),
            self.max_s.value(),
        )

    def set_choices(self, choices: SegmentChoices) -> None:
        """Show these, without `changed`; a method that is not known leaves the one shown."""
        self._is_setting = True
        self.method.setCurrentIndex(max(0, self.method.findData(choices.method)))
        self.sensitivity.setValue(round(100 * choices.sensitivity))
        self.min_s.setValue(choices.min_s)
        self.max_s.setValue(max(choices.max_s, 2 * choices.min_s))
        self._is_setting = False
        self._show_texts()

    def _on_min(self) -> None:
        self._keep_apart(self.max_s, max(self.max_s.value(), _apart(self.min_s.value())))

    def _on_max(self) -> None:
        least = self.min_s.value()
        if _apart(least) > self.max_s.value():
            least = max(_LEAST_S, int(self.max_s.value() / 2 * 10 + 1e-6) / 10)
        self._keep_apart(self.min_s, least)

    def _keep_apart(self, other: QDoubleSpinBox, value: float) -> None:
        if self._is_setting:
            return
        self._is_setting = True
        other.setValue(value)
        self._is_setting = False
        self._on_change()

    def _on_change(self) -> None:
        self._show_texts()
        if not self._is_setting:
            self.changed.emit()

    def _show_texts(self) -> None:
        self._sensitivity_text.setText(str(self.sensitivity.value()))
        hint = self.method.itemData(self.method.currentIndex(), Qt.ItemDataRole.ToolTipRole)
        self.method.setToolTip(str(hint))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for row, (text, buddy) in enumerate(
            (("&Method", self.method), ("Sensi&tivity", self.sensitivity), ("&Length", self.min_s))
        ):
            label = QLabel(text)
            label.setBuddy(buddy)
            label.setStyleSheet(f"color: {palette.TEXT_QUIET};")
            grid.addWidget(label, row, 0)
        grid.addWidget(self.method, 0, 1, 1, 2)
        grid.addWidget(self.sensitivity, 1, 1)
        grid.addWidget(self._sensitivity_text, 1, 2)
        lengths = QHBoxLayout()
        lengths.setSpacing(8)
        to = QLabel("to")
        to.setStyleSheet(f"color: {palette.TEXT_QUIET};")
        lengths.addWidget(self.min_s)
        lengths.addWidget(to)
        lengths.addWidget(self.max_s)
        lengths.addStretch()
        grid.addLayout(lengths, 2, 1, 1, 2)
        grid.setColumnStretch(1, 1)


def _apart(min_s: float) -> float:
    """The least longest length for this shortest one, in tenths of a second."""
    return round(2 * min_s, 1)


def _seconds(name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(_LEAST_S, _MOST_S)
    box.setDecimals(1)
    box.setSingleStep(0.5)
    box.setSuffix(" s")
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    box.lineEdit().setTextMargins(4, 0, 0, 0)  # style sheets pad no spin box on its left
    box.setToolTip(f"{name}; the longest is at least twice the shortest")
    return box
