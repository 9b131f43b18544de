"""`seamline export`: a film's seams for an editing system; `seamline batch`: those of many films."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from seamline.analysis.cache import AnalysisCache
from seamline.errors import Cancelled, SeamlineError
from seamline.exchange.destinations import formats_for, in_folder
from seamline.exchange.files import TargetExistsError, check_target, make_folder
from seamline.exchange.film_facts import shown_text
from seamline.exchange.formats import ExportFormat, export, text_of
from seamline.media.film import Film
from seamline.project.types import Project
from seamline_app.commands.analyze import analyse_with_bar, open_for_command, with_details
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.commands.corrections import with_corrections
from seamline_app.commands.grouped import with_footage
from seamline_app.commands.output import put_out
from seamline_app.exit_codes import FAILED, INTERRUPTED, OK
from seamline_app.usage import UsageError

FILM_SUFFIXES = frozenset(
    (
        ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".mxf", ".ogv", ".ts",
        ".webm", ".wmv",
    )
)  # fmt: skip
"""What `batch` takes for films by their names."""
_STANDARD_OUTPUT = Path("-")


def export_film(options: argparse.Namespace) -> int:
    """Find the seams of `options.film` and write what `options.to` takes. Raises SeamlineError or Cancelled."""
    formats = _formats(options.to)
    try:
        film = open_for_command(options.film, AnalysisCache())
        bare = with_details(Project(film), options)
        if _goes_to_standard_output(formats, options.output):
            text_of(formats[0], bare, transitions=options.transitions)  # can it be written at all?
            put_out(
                text_of(formats[0], _project_of(film, options.film, options), transitions=options.transitions)
            )
            return OK
        targets = _targets(bare, formats, options.output)
        try:
            _check(bare, targets, options)
        except TargetExistsError as error:
            raise UsageError(f"{error} (--force overwrites it.)") from error
        _write(_project_of(film, options.film, options), targets, options)
    except Cancelled:
        sys.stderr.write("Interrupted. What was found is kept: the same command goes on from there.\n")
        return INTERRUPTED
    return OK


def batch(options: argparse.Namespace) -> int:
    """The same for every film under `options.folder`; films that fail are told of, and the others go on."""
    formats = _formats(options.to)
    films = films_in(options.folder, recursive=options.recursive)
    failed: list[str] = []
    taken: set[str] = set()
    for number, path in enumerate(films, 1):
        name = path.relative_to(options.folder)
        sys.stderr.write(f"{number} of {len(films)}: {shown_text(str(name))}\n")
        try:
            film = open_for_command(path, AnalysisCache())
            bare = with_details(Project(film), options)
            folder = path.parent if options.output is None else options.output / name.parent
            make_folder(folder)
            targets = in_folder(bare, formats, folder, taken)
            _check(bare, targets, options)
            _write(_project_of(film, path, options), targets, options)
        except Cancelled:
            sys.stderr.write("Interrupted. What was written stays; the same command with --force goes on.\n")
            return INTERRUPTED
        except TargetExistsError as error:
            failed.append(f"{name}: {error} (--force overwrites it.)")
        except SeamlineError as error:
            failed.append(f"{name}: {error}")
    done = len(films) - len(failed)
    sys.stderr.write(f"{done} of {len(films)} {'film' if len(films) == 1 else 'films'} exported.\n")
    for complaint in failed:
        sys.stderr.write(f"Not {shown_text(complaint)}\n")
    return FAILED if failed else OK


def films_in(folder: Path, *, recursive: bool) -> list[Path]:
    """As `films_under`. Raises UsageError where there is no folder, or no film in it."""
    try:
        films = films_under(folder, recursive=recursive) if folder.is_dir() else None
    except OSError as error:
        raise UsageError(
            f"“{shown_text(str(folder))}” cannot be read ({error.strerror or error}): name another folder."
        ) from error
    if films is None:
        raise UsageError(f"“{folder}” is no folder: name one with films in it.")
    if not films:
        more = "" if recursive else ", or add --recursive"
        raise UsageError(f"There is no film in “{folder}”: name another folder{more}.")
    return films


def films_under(folder: Path, *, recursive: bool) -> list[Path]:
    """The films in the folder by their names, in order; hidden ones are left out."""
    found = folder.rglob("*") if recursive else folder.iterdir()
    return sorted(
        path
        for path in found
        if path.suffix.lower() in FILM_SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _formats(names: Sequence[str]) -> tuple[ExportFormat, ...]:
    try:
        chosen = [export_format for name in names for export_format in formats_for(name)]
    except SeamlineError as error:
        raise UsageError(str(error)) from error
    return tuple({f.id: f for f in chosen}.values())


def _goes_to_standard_output(formats: Sequence[ExportFormat], output: Path | None) -> bool:
    is_text = len(formats) == 1 and formats[0].write is not None
    if output == _STANDARD_OUTPUT and not is_text:
        raise UsageError("Only one list at a time can go to standard output: give -o a file or a folder.")
    return output == _STANDARD_OUTPUT or (output is None and is_text)


def _project_of(film: Film, opened: Path, options: argparse.Namespace) -> Project:
    cache = AnalysisCache()
    analysis, _ = analyse_with_bar(film, cache, labels=options.labels)
    project = with_corrections(film, analysis, opened, ignored=options.ignore_corrections)
    return with_details(with_footage(project, analysis, cache, labels=options.labels), options)


def _targets(
    project: Project, formats: Sequence[ExportFormat], output: Path | None
) -> list[tuple[ExportFormat, Path]]:
    if len(formats) == 1:
        return [(formats[0], output or formats[0].proposed_path(project))]
    folder = project.film.path.parent if output is None else output
    make_folder(folder)
    return in_folder(project, formats, folder)


def _check(
    project: Project, targets: Sequence[tuple[ExportFormat, Path]], options: argparse.Namespace
) -> None:
    """Raise now what would be found out after the analysis: a file that is there, a film that a format cannot hold."""
    for export_format, path in targets:
        if not export_format.is_folder:
            check_target(path, options.force, sources=(project.film.path,))
        if export_format.write is not None:
            text_of(export_format, project, transitions=options.transitions)


def _write(
    project: Project, targets: Sequence[tuple[ExportFormat, Path]], options: argparse.Namespace
) -> None:
    for export_format, path in targets:
        with step_progress(f"Writing {export_format.name}") as progress:
            in_background(
                partial(
                    export,
                    project,
                    export_format,
                    path,
                    overwrite=options.force,
                    transitions=options.transitions,
                    progress=progress,
                )
            )
        sys.stderr.write(f"Wrote {shown_text(str(path))}\n")
