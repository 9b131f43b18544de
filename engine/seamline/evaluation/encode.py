"""Encodes pictures and sound into a film with timecode and reel name, as a camera would hand it over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from seamline.evaluation.scenes.canvas import Picture
from seamline.evaluation.soundtrack import SAMPLE_RATE, Sound

_BT709 = 1  # the code that primaries and transfer have for ITU-R BT.709 in ISO/IEC 23091-2
_AUDIO_BLOCK = 1024  # what one AAC packet holds


@dataclass(frozen=True, slots=True)
class Slate:
    """What is written on the film: its size, its rate, where its timecode starts, its reel."""

    width: int
    height: int
    rate: Fraction
    timecode: str
    reel: str


def encode_film(path: Path, pictures: Iterable[Picture], sound: Sound, slate: Slate) -> None:
    """Write a QuickTime film: H.264 (MPEG-4 where the build has no x264), AAC, a timecode track.

    `pictures` are RGB uint8[h, w, 3], `sound` is float32[2, N] at `SAMPLE_RATE`. Raises what PyAV and the
    file system raise.
    """
    with av.open(path, "w", format="mov") as container:
        video = _video_stream(container, slate)
        audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        audio.bit_rate = 128_000
        written = 0
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            frame.pts, frame.time_base = number, 1 / slate.rate
            container.mux(video.encode(frame))
            # keep the sound beside the picture, so that the muxer need not hold a film's worth of packets
            until = round((number + 1) / slate.rate * SAMPLE_RATE)
            written = _encode_sound(container, audio, sound, written, until)
        _encode_sound(container, audio, sound, written, sound.shape[1], flush=True)
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def _video_stream(container: OutputContainer, slate: Slate) -> VideoStream:
    has_x264 = "libx264" in av.codecs_available
    options = {"crf": "20", "preset": "superfast"} if has_x264 else {"b": "8000000"}
    stream = container.add_stream("libx264" if has_x264 else "mpeg4", rate=slate.rate, options=options)
    stream.width, stream.height, stream.pix_fmt = slate.width, slate.height, "yuv420p"
    context = stream.codec_context
    context.gop_size = round(slate.rate)  # a key frame a second keeps stepping and scrubbing quick
    context.colorspace, context.color_range = _BT709, ColorRange.MPEG
    context.color_primaries, context.color_trc = _BT709, _BT709
    stream.metadata["timecode"] = slate.timecode
    stream.metadata["reel_name"] = slate.reel
    return stream


def _encode_sound(
    container: OutputContainer,
    stream: AudioStream,
    sound: Sound,
    start: int,
    end: int,
    *,
    flush: bool = False,
) -> int:
    """Encode whole blocks of samples [start, end), with `flush` also the rest; gives how far it came."""
    while start + _AUDIO_BLOCK <= end or (flush and start < end):
        block = np.ascontiguousarray(sound[:, start : min(end, start + _AUDIO_BLOCK)])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        container.mux(stream.encode(frame))
        start += block.shape[1]
    return start
