"""A film as opened: what it is, its frames, and its identity."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from seamline.media.timebase import FrameIndex


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """The sound track that is played: the first of `track_count`."""

    codec: str
    sample_rate: int
    channels: int
    track_count: int


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What the container says of a film, before any frame is decoded.

    `width` and `height` are of the stored picture; `sample_aspect` is one pixel's width over its height;
    `rotation_deg` is how far the picture is turned clockwise for display (0, 90, 180, 270).
    `rate` is snapped to a standard rate. `start_frame` is the start timecode as a frame count at `rate`,
    None where the file has none. `reel` is the tape or card name, None where the file has none.
    `duration_s` is what the header says of the picture, None where it says nothing of it. `transfer` and
    `primaries` say by their numbers in ITU-T H.273 what light the picture's values stand for, and of which colours.
    """

    path: Path
    container: str
    codec: str
    pixel_format: str
    width: int
    height: int
    sample_aspect: Fraction
    rotation_deg: int
    interlaced: bool
    rate: Fraction
    drop_frame: bool
    start_frame: int | None
    reel: str | None
    duration_s: float | None
    audio: AudioInfo | None
    bytes: int
    transfer: int = 2  # unspecified
    primaries: int = 2

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height in square pixels, upright as the picture is meant to be seen."""
        width, height = max(1, round(self.width * self.sample_aspect)), self.height
        return (height, width) if self.rotation_deg in (90, 270) else (width, height)

    @property
    def display_aspect(self) -> float:
        """Width over height of the upright picture."""
        width, height = self.display_size
        return width / height


@dataclass(frozen=True, slots=True)
class Film:
    """A film that can be analysed and cut: `fingerprint` is the same wherever a copy of the file lies."""

    info: MediaInfo
    index: FrameIndex
    fingerprint: str

    @property
    def path(self) -> Path:
        return self.info.path

    @property
    def frame_count(self) -> int:
        return len(self.index)

    @property
    def rate(self) -> Fraction:
        return self.index.rate
