"""The networks in a table: what each is for, and whether it is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from seamline_resources import palette

_HEADINGS = ("Network", "State", "Size", "Licence", "What for", "Source")
_NAME, _STATE, _SIZE, _LICENCE, _PURPOSE, _SOURCE = range(6)
_ROW_PX = 28
_WIDEST_LICENCE_PX = 160
_SOURCE_FROM_PX, _PURPOSE_FROM_PX, _LICENCE_FROM_PX = 900, 720, 640
_LOOKS = {
    "installed": ("●", palette.TEXT),
    "not installed": ("○", palette.TEXT_QUIET),
    "damaged": ("▲", palette.ERROR),
    "busy": ("◌", palette.WARNING),
    "unknown": ("", palette.TEXT_QUIET),
}

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One network. `look` is one of installed, not installed, damaged, busy, unknown; `state` says it in words.

    `details`: further lines for the page below, a name and a text each.
    """

    id: str
    name: str
    purpose: str
    size: str
    licence: str
    source: str
    state: str
    look: str = "unknown"
    details: tuple[tuple[str, str], ...] = ()


class ModelsTable(QTableView):
    """`chosen(id)`: another row is the current one. What a narrow table leaves out stands on the page below it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Rows(self)
        self.setModel(self._model)
        self.setAccessibleName("Networks")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")  # as the headings have
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(48)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (_STATE, _SIZE, _LICENCE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.ResizeToContents)
        for column in (_PURPOSE, _SOURCE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.chosen.emit(self.current))

    @property
    def current(self) -> str:
        """The id of the current row, empty if there is none."""
        row = self.currentIndex().row()
        return self._model.rows[row].id if 0 <= row < len(self._model.rows) else ""

    @property
    def rows(self) -> tuple[NetworkRow, ...]:
        return tuple(self._model.rows)

    def row(self, name: str) -> NetworkRow:
        """The row of this id."""
        return next(row for row in self._model.rows if row.id == name)

    def set_rows(self, rows: Sequence[NetworkRow]) -> None:
        """Show these; the current row stays with its id."""
        current = self.current
        self._model.set_rows(rows)
        ids = [row.id for row in rows]
        if rows:
            self.selectRow(ids.index(current) if current in ids else 0)

    def set_state(self, name: str, state: str, look: str) -> None:
        """Say something else of one network."""
        self._model.set_state(name, state, look)

    def choose(self, name: str) -> None:
        """Make the row of this id the current one, and bring it into view."""
        row = next(at for at, row in enumerate(self._model.rows) if row.id == name)
        self.selectRow(row)
        self.scrollTo(self._model.index(row, _NAME))

    def sizeHintForColumn(self, column: int) -> int:  # noqa: N802  a Qt override
        # a licence may be a sentence: all of it stands on the page below
        wide = super().sizeHintForColumn(column)
        return min(wide, _WIDEST_LICENCE_PX) if column == _LICENCE else wide

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self.setColumnHidden(_SOURCE, width < _SOURCE_FROM_PX)
        self.setColumnHidden(_PURPOSE, width < _PURPOSE_FROM_PX)
        self.setColumnHidden(_LICENCE, width < _LICENCE_FROM_PX)
        # without the columns that stretch, the names do
        mode = QHeaderView.ResizeMode
        is_narrow = width < _PURPOSE_FROM_PX
        self.horizontalHeader().setSectionResizeMode(
            _NAME, mode.Stretch if is_narrow else mode.ResizeToContents
        )


class _Rows(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[NetworkRow] = []

    def set_rows(self, rows: Sequence[NetworkRow]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def set_state(self, name: str, state: str, look: str) -> None:
        for number, row in enumerate(self.rows):
            if row.id == name:
                self.rows[number] = replace(row, state=state, look=look)
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(_HEADINGS) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == _SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.rows[index.row()], index.column()
        glyph, colour = _LOOKS[row.look]
        if role == Qt.ItemDataRole.DisplayRole:
            texts = (row.name, f"{glyph} {row.state}".strip(), row.size, row.licence, row.purpose, row.source)
            return texts[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column == _SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(
                colour if column == _STATE else palette.TEXT if column == _NAME else palette.TEXT_QUIET
            )
        if role == Qt.ItemDataRole.ToolTipRole and column in (_NAME, _PURPOSE, _SOURCE, _LICENCE):
            return (row.name, "", "", row.licence, row.purpose, row.source)[column]
        if role == Qt.ItemDataRole.AccessibleTextRole and column == _STATE:
            return row.state
        return None
