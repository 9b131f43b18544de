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
from seamline.exchange.files import TargetExistsError, make_folder
from seamline.exchange.formats import ExportFormat, export, text_of
from seamline.exchange.names import clean_text
from seamline.project.types import Project
from seamline_app.commands.analyze import analyse_with_bar, open_for_command, with_details
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.commands.corrections import with_corrections
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


def export_film(options: argparse.Namespace) -> int:
    """Find the seams of `options.film` and write what `options.to` takes. Raises SeamlineError or Cancelled."""
    formats = _formats(options.to)
    try:
        project = _project_of(options.film, options)
        if options.output is None and len(formats) == 1 and formats[0].write is not None:
            put_out(text_of(formats[0], project, transitions=options.transitions))
            return OK
        targets = _targets(project, formats, options.output)
        _write(project, targets, options)
    except Cancelled:
        sys.stderr.write("Interrupted. What was found is kept: the same command goes on from there.\n")
        return INTERRUPTED
    return OK


def batch(options: argparse.Namespace) -> int:
    """The same for every film under `options.folder`; films that fail are told of, and the others go on."""
    formats = _formats(options.to)
    if not options.folder.is_dir():
        raise UsageError(f"“{options.folder}” is no folder: name one with films in it.")
    films = films_under(options.folder, recursive=options.recursive)
    if not films:
        raise UsageError(f"There is no film in “{options.folder}”: name another folder, or add --recursive.")
    failed: list[str] = []
    for number, film in enumerate(films, 1):
        name = film.relative_to(options.folder)
        sys.stderr.write(f"{number} of {len(films)}: {name}\n")
        try:
            project = _project_of(film, options)
            folder = film.parent if options.output is None else options.output / name.parent
            make_folder(folder)
            _write(project, in_folder(project, formats, folder), options)
        except Cancelled:
            sys.stderr.write("Interrupted. What was written stays; the same command with --force goes on.\n")
            return INTERRUPTED
        except TargetExistsError as error:
            failed.append(f"{name}: {error} (--force overwrites it.)")
        except (SeamlineError, UsageError) as error:
            failed.append(f"{name}: {error}")
    done = len(films) - len(failed)
    sys.stderr.write(f"{done} of {len(films)} {'film' if len(films) == 1 else 'films'} exported.\n")
    for complaint in failed:
        sys.stderr.write(f"Not {clean_text(complaint)}\n")
    return FAILED if failed else OK


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


def _project_of(film_path: Path, options: argparse.Namespace) -> Project:
    cache = AnalysisCache()
    film = open_for_command(film_path, cache)
    analysis, _ = analyse_with_bar(film, cache)
    return with_details(
        with_corrections(film, analysis, film_path, ignored=options.ignore_corrections), options
    )


def _targets(
    project: Project, formats: Sequence[ExportFormat], output: Path | None
) -> list[tuple[ExportFormat, Path]]:
    if len(formats) == 1:
        return [(formats[0], output or formats[0].proposed_path(project))]
    folder = project.film.path.parent if output is None else output
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"“{folder}” is a file: several are written, name a folder for them.")
    make_folder(folder)
    return in_folder(project, formats, folder)


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
        sys.stderr.write(f"Wrote {path}\n")
