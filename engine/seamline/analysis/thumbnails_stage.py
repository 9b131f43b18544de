"""A small picture of every half second or so, kept in one file a film while the film is decoded anyway."""

from __future__ import annotations

from pathlib import Path

from seamline.analysis.picture_file import PictureFile, PictureFileReader, PictureKind
from seamline.analysis.stage import Pictures, PictureSpec, Resumption, SignalBlock
from seamline.media.film import Film
from seamline.media.jpeg import decode_jpeg, encode_jpeg
from seamline.media.pictures import RgbPicture, fitted_size
from seamline.progress import Progress

_LIMIT = (160, 90)
_QUALITY = 80
_KIND = PictureKind(b"SEAMTHB2", "The film's small pictures")


class ThumbnailStage:
    """Keeps the picture of every n-th frame as JPEG in a PictureFile at `path`; gives no curves.

    What was kept before is gone on from. Where nothing can be written, `feed` raises MediaError.
    """

    name = "thumbnails"
    version = 1
    signal_names = ()
    signal_width = 1

    def __init__(self, path: Path, *, size: tuple[int, int] = _LIMIT, every_frames: int = 12) -> None:
        self.path = path
        self.pictures = PictureSpec(*size, every_frames=every_frames)
        self.key = f"{size[0]}x{size[1]}/{every_frames}"
        self._file = PictureFile(path, _KIND, self.pictures)
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
        return self._file.count * self.pictures.every_frames

    def resume(self, done_frames: int, progress: Progress) -> Resumption:
        self._next_fed = self._file.begin()
        return Resumption(self.stored_frames, self.stored_frames)

    def feed(self, pictures: Pictures) -> list[SignalBlock]:
        encoded = [encode_jpeg(picture, quality=_QUALITY) for picture in pictures]
        self._file.append(self._next_fed, encoded)
        self._next_fed += len(encoded)
        return []

    def finish(self) -> list[SignalBlock]:
        return []


class ThumbnailStrip:
    """The pictures that a ThumbnailStage keeps, to be read from any thread while they are being written."""

    def __init__(self, path: Path) -> None:
        self._reader = PictureFileReader(path, _KIND)

    def shown_frame(self, frame: int) -> int | None:
        """The number of the frame that `picture_at(frame)` shows; None if there is none yet."""
        return self._reader.shown_frame(frame)

    def picture_at(self, frame: int) -> RgbPicture | None:
        """The picture nearest at or before `frame`, uint8[height, width, 3]; None if there is none (yet)."""
        found = self._reader.bytes_at(frame)
        return decode_jpeg(found[1]) if found is not None else None
