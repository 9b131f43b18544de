"""Small films for tests: each frame carries its own number as a barcode that survives compression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_ROWS, _COLUMNS = 3, 8  # two rows of number, one of its check sum, over the top third of the picture
_SAMPLE_RATE = 48_000


@dataclass(frozen=True)
class FilmSpec:
    """A film that was written, and all that a reader must find in it.

    `size` is of the stored picture, `seams` are (last full frame, next full frame, kind), `times` the seconds
    from the first frame to each.
    """

    path: Path
    frames: int
    rate: Fraction
    size: tuple[int, int]
    seams: tuple[tuple[int, int, str], ...]
    times: tuple[Fraction, ...]
    timecode: str | None = None
    reel: str | None = None
    audio: bool = False
    rotation_deg: int = 0
    sample_aspect: Fraction = Fraction(1)


def read_number(picture: Picture) -> int:
    """The number of an upright frame of any size, uint8[h, w] grey or uint8[h, w, 3].

    Raises ValueError where the barcode is not whole, as in a frame mixed of two.
    """
    grey = picture if picture.ndim == 2 else picture.mean(axis=2)
    height, width = grey.shape
    bits = np.zeros((_ROWS, _COLUMNS), np.uint8)
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            top, bottom = _middle(row, height / 3 / _ROWS)
            left, right = _middle(column, width / _COLUMNS)
            bits[row, column] = grey[top:bottom, left:right].mean() > 127
    high, low, check = (int(value) for value in np.packbits(bits, axis=1)[:, 0])
    if check != _check_sum(high, low):
        raise ValueError(f"The barcode of a {width}x{height} picture cannot be read: {bits.tolist()}.")
    return high << 8 | low


def draw_frame(number: int, size: tuple[int, int], look: float, light: float = 1) -> Picture:
    """RGB uint8[h, w, 3]: a barcode over a scene, which `light` dims.

    Whole values of `look` are shots, those between them mixtures of two.
    """
    width, height = size
    shot, share = int(look), look - int(look)
    scene = _scene(shot, number, size).astype(np.float32)
    if share:
        scene = scene * (1 - share) + _scene(shot + 1, number, size) * share
    picture = (scene * light).astype(np.uint8)
    high, low = number >> 8 & 255, number & 255
    code = np.unpackbits(np.array([[high], [low], [_check_sum(high, low)]], np.uint8), axis=1)
    rows = round(height / 3)
    barcode = cv2.resize(code * 255, (width, rows), interpolation=cv2.INTER_NEAREST)
    picture[:rows] = barcode[..., None]
    return picture


@dataclass(frozen=True)
class Encoding:
    """How a film is encoded: what is not said is what the container's usual encoder does."""

    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    keyint: int = 50
    b_frames: int = 2
    options: dict[str, str] = field(
        default_factory=lambda: {"preset": "ultrafast", "crf": "14", "sc_threshold": "0"}
    )


