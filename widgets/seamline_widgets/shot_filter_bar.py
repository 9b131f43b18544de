"""What stands above the shots: a field to find some, a button for more choices, and table or pictures."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from seamline_resources import palette
from seamline_widgets.icons import icon
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.shot_filter import ShotFilter
from seamline_widgets.shot_filter_popup import ShotFilterPopup
from seamline_widgets.shot_labels import LabelKind

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HINT = "Number, name, comment or timecode"


class FindField(QLineEdit):
    """`left`: Down, Enter, or Escape where there is nothing to clear."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_HINT)
        self.setAccessibleName("Find shots by number, name, comment or timecode")
        self.setClearButtonEnabled(True)
        tabs = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        OwnKeys(self, (*UP_AND_DOWN, *ENTER, *tabs, Qt.Key.Key_Escape), focus=None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Escape, *ENTER):
            self.left.emit()
        elif key != Qt.Key.Key_Up:
            super().keyPressEvent(event)


class ShotFilterBar(QWidget):
    """`changed(ShotFilter)`: the user asks for other shots; `left`: the keys shall go to the list;
    `grid_wanted(bool)`: pictures instead of the table."""

    changed = Signal(ShotFilter)
    left = Signal()
    grid_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._criteria = ShotFilter()
        self.field = FindField()
        self._popup: ShotFilterPopup | None = None
        self.filter_button = _tool_button(
            "filter", "Filter the shots", "More filters: length, seam, review, scale, movement, colour"
        )
        self.grid_button = _tool_button("grid", "Shots as pictures", "Shots as pictures")
        self.grid_button.setCheckable(True)
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.clear_button = _tool_button("close", "Clear the filter", "Show all shots")
        self._line = QWidget()
        self.field.textChanged.connect(lambda text: self._ask(replace(self._criteria, text=text)))
        self.field.left.connect(self.left)
        self.filter_button.clicked.connect(self.open_popup)
        self.grid_button.toggled.connect(self.grid_wanted)
        self.clear_button.clicked.connect(self.clear)
        self._lay_out()
        self._show_criteria()

    @property
    def popup(self) -> ShotFilterPopup:
        """The choices behind the button; made when they are first needed, since the window shall be up at once."""
        if self._popup is None:
            self._popup = popup = ShotFilterPopup(self)
            popup.chosen.connect(lambda: self._ask(replace(popup.criteria, text=self._criteria.text)))
        return self._popup

    @property
    def criteria(self) -> ShotFilter:
        """What is asked for now."""
        return self._criteria

    def clear(self) -> None:
        """Ask for all shots."""
        if self._popup is not None:
            self._popup.set_criteria(ShotFilter())
        # the text first, so that taking it out of the field asks for nothing new
        self._ask(ShotFilter())
        self.field.clear()

    def set_classes(self, kind: LabelKind, classes: frozenset[str]) -> None:
        """Ask for the shots that are labelled with these classes of that kind, besides what is asked for already."""
        criteria = self._criteria.with_classes(kind, classes)
        if self._popup is not None:
            self._popup.set_criteria(criteria)
        self._ask(criteria)

    def focus(self) -> None:
        """Give the field the keys, its text selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def open_popup(self) -> None:
        """Show the choices below the button, inside the screen."""
        self.popup.set_criteria(self._criteria)
        self.popup.adjustSize()
        button = self.filter_button
        at = button.mapToGlobal(QPoint(button.width() - self.popup.width(), button.height() + 4))
        screen = self.screen().availableGeometry()
        at.setX(max(screen.left(), min(at.x(), screen.right() + 1 - self.popup.width())))
        self.popup.move(at)
        self.popup.show()
        self.popup.longer.setFocus(Qt.FocusReason.PopupFocusReason)

    def _ask(self, criteria: ShotFilter) -> None:
        if criteria != self._criteria:
            self._criteria = criteria
            self._show_criteria()
            self.changed.emit(criteria)

    def _show_criteria(self) -> None:
        summary = self._criteria.summary()
        self.summary.setText(summary)
        self.summary.setToolTip(summary)
        self._line.setVisible(bool(summary))
        self.filter_button.setChecked(bool(summary))

    def _lay_out(self) -> None:
        self.filter_button.setText("Filter")
        self.filter_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.filter_button.setCheckable(True)
        # pressed as long as something is asked for, whatever was clicked
        self.filter_button.clicked.connect(lambda: self.filter_button.setChecked(self._criteria.has_criteria))
        self.summary.setStyleSheet(f"color: {palette.TEXT};")
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.field, 1)
        top.addWidget(self.filter_button)
        top.addWidget(self.grid_button)
        below = QHBoxLayout(self._line)
        below.setContentsMargins(8, 0, 0, 0)
        below.setSpacing(4)
        below.addWidget(self.summary, 1)
        below.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._line)


def _tool_button(icon_name: str, name: str, hint: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(16, 16))
    button.setAccessibleName(name)
    button.setToolTip(hint)
    OwnKeys(button, (Qt.Key.Key_Space,))
    return button
