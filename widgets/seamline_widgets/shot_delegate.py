"""How a row of the shot list is painted, and how a shot gets its name where the name stands."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.label_paint import CHIP_SIZE, paint_label
from seamline_widgets.shot_columns import ColumnPlan, LabelStyle, SeamStyle
from seamline_widgets.shot_labels import LabelKind, label_of, label_sureness, label_text
from seamline_widgets.shot_model import Column, ShotModel
from seamline_widgets.shot_paint import (
    CHIP_PX,
    NOW_PX,
    THUMBNAIL_SIZE,
    paint_chip,
    paint_line,
    paint_picture,
    paint_stripe,
)
from seamline_widgets.shot_texts import sureness_text
from seamline_widgets.theme import figures_font

ROW_PX = 44
EDITOR_PX = 28
Index = QModelIndex | QPersistentModelIndex
_LABELS: dict[Column, LabelKind] = {Column.SCALE: "scale", Column.MOVEMENT: "movement"}
_LONGEST_NAME = 256  # what is longer, a project does not keep
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_UNUSED = (
    *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F2),
)


class NameDelegate(QStyledItemDelegate):
    """Edits a shot's name in a field; `named(row, name)` when it is done. `current_frame` is the playhead."""

    named = Signal(int, str)

    def __init__(self, model: ShotModel) -> None:
        super().__init__()
        self._model = model
        self._keys = _EveryKey(self)
        self.current_frame = -1

    @property
    def current_row(self) -> int:
        """The row of the shot under the playhead, -1 where it is not shown."""
        return self._model.row_at(self.current_frame)

    def is_current(self, row: int) -> bool:
        """Whether that row's shot is under the playhead."""
        shot = self._model.shots[row]
        return shot.start_frame <= self.current_frame < shot.end_frame

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: N802  a Qt override
        field = QLineEdit(parent)
        field.setMaxLength(_LONGEST_NAME)
        field.setAccessibleName(f"Name of shot {self._model.shots[index.row()].number}")
        field.installEventFilter(self._keys)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802  a Qt override
        # once: what the analysis finds meanwhile must not undo what is being typed
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802  a Qt override
        if isinstance(editor, QLineEdit) and index.isValid():
            name = editor.text().strip()
            if name != index.data(Qt.ItemDataRole.EditRole):
                self.named.emit(index.row(), name)


