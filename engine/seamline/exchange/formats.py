"""The formats that a project can be exported in, for the window and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.chapters import write_ffmetadata, write_matroska_chapters, write_webvtt
from seamline.exchange.csv_list import write_csv, write_tsv
from seamline.exchange.edl import EdlFlavour, EdlOptions, write_edl, write_edl_parts
from seamline.exchange.elan import write_elan
from seamline.exchange.fcpxml import write_fcpxml
from seamline.exchange.files import check_target, make_folder, write_text_atomically
from seamline.exchange.json_report import write_json
from seamline.exchange.markers import write_avid_markers, write_resolve_markers
from seamline.exchange.shots_table import write_shots_table
from seamline.exchange.xmeml import write_xmeml
from seamline.progress import CancellableProgress, Progress
from seamline.project.types import Project

RunFacts = Mapping[str, object]
"""What the caller tells of the analysis, in JSON's types; only the report writes it down."""

Text = Callable[[Project, RunFacts | None], str]
Save = Callable[[Project, Path, bool, Progress], None]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One way to write a project down.

    `id` is what the command line calls it, `suffix` has its dot (none for a folder of files), `help_text` is a
    sentence for the command line's help and the dialog. Either `write(project, run)` gives the file's text, which
    can be looked at before it is a file, or `save(project, path, overwrite, progress)` makes the file or folder itself.
    Both raise ExchangeError, `save` also MediaError and Cancelled. `write_transitions` is `write` with gradual seams as
    transitions of the editing system, None where the format has none or always tells their frames.
    """

    id: str
    name: str
    suffix: str
    help_text: str
    write: Text | None = None
    save: Save | None = None
    write_transitions: Text | None = None

    def __post_init__(self) -> None:
        if (self.write is None) == (self.save is None):
            raise ValueError(f"{self.id} needs either a text or a way to save it")

    @property
    def is_folder(self) -> bool:
        """Whether it is many files in a folder."""
        return not self.suffix

    @property
    def dialog_filter(self) -> str:
        """What a file dialog lists, such as “CMX3600 EDL (*.edl)”."""
        return f"{self.name} (*{self.suffix})"

    def proposed_path(self, project: Project) -> Path:
        """Beside the film, with its name."""
        if self.is_folder:
            return project.film.path.with_name(f"{project.film.path.stem} {self.id}")
        return project.film.path.with_suffix(self.suffix)


def _of_project(write: Callable[[Project], str]) -> Text:
    return lambda project, _run: write(project)


def _edl_transitions(project: Project) -> str:
    return write_edl(project, EdlOptions(transitions=True))


def _edl_editorial(project: Project) -> str:
    return write_edl(project, EdlOptions(EdlFlavour.EDITORIAL))


def _edl_editorial_transitions(project: Project) -> str:
    return write_edl(project, EdlOptions(EdlFlavour.EDITORIAL, transitions=True))


def _edl_file32(project: Project) -> str:
    return write_edl(project, EdlOptions(file32=True))


def _edl_file32_transitions(project: Project) -> str:
    return write_edl(project, EdlOptions(transitions=True, file32=True))


def _save_edl_parts(project: Project, path: Path, overwrite: bool, progress: Progress) -> None:
    parts = write_edl_parts(project)
    make_folder(path)
    paths = [path / f"{project.film.path.stem}_part{number}.edl" for number in range(1, len(parts) + 1)]
    for part in paths:  # all of them, or none
        check_target(part, overwrite, sources=(project.film.path,))
    for done, (part, text) in enumerate(zip(paths, parts, strict=True)):
        progress.step(done, len(parts))
        write_text_atomically(part, text, overwrite=overwrite, sources=(project.film.path,))
    progress.step(len(parts), len(parts))


def _otio(project: Project) -> str:
    from seamline.exchange.otio import write_otio  # its library takes long to load

    return write_otio(project)


def _xmeml_transitions(project: Project) -> str:
    return write_xmeml(project, dissolves=True)


def _fcpxml_transitions(project: Project) -> str:
    return write_fcpxml(project, dissolves=True)


# what needs a library of its own is imported when it is wanted: the command line starts without


def _save_aaf(project: Project, path: Path, overwrite: bool, _progress: Progress) -> None:
    from seamline.exchange.aaf import write_aaf

    write_aaf(project, path, overwrite=overwrite)


def _save_otioz(project: Project, path: Path, overwrite: bool, progress: Progress) -> None:
    from seamline.exchange.otioz import write_otioz

    write_otioz(project, path, overwrite=overwrite, with_film=True, progress=progress)


def _save_sheet(project: Project, path: Path, overwrite: bool, progress: Progress) -> None:
    from seamline.exchange.contact_sheet import write_contact_sheet

    write_contact_sheet(project, path, overwrite=overwrite, progress=progress)


def _save_report(project: Project, path: Path, overwrite: bool, progress: Progress) -> None:
    from seamline.exchange.html_report import write_html_report

    write_html_report(project, path, overwrite=overwrite, progress=progress)


def _save_stills(project: Project, path: Path, overwrite: bool, progress: Progress) -> None:
    from seamline.exchange.stills import write_stills

    make_folder(path)
    write_stills(project, path, overwrite=overwrite, progress=progress)


def _save_clips(project: Project, path: Path, _overwrite: bool, progress: Progress) -> None:
    from seamline.exchange.folding import fold_clips

    make_folder(path)
    ranges = [(shot.start_frame, shot.end_frame) for shot in project.shots]
    names = [project.note_of(shot).name for shot in project.shots]
    # of clips none is ever written over
    fold_clips(project.film, ranges, path, names=names, timecode_of=project.timecode, progress=progress)


EXPORT_FORMATS = (
    ExportFormat(
        "edl",
        "CMX3600 EDL",
        ".edl",
        "Edit decision list with the film's own timecode, for Resolve, Premiere, Avid and most others.",
        _of_project(write_edl),
        write_transitions=_of_project(_edl_transitions),
    ),
    ExportFormat(
        "edl-editorial",
        "CMX3600 EDL from 01:00:00:00",
        ".edl",
        "Edit decision list whose record timecode begins at one hour.",
        _of_project(_edl_editorial),
        write_transitions=_of_project(_edl_editorial_transitions),
    ),
    ExportFormat(
        "edl-file32",
        "File_32 EDL",
        ".edl",
        "Edit decision list with reels of up to 32 characters and event numbers of six digits, as Avid has them.",
        _of_project(_edl_file32),
        write_transitions=_of_project(_edl_file32_transitions),
    ),
    ExportFormat(
        "edl-parts",
        "CMX3600 EDL in parts",
        "",
        "Edit decision lists of at most 999 events in a folder, for systems that take no more.",
        save=_save_edl_parts,
    ),
    ExportFormat(
        "resolve-markers",
        "Resolve markers",
        ".markers.edl",
        "A marker on each seam, for Resolve's “Timeline Markers from EDL”.",
        _of_project(write_resolve_markers),
    ),
    ExportFormat(
        "xmeml",
        "Final Cut Pro 7 XML",
        ".xml",
        "Sequence with sound and markers, for Premiere and Resolve.",
        _of_project(write_xmeml),
        write_transitions=_of_project(_xmeml_transitions),
    ),
    ExportFormat(
        "fcpxml",
        "FCPXML 1.9",
        ".fcpxml",
        "Project with every shot as a clip, for Final Cut Pro and Resolve.",
        _of_project(write_fcpxml),
        write_transitions=_of_project(_fcpxml_transitions),
    ),
    ExportFormat(
        "otio",
        "OpenTimelineIO",
        ".otio",
        "Timeline with every shot as a clip, exact at every frame rate.",
        _of_project(_otio),
    ),
    ExportFormat(
        "otioz",
        "OpenTimelineIO with the film",
        ".otioz",
        "The same together with the film in one file, to be carried to another machine; as large as the film.",
        save=_save_otioz,
    ),
    ExportFormat(
        "aaf",
        "AAF",
        ".aaf",
        "Composition of ranges of the film, for Media Composer.",
        save=_save_aaf,
    ),
    ExportFormat(
        "avid-markers",
        "Avid markers",
        ".markers.txt",
        "A marker on each seam, for Media Composer's marker window.",
        _of_project(write_avid_markers),
    ),
    ExportFormat(
        "csv",
        "CSV table",
        ".csv",
        "The seams as a table: frames, kind, confidence, timecodes, what is written about the shots, their labels.",
        _of_project(write_csv),
    ),
    ExportFormat(
        "tsv",
        "TSV table",
        ".tsv",
        "The same table with tabs between the columns.",
        _of_project(write_tsv),
    ),
    ExportFormat(
        "shots",
        "Table of shots",
        ".shots.csv",
        "A row a shot, the first one too: frames, timecodes, length, what is written about it, its labels.",
        _of_project(write_shots_table),
    ),
    ExportFormat(
        "json",
        "JSON report",
        ".json",
        "Film, seams, shots and the facts of the run, for other programs.",
        write_json,
    ),
    ExportFormat(
        "elan",
        "ELAN annotation",
        ".eaf",
        "Shots, seams and labels as tiers, for annotating the film in ELAN.",
        _of_project(write_elan),
    ),
    ExportFormat(
        "ffmetadata",
        "FFmpeg chapters",
        ".ffmeta",
        "The shots as chapters, for ffmpeg's -map_chapters.",
        _of_project(write_ffmetadata),
    ),
    ExportFormat(
        "webvtt",
        "WebVTT chapters",
        ".vtt",
        "The shots as a chapter track of a web page.",
        _of_project(write_webvtt),
    ),
    ExportFormat(
        "matroska",
        "Matroska chapters",
        ".chapters.xml",
        "The shots as chapters, for mkvmerge and mkvpropedit.",
        _of_project(write_matroska_chapters),
    ),
    ExportFormat(
        "report",
        "HTML report",
        ".html",
        "Shot list with pictures, statistics, the cutting rate, shares of labels, in one file for any browser.",
        save=_save_report,
    ),
    ExportFormat(
        "sheet",
        "Contact sheet",
        ".pdf",
        "A picture of every shot on pages of A4; as one picture if the name ends in .png.",
        save=_save_sheet,
    ),
    ExportFormat(
        "stills",
        "Stills",
        "",
        "The middle frame of every shot in full size, as PNG files in a folder.",
        save=_save_stills,
    ),
    ExportFormat(
        "clips",
        "Clips",
        "",
        "Every shot as a film of its own in a folder: copied where that is exact, else encoded anew.",
        save=_save_clips,
    ),
)

ANALYSIS_FORMATS = tuple(f for f in EXPORT_FORMATS if f.id in ("edl", "otio", "csv", "json"))
"""Those that `seamline analyze` writes by an option of their own."""


def format_named(name: str) -> ExportFormat:
    """The format of that id. Raises ExchangeError, which names those that there are."""
    for export_format in EXPORT_FORMATS:
        if export_format.id == name:
            return export_format
    known = ", ".join(f.id for f in EXPORT_FORMATS)
    raise ExchangeError(f"There is no format “{name}”: choose one of {known}.")


def text_of(
    export_format: ExportFormat, project: Project, run: RunFacts | None = None, *, transitions: bool = False
) -> str:
    """The text of a format that has one. Raises ExchangeError."""
    write = (export_format.write_transitions if transitions else None) or export_format.write
    if write is None:
        raise ExchangeError(f"{export_format.name} is no text: give a file for it.")
    return write(project, run)


def export(
    project: Project,
    export_format: ExportFormat,
    path: Path,
    *,
    overwrite: bool,
    run: RunFacts | None = None,
    transitions: bool = False,
    progress: Progress | None = None,
) -> None:
    """The project at `path`, written whole or not at all, and never over the film.

    With `transitions`, gradual seams are transitions where the format has them; else they are cut in their middle.

    Raises ExchangeError, MediaError where the film's pictures are needed and cannot be read, or Cancelled.
    """
    if export_format.save is not None:
        export_format.save(project, path, overwrite, progress or CancellableProgress())
        return
    check_target(path, overwrite, sources=(project.film.path,))
    text = text_of(export_format, project, run, transitions=transitions)
    write_text_atomically(path, text, overwrite=overwrite, sources=(project.film.path,))