def make_film(
    path: Path,
    *,
    frames: int = 100,
    rate: Fraction = Fraction(25),
    size: tuple[int, int] = (160, 90),
    encoding: Encoding | None = None,
    cuts: Sequence[int] = (25, 60),
    gradual: Sequence[tuple[int, int, str]] = (),
    timecode: str | None = None,
    reel: str | None = None,
    audio: bool = False,
    times_ms: Sequence[int] | None = None,
    start_s: int = 0,
    rotation_deg: int = 0,
    sample_aspect: Fraction = Fraction(1),
    container_options: dict[str, str] | None = None,
) -> FilmSpec:
    """Write a film into the container that the suffix names.

    `cuts` are the first frames of new shots; `gradual` are (last full frame, next full frame, dissolve or
    fade). `times_ms` gives each frame its own time, else they follow `rate`. `rotation_deg` is how far a
    player turns the stored picture clockwise (.mp4 and .mov); numbers stand upright once it has.
    """
    encoding = encoding or Encoding()
    seams = tuple(sorted([(cut - 1, cut, "cut") for cut in cuts if cut < frames] + list(gradual)))
    clock = Fraction(1, 1000) if times_ms is not None else 1 / rate
    ticks = list(times_ms) if times_ms is not None else list(range(frames))
    with av.open(path, "w", container_options=container_options or {}) as container:
        video = container.add_stream(encoding.codec, rate=rate, options=encoding.options)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = *size, encoding.pixel_format
        context = video.codec_context
        context.time_base = clock
        context.gop_size, context.max_b_frames = encoding.keyint, encoding.b_frames
        context.sample_aspect_ratio = sample_aspect
        for key, value in (("timecode", timecode), ("reel_name", reel)):
            if value is not None:
                video.metadata[key] = value
        if timecode is not None and path.suffix == ".mxf":
            container.metadata["timecode"] = timecode
        sound = _sound_stream(container, path) if audio else None
        upright = size[::-1] if rotation_deg in (90, 270) else size
        for number, tick in enumerate(ticks):
            picture = draw_frame(number, upright, *_look(number, seams))
            stored = np.ascontiguousarray(np.rot90(picture, rotation_deg // 90))
            frame = av.VideoFrame.from_ndarray(stored, format="rgb24").reformat(format=encoding.pixel_format)
            frame.pts, frame.time_base = tick + round(start_s / clock), clock
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            _encode_tone(container, sound, float(ticks[-1] * clock + 1 / rate), start_s)
    if rotation_deg:
        _write_rotation(path, rotation_deg, size)
    times = tuple((tick - ticks[0]) * clock for tick in ticks)
    return FilmSpec(
        path, frames, rate, size, seams, times, timecode, reel, audio, rotation_deg, sample_aspect
    )


def make_sound(path: Path, *, duration_s: float = 1) -> Path:
    """Write a file with a tone and no picture."""
    with av.open(path, "w") as container:
        _encode_tone(container, _sound_stream(container, path), duration_s, 0)
    return path


def truncated(source: Path, target: Path, *, share: float = 0.6) -> Path:
    """Copy the first `share` of a file's bytes."""
    data = source.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])
    return target


def broken(source: Path, target: Path, *, start: float = 0.4, end: float = 0.6, seed: int = 1) -> Path:
    """Copy a file with random bytes from share `start` to share `end` of its media data (all of it, if no MP4)."""
    data = bytearray(source.read_bytes())
    box = data.find(b"mdat")
    first, length = (box + 4, int.from_bytes(data[box - 4 : box]) - 8) if box > 0 else (0, len(data))
    low, high = first + int(length * start), first + int(length * end)
    data[low:high] = np.random.default_rng(seed).bytes(high - low)
    target.write_bytes(data)
    return target


class FilmShelf:
    """Makes each kind of film once, when a test first asks for it."""

    KINDS: tuple[str, ...]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[str, FilmSpec] = {}

    def __call__(self, kind: str) -> FilmSpec:
        if kind not in self._made:
            suffix, options = _KINDS[kind]
            self._made[kind] = make_film(self.folder / f"{kind}{suffix}", **options())
        return self._made[kind]

    read_number = staticmethod(read_number)
    draw_frame = staticmethod(draw_frame)
    make_film = staticmethod(make_film)
    make_sound = staticmethod(make_sound)
    truncated = staticmethod(truncated)
    broken = staticmethod(broken)
    encoding = Encoding


def _uneven_times_ms() -> list[int]:
    """100 times that leave every constant grid: a phone's film in poor light."""
    steps = np.random.default_rng(3).choice([17, 33, 34, 50, 100], 99)
    return [0, *(int(time) for time in np.cumsum(steps))]


