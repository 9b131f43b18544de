"""What a cut list and the film differ in: counts, where the list lies, and a table of the findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.icons import icon
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.theme import figures_font
from seamline_widgets.timeline_marks import MARK_PX, mark_icon

_HEADINGS = ("Film", "List", "What")
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One finding: two timecodes, words, and the film frame to go to.

    `kind`: one of `palette.DIFFERENCES`, empty where nothing is marked. `is_different`: is shown among the
    differences alone.
    """

    film: str
    listed: str
    said: str
    frame: int | None
    kind: str = ""
    is_different: bool = True


class ComparisonModel(QAbstractTableModel):
    """The rows that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[DifferenceRow, ...] = ()
        self._font = figures_font()
        self._icons = {kind: mark_icon(kind, 2.0) for kind in palette.DIFFERENCES}

    def replace(self, rows: tuple[DifferenceRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        is_heading = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if is_heading else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.film, row.listed, row.said)[column]
        if role == Qt.ItemDataRole.FontRole and column < 2:
            return self._font
        if role == Qt.ItemDataRole.DecorationRole and column == 2:
            return self._icons.get(row.kind)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.said
        return None


class ComparisonPanel(QWidget):
    """Shows what it is given.

    `seek_wanted(frame)`: a row was chosen, by mouse, or by Up, Down and Enter while the table has the focus.
    `close_wanted`: the comparison is over.
    """

    seek_wanted = Signal(int)
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[DifferenceRow, ...] = ()
        self._is_filling = False
        self._name = _label()
        self._counts = _label()
        self._counts.setAccessibleName("Counts of the comparison")
        self._told = _label(palette.TEXT_QUIET)
        self._nothing = _label(palette.TEXT_QUIET)
        self._nothing.setText("List and film do not differ.")
        self.only_differences = QCheckBox("Only &differences")
        self.only_differences.setChecked(True)
        self.only_differences.toggled.connect(self._fill)
        OwnKeys(self.only_differences, (Qt.Key.Key_Space,))
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close", palette.TEXT_QUIET))
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setAccessibleName("Close the comparison")
        self.close_button.setToolTip("Close the comparison, and take its marks from the timeline")
        OwnKeys(self.close_button, (Qt.Key.Key_Space,))
        self.close_button.clicked.connect(self.close_wanted)
        self.model = ComparisonModel()
        self.table = QTreeView()
        self._set_up_table()
        self._lay_out()

    @property
    def counts(self) -> str:
        """The line of counts."""
        return self._counts.text()

    @property
    def told(self) -> str:
        """How the list was laid on the film, in short."""
        return self._told.text()

    def set_texts(self, name: str, counts: str, told: str, *, at_length: str) -> None:
        """The list's name, how much of what there is, and how it was laid on the film, `at_length` in the tooltip."""
        self._told.setToolTip(at_length)
        self._name.setText(name)
        self._counts.setText(counts)
        self._told.setText(told)

    def set_rows(self, rows: Sequence[DifferenceRow]) -> None:
        """Show these findings; the chosen one stays chosen, or else the one in its place."""
        self._rows = tuple(rows)
        self._fill()

    def _fill(self) -> None:
        is_short = self.only_differences.isChecked()
        shown = tuple(row for row in self._rows if row.is_different or not is_short)
        if shown == self.model.rows:
            self._show_whether_any()
            return
        current = self.table.currentIndex().row()
        chosen = self.model.rows[current] if current >= 0 else None
        scrolled = self.table.verticalScrollBar().value()
        self._is_filling = True  # no row is chosen by that
        self.model.replace(shown)
        if chosen is not None and shown:
            same = [at for at, row in enumerate(shown) if row.frame == chosen.frame]
            at = same[0] if same else min(current, len(shown) - 1)
            self.table.setCurrentIndex(self.model.index(at, 0))
        self.table.verticalScrollBar().setValue(scrolled)
        self._is_filling = False
        self._show_whether_any()

    def _show_whether_any(self) -> None:
        self._nothing.setVisible(not self.model.rows)

    def _seek(self, index: QModelIndex) -> None:
        if index.isValid() and not self._is_filling:
            frame = self.model.rows[index.row()].frame
            if frame is not None:
                self.seek_wanted.emit(frame)

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setRootIsDecorated(False)
        table.setItemsExpandable(False)
        table.setUniformRowHeights(True)
        table.setIconSize(QSize(MARK_PX + 2, MARK_PX + 2))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setStyleSheet("QTreeView::item { padding: 4px; }")
        table.setAccessibleName("Differences between the cut list and the film")
        OwnKeys(table, (*UP_AND_DOWN, Qt.Key.Key_Return, Qt.Key.Key_Enter))
        header = table.header()
        header.setSectionsMovable(False)
        header.setStretchLastSection(True)
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            width = table.fontMetrics().horizontalAdvance("00:00:00:00") + 32
            header.resizeSection(column, width)
        table.selectionModel().currentChanged.connect(lambda index, _: self._seek(index))
        table.clicked.connect(self._seek)  # one that is chosen already
        table.activated.connect(self._seek)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self.close_button)
        texts = QVBoxLayout()
        texts.setContentsMargins(12, 8, 8, 8)
        texts.setSpacing(8)
        texts.addLayout(top)
        texts.addWidget(self._counts)
        texts.addWidget(self._told)
        texts.addWidget(self.only_differences)
        texts.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(texts)
        column.addWidget(self.table, 1)


def _label(colour: str = palette.TEXT) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)  # a list's name is a stranger's text
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setStyleSheet(f"color: {colour};")
    return label
