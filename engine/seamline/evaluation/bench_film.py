"""A film to bench with where there is none at hand: drawn and grained, 1920x1080, at a camera's bit rate."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from seamline.errors import MediaError
from seamline.evaluation.scenes.canvas import Picture
from seamline.evaluation.soundtrack import SAMPLE_RATE, Ambience, Passage, Sound, soundtrack
from seamline.evaluation.synthetic_drawn import drawn_sources
from seamline.evaluation.synthetic_film import written_with_table
from seamline.evaluation.synthetic_generator import plan_edit
from seamline.evaluation.synthetic_plan import EditPlan, Look
from seamline.evaluation.synthetic_render import rendered_blocks
from seamline.evaluation.synthetic_settings import GeneratorSettings
from seamline.evaluation.synthetic_sources import ShotSource, Size
from seamline.progress import Progress

BENCH_SIZE = (1920, 1080)
_RATE = Fraction(25)
_SEED = 1925
_SHOT_S = 5.0
_SOURCES_A_MINUTE = 12
_BLOCK_FRAMES = 8
_GRAIN_LEVELS = 5.0
# some 65 Mbit/s, without B-frames, with the deblocking filter: decodes about as fast as a camera's film of that rate.
# Under this grain, arithmetic coding alone would more than halve that (measured: 81 frames a second of a core to 36)
_X264 = {"preset": "ultrafast", "crf": "20", "x264-params": "no-deblock=0:deblock=0,0"}
_BT709 = 1  # the code that primaries and transfer have for ITU-R BT.709 in ISO/IEC 23091-2


def make_bench_film(
    path: Path,
    *,
    seconds: float,
    size: Size = BENCH_SIZE,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write a film of about `seconds` to `path` and its true seams beside it as CSV; gives the table's path.

    QuickTime, H.264, 25 frames a second, a key frame a second, two channels of AAC; cuts and dissolves alone,
    under grain that the encoder must keep. The same length gives the same film. `progress` counts frames.
    Raises MediaError, ExchangeError where a file exists or cannot be written, and Cancelled.
    """
    if seconds < 2:
        raise MediaError(f"A film to bench with lasts 2 seconds or more, not {seconds:g}.")
    truth_path = path.with_suffix(".csv")
    plan, sources = _planned(seconds)
    with (
        written_with_table(path, truth_path, plan, overwrite=overwrite) as part,
        closing(_pictures(plan, sources, size, progress)) as pictures,
    ):
        _encode(part, pictures, _sound(plan), size)
    return truth_path


def _planned(seconds: float) -> tuple[EditPlan, list[ShotSource]]:
    frames = round(seconds * _RATE)
    settings = GeneratorSettings(
        frames=(frames, frames),
        shot_frames=(12, 300),
        typical_shot_frames=float(_SHOT_S * _RATE),
        joins={"cut": 0.8, "dissolve": 0.2},
        dissolve_frames=(8, 40),
        distractors_per_1000_frames=0,
        finishes=0,
        odd_speeds=0,
        reversals=0,
        stills=0,
        logos=0,
        open_and_close=0,
    )
    count = max(4, round(seconds / 60 * _SOURCES_A_MINUTE))
    sources: list[ShotSource] = [*drawn_sources(count, _SEED, frame_count=400)]
    plan = plan_edit(sources, settings, seed=_SEED)
    return replace(plan, finish=Look(grain=_GRAIN_LEVELS)), sources


def _pictures(
    plan: EditPlan, sources: list[ShotSource], size: Size, progress: Progress | None
) -> Generator[Picture]:
    done, total = 0, plan.frame_count
    for block in rendered_blocks(plan, sources, size, block_frames=_BLOCK_FRAMES):
        for picture in block:
            if progress is not None:
                progress.step(done, total)
            yield picture
            done += 1
    if progress is not None:
        progress.step(total, total)


def _encode(path: Path, pictures: Generator[Picture], sound: Sound, size: Size) -> None:
    with av.open(path, "w", format="mov") as container:
        video = _video_stream(container, size)
        audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        step = round(SAMPLE_RATE / _RATE)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            frame.pts, frame.time_base = number, 1 / _RATE
            container.mux(video.encode(frame))
            _encode_sound(container, audio, sound[:, number * step : (number + 1) * step], number * step)
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def _video_stream(container: OutputContainer, size: Size) -> VideoStream:
    has_x264 = "libx264" in av.codecs_available
    options = _X264 if has_x264 else {"qmin": "4", "qmax": "4"}
    stream = container.add_stream("libx264" if has_x264 else "mpeg4", rate=_RATE, options=options)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    context = stream.codec_context
    context.gop_size = round(_RATE)
    context.colorspace, context.color_range = _BT709, ColorRange.MPEG
    context.color_primaries, context.color_trc = _BT709, _BT709
    return stream


def _encode_sound(container: OutputContainer, stream: AudioStream, samples: Sound, start: int) -> None:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
    container.mux(stream.encode(frame))


def _sound(plan: EditPlan) -> Sound:
    """A chord and some air throughout: whether sound is read costs time, what it is does not."""
    air = Ambience((110.0, 165.0, 220.0), pulse_hz=0.5)
    return soundtrack([Passage(air, 0, plan.frame_count)], plan.frame_count, _RATE, _SEED)
