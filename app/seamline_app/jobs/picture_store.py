"""Pictures that were read before they are wanted."""

from __future__ import annotations

import threading
from collections.abc import Collection

from seamline_app.jobs.frame_source import FramePicture

PictureKey = tuple[int, tuple[int, int]]
"""Which film, by its job, and which limit of size: `Wanted.picture_key`."""


class PictureStore:
    """Exact pictures by frame number, all of one `PictureKey`. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[int, FramePicture] = {}
        self._key: PictureKey = (-1, (0, 0))

    def put(self, key: PictureKey, frame: int, picture: FramePicture) -> None:
        """Keep a picture; those of another key go. One of a film that was open before is passed over."""
        with self._lock:
            if key[0] < self._key[0]:
                return
            if key != self._key:
                self._pictures.clear()
                self._key = key
            self._pictures[frame] = picture

    def get(self, key: PictureKey, frame: int) -> FramePicture | None:
        with self._lock:
            return self._pictures.get(frame) if key == self._key else None

    def has(self, key: PictureKey, frame: int) -> bool:
        return key == self._key and frame in self._pictures

    def retain(self, spans: Collection[range]) -> None:
        """Let go of all frames that are in none of `spans`."""
        with self._lock:
            gone = [frame for frame in self._pictures if not any(frame in span for span in spans)]
            for frame in gone:
                del self._pictures[frame]

    def clear(self) -> None:
        with self._lock:
            self._pictures.clear()
