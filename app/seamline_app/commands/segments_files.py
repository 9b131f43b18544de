"""The files that `seamline segments` writes: all checked before the work, then written one by one."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seamline.analysis.frame_map import map_frames
from seamline.analysis.segmentation import FilmContent, Segmentation
from seamline.errors import ExchangeError
from seamline.exchange.arrays import (
    Table,
    embeddings_table,
    scores_table,
    segments_table,
    statistics_table,
    write_table,
    written_paths,
)
from seamline.exchange.files import TargetExistsError, check_target, write_text_atomically
from seamline.exchange.folding import FoldedClip, clip_paths, fold_clips
from seamline.exchange.segment_plot import (
    PICTURE_LIMIT,
    check_plot_path,
    map_keyframes,
    strip_keyframes,
    write_map_plot,
    write_score_plot,
)
from seamline.exchange.segments_csv import write_segments_csv
from seamline.media.film import Film
from seamline.media.reader import FrameReader
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.project.types import Project
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import frame_progress
from seamline_app.commands.segments_options import FILE_OPTIONS
from seamline_app.usage import UsageError

_PLOTS = ("plot", "map")
_ARRAYS = ("embeddings", "scores", "statistics")


class SegmentFiles:
    """What the options ask to write; `written` and `clips` grow as it is done."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._paths: dict[str, Path] = {
            name: path for name in FILE_OPTIONS if (path := getattr(options, name)) is not None
        }
        self._folder: Path | None = options.clips
        self._overwrite: bool = options.force
        self.written: list[Path] = []
        self.clips: list[FoldedClip] = []
        self._clip_count = 0

    @property
    def is_any(self) -> bool:
        return bool(self._paths) or self._folder is not None

    def check_clips(self, film: Film) -> None:
        """Raises UsageError if clips of this film are there already."""
        if self._folder is not None and (clip := clip_paths(film, 1, self._folder)[0]).exists():
            raise UsageError(f"“{clip}” exists already: choose another folder (--force overwrites no clips).")

    def check(self, film_path: Path | None) -> None:
        """Raises UsageError for what could not be written: call it before hours of work."""
        sources = [] if film_path is None else [film_path]
        try:
            paths = [path for name in self._paths for path in self._all_paths(name)]
            if len({path.absolute() for path in paths}) < len(paths):
                raise UsageError("Two outputs have the same file name: give each its own.")
            for path in paths:
                check_target(path, self._overwrite, sources=sources)
        except TargetExistsError as error:
            raise UsageError(f"{error} (--force overwrites it.)") from error
        except ExchangeError as error:
            raise UsageError(str(error)) from error
        if self._folder is not None and self._folder.exists() and not self._folder.is_dir():
            raise UsageError(f"“{self._folder}” is no folder: name one for the clips.")

    def write(self, segmentation: Segmentation, content: FilmContent, project: Project) -> None:
        """Write everything; shows progress where it takes long. Raises SeamlineError or Cancelled."""
        sources = (project.film.path,)
        if "csv" in self._paths:
            text = write_segments_csv(segmentation, project)
            write_text_atomically(self._paths["csv"], text, overwrite=self._overwrite, sources=sources)
            self.written.append(self._paths["csv"])
        tables: dict[str, Callable[[], Table]] = {
            "parquet": lambda: segments_table(segmentation, project),
            "embeddings": lambda: embeddings_table(content, project, EFFICIENTNET_LITE0_ENCODER.key),
            "scores": lambda: scores_table(segmentation, content, project),
            "statistics": lambda: statistics_table(segmentation, content, project),
        }
        for name, make_table in tables.items():
            if name in self._paths:
                self._write_table(make_table(), self._paths[name], sources)
        if "plot" in self._paths:
            pictures = read_pictures(project.film, strip_keyframes(segmentation), "Reading keyframes")
            path = self._paths["plot"]
            write_score_plot(
                segmentation, project, pictures, path, overwrite=self._overwrite, sources=sources
            )
            self.written.append(path)
        if "map" in self._paths:
            self._write_map(segmentation, content, project)
        if self._folder is not None:
            self._fold(segmentation, project, self._folder)

    def told_of_clips(self) -> str:
        """A sentence on the clips, with a space before it; none where none were asked for."""
        if self._folder is None or not self._clip_count:
            return ""
        copied = sum(clip.is_copied for clip in self.clips)
        worst = min((clip.psnr_db for clip in self.clips), default=math.inf)
        quality = "" if math.isinf(worst) else f" (first and last picture at {worst:.1f} dB or better)"
        return (
            f" {len(self.clips)} of {self._clip_count} clips are in {self._folder}: {copied} copied bit for bit, "
            f"{len(self.clips) - copied} encoded anew{quality}."
        )

    def _all_paths(self, name: str) -> list[Path]:
        path = self._paths[name]
        if name in _PLOTS:
            check_plot_path(path)
        elif name in _ARRAYS:
            return written_paths(path)
        elif name == "parquet":
            if path.suffix.lower() != ".parquet":
                raise UsageError(f"“{path}” is no name for a Parquet table: let it end in .parquet.")
            return written_paths(path)
        return [path]

    def _write_table(self, table: Table, path: Path, sources: Iterable[Path]) -> None:
        write_table(table, path, overwrite=self._overwrite, sources=sources)
        self.written += written_paths(path)

    def _write_map(self, segmentation: Segmentation, content: FilmContent, project: Project) -> None:
        path, film = self._paths["map"], project.film
        with frame_progress("Mapping its frames", film.rate) as progress:
            frame_map = in_background(lambda: map_frames(content.embeddings, content.sampling))
            progress.step(film.frame_count, film.frame_count)
        pictures = read_pictures(film, map_keyframes(segmentation, frame_map), "Reading keyframes")
        write_map_plot(
            frame_map, segmentation, project, pictures, path, overwrite=self._overwrite, sources=(film.path,)
        )
        self.written.append(path)

    def _fold(self, segmentation: Segmentation, project: Project, folder: Path) -> None:
        ranges = [(segment.start_frame, segment.end_frame) for segment in segmentation.segments]
        self._clip_count = len(ranges)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or error
            raise ExchangeError(
                f"The folder “{folder}” cannot be made ({reason}): choose another."
            ) from error
        with frame_progress("Writing clips", project.film.rate) as progress:
            try:
                in_background(
                    lambda: fold_clips(
                        project.film,
                        ranges,
                        folder,
                        timecode_of=project.timecode,
                        progress=progress,
                        on_clip=self.clips.append,
                    )
                )
            except TargetExistsError as error:
                raise UsageError(f"{error} (--force overwrites no clips.)") from error


def read_pictures(film: Film, frames: Sequence[int], text: str) -> dict[int, NDArray[np.uint8]]:
    """The pictures of these frames that can be decoded, RGB, small."""
    pictures: dict[int, NDArray[np.uint8]] = {}

    def read() -> None:
        with closing(FrameReader(film)) as reader:
            for frame in frames:
                progress.step(frame, film.frame_count)
                pictures[frame] = reader.read(frame, limit=PICTURE_LIMIT).rgb

    with frame_progress(text, film.rate) as progress:
        in_background(read)
        progress.step(film.frame_count, film.frame_count)
    return pictures
