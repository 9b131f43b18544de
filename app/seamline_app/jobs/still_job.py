"""One exact frame for the clipboard or a file, in threads of its own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from seamline.exchange.still import write_still
from seamline.media.film import Film
from seamline.media.reader import FrameReader
from seamline.progress import Progress
from seamline_app.jobs.frame_source import FramePicture, as_image
from seamline_app.jobs.task_thread import TaskThread

_READER_BYTES = 32 << 20


class StillJob(QObject):
    """`read(image, shown_frame)` ends the newest reading, `written(path, shown_frame)` the newest writing;
    `failed(sentence)` where it cannot be. Neither stands in the other's way.

    `shown_frame` is the number of the frame that the picture shows: an earlier one than that asked for where a
    damaged film has lost it.
    """

    read = Signal(QImage, int)
    written = Signal(object, int)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading = TaskThread("still-reading", self, nice=False)
        self._writing = TaskThread("still-writing", self, nice=False)
        self._reading.done.connect(self._tell_read)
        self._writing.done.connect(self._tell_written)
        for thread in (self._reading, self._writing):
            thread.failed.connect(self.failed)

    def read_frame(self, film: Film, frame: int) -> None:
        """Read `frame` in full size, in square pixels."""

        def task(_: Progress) -> FramePicture:
            with closing(FrameReader(film, cache_bytes=_READER_BYTES)) as reader:
                picture = reader.read(frame)
            return FramePicture(as_image(picture.rgb), picture.shown_frame)

        self._reading.run(task)

    def write_frame(self, film: Film, frame: int, path: Path) -> None:
        """Write `frame` to `path`, over what is there."""

        def task(_: Progress) -> tuple[Path, int]:
            return path, write_still(film, frame, path, overwrite=True)

        self._writing.run(task)

    def close(self) -> None:
        """Stop, and join the threads."""
        self._reading.close()
        self._writing.close()

    def _tell_read(self, picture: FramePicture) -> None:
        self.read.emit(picture.image, picture.shown_frame)

    def _tell_written(self, result: tuple[Path, int]) -> None:
        self.written.emit(*result)