class ShotDelegate(NameDelegate):
    """Paints the rows of a `ShotModel` as `plan` says."""

    def __init__(self, model: ShotModel) -> None:
        super().__init__(model)
        self.plan = ColumnPlan()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_PX)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802  a Qt override
        rect: QRect = option.rect
        editor.setGeometry(rect.left(), rect.center().y() - EDITOR_PX // 2, rect.width(), EDITOR_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_current = self.is_current(index.row())
        if is_selected:
            painter.fillRect(rect, QColor(palette.SELECTED))
        elif is_current:
            painter.fillRect(rect, QColor(palette.RAISED))
        column = Column(index.column())
        if column is Column.THUMBNAIL:
            self._paint_thumbnail(painter, rect, index.row(), is_current=is_current)
        elif column is Column.SEAM:
            self._paint_seam(painter, rect, index)
        elif column is Column.NAME:
            self._paint_name(painter, rect.adjusted(8, 0, -8, 0), index.row())
        elif column in _LABELS:
            self._paint_label(painter, rect, index, _LABELS[column])
        elif column is Column.START and self.plan.is_stacked:
            self._paint_start(painter, rect.adjusted(8, 0, -8, 0), index)
        else:
            is_quiet = column in (Column.NUMBER, Column.END, Column.COMMENT) and not is_selected
            self._paint_text(painter, rect.adjusted(8, 0, -8, 0), index, is_quiet=is_quiet)
        view = option.widget
        if (
            isinstance(view, QAbstractItemView)
            and view.hasFocus()
            and index.row() == view.currentIndex().row()
        ):
            # the row that the keys are at, which with Ctrl may be another one than those selected
            painter.fillRect(rect.left(), rect.top(), rect.width(), 1, QColor(palette.TEXT_QUIET))
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(palette.TEXT_QUIET))
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, rect: QRect, row: int, *, is_current: bool) -> None:
        box = QRect(0, 0, THUMBNAIL_SIZE.width(), THUMBNAIL_SIZE.height())
        box.moveCenter(rect.center())
        paint_picture(painter, box, self._model.thumbnail(row))
        paint_stripe(painter, box, self._model.note(row).colour)
        if is_current:
            painter.fillRect(rect.left(), rect.top(), NOW_PX, rect.height(), QColor(palette.ACCENT))
        if self.plan.number_on_picture:
            painter.setFont(figures_font())
            text = str(self._model.shots[row].number)
            wide = painter.fontMetrics().horizontalAdvance(text) + 8
            high = painter.fontMetrics().height()
            plate = QRect(box.left(), box.bottom() + 1 - high, wide, high)
            painter.fillRect(plate, QColor(palette.PICTURE_SURROUND))
            paint_line(painter, plate.adjusted(4, 0, 0, 0), text, palette.TEXT)

    def _paint_label(self, painter: QPainter, rect: QRect, index: Index, kind: LabelKind) -> None:
        labels = self._model.labels(index.row())
        chip = QRectF(rect.left() + 8, 0, CHIP_SIZE.width(), CHIP_SIZE.height())
        middle = rect.center().y() + 1
        if self.plan.labels is LabelStyle.STACKED:
            # one above the other, whichever there is: what is missing leaves its place
            chip.moveTop(middle - 3 - chip.height())
            paint_label(painter, chip, "scale", labels.scale)
            chip.moveTop(middle + 3)
            paint_label(painter, chip, "movement", labels.movement)
            return
        label = label_of(labels, kind)
        chip.moveTop(middle - chip.height() / 2)
        paint_label(painter, chip, kind, label)
        if self.plan.labels is LabelStyle.BARE:
            return
        painter.setFont(QFont())
        text = label_text(label, kind) if self.plan.labels is LabelStyle.WORDS else label_sureness(label)
        text_rect = rect.adjusted(8 + int(chip.width()) + 8, 0, 0, 0)
        quiet = label is None or label.value is None
        paint_line(painter, text_rect, text, palette.TEXT_QUIET if quiet else palette.TEXT)

    def _paint_seam(self, painter: QPainter, rect: QRect, index: Index) -> None:
        shot = self._model.shots[index.row()]
        text_rect = rect.adjusted(8, 0, -8, 0)
        if shot.seam is not None:
            chip = QRectF(rect.left() + 8, rect.center().y() - CHIP_PX // 2 + 1, CHIP_PX, CHIP_PX)
            paint_chip(painter, chip, shot.seam)
            text_rect.setLeft(int(chip.right()) + 8)
        if self.plan.seam is SeamStyle.CHIP:
            return
        is_short = self.plan.seam is SeamStyle.SHORT
        text = sureness_text(shot) if is_short else str(index.data())
        painter.setFont(QFont())
        # whole or not at all: half a percentage would be a wrong one
        if painter.fontMetrics().horizontalAdvance(text) <= text_rect.width() + 8:
            painter.setPen(QColor(palette.TEXT_QUIET if shot.seam is None else palette.TEXT))
            painter.drawText(text_rect.adjusted(0, 0, 8, 0), int(Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_name(self, painter: QPainter, rect: QRect, row: int) -> None:
        note = self._model.note(row)
        comment = "" if self.plan.has_comments else " ".join(note.comment.split())
        painter.setFont(QFont())
        if note.name and comment:
            upper, lower = _halves(rect, painter.fontMetrics().height())
            paint_line(painter, upper, note.name, palette.TEXT)
            paint_line(painter, lower, comment, palette.TEXT_QUIET)
        elif note.name or comment:
            paint_line(painter, rect, note.name or comment, palette.TEXT if note.name else palette.TEXT_QUIET)

    def _paint_start(self, painter: QPainter, rect: QRect, index: Index) -> None:
        painter.setFont(figures_font())
        upper, lower = _halves(rect, painter.fontMetrics().height())
        paint_line(painter, upper, str(index.data()), palette.TEXT)
        length = index.siblingAtColumn(Column.LENGTH).data() if isinstance(index, QModelIndex) else ""
        paint_line(painter, lower, str(length), palette.TEXT_QUIET)
        seam = self._model.shots[index.row()].seam
        if self.plan.seam is SeamStyle.FOLDED and seam is not None:
            chip = QRectF(rect.right() - CHIP_PX, lower.center().y() - CHIP_PX // 2 + 1, CHIP_PX, CHIP_PX)
            paint_chip(painter, chip, seam)

    def _paint_text(self, painter: QPainter, rect: QRect, index: Index, *, is_quiet: bool) -> None:
        painter.setFont(index.data(Qt.ItemDataRole.FontRole) or QFont())
        right = Column(index.column()) in (Column.NUMBER, Column.LENGTH)
        paint_line(
            painter,
            rect,
            str(index.data()),
            palette.TEXT_QUIET if is_quiet else palette.TEXT,
            Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft,
        )


class _EveryKey(QObject):
    """While a name is typed, no key of the window's is at work: a letter, a tab or an arrow is the field's."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and not event.modifiers() & _WITH:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in _UNUSED:
                # the field would pass them on to the list, which would go elsewhere
                return True
        return super().eventFilter(watched, event)


def _halves(rect: QRect, line_px: int) -> tuple[QRect, QRect]:
    """Two lines, one below the other, in the middle of `rect`."""
    top = rect.center().y() + 1 - line_px
    upper = QRect(rect.left(), top, rect.width(), line_px)
    return upper, upper.translated(0, line_px)
