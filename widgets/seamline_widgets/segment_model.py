"""The segments of a film as rows, with the pictures that stand for them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_KEPT_PICTURES = 500


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


class SegmentModel(QAbstractListModel):
    """Rows are `items`; `keyframes` are all frames whose pictures stand for one, `pictures` those known."""

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[SegmentItem, ...] = ()
        self.keyframes: set[int] = set()
        self.pictures: OrderedDict[int, QImage] = OrderedDict()

    def replace(self, items: tuple[SegmentItem, ...]) -> None:
        """Show these rows; where there are as many as before, the selection and the place in the list stay."""
        self.keyframes = {frame for item in items for frame in item.keyframes}
        if len(items) == len(self.items):
            self.items = items
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

    def keep_picture(self, frame: int, image: QImage) -> list[int]:
        """Keep the picture of a keyframe; gives the frames whose pictures are not kept (any more)."""
        if frame not in self.keyframes:
            return [frame]
        self.pictures[frame] = image
        self.pictures.move_to_end(frame)
        dropped = []
        while len(self.pictures) > _KEPT_PICTURES:
            dropped.append(self.pictures.popitem(last=False)[0])
        return dropped
