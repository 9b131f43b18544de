"""The list of segments: timecodes, length, shots, and the pictures that stand for each."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from seamline_resources import palette
from seamline_widgets.icons import icon_pixmap
from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.theme import figures_font

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_KEPT_PICTURES = 1000
_MOST_KEYFRAMES = 4
_MARGIN, _GAP, _BAR_PX = 8, 4, 3
_PICTURE_SIZE = QSize(96, 54)
_ASK_AFTER_MS = 60


@dataclass(frozen=True, slots=True)
class SegmentItem:
    """A row: frames [start_frame, end_frame), `end` the timecode of the frame after the last."""

    number: int
    start_frame: int
    end_frame: int
    start: str
    end: str
    length: str
    shots: str
    keyframes: tuple[int, ...]


class _SegmentModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[SegmentItem, ...] = ()
        self.pictures: OrderedDict[int, QImage] = OrderedDict()

    def replace(self, items: tuple[SegmentItem, ...]) -> None:
        if len(items) == len(self.items):
            self.items = items  # the selection and the place in the list stay
            if items:
                self.dataChanged.emit(self.index(0), self.index(len(items) - 1))
            return
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        item = self.items[index.row()]
        return f"{item.number}   {item.start} – {item.end}   {item.length}   {item.shots}"


class SegmentListView(QListView):
    """One row a segment.

    `seek_wanted(frame)`: a click on a picture goes to its frame, one beside the pictures to the segment's start,
    as do Up, Down and Enter while the list has the focus; Ctrl+Left and Ctrl+Right go from picture to picture.
    `picture_wanted(frame)`: a visible row lacks that picture.
    """

    seek_wanted = Signal(int)
    picture_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _SegmentModel()
        self._asked: set[int] = set()
        self.current_frame = -1
        self._current_row = -1
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask_for_pictures)
        self.setModel(self._model)
        self.setItemDelegate(_SegmentDelegate(self, self._model))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        OwnKeys(self, (*UP_AND_DOWN, Qt.Key.Key_Return, Qt.Key.Key_Enter))
        self.setAccessibleName("Segments")
        self.setMinimumHeight(self.row_px)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_timer.start())

    @property
    def items(self) -> tuple[SegmentItem, ...]:
        return self._model.items

    @property
    def row_px(self) -> int:
        """The height of a row."""
        return _MARGIN + QFontMetrics(figures_font()).height() + _GAP + _PICTURE_SIZE.height() + _MARGIN

    def set_items(self, items: Sequence[SegmentItem]) -> None:
        """Show these segments, in order; the place in the film that is seen stays about the same."""
        seen = self.visible_rows()
        first = self._model.items[seen[0]].start_frame if seen else 0
        before = len(self._model.items)
        self._model.replace(tuple(items))
        self._mark_row(follow=False)
        if len(items) != before and items and first:
            starts = [item.start_frame for item in items]
            row = max(0, bisect_right(starts, first) - 1)
            self.scrollTo(self._model.index(row), QAbstractItemView.ScrollHint.PositionAtTop)
        self._ask_timer.start()

    def forget_pictures(self) -> None:
        """Another film is shown from now on."""
        self._model.pictures.clear()
        self._asked.clear()
        self.current_frame = self._current_row = -1

    def set_picture(self, frame: int, image: QImage) -> None:
        """Show `image` where film frame `frame` stands for a segment."""
        pictures = self._model.pictures
        pictures[frame] = image
        pictures.move_to_end(frame)
        while len(pictures) > _KEPT_PICTURES:
            dropped, _ = pictures.popitem(last=False)
            self._asked.discard(dropped)
        self.viewport().update()

    def set_current_frame(self, frame: int, *, follow: bool = False) -> None:
        """Mark the segment and the picture at the playhead; with `follow`, scroll to a segment just entered."""
        if frame != self.current_frame:
            self.current_frame = frame
            self._mark_row(follow=follow)
            self.viewport().update()

    @property
    def current_row(self) -> int:
        """The row of the segment at the playhead, -1 for none."""
        return self._current_row

    def visible_rows(self) -> range:
        """The rows of which something can be seen."""
        first = self.indexAt(self.viewport().rect().topLeft()).row()
        if first < 0:
            return range(0)
        last = self.indexAt(self.viewport().rect().bottomLeft()).row()
        return range(first, (last if last >= 0 else len(self._model.items) - 1) + 1)

    def keyframe_rect(self, row: int, place: int) -> QRect:
        """Where the picture `place` (from 0) of that row is, in the viewport."""
        return _picture_rect(self.visualRect(self._model.index(row)), place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            item = self._model.items[index.row()]
            at = self._keyframe_at(event.position().toPoint())
            self.seek_wanted.emit(item.start_frame if at is None else at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        is_picture = self._keyframe_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if is_picture else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, with_ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        row = self.currentIndex().row()
        if row >= 0 and with_ctrl and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step_keyframe(row, 1 if key == Qt.Key.Key_Right else -1)
        elif key in UP_AND_DOWN and self._model.items:
            first = self._current_row if row < 0 else row + (1 if key == Qt.Key.Key_Down else -1)
            self._choose(min(max(0, first), len(self._model.items) - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._choose(row)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_timer.start()

    def _choose(self, row: int) -> None:
        self.setCurrentIndex(self._model.index(row))
        self.scrollTo(self._model.index(row))
        self.seek_wanted.emit(self._model.items[row].start_frame)

    def _step_keyframe(self, row: int, direction: int) -> None:
        frames = self._model.items[row].keyframes
        later = [frame for frame in frames if (frame - self.current_frame) * direction > 0]
        if later:
            self.seek_wanted.emit(min(later) if direction > 0 else max(later))

    def _keyframe_at(self, point: Any) -> int | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        rect = self.visualRect(index)
        for place, frame in enumerate(self._model.items[index.row()].keyframes[:_MOST_KEYFRAMES]):
            if _picture_rect(rect, place).contains(point):
                return frame
        return None

    def _mark_row(self, *, follow: bool) -> None:
        items, frame = self._model.items, self.current_frame
        row = bisect_right([item.start_frame for item in items], frame) - 1
        if row >= 0 and frame >= items[row].end_frame:
            row = -1
        if row != self._current_row:
            self._current_row = row
            if follow and row >= 0:
                self.scrollTo(self._model.index(row), QAbstractItemView.ScrollHint.EnsureVisible)
            self.viewport().update()

    def _ask_for_pictures(self) -> None:
        if not self.isVisible():
            return
        # the newest wish is served first: ask from the bottom up
        for row in reversed(self.visible_rows()):
            for frame in reversed(self._model.items[row].keyframes[:_MOST_KEYFRAMES]):
                if frame not in self._model.pictures and frame not in self._asked:
                    self._asked.add(frame)
                    self.picture_wanted.emit(frame)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._ask_timer.start()


class _SegmentDelegate(QStyledItemDelegate):
    def __init__(self, view: SegmentListView, model: _SegmentModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, self._view.row_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect: QRect = option.rect
        item = self._model.items[index.row()]
        is_current = index.row() == self._view.current_row
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(palette.SELECTED))
        elif is_current:
            painter.fillRect(rect, QColor(palette.RAISED))
        if is_current:
            painter.fillRect(rect.left(), rect.top(), _BAR_PX, rect.height(), QColor(palette.ACCENT))
        self._paint_words(painter, rect, item)
        for place, frame in enumerate(item.keyframes[:_MOST_KEYFRAMES]):
            self._paint_picture(painter, _picture_rect(rect, place), frame)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, item: SegmentItem) -> None:
        painter.setFont(figures_font())
        metrics = painter.fontMetrics()
        line = QRect(
            rect.left() + _MARGIN, rect.top() + _MARGIN, rect.width() - 2 * _MARGIN, metrics.height()
        )
        number_px = metrics.horizontalAdvance("0000")
        painter.setPen(QColor(palette.TEXT_QUIET))
        painter.drawText(
            QRect(line.left(), line.top(), number_px, line.height()),
            Qt.AlignmentFlag.AlignLeft,
            str(item.number),
        )
        right = line.right()
        left = line.left() + number_px
        times = f"{item.start} – {item.end}"
        if metrics.horizontalAdvance(f"{times}  {item.length}") > line.width() - number_px:
            times = item.start
        left_end = left + metrics.horizontalAdvance(times)
        for text, colour in ((item.shots, palette.TEXT_QUIET), (item.length, palette.TEXT)):
            wide = metrics.horizontalAdvance(text)
            others = metrics.horizontalAdvance(f"  {item.length}") if text is item.shots else 0
            if right - wide - others - metrics.horizontalAdvance("  ") >= left_end:
                painter.setPen(QColor(colour))
                box = QRect(right - wide, line.top(), wide + 1, line.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignRight, text)
                right -= wide + metrics.horizontalAdvance("  ")
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(
            QRect(left, line.top(), right - left, line.height()), Qt.AlignmentFlag.AlignLeft, times
        )

    def _paint_picture(self, painter: QPainter, box: QRect, frame: int) -> None:
        painter.fillRect(box, QColor(palette.PICTURE_SURROUND))
        image = self._model.pictures.get(frame)
        if image is None or image.isNull():
            pixmap = icon_pixmap("film", 16, palette.OUTLINE, painter.device().devicePixelRatio())
            painter.drawPixmap(box.center().x() - 7, box.center().y() - 7, pixmap)
        else:
            size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(box.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)
        if frame == self._view.current_frame:
            painter.setPen(QPen(QColor(palette.ACCENT), 2))
            painter.drawRect(box.adjusted(0, 0, -1, -1))


def _picture_rect(row: QRect, place: int) -> QRect:
    """The box of a picture; smaller where the list is narrow."""
    room_px = (row.width() - 2 * _MARGIN - (_MOST_KEYFRAMES - 1) * _GAP) // _MOST_KEYFRAMES
    width = max(16, min(_PICTURE_SIZE.width(), room_px))
    height = round(_PICTURE_SIZE.height() * width / _PICTURE_SIZE.width())
    bottom = row.top() + row.height() - _MARGIN
    top = bottom - _PICTURE_SIZE.height()
    return QRect(row.left() + _MARGIN + place * (width + _GAP), top, width, height)
