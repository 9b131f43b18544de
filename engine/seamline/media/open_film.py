"""Opening a film: probed, numbered, identified."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from seamline.media.film import Film
from seamline.media.fingerprint import fingerprint
from seamline.media.frame_index import index_frames
from seamline.media.probe import probe
from seamline.media.timebase import FrameIndex
from seamline.media.timecode import TimecodeRate
from seamline.progress import Progress


class IndexShelf(Protocol):
    """Where frame indices are kept between openings."""

    def load_index(self, film_fingerprint: str) -> FrameIndex | None: ...
    def save_index(self, film_fingerprint: str, index: FrameIndex) -> None: ...


def open_film(path: Path, *, shelf: IndexShelf | None = None, progress: Progress | None = None) -> Film:
    """The film at `path`, ready to be analysed and cut.

    Reads every packet once, unless `shelf` has the index already. Raises MediaError or Cancelled.
    """
    with contextlib.suppress(RuntimeError):  # “~take 1.mov” names no user
        path = path.expanduser()
    path = path.absolute()
    info = probe(path)
    identity = fingerprint(path)
    index = shelf.load_index(identity) if shelf else None
    if index is None:
        index = index_frames(path, progress=progress)
        if shelf:
            shelf.save_index(identity, index)
    if index.rate != info.rate:
        # the packets know better than the header, and timecode counts at their rate
        drop_frame = info.drop_frame and TimecodeRate.of(index.rate, drop_frame=True).drop_frame
        info = replace(info, rate=index.rate, drop_frame=drop_frame)
    return Film(info, index, identity)
