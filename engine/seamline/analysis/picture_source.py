"""One decode of a film, scaled to every picture that is wanted, ahead of those who use it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from av.video.frame import VideoFrame

from seamline.analysis.ahead import POLL_S, Ahead
from seamline.analysis.pace import Pace
from seamline.media.cascade import Cascade, Pictures, PictureSpec
from seamline.media.decoder import Decoder
from seamline.media.film import Film

_QUEUED_FRAMES = 200
_BATCH_FRAMES = 25
# Large pictures of every frame would fill the memory: with them, batches are shorter and fewer. Each stage's queue,
# which has room for four more, holds the same batches: about 64 MiB of pictures in all.
_BATCH_BYTES = 4 << 20
_QUEUED_BYTES = 36 << 20


@dataclass(frozen=True, slots=True)
class PictureBatch:
    """Of the half-open range of frames, the pictures that each spec wants, in order."""

    start_frame: int
    end_frame: int
    by_spec: dict[PictureSpec, Pictures]

    def pictures(self, spec: PictureSpec, *, from_frame: int = 0) -> Pictures:
        """Those of `spec`, without those of frames before `from_frame`."""
        skipped = spec.count(self.start_frame, from_frame) if from_frame > self.start_frame else 0
        return self.by_spec[spec][skipped:]


class PictureSource:
    """Batches of pictures from `start_frame` to the film's end, decoded by a thread of its own.

    A frame that a damaged film has lost shows the picture before it, so that every number has one;
    `missing` names them. The thread is joined on exit; its error is raised where it is read.
    """

    def __init__(
        self, film: Film, specs: Sequence[PictureSpec], start_frame: int, pace: Pace | None = None
    ) -> None:
        self._film = film
        self._pace = pace or Pace()
        self._specs = tuple(dict.fromkeys(specs))
        self._start_frame = start_frame
        self._batch_frames, queued_batches = _bounds(self._specs)
        self._ahead = Ahead(self._decoded, name="seamline-decode", room=queued_batches)
        self.missing: list[int] = []

    def __enter__(self) -> PictureSource:
        self._ahead.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._ahead.__exit__(kind, error, at)

    def batches(self, *, timeout_s: float = POLL_S) -> Iterator[PictureBatch | None]:
        """The batches in order; None whenever there was none for `timeout_s`, so that the caller can look up."""
        return self._ahead.items(timeout_s=timeout_s)

    def _decoded(self, stop: threading.Event) -> Iterator[PictureBatch]:
        batch = _BatchInTheMaking(self._specs, self._start_frame, self._batch_frames)
        began_s = time.monotonic()
        for picture in self._every_frame(stop):
            batch.add(picture)
            self._pace.rest(time.monotonic() - began_s, stop)
            if batch.is_full:
                yield batch.take()
            began_s = time.monotonic()  # neither resting nor waiting for room in the queue is work
        if not batch.is_empty:
            yield batch.take()

    def _every_frame(self, stop: threading.Event) -> Iterator[dict[PictureSpec, Pictures]]:
        """The pictures wanted of each frame from the first to the film's last, missing ones filled."""
        wanted = self._start_frame
        held = _Held(self._film, self._specs)
        with Decoder(self._film) as decoder:
            if wanted:
                decoder.seek(wanted)
            for number, frame in decoder:
                if stop.is_set():
                    return
                if number < wanted:
                    held.frame = frame
                    continue
                if held.frame is None:
                    held.frame = frame  # nothing is known of what came before
                for lost in range(wanted, number):
                    self.missing.append(lost)
                    yield held.scaled(lost)
                held.frame = frame
                yield held.scaled(number)
                wanted = number + 1
        for lost in range(wanted, self._film.frame_count):
            if stop.is_set():
                return
            self.missing.append(lost)
            yield held.scaled(lost)


class _Held:
    """The frame shown at present, to be scaled as often as it is wanted."""

    def __init__(self, film: Film, specs: Sequence[PictureSpec]) -> None:
        self._specs = specs
        self._cascade = Cascade(specs, rotation_deg=film.info.rotation_deg)
        self.frame: VideoFrame | None = None

    def scaled(self, number: int) -> dict[PictureSpec, Pictures]:
        if self.frame is not None:
            return self._cascade.scaled(self.frame, number)
        return {s: s.black() for s in self._specs if number % s.every_frames == 0}


class _BatchInTheMaking:
    """Collects pictures until there are enough of them to hand on."""

    def __init__(self, specs: Sequence[PictureSpec], start_frame: int, frames: int) -> None:
        self._frames = frames
        self._collected: dict[PictureSpec, list[Pictures]] = {spec: [] for spec in specs}
        self._start_frame = self._end_frame = start_frame

    @property
    def is_empty(self) -> bool:
        return self._end_frame == self._start_frame

    @property
    def is_full(self) -> bool:
        return self._end_frame - self._start_frame == self._frames

    def add(self, pictures: dict[PictureSpec, Pictures]) -> None:
        for spec, picture in pictures.items():
            self._collected[spec].append(picture)
        self._end_frame += 1

    def take(self) -> PictureBatch:
        by_spec = {
            spec: np.stack(some) if some else np.empty((0, *spec.shape), np.uint8)
            for spec, some in self._collected.items()
        }
        batch = PictureBatch(self._start_frame, self._end_frame, by_spec)
        for some in self._collected.values():
            some.clear()
        self._start_frame = self._end_frame
        return batch


def _bounds(specs: Sequence[PictureSpec]) -> tuple[int, int]:
    """How many frames a batch has, and how many batches may wait."""
    frame_bytes = sum(spec.bytes / spec.every_frames for spec in specs)
    frames = max(1, min(_BATCH_FRAMES, int(_BATCH_BYTES / frame_bytes)))
    return frames, max(1, min(_QUEUED_FRAMES // frames, int(_QUEUED_BYTES / (frames * frame_bytes))))
