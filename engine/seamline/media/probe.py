"""What a container says of its film: sizes, rates, timecode, reel, sound."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from seamline.errors import MediaError
from seamline.media.container import opened, reason_of
from seamline.media.film import AudioInfo, MediaInfo
from seamline.media.packets import packets_of
from seamline.media.timebase import snap_rate
from seamline.media.timecode import TimecodeRate, means_drop_frame

_PLAUSIBLE_RATES = (Fraction(1, 2), Fraction(1000))


def probe(path: Path) -> MediaInfo:
    """What the film at `path` is; decodes one frame. Raises MediaError if there is no picture to see."""
    with opened(path) as (container, stream):
        frame = _first_frame(container, stream, path)
        rate = _rate(stream)
        label, reel = _timecode_and_reel(container)
        start_frame, drop_frame = _start_frame(label, rate)
        if start_frame is None:
            start_frame = _start_frame_from_packet(path)
        return MediaInfo(
            path=path,
            container=container.format.name,
            codec=stream.codec_context.name,
            pixel_format=frame.format.name,
            width=frame.width,
            height=frame.height,
            sample_aspect=_sample_aspect(stream),
            rotation_deg=display_rotation_deg(frame),
            interlaced=bool(frame.interlaced_frame),
            rate=rate,
            drop_frame=drop_frame,
            start_frame=start_frame,
            reel=reel,
            duration_s=_picture_duration_s(stream),
            audio=_audio(container),
            bytes=path.stat().st_size,
            transfer=int(frame.color_trc),
            primaries=int(frame.color_primaries),
        )


def display_rotation_deg(frame: VideoFrame) -> int:
    """How far the decoded picture must be turned clockwise to stand upright: 0, 90, 180 or 270."""
    # the display matrix gives the anticlockwise angle (FFmpeg, libavutil/display.h)
    return round(-frame.rotation / 90) * 90 % 360


def _first_frame(container: InputContainer, stream: VideoStream, path: Path) -> VideoFrame:
    try:
        for packet in packets_of(container, stream):
            try:
                frames = packet.decode()
            except av.InvalidDataError:
                continue
            if frames:
                return frames[0]
    except (OSError, ValueError, av.FFmpegError) as error:
        raise MediaError(
            f"No picture of “{path.name}” can be decoded ({reason_of(error)}): it is damaged, or its format "
            f"“{stream.codec_context.name}” is not supported. Convert it to H.264 or ProRes."
        ) from error
    raise MediaError(
        f"“{path.name}” holds no picture that can be decoded: it is damaged. Export or copy it again."
    )


def _rate(stream: VideoStream) -> Fraction:
    for rate in (stream.average_rate, stream.base_rate, stream.guessed_rate):
        if rate and _PLAUSIBLE_RATES[0] <= rate <= _PLAUSIBLE_RATES[1]:
            return snap_rate(Fraction(rate))
    return Fraction(25)


def _picture_duration_s(stream: VideoStream) -> float | None:
    # the container's own duration may be that of a longer sound track
    if not stream.duration or not stream.time_base or stream.duration < 0:
        return None
    return float(stream.duration * stream.time_base)


def _sample_aspect(stream: VideoStream) -> Fraction:
    aspect = stream.sample_aspect_ratio
    if not aspect or not Fraction(1, 16) <= aspect <= 16:
        return Fraction(1)
    # encoders round sizes to even numbers and write 1281/1280 to make up for it: no editor sees it so
    return Fraction(1) if abs(aspect - 1) < Fraction(1, 100) else Fraction(aspect)


def _audio(container: InputContainer) -> AudioInfo | None:
    tracks = container.streams.audio
    if not tracks or tracks[0].codec_context is None:
        return None
    context = tracks[0].codec_context
    return AudioInfo(context.name, context.sample_rate or 0, context.channels or 0, len(tracks))


def _timecode_and_reel(container: InputContainer) -> tuple[str | None, str | None]:
    found: dict[str, str] = {}
    sources = [s.metadata for s in container.streams.video] + [s.metadata for s in container.streams.data]
    for metadata in [*sources, *(s.metadata for s in container.streams.audio), container.metadata]:
        for key, value in metadata.items():
            # Matroska shouts TIMECODE, QuickTime whispers timecode
            found.setdefault(key.lower(), value)
    return found.get("timecode"), (found.get("reel_name") or "").strip() or None


def _start_frame(label: str | None, rate: Fraction) -> tuple[int | None, bool]:
    if label is None:
        return None, False
    drop_frame = means_drop_frame(label)
    counting = TimecodeRate.of(rate, drop_frame=drop_frame)
    try:
        return counting.parse(label), counting.drop_frame
    except MediaError:
        return None, False  # a label that cannot exist, such as one of another rate


def _start_frame_from_packet(path: Path) -> int | None:
    """The start frame in a QuickTime timecode track whose flags are so wrong that no label could be made."""
    with opened(path) as (container, _):
        for stream in container.streams.data:
            # a track that no codec knows, such as a telephone's readings, has no codec and so no tag (PyAV 18.1)
            if getattr(stream, "codec_tag", None) == "tmcd":
                try:
                    raw = bytes(next(container.demux(stream)))
                except (OSError, ValueError, av.FFmpegError, StopIteration):
                    return None  # its frame lies in a part of the file that is missing
                return int.from_bytes(raw[:4], "big") if len(raw) >= 4 else None
    return None
