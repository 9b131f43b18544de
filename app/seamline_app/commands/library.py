"""`seamline library`: the films that are searched when none is named."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial

from seamline.analysis.cache import AnalysisCache
from seamline.analysis.library_films import LibraryFilm, LibraryFilms, Presence, default_library_folder
from seamline.analysis.library_index import LibraryIndex
from seamline.analysis.library_restore import restore
from seamline.errors import Cancelled, ModelError, SeamlineError
from seamline.exchange.film_facts import shown_text
from seamline.models.encoders import ENCODERS
from seamline_app.commands.analyze import open_for_command
from seamline_app.commands.background import in_background
from seamline_app.commands.bar import step_progress
from seamline_app.commands.output import in_columns, put_out
from seamline_app.commands.search_films import open_index, put_in, searched_film
from seamline_app.commands.search_query import advice, chosen_encoder
from seamline_app.commands.search_terms import films_at
from seamline_app.exit_codes import FAILED, INTERRUPTED, OK
from seamline_app.usage import UsageError

_STATES = {
    Presence.THERE: "there",
    Presence.GONE: "not there now",
    Presence.CHANGED: "another film is there: forgotten",
}


def library(options: argparse.Namespace) -> int:
    """Do `options.action`. Raises SeamlineError."""
    actions: Mapping[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "add": _add,
        "forget": _forget,
        "check": _check,
    }
    try:
        return actions[options.action](options)
    except Cancelled:
        sys.stderr.write("Interrupted. What was done is kept: the same command goes on from there.\n")
        return INTERRUPTED


def _list(_: argparse.Namespace) -> int:
    films = LibraryFilms(default_library_folder())
    indexed: dict[str, list[str]] = {}
    with ExitStack() as closing:
        for index in _indexes():
            closing.enter_context(index)
            for entry in index.films():
                indexed.setdefault(entry.fingerprint, []).append(index.spec.id)
    rows = [("film", "shots", "state", "searched by", "path")]
    rows += [
        (
            shown_text(film.entry.name),
            str(len(film.shots)),
            _STATES[films.presence(film.entry)],
            ", ".join(indexed.get(film.entry.fingerprint, ())) or "nothing yet",
            shown_text(str(film.entry.path)),
        )
        for film in films
    ]
    if len(rows) == 1:
        sys.stderr.write("The library is empty: “seamline library add FILM” puts a film in.\n")
        return OK
    put_out(in_columns(rows, right=(1,)))
    return OK


def _add(options: argparse.Namespace) -> int:
    choice = chosen_encoder(options.encoder, with_words=options.encoder is None)
    paths = films_at(options.films, recursive=options.recursive)
    failed = 0
    with open_index(choice) as index:
        for path in paths:
            try:
                film = searched_film(open_for_command(path, AnalysisCache()), path, choice, options)
                put_in(index, film)
            except SeamlineError as error:
                sys.stderr.write(f"Not {shown_text(path.name)}: {error}\n")
                failed += 1
                continue
            shots = len(film.shots)
            sys.stderr.write(
                f"Added {shown_text(film.project.film.path.name)}: {shots} {'shot' if shots == 1 else 'shots'}, "
                f"searched by {choice.name}.\n"
            )
        with step_progress("Sorting the library") as progress:
            in_background(lambda: index.tidy(progress=progress))
    if (better := advice(choice)) is not None:
        sys.stderr.write(f"{better}\n")
    return FAILED if failed else OK


def _forget(options: argparse.Namespace) -> int:
    films = LibraryFilms(default_library_folder())
    film = _named(films, options.film)
    with ExitStack() as closing:
        for index in _indexes():
            closing.enter_context(index)
            index.drop(film.entry.fingerprint)
    films.remove(film.entry.fingerprint)
    sys.stderr.write(f"Forgot {shown_text(film.entry.name)}; its file stays as it is.\n")
    return OK


def _check(_: argparse.Namespace) -> int:
    films = LibraryFilms(default_library_folder())
    faults: list[str] = []
    with ExitStack() as closing:
        for index in _indexes():
            closing.enter_context(index)
            with step_progress(f"Reading the index of {index.spec.id}") as progress:
                faults += in_background(partial(index.check, progress=progress))
            with step_progress("Reading what is kept") as progress:
                in_background(partial(restore, index, AnalysisCache(), progress=progress))
    counts = dict.fromkeys(Presence, 0)
    for film in films:
        presence = films.presence(film.entry)
        counts[presence] += 1
        if presence is not Presence.THERE:
            put_out(f"{shown_text(str(film.entry.path))}: {_STATES[presence]}\n")
    for fault in faults:
        put_out(f"{fault} It was made again of what is kept.\n")
    total = sum(counts.values())
    sys.stderr.write(
        f"{total} {'film' if total == 1 else 'films'}, {counts[Presence.GONE]} not there now, "
        f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}.\n"
    )
    return FAILED if faults else OK


def _indexes() -> Iterator[LibraryIndex]:
    """Those of the encoders that can be used now."""
    for choice in ENCODERS:
        try:
            if choice.is_installed:
                yield open_index(choice)
        except ModelError:
            continue  # no weights, so nothing that can be searched


def _names_shown(film: LibraryFilm) -> set[str]:
    """Name and path, as they are and as `list` shows them."""
    name, path = film.entry.name, str(film.entry.path)
    return {name, shown_text(name), shown_text(path)}


def _named(films: LibraryFilms, text: str) -> LibraryFilm:
    path = os.path.realpath(text)
    by_path = [film for film in films if os.path.realpath(film.entry.path) == path]
    found = by_path or [film for film in films if text in _names_shown(film)]
    if len(found) > 1:
        raise UsageError(f"There are {len(found)} films named “{text}” in the library: give the path of one.")
    if not found:
        raise UsageError(f"“{text}” is not in the library: “seamline library list” shows what is.")
    return found[0]
