"""One exact frame for the clipboard or a file, read in a thread of its own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from seamline.exchange.still import write_still
from seamline.media.film import Film
from seamline.media.reader import FrameReader
from seamline.progress import Progress
from seamline_app.jobs.frame_source import as_image
from seamline_app.jobs.task_thread import TaskThread

_READER_BYTES = 32 << 20


class StillJob(QObject):
    """`read(image)` and `written(path)` end what was begun last; `failed(sentence)` where it cannot be."""

    read = Signal(QImage)
    written = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = TaskThread("still", self, nice=False)
        self._thread.done.connect(self._tell)
        self._thread.failed.connect(self.failed)

    def read_frame(self, film: Film, frame: int) -> None:
        """Read `frame` in full size, in square pixels."""

        def task(_: Progress) -> QImage:
            with closing(FrameReader(film, cache_bytes=_READER_BYTES)) as reader:
                return as_image(reader.read(frame).rgb)

        self._thread.run(task)

    def write_frame(self, film: Film, frame: int, path: Path) -> None:
        """Write `frame` to `path`, over what is there."""

        def task(_: Progress) -> Path:
            write_still(film, frame, path, overwrite=True)
            return path

        self._thread.run(task)

    def close(self) -> None:
        """Stop, and join the thread."""
        self._thread.close()

    def _tell(self, result: object) -> None:
        if isinstance(result, Path):
            self.written.emit(result)
        elif isinstance(result, QImage):
            self.read.emit(result)
