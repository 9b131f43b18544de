"""What a search has found, as rows, with the pictures that stand for them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex
Key = tuple[str, int]
"""A film's fingerprint, and a frame of it."""
_ROOT = QModelIndex()
_KEPT_PICTURES = 600


@dataclass(frozen=True, slots=True)
class HitItem:
    """A row: the shot [start_frame, end_frame) of the film of that fingerprint, and its best frame.

    `title` is such as “Shot 12”, `name` the editor's own for it. `film_name` is empty where one film alone is searched;
    `is_elsewhere`: the film is not the one that is open. `score` is the cosine with what is looked for; `strength_01`
    how far it sticks out.
    """

    film: str
    frame: int
    start_frame: int
    end_frame: int
    title: str
    name: str
    timecode: str
    score: float
    strength_01: float
    film_name: str = ""
    is_elsewhere: bool = False

    @property
    def key(self) -> Key:
        return self.film, self.frame

    @property
    def score_text(self) -> str:
        """Such as “.31”."""
        return f"{self.score:.2f}".replace("0.", ".", 1)

    @property
    def sentence(self) -> str:
        """All of it, for a screen reader."""
        parts = [self.film_name, self.title, self.name, self.timecode, f"score {self.score_text}"]
        return ", ".join(part for part in parts if part)


class HitModel(QAbstractListModel):
    """Rows are `items`, the best first; `pictures` are those known, of all hits' best frames."""

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[HitItem, ...] = ()
        self._keys: set[Key] = set()
        self.pictures: OrderedDict[Key, QImage] = OrderedDict()

    def replace(self, items: tuple[HitItem, ...]) -> None:
        """Show these rows; as long as they are as many as before, the place in the list stays."""
        self._keys = {item.key for item in items}
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
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.items[index.row()].sentence
        return None

    def row_of(self, key: Key) -> int:
        """The row of that hit, or of the shot that the frame lies in: which of a shot's frames is its best may change
        with its seams. -1 for none."""
        film, frame = key
        exact = (row for row, item in enumerate(self.items) if item.key == key)
        around = (
            row
            for row, item in enumerate(self.items)
            if item.film == film and item.start_frame <= frame < item.end_frame
        )
        return next(exact, next(around, -1))

    def keep_picture(self, key: Key, image: QImage) -> list[Key]:
        """Keep the picture of a hit; gives those that are not kept (any more)."""
        if key not in self._keys:
            return [key]
        self.pictures[key] = image
        self.pictures.move_to_end(key)
        dropped = []
        while len(self.pictures) > _KEPT_PICTURES:
            dropped.append(self.pictures.popitem(last=False)[0])
        return dropped
