"""Writes what can be had of a film's segments: a table, an array, a picture, or each segment as a clip."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from seamline.errors import ExchangeError
from seamline.exchange.arrays import embeddings_table, write_table, written_paths
from seamline.exchange.files import TargetExistsError, check_target, write_text_atomically
from seamline.exchange.folding import FoldedClip, clip_paths, fold_clips
from seamline.exchange.segment_plot import PICTURE_LIMIT, strip_keyframes, write_score_plot
from seamline.exchange.segments_csv import write_segments_csv
from seamline.media.pictures import RgbPicture
from seamline.media.reader import FrameReader
from seamline.models.encoder import EFFICIENTNET_LITE0_ENCODER
from seamline.progress import Progress
from seamline_app.jobs.segments_job import Divided
from seamline_app.jobs.task_thread import TaskThread


@dataclass(frozen=True, slots=True)
class SegmentFormat:
    """One thing that can be exported: `name` as dialogs say it, `suffix` with its dot."""

    name: str
    suffix: str
    ending: str

    @property
    def dialog_filter(self) -> str:
        return f"{self.name} (*{self.suffix})"

    def proposed_path(self, film_path: Path) -> Path:
        return film_path.with_name(f"{film_path.stem} {self.ending}{self.suffix}")


SEGMENT_FORMATS = (
    SegmentFormat("Table of the segments", ".csv", "segments"),
    SegmentFormat("Embeddings, a NumPy array", ".npy", "embeddings"),
    SegmentFormat("Plot of the score", ".png", "score"),
)


class SegmentFilesJob(QObject):
    """Writes one thing at a time.

    `written(sentence)`, `failed(sentence)` or `stopped(sentence)` ends it; `progressed(done, total)` in between.
    """

    written = Signal(str)
    failed = Signal(str)
    stopped = Signal(str)
    progressed = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clips: list[FoldedClip] = []
        self._clip_count = 0
        self._thread = TaskThread("segment-files", self)
        self._thread.done.connect(lambda sentence: self.written.emit(str(sentence)))
        self._thread.failed.connect(self.failed)
        self._thread.cancelled.connect(lambda: self.stopped.emit(self._stopped_text()))
        self._thread.progressed.connect(self.progressed)

    @property
    def is_running(self) -> bool:
        return self._thread.is_running

    def export(self, divided: Divided, path: Path) -> None:
        """Write what the suffix of `path` says, over a file that is there."""
        self._clip_count = 0
        self._thread.run(lambda progress: _exported(divided, path, progress))

    def write_clips(self, divided: Divided, folder: Path) -> None:
        """Write each segment as a clip in `folder`; none is written over."""
        clips: list[FoldedClip] = []
        self._clips, self._clip_count = clips, len(divided.rows)
        self._thread.run(lambda progress: _folded(divided, folder, progress, clips))

    def cancel(self) -> None:
        self._thread.cancel()

    def drop(self) -> None:
        """Stop, and have no word of it."""
        self._thread.drop()

    def close(self) -> None:
        """Stop, and join the thread."""
        self._thread.close()

    def _stopped_text(self) -> str:
        if not self._clip_count:
            return "Nothing was written."
        return f"Stopped: {len(self._clips)} of {_clips(self._clip_count)} are written and stay."


def _exported(divided: Divided, path: Path, progress: Progress) -> str:
    project, segmentation = divided.project, divided.segmentation
    sources = (project.film.path,)
    paths = [path]
    match path.suffix.lower():
        case ".csv":
            text = write_segments_csv(segmentation, project)
            write_text_atomically(path, text, overwrite=True, sources=sources)
        case ".npy":
            table = embeddings_table(divided.content, project, EFFICIENTNET_LITE0_ENCODER.key)
            paths = written_paths(path)
            write_table(table, path, overwrite=True, sources=sources)
        case ".png":
            check_target(path, True, sources=sources)
            pictures: dict[int, RgbPicture] = {}
            frames = strip_keyframes(segmentation)
            with closing(FrameReader(project.film)) as reader:
                for count, frame in enumerate(frames):
                    progress.step(count, len(frames))
                    pictures[frame] = reader.read(frame, limit=PICTURE_LIMIT).rgb
            progress.step(len(frames), len(frames))
            write_score_plot(segmentation, project, pictures, path, overwrite=True, sources=sources)
        case _:
            known = ", ".join(each.suffix for each in SEGMENT_FORMATS)
            raise ExchangeError(f"“{path.name}” says no format: let its name end in {known}.")
    return f"Wrote {' and '.join(map(str, paths))}."


def _folded(divided: Divided, folder: Path, progress: Progress, clips: list[FoldedClip]) -> str:
    project = divided.project
    ranges = [(row.start_frame, row.end_frame) for row in divided.rows]
    try:
        fold_clips(
            project.film,
            ranges,
            folder,
            timecode_of=project.timecode,
            progress=progress,
            on_clip=clips.append,
        )
    except TargetExistsError as error:
        first = clip_paths(project.film, len(ranges), folder)[0].name
        raise ExchangeError(
            f"There are clips of this film in “{folder}” already, such as “{first}”, and none is ever written "
            "over: choose another folder."
        ) from error
    except ExchangeError as error:
        if not clips:
            raise
        raise ExchangeError(f"{error} {len(clips)} of {_clips(len(ranges))} are written and stay.") from error
    copied = sum(clip.is_copied for clip in clips)
    return (
        f"Wrote {_clips(len(clips))} to {folder}: {copied} copied exactly, {len(clips) - copied} re-encoded."
    )


def _clips(count: int) -> str:
    return "1 clip" if count == 1 else f"{count} clips"
