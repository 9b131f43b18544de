"""The shots as pictures, of a size that the editor sets."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.label_paint import CHIP_SIZE, paint_label
from seamline_widgets.shot_delegate import EDITOR_PX, NameDelegate
from seamline_widgets.shot_hands import TILES, ShotHands
from seamline_widgets.shot_labels import LABEL_KINDS, label_of
from seamline_widgets.shot_model import Column, ShotModel
from seamline_widgets.shot_paint import paint_line, paint_picture, paint_stripe
from seamline_widgets.theme import figures_font

LEAST_PX, MOST_PX = 96, 320
"""How wide pictures can be."""
USUAL_PX = 160
Index = QModelIndex | QPersistentModelIndex
_MARGIN, _GAP = 8, 4
_CHIP_GAP = 6  # with room for the rings of both
_STEPS = {
    QAbstractItemDelegate.EndEditHint.EditNextItem: 1,
    QAbstractItemDelegate.EndEditHint.EditPreviousItem: -1,
}


class TileDelegate(NameDelegate):
    """Paints a tile: the picture, below it number and length, below these the name."""

    def __init__(self, model: ShotModel) -> None:
        super().__init__(model)
        self.tile = QSize(USUAL_PX, USUAL_PX)
        self.picture_px = USUAL_PX

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.tile

    def picture_rect(self, tile: QRect) -> QRect:
        """Where the picture is; pictures of other shapes lie in the middle of it."""
        box = QRect(0, 0, self.picture_px, picture_height(self.picture_px))
        box.moveCenter(tile.center())
        box.moveTop(tile.top() + _MARGIN)
        return box

    def name_rect(self, tile: QRect) -> QRect:
        """The line of the name."""
        box = self.picture_rect(tile)
        line_px = QFontMetrics(QFont()).height()
        return QRect(box.left(), tile.bottom() + 1 - _MARGIN - line_px, box.width(), line_px)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802  a Qt override
        rect = self.name_rect(option.rect)
        editor.setGeometry(rect.left(), rect.top() - 4, rect.width(), EDITOR_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect: QRect = option.rect
        row = index.row()
        note = self._model.note(row)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        inside = rect.adjusted(2, 2, -2, -2)
        view = option.widget
        has_keys = (
            isinstance(view, QAbstractItemView) and view.hasFocus() and view.currentIndex().row() == row
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.TEXT_QUIET), 1) if has_keys else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.SELECTED) if is_selected else Qt.BrushStyle.NoBrush)
        if is_selected or has_keys:
            painter.drawRoundedRect(inside.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        box = self.picture_rect(rect)
        paint_picture(painter, box, self._model.thumbnail(row))
        paint_stripe(painter, box, note.colour)
        self._paint_labels(painter, box, row)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self.is_current(row):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.ACCENT), 2, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        figures = QRect(box.left(), box.bottom() + 1 + _GAP, box.width(), 0)
        painter.setFont(figures_font())
        figures.setHeight(painter.fontMetrics().height())
        shot = self._model.shots[row]
        paint_line(painter, figures, str(shot.number), palette.TEXT if is_selected else palette.TEXT_QUIET)
        length = self._model.index(row, Column.LENGTH).data()
        paint_line(painter, figures, str(length), palette.TEXT, Qt.AlignmentFlag.AlignRight)
        painter.setFont(QFont())
        comment = " ".join(note.comment.split())
        colour = palette.TEXT if note.name else palette.TEXT_QUIET
        if note.name or comment:
            paint_line(painter, self.name_rect(rect), note.name or comment, colour)
        painter.restore()

    def _paint_labels(self, painter: QPainter, picture: QRect, row: int) -> None:
        """Both chips in the lower left corner of the picture, on a plate that parts them from what it shows."""
        labels = self._model.labels(row)
        shown = [(kind, label) for kind in LABEL_KINDS if (label := label_of(labels, kind)) is not None]
        wide = len(shown) * (CHIP_SIZE.width() + _CHIP_GAP) - _CHIP_GAP + _GAP
        high = CHIP_SIZE.height()
        if shown:
            plate = QRect(picture.left(), 0, wide + _GAP, high + 2 * _GAP)
            plate.moveBottom(picture.bottom())
            painter.fillRect(plate, QColor(palette.PICTURE_SURROUND))
        left = picture.left() + _GAP
        for kind, label in shown:
            chip = QRectF(left, picture.bottom() + 1 - _GAP - high, CHIP_SIZE.width(), high)
            paint_label(painter, chip, kind, label)
            left += CHIP_SIZE.width() + _CHIP_GAP


class ShotGridView(QListView):
    """One tile a shot; the same keys as the table has, and all four arrows. Signals: as the table's."""

    name_step = Signal(int)
    name_closed = Signal()

    def __init__(self, model: ShotModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = TileDelegate(model)
        self._has_names = False
        self.setModel(model)
        self.setModelColumn(Column.NAME)
        self.setItemDelegate(self._delegate)
        # as icons the tiles could be anywhere: to lay 5,000 out takes twice as long
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Shots as pictures")
        self.hands = ShotHands(self, model, self._delegate, self.visible_rows, TILES, Column.NAME)
        self.setMinimumWidth(LEAST_PX + 2 * _MARGIN + self._bar_px)
        self._lay_tiles()

    @property
    def delegate(self) -> TileDelegate:
        return self._delegate

    @property
    def picture_px(self) -> int:
        """How wide the pictures are."""
        return self._delegate.picture_px

    def set_picture_px(self, px: int) -> None:
        """Make the pictures that wide; what is at the top stays in sight."""
        row, _ = self.top()
        self._delegate.picture_px = min(max(LEAST_PX, px), MOST_PX)
        self._lay_tiles()
        if row > 0:
            self.set_top(row)
        self.hands.ask_soon()

    def set_has_names(self, has_names: bool) -> None:
        """Whether tiles have a line for the name, which a film without any does without."""
        if has_names != self._has_names:
            self._has_names = has_names
            self._lay_tiles()

    def visible_rows(self) -> range:
        """The rows of which something can be seen."""
        count = len(self._model.shots)
        in_line, high = self._in_line, self.gridSize().height()
        value = self.verticalScrollBar().value()
        first = value // high * in_line
        last = ((value + self.viewport().height() - 1) // high + 1) * in_line
        return range(min(first, count), min(last, count))

    def top(self) -> tuple[int, int]:
        """The first row that can be seen, -1 for none, and where its tile begins, at most 0 pixels."""
        rows = self.visible_rows()
        return (rows[0], self._y_of(rows[0]) - self.verticalScrollBar().value()) if rows else (-1, 0)

    def set_top(self, row: int, y: int = 0) -> None:
        """Have that row's tile begin at `y`."""
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(self._y_of(row) - y)

    def reveal(self, row: int) -> None:
        """Scroll to that row's tile if it cannot be seen."""
        self.executeDelayedItemsLayout()
        self.scrollTo(self._index(row), QAbstractItemView.ScrollHint.EnsureVisible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_tiles()
        super().resizeEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if index.isValid() and self._delegate.name_rect(self.visualRect(index)).contains(at):
            self.edit(index)
        else:
            super().mouseDoubleClickEvent(event)

    def selectionCommand(  # noqa: N802  a Qt override
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        # the table beside it shows the same selection, in which all of a row is or nothing
        return super().selectionCommand(index, event) | QItemSelectionModel.SelectionFlag.Rows

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self.hands.end_move(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: N802  a Qt override
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        self.name_closed.emit()
        if hint in _STEPS:
            self.name_step.emit(_STEPS[hint])

    def selectAll(self) -> None:  # noqa: N802  a Qt override
        if self._model.shots:
            all_rows = QItemSelection(self._index(0), self._index(len(self._model.shots) - 1))
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(all_rows, flags.ClearAndSelect | flags.Rows)

    def _index(self, row: int) -> QModelIndex:
        return self._model.index(row, Column.NAME)

    @property
    def _bar_px(self) -> int:
        return self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)

    @property
    def _room_px(self) -> int:
        # as if there were a scroll bar always: tiles must not change their places when one comes
        return max(1, self.width() - self._bar_px)

    @property
    def _in_line(self) -> int:
        return max(1, self._room_px // self.gridSize().width())

    def _y_of(self, row: int) -> int:
        """Where that tile begins in the whole grid; Qt would first lay out all tiles to say so."""
        return row // self._in_line * self.gridSize().height()

    def _lay_tiles(self) -> None:
        """Tiles of one size that fill the width."""
        px = self._delegate.picture_px
        in_line = max(1, self._room_px // (px + 2 * _MARGIN))
        high = _MARGIN + picture_height(px) + _GAP + QFontMetrics(figures_font()).height() + _MARGIN
        if self._has_names:
            high += QFontMetrics(QFont()).height() + _GAP
        self._delegate.tile = QSize(self._room_px // in_line, high)
        if self.gridSize() != self._delegate.tile:
            self.setGridSize(self._delegate.tile)


def picture_height(px: int) -> int:
    """The height of the box for pictures that are `px` wide."""
    return round(px * 9 / 16)
