"""The films of a bench: what is known of them, their truth, and their beginning alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer

from seamline.errors import MediaError
from seamline.exchange.csv_list import Transition, read_transitions
from seamline.media.open_film import open_film


@dataclass(frozen=True, eq=False, slots=True)
class BenchFilm:
    """A film to run on. `truth` is None where it is not known."""

    path: Path
    name: str
    frames: int
    duration_s: float
    size: tuple[int, int]
    codec: str
    has_sound: bool
    truth: tuple[Transition, ...] | None = None

    @property
    def mbit_per_s(self) -> float:
        """Of the whole file, its sound included."""
        return self.path.stat().st_size * 8 / 1e6 / self.duration_s

    @property
    def sentence(self) -> str:
        """The film in some words."""
        width, height = self.size
        truth = "no truth" if self.truth is None else f"{len(self.truth)} rows of truth"
        return (
            f"{self.name}: {width}x{height} {self.codec}, {self.frames / self.duration_s:.6g} frames a second, "
            f"{self.duration_s:.1f} s, {self.mbit_per_s:.1f} Mbit/s, "
            f"{'sound' if self.has_sound else 'no sound'}, {truth}"
        )


def bench_film(path: Path, *, truth: Path | None, seconds: float | None, folder: Path) -> BenchFilm:
    """The film, or its first `seconds` (or a little more) as a copy in `folder`, with the truth there is for it.

    `truth` is a folder of tables of the films' names, or one table. Raises SeamlineError.
    """
    table = None if truth is None else truth / f"{path.stem}.csv" if truth.is_dir() else truth
    transitions = read_transitions(table) if table is not None and table.exists() else None
    name = path.name
    film = open_film(path)
    if seconds is not None and seconds < float(film.index.duration):
        film = open_film(beginning(path, seconds, folder))
    frames = film.frame_count
    if transitions is not None:
        transitions = _within(transitions, frames)
    info = film.info
    return BenchFilm(
        film.path,
        name,
        frames,
        float(film.index.duration),
        info.display_size,
        info.codec,
        info.audio is not None,
        transitions,
    )


def beginning(path: Path, seconds: float, folder: Path) -> Path:
    """A copy of the film's first packets up to the first key frame at `seconds` or later, nothing encoded anew.

    Raises MediaError where the container cannot be written.
    """
    target = folder / path.name
    try:
        with av.open(path) as source, av.open(target, "w") as copy:
            _copy(source, copy, seconds)
    except (OSError, ValueError, IndexError, av.FFmpegError) as error:
        raise MediaError(
            f"The first {seconds:g} s of “{path}” cannot be copied ({error}): bench the whole film instead."
        ) from error
    return target


def _copy(source: InputContainer, copy: OutputContainer, seconds: float) -> None:
    video = source.streams.video[0]
    streams = [video, *source.streams.audio[:1]]
    copies = {stream.index: copy.add_stream_from_template(stream) for stream in streams}
    begin_s: float | None = None
    for packet in source.demux(streams):
        if packet.dts is None or packet.time_base is None:
            continue
        if packet.stream.index == video.index and packet.is_keyframe and packet.pts is not None:
            at_s = float(packet.pts * packet.time_base)
            begin_s = at_s if begin_s is None else begin_s
            if at_s - begin_s >= seconds:
                return
        packet.stream = copies[packet.stream.index]
        copy.mux(packet)


def _within(transitions: Sequence[Transition], frames: int) -> tuple[Transition, ...]:
    return tuple(transition for transition in transitions if transition.in_frame < frames)
