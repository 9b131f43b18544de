"""Pairs of shots as rows, with the pictures of their two frames at the cut."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from seamline_widgets.match_items import MatchItem, PairKey, PictureKey

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_KEPT_PICTURES = 1200


class MatchModel(QAbstractListModel):
    """Rows are `items`, the best first; `pictures` are those known of their frames."""

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[MatchItem, ...] = ()
        self.pictures: OrderedDict[PictureKey, QImage] = OrderedDict()

    def replace(self, items: tuple[MatchItem, ...]) -> None:
        """Show these rows; where they are of the same pairs as before, the place in the list stays."""
        is_same = [item.key for item in items] == [item.key for item in self.items]
        if is_same:
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
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.items[index.row()].sentence
        return None

    def row_of(self, key: PairKey) -> int:
        """The row of that pair, -1 for none."""
        return next((row for row, item in enumerate(self.items) if item.key == key), -1)

    def keep_picture(self, key: PictureKey, image: QImage) -> list[PictureKey]:
        """Keep the picture of a frame; gives those that are kept no more."""
        self.pictures[key] = image
        self.pictures.move_to_end(key)
        dropped = []
        while len(self.pictures) > _KEPT_PICTURES:
            dropped.append(self.pictures.popitem(last=False)[0])
        return dropped
