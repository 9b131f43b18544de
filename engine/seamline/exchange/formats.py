"""The formats that a cut list can be written in, for the window and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from seamline.exchange.csv_list import write_csv
from seamline.exchange.edl import write_edl
from seamline.exchange.files import check_target, write_text_atomically
from seamline.exchange.json_report import write_json
from seamline.exchange.otio import write_otio
from seamline.project.types import Project

RunFacts = Mapping[str, object]
"""What the caller tells of the analysis, in JSON's types; only the report writes it down."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One way to write a project down.

    `id` is the command line's option without dashes, `suffix` has its dot, `help_text` is a sentence for the
    command line's help and the dialog. `write(project, run)` gives the file's text or raises ExchangeError.
    """

    id: str
    name: str
    suffix: str
    help_text: str
    write: Callable[[Project, RunFacts | None], str]

    @property
    def dialog_filter(self) -> str:
        """What a file dialog lists, such as “CMX3600 EDL (*.edl)”."""
        return f"{self.name} (*{self.suffix})"

    def proposed_path(self, project: Project) -> Path:
        """Beside the film, with its name."""
        return project.film.path.with_suffix(self.suffix)


def _of_project(write: Callable[[Project], str]) -> Callable[[Project, RunFacts | None], str]:
    return lambda project, _run: write(project)


EXPORT_FORMATS = (
    ExportFormat(
        "edl",
        "CMX3600 EDL",
        ".edl",
        "Edit decision list with the film's own timecode, for Resolve, Premiere, Avid and most others.",
        _of_project(write_edl),
    ),
    ExportFormat(
        "otio",
        "OpenTimelineIO",
        ".otio",
        "Timeline with every shot as a clip, exact at every frame rate.",
        _of_project(write_otio),
    ),
    ExportFormat(
        "csv",
        "CSV table",
        ".csv",
        "The seams as a table: frames, kind, confidence, timecodes.",
        _of_project(write_csv),
    ),
    ExportFormat(
        "json",
        "JSON report",
        ".json",
        "Film, seams, shots and the facts of the run, for other programs.",
        write_json,
    ),
)


def export(
    project: Project, export_format: ExportFormat, path: Path, *, overwrite: bool, run: RunFacts | None = None
) -> None:
    """The project at `path`, written whole or not at all, and never over the film. Raises ExchangeError."""
    check_target(path, overwrite, sources=(project.film.path,))
    text = export_format.write(project, run)
    write_text_atomically(path, text, overwrite=overwrite, sources=(project.film.path,))
