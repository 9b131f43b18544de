"""One decode of a film, scaled to every size that is wanted, ahead of those who use it."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from av.video.frame import VideoFrame

from seamline.analysis.stage import Pictures
from seamline.media.decoder import Decoder
from seamline.media.film import Film
from seamline.media.pictures import RgbPicture, Scaler

_BATCH_FRAMES = 25
_QUEUED_BATCHES = 8
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class PictureBatch:
    """Pictures of consecutive frames from `start_frame` on, in every size asked for."""

    start_frame: int
    by_size: dict[tuple[int, int], Pictures]

    @property
    def end_frame(self) -> int:
        return self.start_frame + len(next(iter(self.by_size.values())))


class PictureSource:
    """Batches of pictures from `start_frame` to the film's end, decoded by a thread of its own.

    A frame that a damaged film has lost shows the picture before it, so that every number has one;
    `missing` names them. The thread is joined on exit; its error is raised where it is read.
    """

    def __init__(self, film: Film, sizes: Sequence[tuple[int, int]], start_frame: int) -> None:
        self._film = film
        self._sizes = tuple(dict.fromkeys(sizes))
        self._start_frame = start_frame
        self._queue: queue.Queue[PictureBatch | BaseException | None] = queue.Queue(_QUEUED_BATCHES)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="seamline-decode", daemon=True)
        self.missing: list[int] = []

    def __enter__(self) -> PictureSource:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._stop.set()
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        self._thread.join()

    def batches(self, *, timeout_s: float = _POLL_S) -> Iterator[PictureBatch | None]:
        """The batches in order; None whenever there was none for `timeout_s`, so that the caller can look up."""
        while True:
            try:
                item = self._queue.get(timeout=timeout_s)
            except queue.Empty:
                yield None
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def _run(self) -> None:
        last: PictureBatch | BaseException | None = None
        try:
            for batch in self._decoded():
                if not self._put(batch):
                    return
        except BaseException as error:  # noqa: BLE001  a thread boundary: raised again in batches()
            last = error
        self._put(last)

    def _put(self, item: PictureBatch | BaseException | None) -> bool:
        while not self._stop.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(item, timeout=_POLL_S)
                return True
        return False

    def _decoded(self) -> Iterator[PictureBatch]:
        frame_count = self._film.frame_count
        scalers = {size: Scaler(*size) for size in self._sizes}
        collected: dict[tuple[int, int], list[RgbPicture]] = {size: [] for size in self._sizes}
        start = self._start_frame
        last: dict[tuple[int, int], RgbPicture] | None = None

        def batch() -> PictureBatch:
            pictures = {size: np.stack(some) for size, some in collected.items()}
            for some in collected.values():
                some.clear()
            return PictureBatch(start, pictures)

        def scaled(frame: VideoFrame) -> dict[tuple[int, int], RgbPicture]:
            turn = self._film.info.rotation_deg
            return {size: scaler.rgb(frame, rotation_deg=turn) for size, scaler in scalers.items()}

        with Decoder(self._film) as decoder:
            if start:
                decoder.seek(start)
            wanted = start
            before: VideoFrame | None = None
            for number, frame in decoder:
                if self._stop.is_set():
                    return
                if number < wanted:
                    before = frame
                    continue
                if last is None and before is not None and number > wanted:
                    last = scaled(before)
                now = scaled(frame)
                self.missing += range(wanted, number)
                for held in [last or now] * (number - wanted) + [now]:
                    for size in self._sizes:
                        collected[size].append(held[size])
                    wanted += 1
                    if wanted - start == _BATCH_FRAMES:
                        yield batch()
                        start = wanted
                last = now
            if last is None and before is not None:
                last = scaled(before)
        self.missing += range(wanted, frame_count)
        while wanted < frame_count:
            for size in self._sizes:
                black = np.zeros((size[1], size[0], 3), np.uint8)
                collected[size].append(last[size] if last else black)
            wanted += 1
            if wanted - start == _BATCH_FRAMES:
                yield batch()
                start = wanted
        if wanted > start:
            yield batch()
