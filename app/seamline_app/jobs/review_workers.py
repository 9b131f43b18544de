"""The threads behind the review's pictures: one takes proxies, the other decodes exact pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2
import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from seamline.errors import SeamlineError
from seamline.media.pictures import RgbPicture, fitted_size
from seamline_app.jobs.frame_source import FrameSource, as_image
from seamline_app.jobs.review_tray import Order, ReviewTray

_log = logging.getLogger(__name__)
_DECODED_BYTES = 96 << 20


class ReviewWorker(QObject):
    """Makes one picture at a time of what lies on the tray; other events get their turn between."""

    made = Signal(int, int, tuple, QImage, bool)  # job, frame, limit, picture, whether it is exact
    failed = Signal(int, str)

    def __init__(self, tray: ReviewTray, take: Callable[[], Order | None]) -> None:
        super().__init__()
        self._tray = tray
        self._take = take
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_tick)

    @Slot()
    def look(self) -> None:
        if not self._timer.isActive():
            self._timer.start(0)

    @Slot()
    def shut_down(self) -> None:
        self._timer.stop()
        self._release()
        self.thread().quit()

    @Slot()
    def _on_tick(self) -> None:
        order = self._take()
        if order is None:
            return
        with self._reporting(order):
            self._make(order)
        self._timer.start(0)

    @contextmanager
    def _reporting(self, order: Order) -> Iterator[None]:
        """The thread's boundary: a picture that cannot be made is an empty one, and leaves the others alone."""
        try:
            yield
            return
        except SeamlineError as error:
            sentence = str(error)
        except Exception as error:  # noqa: BLE001  the thread boundary: nothing may escape into Qt
            _log.exception("a picture for the review failed")
            sentence = f"A picture could not be made ({error!r}); the log has the details."
        self._give_up(order, sentence)

    def _make(self, order: Order) -> None:
        raise NotImplementedError

    def _give_up(self, order: Order, sentence: str) -> None:
        raise NotImplementedError

    def _release(self) -> None:
        """Close what is open."""


class ReviewProxies(ReviewWorker):
    """Shrinks the proxies that there are; `missed(job)` tells of one that is not."""

    missed = Signal(int)

    def _make(self, order: Order) -> None:
        proxies = self._tray.proxies
        rgb = proxies.picture_of(order.frame) if proxies is not None else None
        if rgb is None:
            self.missed.emit(order.job)
        else:
            self.made.emit(order.job, order.frame, order.limit, as_image(_shrunk(rgb, order.limit)), False)

    def _give_up(self, order: Order, sentence: str) -> None:
        _log.warning("no proxy of frame %d: %s", order.frame, sentence)
        self.missed.emit(order.job)


class ExactWorker(ReviewWorker):
    """Decodes, with a decoder of its own."""

    def __init__(self, tray: ReviewTray, take: Callable[[], Order | None]) -> None:
        super().__init__(tray, take)
        self._job = 0
        self._source: FrameSource | None = None

    def _make(self, order: Order) -> None:
        if order.job != self._job:
            self._release()
            self._job = order.job
        if self._source is None:
            self._source = FrameSource(order.film, cache_bytes=_DECODED_BYTES)
        picture = self._source.read(order.frame, order.limit, lambda: self._tray.is_stale(order))
        if picture is None:
            self._tray.put_back(order)
        else:
            self.made.emit(order.job, order.frame, order.limit, picture.image, True)

    def _give_up(self, order: Order, sentence: str) -> None:
        self.made.emit(order.job, order.frame, order.limit, QImage(), True)
        self.failed.emit(order.job, sentence)

    def _release(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None


def _shrunk(rgb: RgbPicture, limit: tuple[int, int]) -> RgbPicture:
    """The picture fitted into `limit`, as large as its exact one will be; uint8[H, W, 3]."""
    size = fitted_size((rgb.shape[1], rgb.shape[0]), limit)
    if size == (rgb.shape[1], rgb.shape[0]):
        return rgb
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
