"""Rows that pictures of films' frames stand for, with as many of these as are kept."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex
PictureKey = tuple[str, int]
"""A film's fingerprint, and a frame of it."""
_ROOT = QModelIndex()


class Pictured(Protocol):
    """A row."""

    @property
    def picture_keys(self) -> tuple[PictureKey, ...]:
        """The frames that stand for it, in reading order."""

    @property
    def sentence(self) -> str:
        """All of it, for a screen reader."""


Item = TypeVar("Item", bound=Pictured)


class PicturedModel(QAbstractListModel, Generic[Item]):
    """Rows are `items`, the best first; `pictures` are those known of their frames, `most_pictures` at a time."""

    most_pictures = 600

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Item, ...] = ()
        self.pictures: OrderedDict[PictureKey, QImage] = OrderedDict()

    def replace(self, items: tuple[Item, ...]) -> None:
        """Show these rows; as far as they are those of before, the place in the list stays."""
        if self.is_same(items):
            self.items = items
            if items:
                self.dataChanged.emit(self.index(0), self.index(len(items) - 1))
            return
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def is_same(self, items: tuple[Item, ...]) -> bool:
        """Whether these rows can take the place of those shown without a jump."""
        return len(items) == len(self.items)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.items[index.row()].sentence
        return None

    def keep_picture(self, key: PictureKey, image: QImage) -> list[PictureKey]:
        """Keep the picture of a frame; gives those that are kept no more."""
        self.pictures[key] = image
        self.pictures.move_to_end(key)
        dropped = []
        while len(self.pictures) > self.most_pictures:
            dropped.append(self.pictures.popitem(last=False)[0])
        return dropped
