"""Pictures that were read before they are wanted."""

from __future__ import annotations

import threading
from collections.abc import Collection

from PySide6.QtGui import QImage


class PictureStore:
    """Exact pictures by frame number, all made for one `limit` of size. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[int, QImage] = {}
        self._limit = (0, 0)

    def put(self, frame: int, limit: tuple[int, int], image: QImage) -> None:
        """Keep a picture; those of another limit go."""
        with self._lock:
            if limit != self._limit:
                self._pictures.clear()
                self._limit = limit
            self._pictures[frame] = image

    def get(self, frame: int, limit: tuple[int, int]) -> QImage | None:
        with self._lock:
            return self._pictures.get(frame) if limit == self._limit else None

    def has(self, frame: int, limit: tuple[int, int]) -> bool:
        return limit == self._limit and frame in self._pictures

    def retain(self, spans: Collection[range]) -> None:
        """Let go of all frames that are in none of `spans`."""
        with self._lock:
            gone = [frame for frame in self._pictures if not any(frame in span for span in spans)]
            for frame in gone:
                del self._pictures[frame]

    def clear(self) -> None:
        with self._lock:
            self._pictures.clear()

    @property
    def bytes(self) -> int:
        """What the pictures take."""
        with self._lock:
            return sum(image.sizeInBytes() for image in self._pictures.values())
