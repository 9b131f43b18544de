"""The list of segments beside the picture, by mouse and keys."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from seamline_widgets.own_keys import UP_AND_DOWN, OwnKeys
from seamline_widgets.pictured_list import show_as_rows
from seamline_widgets.segment_delegate import MOST_KEYFRAMES, SegmentDelegate, picture_rect, row_px
from seamline_widgets.segment_model import SegmentItem, SegmentModel

_ASK_AFTER_MS = 60


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
        self._model = SegmentModel()
        self._delegate = SegmentDelegate(self._model)
        self._asked: set[int] = set()
        self._ask_timer = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._ask_timer.timeout.connect(self._ask_for_pictures)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        show_as_rows(self)
        OwnKeys(self, (*UP_AND_DOWN, Qt.Key.Key_Return, Qt.Key.Key_Enter))
        self.setAccessibleName("Segments")
        self.setMinimumHeight(row_px() // 2)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._ask_timer.start())

    @property
    def items(self) -> tuple[SegmentItem, ...]:
        return self._model.items

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
        self._delegate.current_frame = self._delegate.current_row = -1

    def set_picture(self, frame: int, image: QImage) -> None:
        """Show `image` where film frame `frame` stands for a segment."""
        self._asked.difference_update(self._model.keep_picture(frame, image))
        self.viewport().update()

    def set_current_frame(self, frame: int, *, follow: bool = False) -> None:
        """Mark the segment and the picture at the playhead; with `follow`, scroll to a segment just entered."""
        if frame != self._delegate.current_frame:
            self._delegate.current_frame = frame
            self._mark_row(follow=follow)
            self.viewport().update()

    @property
    def current_row(self) -> int:
        """The row of the segment at the playhead, -1 for none."""
        return self._delegate.current_row

    def visible_rows(self) -> range:
        """The rows of which something can be seen."""
        first = self.indexAt(self.viewport().rect().topLeft()).row()
        if first < 0:
            return range(0)
        last = self.indexAt(self.viewport().rect().bottomLeft()).row()
        return range(first, (last if last >= 0 else len(self._model.items) - 1) + 1)

    def keyframe_rect(self, row: int, place: int) -> QRect:
        """Where the picture `place` (from 0) of that row is, in the viewport."""
        return picture_rect(self.visualRect(self._model.index(row)), place)

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
            row += 1 if key == Qt.Key.Key_Down else -1
            self._choose(min(max(0, row), len(self._model.items) - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._choose(row)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # from where the playhead is; Qt would begin at the first row
        if self._delegate.current_row >= 0 and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.setCurrentIndex(self._model.index(self._delegate.current_row))
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_timer.start()

    def _choose(self, row: int) -> None:
        self.setCurrentIndex(self._model.index(row))
        self.scrollTo(self._model.index(row))
        self.seek_wanted.emit(self._model.items[row].start_frame)

    def _step_keyframe(self, row: int, direction: int) -> None:
        frames = self._model.items[row].keyframes
        later = [frame for frame in frames if (frame - self._delegate.current_frame) * direction > 0]
        if later:
            self.seek_wanted.emit(min(later) if direction > 0 else max(later))

    def _keyframe_at(self, point: QPoint) -> int | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        rect = self.visualRect(index)
        for place, frame in enumerate(self._model.items[index.row()].keyframes[:MOST_KEYFRAMES]):
            if picture_rect(rect, place).contains(point):
                return frame
        return None

    def _mark_row(self, *, follow: bool) -> None:
        items, frame = self._model.items, self._delegate.current_frame
        row = bisect_right([item.start_frame for item in items], frame) - 1
        if row >= 0 and frame >= items[row].end_frame:
            row = -1
        if row != self._delegate.current_row:
            self._delegate.current_row = row
            if follow and row >= 0:
                self.scrollTo(self._model.index(row), QAbstractItemView.ScrollHint.EnsureVisible)
            self.viewport().update()

    def _ask_for_pictures(self) -> None:
        if not self.isVisible():
            return
        # the newest wish is served first: ask from the bottom up
        for row in reversed(self.visible_rows()):
            for frame in reversed(self._model.items[row].keyframes[:MOST_KEYFRAMES]):
                if frame not in self._model.pictures and frame not in self._asked:
                    self._asked.add(frame)
                    self.picture_wanted.emit(frame)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_timer.start()
