"""A picture of every frame, large enough to judge by, at once when one scrubs: proxies."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

import cv2
import numpy as np

from seamline.analysis.picture_file import PictureFile, PictureFileReader, PictureKind
from seamline.analysis.stage import Pictures, PictureSpec, Resumption, SignalBlock
from seamline.errors import MediaError
from seamline.media.display import tone_mapped_8bit
from seamline.media.film import Film
from seamline.media.intra import IntraDecoder, IntraEncoder
from seamline.media.pictures import BT709, RgbPicture, fitted_size, usual_colorspace
from seamline.progress import Progress

_LIMIT = (1280, 540)
_KIND = PictureKind(b"SEAMPRX1", "The pictures for scrubbing")
_PATTERN = "proxies-*.h264s"

# Three hours at 25 frames a second stay below a gigabyte: 270,000 pictures of 3,400 bytes, and what the quantiser may
# be behind. It begins where pictures look good and rises by one for every 3.75 MB over that mean; what simple
# pictures save, later ones may spend.
# Real films stay in this mean at 51; pictures of mere noise do not, and are softened.
_BEST_QUANTISER, _WORST_QUANTISER = 35, 51
_MEAN_BYTES = 3_400
_BYTES_A_STEP = 3_750_000

_MOST_SOFT = 4

_SPARE_BYTES = 512 << 20
"""Left free on the disk, for what cannot be made again."""


class ProxyStage:
    """Keeps a picture of every frame, as H.264 that stands alone, in a PictureFile at `path`; gives no curves.

    How fine a picture is follows from how many bytes those before it took, so that a run that was broken off
    goes on as if it had not been. Where nothing can be written, or little room is left, MediaError is raised.
    """

    name = "proxies"
    version = 1
    signal_names = ()
    signal_width = 1

    def __init__(self, path: Path, size: tuple[int, int], *, matrix: int = BT709) -> None:
        self.path = path
        self.pictures = PictureSpec(*size, yuv_matrix=matrix)
        self.key = f"{size[0]}x{size[1]}/{matrix}"
        self._file = PictureFile(path, _KIND, self.pictures)
        self._encoder = IntraEncoder(*size)
        self._next_fed = 0

    @classmethod
    def for_film(cls, film: Film, folder: Path) -> ProxyStage:
        """Pictures of the film's shape, up to 540 lines, never larger than it; `folder` is the film's own."""
        return cls(*_place(film, folder), matrix=_matrix(film))

    @property
    def stored_frames(self) -> int:
        """The pictures of all frames before this one are in the file."""
        return self._file.count

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        self._next_fed = self._file.begin()
        self._leave_room()
        return Resumption(self._next_fed, self._next_fed)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        self._leave_room()
        encoded: list[bytes] = []
        spent = self._file.end
        for number, picture in enumerate(pictures, self._next_fed):
            wanted = quantiser_after(number, spent)
            if wanted > _WORST_QUANTISER:
                picture = _softened(picture, 2 ** (wanted - _WORST_QUANTISER))
            data = self._encoder.encode(picture, quantiser=min(wanted, _WORST_QUANTISER))
            spent += len(data)
            encoded.append(data)
        self._file.append(self._next_fed, encoded)
        self._next_fed += len(encoded)
        return []

    def finish(self) -> list[SignalBlock]:
        return []

    def _leave_room(self) -> None:
        try:
            free = shutil.disk_usage(self.path.parent).free
        except OSError:
            return  # writing will tell
        if free < _SPARE_BYTES:
            raise self._file.not_written(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


class Proxies:
    """The pictures that a ProxyStage keeps, to be read from any thread while they are being written."""

    def __init__(self, path: Path, *, matrix: int = BT709, transfer: int = 2, primaries: int = 2) -> None:
        """`transfer` and `primaries` are those of the film's MediaInfo."""
        self._light = transfer, primaries
        self._reader = PictureFileReader(path, _KIND)
        self._decoder = IntraDecoder(matrix)

    @classmethod
    def of(cls, film: Film, folder: Path) -> Proxies:
        """Those that `ProxyStage.for_film` keeps."""
        info = film.info
        return cls(
            _place(film, folder)[0],
            matrix=_matrix(film),
            transfer=info.transfer,
            primaries=info.primaries,
        )

    def picture_of(self, frame: int) -> RgbPicture | None:
        """The picture of exactly that frame for a screen, uint8[height, width, 3]; None if there is none (yet)."""
        found = self._reader.bytes_at(frame)
        if found is None or found[0] != frame:
            return None
        rgb = self._decoder.rgb(found[1])
        return None if rgb is None else tone_mapped_8bit(rgb, *self._light)


def proxy_size(film: Film) -> tuple[int, int]:
    """Width and height, both even."""
    width, height = fitted_size(film.info.display_size, _LIMIT)
    return max(2, width // 2 * 2), max(2, height // 2 * 2)


def _place(film: Film, folder: Path) -> tuple[Path, tuple[int, int]]:
    width, height = size = proxy_size(film)
    return folder / f"proxies-{width}x{height}-{_matrix(film)}.h264s", size


def _matrix(film: Film) -> int:
    # the one that most such films are in: what is not is converted
    return usual_colorspace(film.info.height)


def quantiser_after(count: int, spent_bytes: int) -> int:
    """How finely to encode the picture after the first `count`, which took `spent_bytes`; over 51, at half the
    resolution for each step."""
    steps = -(-(spent_bytes - count * _MEAN_BYTES) // _BYTES_A_STEP)
    return min(max(_BEST_QUANTISER, _BEST_QUANTISER + steps), _WORST_QUANTISER + _MOST_SOFT)


def _softened(picture: Pictures, factor: int) -> Pictures:
    """The planes of yuv420p with the detail of a picture that is so many times smaller."""
    height, width = picture.shape[0] * 2 // 3, picture.shape[1]
    planes = [picture[:height], *picture[height:].reshape(2, height // 2, width // 2)]
    soft = []
    for plane in planes:
        rows, columns = plane.shape
        small = cv2.resize(
            plane, (max(1, columns // factor), max(1, rows // factor)), interpolation=cv2.INTER_AREA
        )
        soft.append(cv2.resize(small, (columns, rows), interpolation=cv2.INTER_LINEAR).reshape(-1))
    return np.concatenate(soft).reshape(picture.shape).astype(np.uint8, copy=False)


def proxy_bytes(folder: Path) -> int:
    """How much room the proxies in a film's folder take."""
    total = 0
    for path in folder.glob(_PATTERN):
        with contextlib.suppress(OSError):  # gone meanwhile
            total += path.stat().st_size
    return total


def delete_proxies(folder: Path) -> int:
    """Remove the proxies in a film's folder; gives the bytes that are free now. Raises MediaError."""
    size = proxy_bytes(folder)
    try:
        for path in folder.glob(_PATTERN):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise MediaError(
            f"The pictures for scrubbing in “{folder}” cannot be deleted ({error.strerror or error}): "
            "close other programs that use them, or allow writing there."
        ) from error
    return size
