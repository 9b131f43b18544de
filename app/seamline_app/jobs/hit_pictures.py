"""Small pictures of frames of films that are not open: what was kept of them, or else decoded."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.thumbnails_stage import ThumbnailStrip
from seamline.errors import SeamlineError
from seamline.media.open_film import open_film
from seamline.media.reader import FrameReader
from seamline.progress import Progress
from seamline_app.jobs.frame_source import as_image
from seamline_app.jobs.task_thread import TaskThread
from seamline_app.jobs.thumbnails import THUMBNAIL_PX

_MOST_WAITING = 64
_MOST_AT_ONCE = 8
"""Of one film: what is in view by then does not wait for long."""
_READER_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """A frame of the film of that fingerprint at `path`."""

    fingerprint: str
    path: Path
    frame: int


class HitPictures(QObject):
    """`ready(fingerprint, frame, image)` answers `request`, the newest first; of more than 64 waiting the oldest are
    dropped.

    What is dropped or cannot be read has no picture, and no word of it: who still wants it asks again. With `exactly`,
    what was kept of a frame close by will not do: it may be of another shot.
    """

    ready = Signal(str, int, QImage)

    def __init__(self, cache: AnalysisCache, parent: QObject | None = None, *, exactly: bool = False) -> None:
        super().__init__(parent)
        self._cache = cache
        self._exactly = exactly
        self._waiting: OrderedDict[WantedPicture, None] = OrderedDict()
        self._thread = TaskThread("hit-pictures", self)
        self._thread.done.connect(lambda _: self._go_on())
        self._thread.failed.connect(lambda _: self._go_on())
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._go_on)

    def request(self, wanted: WantedPicture) -> None:
        self._waiting[wanted] = None
        self._waiting.move_to_end(wanted)
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popitem(last=False)
        self._soon.start()

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._waiting.clear()

    def close(self) -> None:
        """Stop, and join the thread."""
        self._soon.stop()
        self._waiting.clear()
        self._thread.close()

    def _go_on(self) -> None:
        if self._waiting and not self._thread.is_running:
            newest = next(reversed(self._waiting))
            of_film = (other for other in reversed(self._waiting) if other.fingerprint == newest.fingerprint)
            batch = list(islice(of_film, _MOST_AT_ONCE))
            for wanted in batch:
                del self._waiting[wanted]
            self._thread.run(lambda progress: self._make(batch, progress))

    def _make(self, batch: list[WantedPicture], progress: Progress) -> None:
        """The task, for frames of one film."""
        left = [wanted for wanted in batch if not self._tell_kept(wanted)]
        if not left:
            return
        try:
            reader = FrameReader(
                open_film(left[0].path, shelf=self._cache, progress=progress), cache_bytes=_READER_BYTES
            )
        except SeamlineError:
            return
        try:
            for wanted in left:
                progress.step(0, 1)
                with suppress(SeamlineError):
                    picture = reader.read(wanted.frame, limit=THUMBNAIL_PX)
                    self.ready.emit(wanted.fingerprint, wanted.frame, as_image(picture.rgb))
        finally:
            reader.close()

    def _tell_kept(self, wanted: WantedPicture) -> bool:
        folder = self._cache.thumbnail_folder(wanted.fingerprint)
        exact = QImage(str(folder / f"{wanted.frame:08d}.jpg"))
        if not exact.isNull():
            self.ready.emit(wanted.fingerprint, wanted.frame, exact)
            return True
        for path in sorted(folder.glob("strip-*.jpgs")):
            strip = ThumbnailStrip(path)
            every = int(path.stem.rpartition("-")[2]) if path.stem.rpartition("-")[2].isdigit() else 0
            shown = strip.shown_frame(wanted.frame)
            if shown is None or wanted.frame - shown > (0 if self._exactly else every):
                continue
            picture = strip.picture_at(wanted.frame)
            if picture is not None:
                self.ready.emit(wanted.fingerprint, wanted.frame, as_image(picture))
                return True
        return False
