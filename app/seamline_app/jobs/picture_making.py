"""How the pictures between a film's key frames are found: kept by the analysis, or decoded one by one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from seamline.analysis.proxies_stage import Proxies
from seamline.analysis.thumbnails_stage import ThumbnailStage, ThumbnailStrip
from seamline.errors import SeamlineError
from seamline.media.display import tone_mapped_8bit
from seamline.media.film import Film
from seamline.media.filmstrip import coarse_to_fine
from seamline.media.pictures import RgbPicture
from seamline_app.jobs.frame_source import FrameSource, as_image

log = logging.getLogger(__name__)

MAX_THUMBNAILS = 1200
"""Ten minutes at two a second; of longer films every n-th, so that 160x90 pixels take 70 MB at most."""

_LIMIT = (160, 90)
_EVENTS_EVERY_S = 0.2
_DECODED_BYTES = 64 << 20

Wish = tuple[int, int]
"""(earliest, frame): a picture of `frame` is wanted, and one of any frame from `earliest` on does."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Frame numbers and their pictures, up to 90 pixels high.

    `is_passing`: they were asked for to be seen now, and need not be kept for the whole film.
    """

    pictures: tuple[tuple[int, QImage], ...]
    is_passing: bool = False


class PictureMaking:
    """One film's pictures, for the thread that makes them; `tell(Pictures)` is called with some more of them."""

    def __init__(
        self,
        film: Film,
        folder: Path | None,
        has_newer: Callable[[], bool],
        tell: Callable[[Pictures], None],
    ) -> None:
        """`folder`: where the analysis keeps its pictures. `has_newer()`: whether to break off for something newer."""
        self.wishes: list[Wish] = []
        self._film = film
        self._has_newer = has_newer
        self._tell = tell
        self._strip: ThumbnailStrip | None = None
        self._proxies: Proxies | None = None
        self._every_frames = 1
        if folder is not None:
            stage = ThumbnailStage.for_film(film, folder)
            self._every_frames = stage.pictures.every_frames
            self._strip = ThumbnailStrip(stage.path)
            self._proxies = Proxies.of(film, folder)
        count = -(-film.frame_count // self._every_frames)
        self._stride = self._every_frames * max(1, -(-count // MAX_THUMBNAILS))
        self._told: set[int] = set()
        self._later: list[Wish] = []
        self._looks = False
        self._source: FrameSource | None = None
        self._is_readable = True

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    def may_have_more(self) -> None:
        """The analysis has got on: look through its pictures, and see to what could not be made before."""
        self._looks = True
        self.wishes += self._later
        self._later = []

    def work(self) -> bool:
        """Do the most urgent until there is something more urgent; whether there was."""
        if self.wishes:
            wishes, self.wishes, self._later = self.wishes, [], []
            self._fulfil(wishes)
        elif self._looks:
            self._looks = self._look()
        return self._has_newer() or bool(self.wishes) or self._looks

    def _fulfil(self, wishes: list[Wish]) -> None:
        batch: list[tuple[int, QImage]] = []
        told_s = 0.0
        for wish in wishes:
            if self._has_newer():
                break
            made = self._made(*wish)
            if made is None:
                self._later.append(wish)
                continue
            batch.append(made)
            if time.monotonic() - told_s > _EVENTS_EVERY_S:
                self._tell_pictures(batch, is_passing=True)
                batch, told_s = [], time.monotonic()
        self._tell_pictures(batch, is_passing=True)

    def _made(self, earliest: int, frame: int) -> tuple[int, QImage] | None:
        kept = self._strip.shown_frame(frame) if self._strip is not None else None
        if self._strip is not None and kept is not None and kept >= earliest:
            picture = self._strip.picture_at(frame)
            if picture is not None:
                return kept, self._as_shown(picture)
        if self._proxies is not None and (picture := self._proxies.picture_of(frame)) is not None:
            return frame, _small(as_image(picture))
        has_been_analysed = kept is not None and frame - kept < self._every_frames
        return self._decoded(frame) if earliest == frame or has_been_analysed else None

    def _decoded(self, frame: int) -> tuple[int, QImage] | None:
        if not self._is_readable:
            return None
        try:
            if self._source is None:
                self._source = FrameSource(self._film, cache_bytes=_DECODED_BYTES)
            read = self._source.read(frame, _LIMIT, self._has_newer)
        except SeamlineError as error:
            log.info("there are no single frames for the filmstrip: %s", error)
            self._is_readable = False
            return None
        return None if read is None else (frame, _small(read.image))

    def _look(self) -> bool:
        """Tell of the pictures that came since; whether it was broken off."""
        strip = self._strip
        end = strip.shown_frame(self._film.frame_count - 1) if strip is not None else None
        if strip is None or end is None:
            return False
        fresh = [frame for frame in range(0, end + 1, self._stride) if frame not in self._told]
        batch: list[tuple[int, QImage]] = []
        told_s = time.monotonic()
        for frame in coarse_to_fine(fresh):
            if self._has_newer():
                self._tell_pictures(batch)
                return True
            picture = strip.picture_at(frame)
            if picture is None:
                continue
            self._told.add(frame)
            batch.append((frame, self._as_shown(picture)))
            if time.monotonic() - told_s > _EVENTS_EVERY_S:
                self._tell_pictures(batch)
                batch, told_s = [], time.monotonic()
        self._tell_pictures(batch)
        return False

    def _as_shown(self, picture: RgbPicture) -> QImage:
        return for_strip(picture, self._film)

    def _tell_pictures(self, batch: list[tuple[int, QImage]], *, is_passing: bool = False) -> None:
        if batch:
            self._tell(Pictures(tuple(batch), is_passing))


def for_strip(picture: RgbPicture, film: Film) -> QImage:
    """uint8[H, W, 3] as it is stored, in the light of the screen and the format that Qt paints at once."""
    info = film.info
    shown = as_image(tone_mapped_8bit(picture, info.transfer, info.primaries))
    return shown.convertToFormat(QImage.Format.Format_RGB32)


def _small(image: QImage) -> QImage:
    limit = QSize(*_LIMIT)
    if image.width() > limit.width() or image.height() > limit.height():
        image = image.scaled(
            limit, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return image.convertToFormat(QImage.Format.Format_RGB32)