_NTSC = Fraction(30000, 1001)
_VP9 = {"deadline": "realtime", "cpu-used": "8", "crf": "12", "b": "0"}
_KINDS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "mp4": (".mp4", dict),
    "mp4_short_gop": (".mp4", lambda: {"encoding": Encoding(keyint=6, b_frames=0)}),
    "mp4_audio": (".mp4", lambda: {"audio": True}),
    "mp4_faststart": (".mp4", lambda: {"container_options": {"movflags": "faststart"}}),
    "mp4_ntsc": (".mp4", lambda: {"rate": Fraction(24000, 1001)}),
    "mp4_variable": (".mp4", lambda: {"times_ms": _uneven_times_ms()}),
    "mp4_rotated": (".mp4", lambda: {"rotation_deg": 90}),
    "mp4_upside_down": (".mp4", lambda: {"rotation_deg": 180}),
    "mp4_anamorphic": (".mp4", lambda: {"sample_aspect": Fraction(4, 3), "size": (120, 90)}),
    "mp4_small": (".mp4", lambda: {"size": (34, 18)}),
    "mp4_one_frame": (".mp4", lambda: {"frames": 1}),
    "mp4_gradual": (".mp4", lambda: {"cuts": (), "gradual": ((24, 37, "dissolve"), (59, 76, "fade"))}),
    "mkv": (".mkv", lambda: {"audio": True}),
    "mkv_variable": (".mkv", lambda: {"times_ms": _uneven_times_ms()}),
    "ts": (".ts", lambda: {"audio": True, "start_s": 3600}),
    "webm": (".webm", lambda: {"encoding": Encoding("libvpx-vp9", b_frames=0, options=_VP9)}),
    "mov_timecode": (".mov", lambda: {"timecode": "10:00:00:00", "reel": "A001C002", "audio": True}),
    "mov_drop_frame": (".mov", lambda: {"rate": _NTSC, "timecode": "00:00:58;00", "reel": "B003"}),
    "mov_uncommon_rate": (".mov", lambda: {"rate": Fraction(12), "size": (64, 48)}),
    "mxf": (
        ".mxf",
        lambda: {
            "encoding": Encoding("mpeg2video", keyint=12, options={"b": "4000000"}),
            "timecode": "01:00:00:00",
        },
    ),
    "avi": (".avi", lambda: {"encoding": Encoding("mjpeg", "yuvj420p", 1, 0, {"qmin": "2", "qmax": "3"})}),
}
FilmShelf.KINDS = tuple(kind for kind in _KINDS if kind != "webm" or "libvpx-vp9" in av.codecs_available)


def _middle(cell: int, length: float) -> tuple[int, int]:
    """First and last+1 pixel of the middle half of a cell, at least one pixel."""
    first = int((cell + 0.25) * length + 0.5)
    return first, max(first + 1, int((cell + 0.75) * length + 0.5))


def _check_sum(high: int, low: int) -> int:
    return (high * 7 + low * 13 + 0x5A) & 255


def _scene(shot: int, number: int, size: tuple[int, int]) -> Picture:
    """A colour for each shot, with a bar that moves over it."""
    width, height = size
    colour = np.array(
        [(shot * 97 + 40) % 200 + 30, (shot * 57 + 120) % 200 + 30, (shot * 151 + 80) % 200 + 30]
    )
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = colour
    at = number * max(1, width // 80) % width
    picture[height // 2 :, at : at + max(2, width // 10)] = 255 - colour
    return picture


def _look(number: int, seams: Sequence[tuple[int, int, str]]) -> tuple[float, float]:
    """Which shot a frame shows, and how bright: see `draw_frame`."""
    look = 0.0
    light = 1.0
    for out_frame, in_frame, kind in seams:
        if number >= in_frame:
            look += 1
        elif number > out_frame:
            share = (number - out_frame) / (in_frame - out_frame)
            if kind == "fade":
                look, light = look + (share > 0.5), abs(1 - 2 * share)
            else:
                look += share
    return look, light


def _sound_stream(container: Any, path: Path) -> Any:
    codec = {".webm": "libopus", ".mxf": "pcm_s16le", ".avi": "pcm_s16le"}.get(path.suffix, "aac")
    return container.add_stream(codec, rate=_SAMPLE_RATE, layout="stereo")


def _encode_tone(container: Any, stream: Any, duration_s: float, start_s: int) -> None:
    total = int(duration_s * _SAMPLE_RATE)
    wave = 0.2 * np.sin(2 * np.pi * 440 * np.arange(total) / _SAMPLE_RATE)
    samples = np.stack([wave, wave]).astype(np.float32)
    for at in range(0, total, 1024):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[:, at : at + 1024]), "fltp", "stereo")
        frame.sample_rate, frame.time_base = _SAMPLE_RATE, Fraction(1, _SAMPLE_RATE)
        frame.pts = at + start_s * _SAMPLE_RATE
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _write_rotation(path: Path, rotation_deg: int, size: tuple[int, int]) -> None:
    """Patch the matrix in the first track's header (ISO/IEC 14496-12, 8.3.2), which PyAV cannot write."""
    width, height = size
    one = 1 << 16
    a, b, c, d, x, y = {
        90: (0, one, -one, 0, height, 0),
        180: (-one, 0, 0, -one, width, height),
        270: (0, -one, one, 0, 0, width),
    }[rotation_deg]
    matrix = np.array([a, b, 0, c, d, 0, x * one, y * one, 1 << 30], dtype=">i4").tobytes()
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = matrix
    path.write_bytes(data)
