"""What the analysis thread tells the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from seamline.analysis.stage import FloatArray
from seamline.media.film import Film
from seamline.project.labels import ShotLabels
from seamline.project.types import Decision, Seam


@dataclass(frozen=True, slots=True)
class OpenedFilm:
    """A film as it came from disk: `similarity` is float32[frame_count], NaN where not analysed yet.

    `seams` and `faint` are as in `Findings`, before anything was learned from the editor. `project_path`: the
    project by way of which it was opened.
    """

    film: Film
    similarity: FloatArray
    seams: tuple[Seam, ...]
    done_frames: int
    faint: tuple[Seam, ...] = ()
    project_path: Path | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the analysis found since the last time: similarity of frames from `start_frame` on, and all seams.

    `faint`: what was just not taken for a seam. Both are judged by what `taught` says about the film.
    """

    start_frame: int
    similarity: FloatArray
    seams: tuple[Seam, ...]
    done_frames: int
    faint: tuple[Seam, ...] = ()
    taught: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """All labels that the analysis has for the shots it was asked about last."""

    labels: tuple[ShotLabels, ...]


@dataclass(frozen=True, slots=True)
class CameraCurves:
    """Pan, tilt, zoom and roll of the frames from `start_frame` on: float32[4, n], in the units of `Motion`."""

    start_frame: int
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Activity:
    """What runs: `done` of `total` (frames or bytes); `frames_per_s` and `device` are empty until known."""

    text: str
    done: int
    total: int
    frames_per_s: float = 0.0
    device: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The analysis broke off; `text` is a sentence for the user."""

    text: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something did not work that the analysis does without, in a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The analysis was cancelled."""
