"""Where a film goes next, and what is exported for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seamline.errors import ExchangeError
from seamline.exchange.formats import EXPORT_FORMATS, ExportFormat, format_named
from seamline.project.types import Project


@dataclass(frozen=True, slots=True)
class Destination:
    """An editing system or a use. `formats`: what it takes, the main one first; `how` says how it comes in there,
    as its makers' manuals have it."""

    id: str
    name: str
    formats: tuple[ExportFormat, ...]
    how: str


def _of(destination: str, name: str, formats: str, how: str) -> Destination:
    return Destination(destination, name, tuple(map(format_named, formats.split())), how)


DESTINATIONS = (
    _of(
        "resolve",
        "DaVinci Resolve, scene cut",
        "edl resolve-markers",
        "The film in the media pool, right click: Timelines, Import, Pre-Conformed EDL. Markers: right click on "
        "the timeline, Timelines, Import, Timeline Markers from EDL.",
    ),
    _of("premiere", "Premiere Pro", "xmeml", "File, Import: the XML becomes a sequence of the film."),
    _of("finalcut", "Final Cut Pro", "fcpxml", "File, Import, XML."),
    _of(
        "avid",
        "Media Composer",
        "aaf avid-markers",
        "File, Input, Import Media: the AAF. Markers: in the marker window, Import Markers.",
    ),
    _of(
        "study",
        "Film study",
        "report shots csv elan sheet",
        "The report in any browser; the tables in a spreadsheet; the annotation in ELAN.",
    ),
)


def formats_for(name: str) -> tuple[ExportFormat, ...]:
    """Those of the destination, or the one format, of that id. Raises ExchangeError, which names what there is."""
    for destination in DESTINATIONS:
        if destination.id == name:
            return destination.formats
    for export_format in EXPORT_FORMATS:
        if export_format.id == name:
            return (export_format,)
    raise ExchangeError(
        f"There is no destination “{name}”. Destinations: {', '.join(d.id for d in DESTINATIONS)}. "
        f"Formats: {', '.join(f.id for f in EXPORT_FORMATS)}."
    )


def in_folder(
    project: Project, formats: Sequence[ExportFormat], folder: Path, taken: set[str] | None = None
) -> list[tuple[ExportFormat, Path]]:
    """Where each is written in one folder: the film's name, and the format's where two would be the same.

    Names in `taken` belong to other films, which may differ in their suffixes alone; the new ones are added.
    """
    taken = set() if taken is None else taken
    film = project.film.path
    targets: list[tuple[ExportFormat, Path]] = []
    for export_format in formats:
        name = export_format.proposed_path(project).name
        names = [name, f"{film.stem} {export_format.id}{export_format.suffix}"]
        names += [f"{film.name} {export_format.id}{k}{export_format.suffix}" for k in ("", *range(2, 100))]
        # some disks take capitals for small letters
        path = next((folder / n for n in names if str(folder / n).casefold() not in taken), folder / name)
        taken.add(str(path).casefold())
        targets.append((export_format, path))
    return targets
