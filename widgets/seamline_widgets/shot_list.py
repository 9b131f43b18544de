"""The shots as a table: small pictures, timecodes, lengths, names, and the seam each begins with."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QTableView,
    QWidget,
)

from seamline_widgets.shot_columns import COMMENT_PX, ColumnPlan, ColumnWidths, LabelStyle, SeamStyle
from seamline_widgets.shot_delegate import ROW_PX, ShotDelegate
from seamline_widgets.shot_hands import ROWS, ShotHands
from seamline_widgets.shot_menu import OrderMenu
from seamline_widgets.shot_model import Column, ShotModel
from seamline_widgets.shot_texts import TITLES

_SEAM_TITLES = {SeamStyle.WORDS: TITLES[Column.SEAM], SeamStyle.SHORT: "Seam"}
_STEPS = {
    QAbstractItemDelegate.EndEditHint.EditNextItem: 1,
    QAbstractItemDelegate.EndEditHint.EditPreviousItem: -1,
}


class ShotListView(QTableView):
    """One row a shot; a click on a heading sorts (`sorted`). `name_closed`: a name is not typed any more;
    `name_step(rows)`: it was ended by Tab, 1, or Shift+Tab, -1."""

    name_step = Signal(int)
    sorted = Signal()
    name_closed = Signal()

    def __init__(self, model: ShotModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = ShotDelegate(model)
        self._has_names = False
        self._widths = ColumnWidths(self.font())
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Shots")
        self.hands = ShotHands(self, model, self._delegate, self.visible_rows, ROWS, Column.START)
        self._prepare_headers()
        self._lay_columns()

    @property
    def delegate(self) -> ShotDelegate:
        return self._delegate

    def set_has_names(self, has_names: bool) -> None:
        """Whether there is a column for names, which a film without any does without."""
        if has_names != self._has_names:
            self._has_names = has_names
            self._lay_columns()

    def sort_by(self, column: int) -> None:
        """As a click on that heading does: again turns the order round."""
        self._model.sort_next(Column(column))
        self.sorted.emit()

    def visible_rows(self) -> range:
        """The rows of which something can be seen."""
        first = self.rowAt(0)
        if first < 0:
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, (last if last >= 0 else len(self._model.shots) - 1) + 1)

    def top(self) -> tuple[int, int]:
        """The first row that can be seen, -1 for none, and where it begins, at most 0 pixels."""
        row = self.rowAt(0)
        return (row, self.rowViewportPosition(row)) if row >= 0 else (-1, 0)

    def set_top(self, row: int, y: int = 0) -> None:
        """Have that row begin at `y`."""
        # rows that have just come are not part of the scroll range before they are laid out
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(self.verticalHeader().sectionPosition(row) - y)

    def reveal(self, row: int) -> None:
        """Scroll to that row if it cannot be seen."""
        self.executeDelayedItemsLayout()
        self.scrollTo(self._model.index(row, Column.START), QAbstractItemView.ScrollHint.EnsureVisible)

    def moveCursor(  # noqa: N802  a Qt override
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        # to the first and last row; without Ctrl Qt goes to the first and last column
        if action in (QAbstractItemView.CursorAction.MoveHome, QAbstractItemView.CursorAction.MoveEnd):
            modifiers |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(action, modifiers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self.hands.end_move(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: N802  a Qt override
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        self.name_closed.emit()
        if hint in _STEPS:
            self.name_step.emit(_STEPS[hint])

    def sizeHint(self) -> QSize:
        return QSize(self._widths.usual_px + self._bar_px, 480)

    @property
    def _bar_px(self) -> int:
        return self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)

    def _prepare_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(32)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._click_heading)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_orders)
        self.setMinimumWidth(self._widths.least_px + self._bar_px)

    def _click_heading(self, column: int) -> None:
        if column == Column.SCALE and self.plan.labels is LabelStyle.STACKED:
            self._model.sort_next_label()
            self.sorted.emit()
        else:
            self.sort_by(column)

    def _show_orders(self, at: QPoint) -> None:
        # the columns too that there is no room for
        menu = OrderMenu(self._model, self.sort_by, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(at))

    def _lay_columns(self) -> None:
        plan = self._widths.plan(self.width() - self._bar_px, has_names=self._has_names)
        self._delegate.plan = plan
        self._model.set_title(Column.SEAM, _SEAM_TITLES.get(plan.seam, ""))
        self._model.stack_labels(plan.labels is LabelStyle.STACKED)
        for column in Column:
            self.setColumnHidden(column, column in plan.hidden)
        header = self.horizontalHeader()
        widths = self._widths.of(plan)
        room_px = self.width() - self._bar_px - sum(widths.values())
        if plan.has_comments:
            # names and comments share what is left
            widths[Column.COMMENT] = COMMENT_PX + max(0, room_px) * 3 // 5
        for column, px in widths.items():
            is_stretched = column is plan.stretched
            modes = QHeaderView.ResizeMode
            header.setSectionResizeMode(column, modes.Stretch if is_stretched else modes.Fixed)
            if not is_stretched:
                self.setColumnWidth(column, px)

    @property
    def plan(self) -> ColumnPlan:
        """What the width has room for."""
        return self._delegate.plan
