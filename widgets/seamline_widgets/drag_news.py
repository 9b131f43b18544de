"""Where a dragged seam is, told no more often than pictures of it can follow."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

_EVERY_MS = 30

Frames = tuple[int, int]  # out and in


class DragNews:
    """Calls `tell(id, out_frame, in_frame)` while a seam is dragged, and `tell_end(id)` once if that was ever called.

    `before` are the seam's frames as they are, which are no news.
    """

    def __init__(
        self,
        seam_id: str,
        before: Frames,
        tell: Callable[[str, int, int], None],
        tell_end: Callable[[str], None],
    ) -> None:
        self._id = seam_id
        self._frames = self._told = before
        self._tell, self._tell_end = tell, tell_end
        self._has_told = False
        self._pause = QTimer(singleShot=True, interval=_EVERY_MS)
        self._pause.timeout.connect(self.flush)

    def put(self, frames: Frames) -> None:
        """The seam is dragged there."""
        self._frames = frames
        if not self._pause.isActive():
            self.flush()

    def flush(self) -> None:
        """Tell where it is, if that is news."""
        if self._frames != self._told:
            self._told, self._has_told = self._frames, True
            self._pause.start()
            self._tell(self._id, *self._frames)

    def end(self) -> None:
        """The drag is over, and what it came to was said."""
        self._pause.stop()
        self._frames = self._told
        if self._has_told:
            self._has_told = False
            self._tell_end(self._id)
