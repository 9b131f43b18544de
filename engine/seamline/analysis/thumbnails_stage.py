"""A small picture of every half second or so, kept in one file a film while the film is decoded anyway."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from seamline.analysis.stage import Pictures, PictureSpec, Resumption, SignalBlock
from seamline.errors import MediaError
from seamline.media.film import Film
from seamline.media.jpeg import decode_jpeg, encode_jpeg
from seamline.media.pictures import RgbPicture, fitted_size
from seamline.progress import Progress

_log = logging.getLogger(__name__)

_LIMIT = (160, 90)
_QUALITY = 80
_LOCK_WAIT_S = 5

# Little-endian. The file's head: magic, frames from picture to picture, width, height. Then picture after picture
# without a hole, each with a head of its own: mark, frame number, bytes of JPEG, their CRC-32.
_MAGIC = b"SEAMTHB1"
_HEAD = struct.Struct("<8sIHH")
_MARK = b"PICT"
_PICTURE_HEAD = struct.Struct("<4sIII")


@dataclass(frozen=True, slots=True)
class _Place:
    offset: int  # of the JPEG's bytes
    length: int
    checksum: int

    @property
    def end(self) -> int:
        return self.offset + self.length


class ThumbnailStage:
    """Keeps the picture of every n-th frame as JPEG at the end of the file at `path`; gives no curves.

    What was kept before is gone on from. A picture torn by a crash, and what follows it, is cut off; a file of
    another size or spacing is begun anew. Two programs that analyse the same film may write the same file: each
    adds what the other has not. Where nothing can be written, `feed` raises MediaError.
    """

    name = "thumbnails"
    version = 1
    signal_names = ()
    signal_width = 1

    def __init__(self, path: Path, *, size: tuple[int, int] = _LIMIT, every_frames: int = 12) -> None:
        self.path = path
        self.pictures = PictureSpec(*size, every_frames=every_frames)
        self.key = f"{size[0]}x{size[1]}/{every_frames}"
        self._lock = FileLock(path.with_suffix(".lock"), timeout=_LOCK_WAIT_S, fallback_to_soft=False)
        self._kept: tuple[int, int] | None = None  # pictures, and where the last of them ends in the file
        self._next_fed = 0

    @classmethod
    def for_film(cls, film: Film, folder: Path) -> ThumbnailStage:
        """Pictures of the film's shape that fit into 160x90, one each half second; `folder` is the film's own."""
        size = fitted_size(film.info.display_size, _LIMIT)
        every_frames = max(1, round(film.rate / 2))
        return cls(
            folder / f"strip-{size[0]}x{size[1]}-{every_frames}.jpgs", size=size, every_frames=every_frames
        )

    @property
    def stored_frames(self) -> int:
        """The pictures of all frames before this one are in the file; may lie behind the film's last frame."""
        if self._kept is None:
            self._kept = self._found()
        return self._kept[0] * self.pictures.every_frames

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._locked():
                count, end = self._kept = self._found()
                with self.path.open("ab") as file:
                    file.truncate(end)
                    if end == 0:
                        spec = self.pictures
                        end = file.write(_HEAD.pack(_MAGIC, spec.every_frames, spec.width, spec.height))
                self._kept = count, end
        except OSError as error:
            raise self._not_written(error) from error
        self._next_fed = count
        return Resumption(self.stored_frames, self.stored_frames)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        encoded = [encode_jpeg(picture, quality=_QUALITY) for picture in pictures]
        try:
            with self._locked(), self.path.open("r+b", buffering=0) as file:
                self._append(file, self._next_fed, encoded)
        except OSError as error:
            raise self._not_written(error) from error
        self._next_fed += len(encoded)
        return []

    def finish(self) -> list[SignalBlock]:
        return []

    def _append(self, file: FileIO, first: int, encoded: list[bytes]) -> None:
        """Write the pictures from number `first` on that are not there yet."""
        kept = self._kept
        if kept is None or file.seek(0, 2) != kept[1]:
            kept = self._found()  # another program has written, too
        count, end = kept
        if count < first:
            raise MediaError(f"“{self.path}” was emptied while it was written: analyse the film again.")
        records = b"".join(
            _PICTURE_HEAD.pack(_MARK, number * self.pictures.every_frames, len(jpeg), zlib.crc32(jpeg)) + jpeg
            for number, jpeg in enumerate(encoded, first)
            if number >= count
        )
        file.truncate(end)
        file.seek(end)
        if file.write(records) != len(records):
            file.truncate(end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._kept = max(count, first + len(encoded)), end + len(records)

    def _found(self) -> tuple[int, int]:
        """How many pictures the file has that are whole, and where the last of them ends; (0, 0) for no such file."""
        try:
            with self.path.open("rb") as file:
                if _head(file) != self.pictures:
                    return 0, 0
                count, end = 0, _HEAD.size
                for place in _places(file, end, 0, self.pictures.every_frames):
                    if zlib.crc32(_bytes_at(file, place)) != place.checksum:
                        _log.warning("%s is torn after %d pictures", self.path.name, count)
                        break
                    count, end = count + 1, place.end
                return count, end
        except FileNotFoundError:
            return 0, 0
        except OSError as error:
            _log.warning("%s cannot be read: %s", self.path.name, error)
            return 0, 0

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise MediaError(
                f"Another program keeps “{self.path}” to itself: close it, then analyse the film again."
            ) from error
        except NotImplementedError as error:
            _log.debug("no locks there: %s", error)  # a disk without them: as if alone
        try:
            yield
        finally:
            self._lock.release()

    def _not_written(self, error: OSError) -> MediaError:
        return MediaError(
            f"The film's small pictures cannot be kept in “{self.path.parent}” ({error.strerror or error}): "
            "free some space there, or allow writing."
        )


class ThumbnailStrip:
    """The pictures that a ThumbnailStage keeps, to be read from any thread while they are being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._spec: PictureSpec | None = None
        self._places: list[_Place] = []

    def shown_frame(self, frame: int) -> int | None:
        """The number of the frame that `picture_at(frame)` shows; None if there is none yet."""
        with self._lock, contextlib.suppress(OSError):
            return self._shown(frame)
        return None

    def picture_at(self, frame: int) -> RgbPicture | None:
        """The picture nearest at or before `frame`, uint8[height, width, 3]; None if there is none (yet)."""
        try:
            with self._lock:
                shown = self._shown(frame)
                if shown is None or self._spec is None:
                    return None
                place = self._places[shown // self._spec.every_frames]
            with self._path.open("rb") as file:
                data = _bytes_at(file, place)
        except OSError:
            return None
        if zlib.crc32(data) != place.checksum:
            with self._lock:
                self._spec = None  # the file was begun anew, or its disk is failing: look again next time
            return None
        return decode_jpeg(data)

    def _shown(self, frame: int) -> int | None:
        if self._spec is None or frame // self._spec.every_frames >= len(self._places):
            self._look()
        if self._spec is None or not self._places or frame < 0:
            return None
        return min(frame // self._spec.every_frames, len(self._places) - 1) * self._spec.every_frames

    def _look(self) -> None:
        """Take in what has been written since."""
        with self._path.open("rb") as file:
            spec = _head(file)
            if spec != self._spec:
                self._places = []
            self._spec = spec
            if spec is not None:
                end = self._places[-1].end if self._places else _HEAD.size
                self._places += _places(file, end, len(self._places), spec.every_frames)


def _head(file: BinaryIO) -> PictureSpec | None:
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    magic, every_frames, width, height = _HEAD.unpack(head)
    if magic != _MAGIC or not (every_frames and width and height):
        return None
    return PictureSpec(width, height, every_frames=every_frames)


def _places(file: BinaryIO, offset: int, number: int, every_frames: int) -> Iterator[_Place]:
    """Where the pictures from `number` on lie, the first of them at `offset`, as far as they are whole."""
    size = file.seek(0, 2)
    while offset + _PICTURE_HEAD.size <= size:
        file.seek(offset)
        mark, frame, length, checksum = _PICTURE_HEAD.unpack(file.read(_PICTURE_HEAD.size))
        place = _Place(offset + _PICTURE_HEAD.size, length, checksum)
        if mark != _MARK or frame != number * every_frames or place.end > size:
            return
        yield place
        offset, number = place.end, number + 1


def _bytes_at(file: BinaryIO, place: _Place) -> bytes:
    file.seek(place.offset)
    return file.read(place.length)
