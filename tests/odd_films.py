"""Films that no one makes on purpose: spliced from unlike parts, with odd times, sizes and pixels, or damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Draw = Callable[[int, tuple[int, int]], Picture]
"""Picture number and size (width, height) to RGB uint8[height, width, 3]."""

_X264 = {"preset": "ultrafast", "crf": "14", "sc_threshold": "0", "threads": "1"}


_SAMPLE_RATE = 48_000


@dataclass(frozen=True)
class Part:
    """A run of pictures from an encoder of its own; parts of other sizes or pixels may follow each other."""

    frames: int = 30
    size: tuple[int, int] = (96, 54)
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    keyint: int = 12
    b_frames: int = 0
    options: dict[str, str] = field(default_factory=lambda: dict(_X264))


def splice(
    path: Path,
    parts: Sequence[Part],
    draw: Draw,
    *,
    rate: Fraction = Fraction(25),
    ticks: Sequence[int] | None = None,
    clock: Fraction | None = None,
    duration_ticks: int | None = None,
    alter: Callable[[int, bytes], bytes] = lambda number, data: data,
    sound_s: float = 0,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write `parts` one after the other as one stream into the container that the suffix names.

    `ticks` gives each picture's time in units of `clock` (rising numbers of pictures by default). `alter` may
    change the bytes of each packet, counted in decoding order. `sound_s` seconds of a tone go with it.
    """
    clock = clock or 1 / rate
    with av.open(path, "w", container_options=container_options or {}) as container:
        stream = container.add_stream(parts[0].codec, rate=rate, options=dict(parts[0].options))
        assert isinstance(stream, VideoStream)
        _prepare(stream.codec_context, parts[0], clock)
        stream.time_base = clock
        sound = (
            container.add_stream("pcm_s16le" if path.suffix in (".avi", ".nut") else "aac", rate=_SAMPLE_RATE)
            if sound_s
            else None
        )
        if sound is not None:
            _mux_tone(container, sound, sound_s)
        for number, packet in enumerate(_packets(parts, draw, clock, rate)):
            assert packet.pts is not None
            assert packet.dts is not None
            data = alter(number, bytes(packet))
            new: Packet[Any] = Packet(data)
            new.pts, new.dts = packet.pts, packet.dts
            if ticks is not None:
                new.pts = ticks[packet.pts]
                new.dts = new.pts if packet.dts == packet.pts else new.pts - (packet.pts - packet.dts)
            new.duration = 1 if duration_ticks is None else duration_ticks
            new.is_keyframe = packet.is_keyframe
            new.time_base, new.stream = clock, stream
            container.mux_one(new)
    return path


def _packets(parts: Sequence[Part], draw: Draw, clock: Fraction, rate: Fraction) -> Iterator[Packet[Any]]:
    first = 0
    for part in parts:
        context = av.CodecContext.create(part.codec, "w")
        assert isinstance(context, VideoCodecContext)
        context.framerate = rate
        context.options = dict(part.options)
        _prepare(context, part, Fraction(1) / rate)
        for number in range(first, first + part.frames):
            frame = _frame(draw(number, part.size), part.pixel_format)
            frame.pts, frame.time_base = number, 1 / rate
            yield from context.encode(frame)
        yield from context.encode(None)
        first += part.frames


def _mux_tone(container: Any, stream: Any, duration_s: float) -> None:
    stream.layout = "mono"
    for start in range(0, int(duration_s * _SAMPLE_RATE), 1024):
        wave = np.sin(2 * np.pi * 440 * np.arange(start, start + 1024) / _SAMPLE_RATE) * 8000
        form = "s16" if stream.codec_context.name == "pcm_s16le" else "fltp"
        samples = wave.astype(np.int16) if form == "s16" else (wave / 32768).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], form, "mono")
        frame.sample_rate, frame.pts, frame.time_base = _SAMPLE_RATE, start, Fraction(1, _SAMPLE_RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _prepare(context: VideoCodecContext, part: Part, clock: Fraction) -> None:
    context.width, context.height = part.size
    context.pix_fmt = part.pixel_format
    context.time_base = clock
    context.gop_size, context.max_b_frames = part.keyint, part.b_frames


def _frame(picture: Picture, pixel_format: str) -> av.VideoFrame:
    if pixel_format != "pal8":
        return av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixel_format)
    # a palette of greys, which FFmpeg's scaler cannot make
    frame = av.VideoFrame(picture.shape[1], picture.shape[0], "pal8")
    grey = picture.mean(axis=2).astype(np.uint8)
    lines = np.zeros((picture.shape[0], frame.planes[0].line_size), np.uint8)
    lines[:, : picture.shape[1]] = grey
    frame.planes[0].update(lines.tobytes())
    levels = np.arange(256, dtype=np.uint32)
    frame.planes[1].update((0xFF000000 | levels << 16 | levels << 8 | levels).astype("<u4").tobytes())
    return frame


def flipped(source: Path, target: Path, *, seed: int, bytes_flipped: int = 40, spare: int = 0) -> Path:
    """Copy a film with single bytes changed, all over its media data (all of it but the first `spare` bytes, if
    no MP4)."""
    data = bytearray(source.read_bytes())
    box = data.find(b"mdat")
    first, end = (box + 4, box - 4 + int.from_bytes(data[box - 4 : box])) if box > 0 else (spare, len(data))
    random = np.random.default_rng(seed)
    for at in random.integers(first, end, bytes_flipped):
        data[at] ^= int(random.integers(1, 256))
    target.write_bytes(data)
    return target
