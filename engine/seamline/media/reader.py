"""Frame-exact random access."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from av.video.format import VideoFormat
from av.video.frame import VideoFrame

from seamline.errors import MediaError
from seamline.media.decoder import Decoder
from seamline.media.display import DisplayScaler
from seamline.media.film import Film
from seamline.media.pictures import RgbPicture, Scaler, fitted_size

# of a hole in a damaged film, so many frames on either side are remembered at once
_HOLE_FRAMES = 4096


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame for the screen. `rgb` is uint8[H, W, 3], upright, in square pixels.

    `frame` is the number asked for; `shown_frame` the one it shows, an earlier one where a damaged
    film has no picture of its own.
    """

    frame: int
    shown_frame: int
    rgb: RgbPicture


class FrameReader:
    """Any frame of a film by its number; those just decoded are kept, up to `cache_bytes`.

    Pictures are as a screen is to show them: interlaced ones show the moment of their first field, high dynamic
    range is brought down to BT.709. With `as_stored` they are what the analysis sees. For one thread: every consumer
    has a reader of its own.
    """

    def __init__(self, film: Film, *, cache_bytes: int = 256 << 20, as_stored: bool = False) -> None:
        self._film = film
        self._decoder = Decoder(film)
        self._cache: OrderedDict[int, VideoFrame] = OrderedDict()
        self._stand_ins: dict[int, int] = {}
        self._last_read: tuple[int, VideoFrame] | None = None
        bits = VideoFormat(film.info.pixel_format).padded_bits_per_pixel
        frame_bytes = max(1, film.info.width * film.info.height * bits // 8)
        self._cache_frames = max(4, cache_bytes // frame_bytes)
        self._as_stored = as_stored
        self._scalers: dict[tuple[int, int], Scaler | DisplayScaler] = {}

    def close(self) -> None:
        self._cache.clear()
        self._last_read = None
        self._decoder.close()

    def read(self, frame: int, *, limit: tuple[int, int] | None = None) -> Picture:
        """The picture of `frame`, not larger than `limit` (width, height).

        Raises MediaError for a number outside the film, or if the film cannot be read any more.
        """
        shown, decoded = self._decoded(frame)
        size = self._film.info.display_size
        size = fitted_size(size, limit) if limit else size
        scaler = self._scalers.get(size)
        if scaler is None:
            self._scalers.clear()  # one size at a time: a window being resized asks for hundreds
            scaler = self._scalers[size] = self._scaler_to(size)
        return Picture(frame, shown, scaler.rgb(decoded, rotation_deg=self._film.info.rotation_deg))

    def decode(self, frame: int) -> None:
        """Move on to `frame` and keep it, as `read` does, without making a picture of it. Raises MediaError."""
        self._decoded(frame)

    def has(self, frame: int) -> bool:
        """Whether `frame` can be shown without decoding."""
        return self._stand_ins.get(frame, frame) in self._cache

    def _scaler_to(self, size: tuple[int, int]) -> Scaler | DisplayScaler:
        if self._as_stored:
            return Scaler(*size)
        return DisplayScaler(*size, bottom_first=self._decoder.shows_bottom_field_first)

    def _decoded(self, frame: int) -> tuple[int, VideoFrame]:
        if not 0 <= frame < self._film.frame_count:
            raise MediaError(
                f"There is no frame {frame}: the film has frames 0 to {self._film.frame_count - 1}."
            )
        frame = self._stand_ins.get(frame, frame)
        if frame in self._cache:
            self._cache.move_to_end(frame)
            return frame, self._cache[frame]
        at = self._decoder.next_number
        # decoding on is right when no key frame lies between here and there
        if at is None or not self._film.index.keyframe_before(frame) <= at <= frame:
            self._last_read = None
            self._decoder.seek(frame)
        before = self._last_read
        while (item := self._decoder.read()) is not None:
            self._last_read = item
            number, decoded = item
            self._keep(number, decoded)
            if number == frame:
                return number, decoded
            if number > frame:
                return self._stand_in(frame, before or item, hole_end=number)
            before = item
        if before is None:
            before = self._last_picture_before(frame)
        return self._stand_in(frame, before, hole_end=self._film.frame_count)

    def _stand_in(self, frame: int, item: tuple[int, VideoFrame], *, hole_end: int) -> tuple[int, VideoFrame]:
        """Let `item` be shown for the lost `frame`, and for all that were lost with it, up to `hole_end`."""
        shown = item[0]
        # a later one is shown only where nothing is left before it
        first = max(shown + 1 if shown < frame else 0, frame - _HOLE_FRAMES)
        for lost in range(first, min(hole_end, frame + _HOLE_FRAMES)):
            self._stand_ins[lost] = shown
        self._keep(*item)
        return item

    def _last_picture_before(self, frame: int) -> tuple[int, VideoFrame]:
        """The last picture that survives before `frame`, by decoding from the start of a damaged film."""
        self._decoder.rewind()
        self._last_read = None
        found = None
        while (item := self._decoder.read()) is not None and item[0] <= frame:
            found = item
        if found is None:
            raise MediaError(
                f"No picture of “{self._film.path.name}” can be decoded any more: copy it again."
            )
        return found

    def _keep(self, number: int, decoded: VideoFrame) -> None:
        self._cache[number] = decoded
        self._cache.move_to_end(number)
        while len(self._cache) > self._cache_frames:
            self._cache.popitem(last=False)
