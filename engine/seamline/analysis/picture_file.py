"""One file of encoded pictures a film, that outlives crashes and can be read while it is being written."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from seamline.errors import MediaError
from seamline.media.cascade import PictureSpec

_log = logging.getLogger(__name__)

_LOCK_WAIT_S = 5
# Little-endian. The file's head: magic, frames from picture to picture, width, height. Then groups of 256 pictures:
# a table of length and checksum of each (zeros where there is none yet), and their bytes without a hole. An entry is
# written after its picture. The tables make a gigabyte's pictures known by a thousand short reads.
_HEAD = struct.Struct("<8sIHH")
_GROUP = 256
_ENTRY = struct.Struct("<II")
_TABLE_BYTES = _GROUP * _ENTRY.size
_CHECKED_BYTES = 16 << 20
"""What a power cut may have kept of the file's length and lost of its bytes: half a minute of writing."""


@dataclass(frozen=True, slots=True)
class PictureKind:
    """What a file holds: eight bytes for codec and version, and its name at the beginning of a sentence."""

    magic: bytes
    named: str


class PictureFile:
    """The writer: adds encoded pictures of frames 0, n, 2n, ... at the end of the file at `path`.

    A tail torn by a crash is cut off; a file of another kind, size or spacing is begun anew. Two programs may write
    the same file: each adds what the other has not. Where nothing can be written, MediaError is raised.
    """

    def __init__(self, path: Path, kind: PictureKind, spec: PictureSpec) -> None:
        self.path = path
        self._kind = kind
        self._head = _HEAD.pack(kind.magic, spec.every_frames, spec.width, spec.height)
        self._lock = FileLock(path.with_suffix(".lock"), timeout=_LOCK_WAIT_S, fallback_to_soft=False)
        self._kept: _Contents | None = None

    @property
    def count(self) -> int:
        """How many pictures are there, all whole as far as can be told quickly."""
        return self._contents().count

    @property
    def end(self) -> int:
        """Where the last of them ends in the file, in bytes; 0 where there is no such file."""
        return self._contents().end

    def begin(self) -> int:
        """Get ready to add pictures; gives how many there are."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._locked():
                kept = self._kept = self._found()
                with self.path.open("ab"):
                    pass  # there is one from now on
                with self.path.open("r+b", buffering=0) as file:
                    if not kept.end:
                        file.truncate(0)
                        _write(file, 0, self._head)
                        kept = self._kept = _Contents(_HEAD.size)
                    elif kept.filled:
                        _write(file, kept.table + kept.filled * _ENTRY.size, kept.unused_entries)
                    file.truncate(kept.end)
        except OSError as error:
            raise self.not_written(error) from error
        return kept.count

    def append(self, first: int, encoded: Sequence[bytes]) -> None:
        """Write the pictures from number `first` on that are not there yet."""
        try:
            with self._locked(), self.path.open("r+b", buffering=0) as file:
                kept = self._kept = self._up_to_date(file)
                if kept.count < first:
                    raise MediaError(
                        f"“{self.path}” was emptied while it was written: analyse the film again."
                    )
                file.truncate(kept.end)
                rest = list(encoded[kept.count - first :])
                while rest:
                    room = _GROUP - kept.filled
                    _append_to_group(file, kept, rest[:room])
                    rest = rest[room:]
        except FileNotFoundError as error:
            raise MediaError(
                f"{self._kind.named} in “{self.path.parent}” were deleted while they were being made: analyse the film "
                "again to have them."
            ) from error
        except OSError as error:
            raise self.not_written(error) from error

    def not_written(self, error: OSError) -> MediaError:
        """The sentence for the user."""
        return MediaError(
            f"{self._kind.named} cannot be kept in “{self.path.parent}” ({error.strerror or error}): "
            "free some space there, or allow writing."
        )

    def _contents(self) -> _Contents:
        if self._kept is None:
            self._kept = self._found()
        return self._kept

    def _up_to_date(self, file: FileIO) -> _Contents:
        """What is there now: another program may have written, too."""
        kept, size = self._kept, file.seek(0, 2)
        if kept is not None and kept.end == size:
            return kept
        file.seek(0)
        if kept is None or kept.end > size or file.read(_HEAD.size) != self._head:
            return self._found()
        kept.look(file)
        return kept

    def _found(self) -> _Contents:
        try:
            with self.path.open("rb") as file:
                if file.read(_HEAD.size) != self._head:
                    return _Contents(0)
                contents = _Contents(_HEAD.size)
                contents.look(file)
                whole = _whole_pictures(file, contents)
                if whole < contents.count:
                    _log.warning("%s is torn after %d pictures", self.path.name, whole)
                    contents.forget_from(whole)
                return contents
        except FileNotFoundError:
            return _Contents(0)
        except OSError as error:
            _log.warning("%s cannot be read: %s", self.path.name, error)
            return _Contents(0)

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


class PictureFileReader:
    """Finds the pictures of a PictureFile, from any thread, while it is being written or begun anew."""

    def __init__(self, path: Path, kind: PictureKind) -> None:
        self.path = path
        self._kind = kind
        self._lock = threading.Lock()
        self._head = b""
        self._every_frames = 0  # while nothing is known of the file
        self._contents = _Contents(_HEAD.size)

    def shown_frame(self, frame: int) -> int | None:
        """The frame of the last picture at or before `frame`; None if there is none (yet)."""
        with self._lock, contextlib.suppress(OSError):
            return self._shown(frame)
        return None

    def bytes_at(self, frame: int) -> tuple[int, bytes] | None:
        """That frame and its encoded picture, as whole as it was written; None if there is none (yet)."""
        try:
            with self._lock:
                shown = self._shown(frame)
                if shown is None:
                    return None
                number = shown // self._every_frames
                place = self._contents.place(number)
            with self.path.open("rb") as file:
                data = _bytes_at(file, place)
        except OSError:
            return None
        if zlib.crc32(data, number) != place.checksum:
            with self._lock:
                self._head = b""  # the file was begun anew, or its disk is failing: look again next time
                self._every_frames = 0
            return None
        return shown, data

    def _shown(self, frame: int) -> int | None:
        if not self._every_frames or frame // self._every_frames >= self._contents.count:
            self._look()
        if not self._every_frames or not self._contents.count or frame < 0:
            return None
        return min(frame // self._every_frames, self._contents.count - 1) * self._every_frames

    def _look(self) -> None:
        """Take in what has been written since."""
        with self.path.open("rb") as file:
            head = file.read(_HEAD.size)
            if head != self._head:
                self._contents = _Contents(_HEAD.size)
            self._head, self._every_frames = head, 0
            if len(head) < _HEAD.size:
                return
            magic, every_frames, width, height = _HEAD.unpack(head)
            if magic == self._kind.magic and width and height:
                self._every_frames = every_frames
                self._contents.look(file)


@dataclass(frozen=True, slots=True)
class _Place:
    offset: int
    length: int
    checksum: int


class _Contents:
    """Where the pictures lie, by the tables read so far. `end` is where the next table or picture goes."""

    def __init__(self, start: int) -> None:
        self._tables: list[int] = []  # offset of each group's table
        self._entries: list[NDArray[np.int64]] = []  # [n, 2] of each group: length and checksum
        self._ends: list[NDArray[np.int64]] = []  # of each picture of each group
        self._start = start
        self.end = start

    @property
    def count(self) -> int:
        groups = self._entries.copy()  # another thread may be adding to them
        return (len(groups) - 1) * _GROUP + len(groups[-1]) if groups else 0

    @property
    def filled(self) -> int:
        """The pictures in the group that has room; 0 where the next picture begins a group."""
        return self.count % _GROUP

    @property
    def table(self) -> int:
        """The offset of the last group's table."""
        return self._tables[-1]

    @property
    def unused_entries(self) -> bytes:
        return bytes((_GROUP - self.filled) * _ENTRY.size)

    def place(self, number: int) -> _Place:
        group, index = divmod(number, _GROUP)
        length, checksum = self._entries[group][index].tolist()
        return _Place(int(self._ends[group][index]) - length, length, checksum)

    def look(self, file: BinaryIO) -> None:
        """Read on behind what is known, as far as pictures are there in their full length."""
        size = file.seek(0, 2)
        self.forget_from(self.count - self.filled)  # the last group may have got more
        while True:
            file.seek(self.end)
            raw = file.read(_TABLE_BYTES)
            if len(raw) < _TABLE_BYTES:
                return
            entries = np.frombuffer(raw, "<u4").reshape(-1, 2).astype(np.int64)
            ends = self.end + _TABLE_BYTES + np.cumsum(entries[:, 0])
            is_there = (entries[:, 0] > 0) & (ends <= size)
            count = _GROUP if is_there.all() else int(np.argmin(is_there))
            if count == 0:
                return
            self.begin_group(self.end)
            self.add(entries[:count])
            if count < _GROUP:
                return

    def begin_group(self, table: int) -> None:
        self._tables.append(table)
        self._entries.append(np.empty((0, 2), np.int64))
        self._ends.append(np.empty(0, np.int64))
        self.end = table + _TABLE_BYTES

    def add(self, entries: NDArray[np.int64]) -> None:
        """Length and checksum of each further picture of the last group, [n, 2]."""
        self._entries[-1] = np.concatenate((self._entries[-1], entries))
        self._ends[-1] = np.concatenate((self._ends[-1], self.end + np.cumsum(entries[:, 0])))
        self.end = int(self._ends[-1][-1])

    def forget_from(self, number: int) -> None:
        """As if there were no pictures from `number` on."""
        groups = -(-number // _GROUP)
        del self._tables[groups:], self._entries[groups:], self._ends[groups:]
        if groups and number % _GROUP:
            self._entries[-1] = self._entries[-1][: number % _GROUP]
            self._ends[-1] = self._ends[-1][: number % _GROUP]
        self.end = int(self._ends[-1][-1]) if groups else self._start


def _append_to_group(file: FileIO, kept: _Contents, encoded: Sequence[bytes]) -> None:
    """Write pictures that fit into the last group, or begin one with them; all of them or none."""
    number, end = kept.count, kept.end
    begins = kept.filled == 0
    try:
        _write(file, end, bytes(_TABLE_BYTES if begins else 0) + b"".join(encoded))
        entries = np.array(
            [(len(data), zlib.crc32(data, at)) for at, data in enumerate(encoded, number)], np.int64
        )
        table = end if begins else kept.table
        _write(file, table + number % _GROUP * _ENTRY.size, entries.astype("<u4").tobytes())
    except OSError:
        file.truncate(end)
        raise
    if begins:
        kept.begin_group(end)
    kept.add(entries)


def _write(file: FileIO, offset: int, data: bytes) -> None:
    file.seek(offset)
    if file.write(data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _whole_pictures(file: BinaryIO, contents: _Contents) -> int:
    """How many pictures from the start are whole, by the last `_CHECKED_BYTES`; more only if all of those are not."""
    count = contents.count
    while count:
        first = count
        while first and contents.end - contents.place(first - 1).offset <= _CHECKED_BYTES:
            first -= 1
        first = min(first, count - 1)
        for number in range(first, count):
            place = contents.place(number)
            if zlib.crc32(_bytes_at(file, place), number) != place.checksum:
                break
        else:
            return count
        contents.forget_from(number)
        if number > first:
            return number
        count = number
    return 0


def _bytes_at(file: BinaryIO, place: _Place) -> bytes:
    file.seek(place.offset)
    return file.read(place.length)
